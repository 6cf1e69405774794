"""The steps of a ticket, written once (product.md part B).

A step is one method of Workflow. Its decorator carries all that the rest of the product must
know: from and to which status, who may, what it is called, where it is done, who reads its message.
Nobody calls a step directly: Ticket.perform locks, checks, runs, saves and records it.
"""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django_fsm import GET_STATE, transition

from accounts.roles import Level
from tickets import redaction, rules
from tickets.steps import AWAITING, MAY_ASK, REPORTER, RUNNING, Audience, Refused, Status, Step
from tickets.telling import Party, Tell


class Classification(NamedTuple):
    """The four answers that a ticket needs before it is worked on (R77)."""

    category: models.Model
    type: str
    priority: int
    version: models.Model


STEPS = {}


def step(source, target, rule, **facts):
    """Declare a method of Workflow as a step; it becomes a django-fsm transition."""
    sources = source if isinstance(source, tuple) else (source,)

    def declare(method):
        does = " ".join(method.__doc__.split())
        STEPS[method.__name__] = Step(method.__name__, sources, target, rule, does=does, **facts)
        return transition(field="status", source=list(sources), target=target, permission=rule)(
            method
        )

    return declare


def status_with_officer(ticket, *args, **kwargs):
    """Back in hand, or in the pool of the level when the officer has left it."""
    return Status.NEW if ticket.officer is None else Status.IN_PROGRESS


BACK_IN_HAND = GET_STATE(status_with_officer, states=[Status.IN_PROGRESS, Status.NEW])


class Workflow:
    """Mixed into Ticket. Each step says with its returned dict what its event records besides."""

    @step(
        Status.NEW,
        Status.IN_PROGRESS,
        rules.works_at_level,
        label="Ambil Tiket",
        done="Tiket berhasil diambil.",
        page="ambil",
        audience=Audience.OFFICERS,
        tells=(Tell(Party.REPORTER, "sedang diproses", "Petugas menangani tiket Anda."),),
    )
    def take(self, by, classification):
        """An officer of the level becomes the one in charge; this cannot be given back (R79)."""
        self.classify(classification)
        self.officer = by
        self.assign(by)

    @step(
        Status.IN_PROGRESS,
        Status.AWAITING_FEEDBACK,
        rules.is_officer_in_charge,
        label="Butuh Feedback",
        done="Review berhasil dikirim.",
        page="review",
        audience=Audience.EVERYONE,
        needs_message=True,
        tells=(
            Tell(
                Party.ASKED,
                "membutuhkan feedback Anda",
                "Petugas menunggu jawaban Anda. Buka tiket untuk membaca dan membalasnya.",
            ),
        ),
    )
    def ask(self, by, feedback_from, classification=None):
        """Ask the reporter or a lower level; the ticket waits for that party (R87, R104)."""
        if feedback_from not in MAY_ASK[self.level]:
            raise ValidationError("Pilih tujuan feedback.")
        self.classify(classification)
        self.feedback_from = feedback_from
        self.awaited_officer = self.officer_of_level(feedback_from)
        return {"feedback_from": feedback_from, "audience": audience_of(feedback_from)}

    @step(
        Status.AWAITING_FEEDBACK,
        BACK_IN_HAND,
        rules.owes_feedback,
        label="Balas Feedback",
        done="Feedback berhasil dikirim.",
        page="feedback",
        audience=Audience.EVERYONE,
        needs_message=True,
        tells=(Tell(Party.HOLDER, "sudah mendapat feedback", "Lanjutkan penanganan tiket ini."),),
    )
    def answer(self, by):
        """The party asked answers; back to the officer who asked, or the pool (R48, R94)."""
        self.release_if_officer_left()
        asked, self.feedback_from, self.awaited_officer = self.feedback_from, None, None
        return {"feedback_from": asked, "audience": audience_of(asked)}

    @step(
        Status.IN_PROGRESS,
        Status.NEW,
        rules.can_escalate,
        label="Eskalasi",
        done="Tiket diteruskan ke {level}.",
        page="review",
        audience=Audience.OFFICERS,
        needs_message=True,
        tells=(
            Tell(
                Party.REPORTER,
                "diteruskan ke {level}",
                "Tiket Anda ditangani tingkat berikutnya. Anda tidak perlu berbuat apa-apa.",
            ),
            Tell(
                Party.HOLDER,
                "dieskalasi ke {level}",
                "Ambil tiket ini bila Anda dapat menanganinya.",
            ),
        ),
    )
    def escalate(self, by, classification=None, server_access=None):
        """Hand the ticket to the pool of the next level; LKPP needs Data Server first (R105)."""
        if self.level == Level.LPSE_2 and not server_access:
            raise ValidationError("Data server wajib diisi untuk eskalasi ke LKPP Level 1.")
        self.classify(classification)
        if self.level == Level.LPSE_2:
            self.keep_server_access(server_access, by)
        self.level = Level(self.level + 1)
        self.officer = None

    @step(
        Status.IN_PROGRESS,
        Status.AWAITING_REVIEW,
        rules.is_officer_in_charge,
        label="Selesai",
        done="Review berhasil dikirim.",
        page="review",
        audience=Audience.EVERYONE,
        needs_message=True,
        tells=(
            Tell(
                Party.REPORTER,
                "menunggu review Anda",
                "Petugas menyatakan selesai. Buka tiket: setujui, atau kirim pesan lagi.",
            ),
        ),
    )
    def resolve(self, by, classification=None):
        """The officer calls it solved and asks the reporter to review (R89)."""
        self.classify(classification)

    @step(
        Status.AWAITING_REVIEW,
        Status.CLOSED,
        rules.is_reporter,
        label="OK, Selesai",
        done="Review berhasil dikirim.",
        page="review",
        audience=Audience.EVERYONE,
        tells=(Tell(Party.HANDLERS, "selesai", "Pelapor menyetujui penyelesaiannya."),),
    )
    def accept(self, by):
        """The reporter agrees: the ticket closes and Data Server is wiped (R53, R114)."""
        self.closed_at = timezone.now()
        self.wipe_server_access()

    @step(
        Status.AWAITING_REVIEW,
        BACK_IN_HAND,
        rules.is_reporter,
        label="Belum, Kirim Pesan Lagi",
        done="Review berhasil dikirim.",
        page="review",
        audience=Audience.EVERYONE,
        needs_message=True,
        tells=(
            Tell(
                Party.HOLDER,
                "dikembalikan untuk diproses",
                "Pelapor menyatakan belum selesai. Baca pesannya di tiket.",
            ),
        ),
    )
    def reject(self, by):
        """Back to the officer who called it solved, or to the level's pool if they left (R54)."""
        self.release_if_officer_left()

    @step(
        AWAITING,
        None,
        rules.acts_on_silence,
        label="Ingatkan Pelapor",
        done="Pelapor diingatkan.",
        page="",
        audience=Audience.EVERYONE,
        is_reminder=True,
        tells=(
            Tell(
                Party.REPORTER,
                "akan ditutup otomatis pada {closes}",
                "Petugas masih menunggu Anda. Buka tiket, lalu jawab atau beri review.",
            ),
        ),
    )
    def remind(self, by):
        """Time reminds the reporter, once for each of REMINDER_DAYS; nothing moves (R135)."""
        now, silence = timezone.now(), self.silence
        days = silence.reminder_due(now)
        if days is None:
            raise Refused("Pelapor tiket ini belum perlu diingatkan.")
        closes_at = silence.closes_at(now).isoformat()
        return {"detail": {"working_days": days, "closes_at": closes_at}}

    @step(
        AWAITING,
        Status.CLOSED,
        rules.acts_on_silence,
        label="Tutup oleh Sistem",
        done="Tiket ditutup oleh sistem.",
        page="",
        audience=Audience.EVERYONE,
        tells=(
            Tell(
                Party.REPORTER,
                "ditutup oleh sistem",
                "Tidak ada jawaban dari Anda. Anda dapat membukanya kembali sampai {reopens}.",
            ),
            Tell(Party.HANDLERS, "ditutup oleh sistem", "Pelapor tidak menjawab."),
        ),
    )
    def close_silent(self, by):
        """Time closes it when nobody answered for CLOSE_AFTER_DAYS; Data Server is wiped (R135)."""
        now, silence = timezone.now(), self.silence
        if now < silence.closes_at(now):
            raise Refused("Tiket ini belum waktunya ditutup oleh sistem.")
        self.feedback_from = self.awaited_officer = None
        self.closed_at, self.reopen_until = now, silence.reopen_until(now)
        self.wipe_server_access()
        return {"detail": {"reopen_until": self.reopen_until.isoformat()}}

    @step(
        Status.CLOSED,
        BACK_IN_HAND,
        rules.can_reopen,
        label="Buka Kembali",
        done="Tiket {number} dibuka kembali. Petugas membaca pesan Anda.",
        page="buka-kembali",
        audience=Audience.EVERYONE,
        needs_message=True,
        tells=(Tell(Party.HOLDER, "dibuka kembali oleh Pelapor", "Baca pesannya di tiket."),),
    )
    def reopen(self, by):
        """What time closed goes back to its officer, or to the level's pool if they left (R135)."""
        self.closed_at = self.reopen_until = None
        self.release_if_officer_left()

    @step(
        Status.CLOSED,
        Status.CLOSED,
        rules.can_rate,
        label="Beri Penilaian",
        done="Terima kasih atas penilaian Anda.",
        page="penilaian",
        audience=Audience.EVERYONE,
        tells=(Tell(Party.HANDLERS, "mendapat penilaian", "Buka tiket untuk membacanya."),),
    )
    def rate(self, by, stars, suggestion=""):
        """The reporter rates the helpdesk's work, once (R56-R59)."""
        if not suggestion.strip() and stars <= 3:
            raise ValidationError("Saran dan masukan wajib diisi untuk penilaian 1–3 bintang.")
        self.keep_rating(stars, suggestion)

    @step(
        RUNNING,
        None,
        rules.can_reassign,
        label="Alihkan Petugas",
        done="Tiket {number} dialihkan kepada {officer}.",
        page="alihkan",
        audience=Audience.OFFICERS,
        needs_message=True,
        tells=(
            Tell(
                Party.SUCCESSOR,
                "dialihkan kepada Anda",
                "Buka tiket untuk melihat apa yang ditunggu dari Anda.",
            ),
            Tell(
                Party.PREDECESSOR,
                "dialihkan kepada petugas lain",
                "Anda tidak perlu lagi menangani tiket ini.",
            ),
        ),
    )
    def reassign(self, by, officer):
        """A supervisor hands the ticket to a colleague of one who holds it (R136, A19)."""
        successor = self.successors(by).filter(pk=officer.pk).first()
        if successor is None:
            raise ValidationError("Petugas itu tidak dapat menerima tiket ini. Pilih yang lain.")
        return {"detail": self.hand_to(successor)}

    @step(
        RUNNING,
        None,
        rules.can_read_server_access,
        label="Buka Data Server",
        done="Pembukaan Data Server dicatat.",
        page="data-server",
        audience=Audience.OFFICERS,
        needs_message=True,
        is_reading=True,
        tells=(),
    )
    def read_server_access(self, by):
        """The officer of LKPP in charge reads Data Server; the message is their reason (R114)."""

    @step(
        tuple(Status),
        None,
        rules.can_read_sealed_file,
        label="Unduh file rahasia",
        done="Pengunduhan dicatat.",
        page="berkas",
        audience=Audience.OFFICERS,
        is_reading=True,
        tells=(),
    )
    def download_sealed_file(self, by, name):
        """The reporter or the officer in charge takes a .rhs away; each time is recorded."""
        return {"detail": {"file": name}}

    @step(
        tuple(Status),
        None,
        rules.can_redact,
        label="Hapus isi menurut hukum",
        done="Isi tiket {number} dihapus. Hash dan urutan riwayatnya tetap.",
        page="hapus-isi",
        audience=Audience.EVERYONE,
        needs_message=True,
        is_apart=True,
        tells=(),
    )
    def redact(self, by, ordered_by, pieces):
        """By order of a court, a data subject or the rule of retention, Pieces of a ticket go; hash
        and order stay."""
        names = {piece.name for piece in pieces}
        known = {piece.name for piece in redaction.removable(self)}
        if by.is_system:
            known.add(redaction.PERSON)
        if not names or not names <= known:
            raise ValidationError("Pilih isi yang dihapus.")
        removed = [[event, part] for piece in pieces for event, part in piece.places]
        stubs = {"stubs": redaction.stubs(self)} if redaction.PERSON in names else {}
        return {"detail": {"ordered_by": ordered_by, "removed": removed} | stubs}

    @step(
        (Status.NEW, *RUNNING),
        None,
        rules.is_system,
        label="Hapus Data Server",
        done="Data Server dihapus.",
        page="hapus-data-server",
        audience=Audience.OFFICERS,
        is_reading=True,
        is_apart=True,
        tells=(),
    )
    def expire_server_access(self, by):
        """Data Server goes after 30 days though the ticket is still open (domain.md part 5)."""
        self.wipe_server_access()


def audience_of(feedback_from):
    """Questions to the reporter and their answers are open; officers talk among themselves."""
    return Audience.EVERYONE if feedback_from == REPORTER else Audience.OFFICERS
