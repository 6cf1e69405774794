"""How a ticket's place is told to each reader (product.md part B, design/DESIGN.md part 3)."""

from typing import NamedTuple

from accounts.identity import masked_name, masked_number, spaced
from accounts.roles import LEVEL_OF_ROLE, Level
from tickets import rules
from tickets.steps import REPORTER, Status

NAME_OF_LEVEL = {  # as reporters know them
    Level.LPSE_1: "Helpdesk LPSE",
    Level.LPSE_2: "Admin Sistem LPSE",
    Level.LKPP_1: "LKPP Level 1",
    Level.LKPP_2: "LKPP Level 2",
}
TEAM_OF_LEVEL = NAME_OF_LEVEL | {  # as the stepper names those who are not known yet
    Level.LKPP_1: "Helpdesk LKPP",
    Level.LKPP_2: "Tim Teknis LKPP",
}
BY_SYSTEM = "Ditutup oleh sistem"
PRIORITY_ICONS = {
    1: "chevron-down",
    2: "dash-lg",
    3: "chevron-double-up",
    4: "exclamation-octagon-fill",
}


class Word(NamedTuple):
    """A status as it is shown: `tone` is turn (the reader must act), wait, work, hold or done."""

    tone: str
    label: str
    icon: str


def party(level_or_reporter):
    """'Pelapor' or the level's name."""
    return "Pelapor" if level_or_reporter == REPORTER else Level(level_or_reporter).label


def status_word(ticket, user):
    """The status of `ticket` in the words for `user`."""
    if ticket.status == Status.CLOSED:
        return _closed(ticket)
    return _for_reporter(ticket) if user.is_reporter else _for_officer(ticket, user)


def _closed(ticket):
    if not ticket.is_rated:
        return _closed_by(ticket.is_closed_by_system)
    by_system = f"{BY_SYSTEM}, " if ticket.is_closed_by_system else ""
    return Word("done", f"Selesai – {by_system}Sudah Dinilai", "star-fill")


def _closed_by(system):
    label = f"Selesai – {BY_SYSTEM}" if system else "Selesai"
    return Word("done", label, "check-circle-fill")


def _for_reporter(ticket):
    if ticket.status == Status.AWAITING_REVIEW:
        return Word("turn", "Butuh Review Anda", "check2-square")
    if ticket.feedback_from == REPORTER:
        return Word("turn", "Butuh Feedback Anda", "reply")
    return public_word(ticket.status, ticket.level, ticket.feedback_from)


def public_word(status, level, feedback_from, *, by_system=False):
    """A status as a stranger reads it: the reporter's words, said of the reporter (R127).

    `by_system`: the portal closed it, because its reporter stayed silent (R135).
    """
    name = NAME_OF_LEVEL[level]
    if status == Status.NEW:
        return Word("wait", f"Menunggu {name}", "clock")
    if status == Status.AWAITING_REVIEW:
        return Word("hold", "Menunggu Review Pelapor", "hourglass-split")
    if status == Status.AWAITING_FEEDBACK and feedback_from == REPORTER:
        return Word("hold", "Menunggu Feedback Pelapor", "hourglass-split")
    if status == Status.CLOSED:
        return _closed_by(by_system)
    return Word("work", f"Diproses {name}", "arrow-repeat")


def general_label(status, user):
    """A status without a ticket, as `user` reads it: a reporter's names no team, for it changes."""
    if not user.is_reporter:
        return Status(status).label
    return {
        Status.NEW: "Menunggu petugas",
        Status.IN_PROGRESS: "Diproses petugas",
        Status.AWAITING_FEEDBACK: "Butuh Feedback Anda",
        Status.AWAITING_REVIEW: "Butuh Review Anda",
        Status.CLOSED: "Selesai",
    }[status]


def _for_officer(ticket, user):
    if ticket.status == Status.NEW:
        return Word("wait", "Tiket Baru", "inbox")
    if ticket.status == Status.AWAITING_REVIEW:
        return Word("hold", "Menunggu Review Pelapor", "hourglass-split")
    if ticket.status == Status.IN_PROGRESS:
        return Word("work", "Tiket Proses", "arrow-repeat")
    asked = party(ticket.feedback_from)
    if rules.owes_feedback(ticket, user):
        return Word("turn", f"Butuh Feedback {asked}", "reply")
    return Word("hold", f"Menunggu Feedback {asked}", "hourglass-split")


def last_step(ticket):
    """What put a running ticket where it is, before the time: 'Pelapor membalas'.

    Reads what with_last_step annotates.
    """
    who = party(LEVEL_OF_ROLE.get(ticket.last_role, REPORTER))
    words = {
        "send": "Dibuat",
        "take": "Diambil",
        "ask": f"Ditanya {who}",
        "answer": f"{who} membalas",
        "escalate": "Dieskalasi",
        "resolve": "Solusi dikirim",
        "reject": "Dikembalikan Pelapor",
        "accept": "Ditutup Pelapor",
        "rate": "Dinilai Pelapor",
        "remind": "Pelapor diingatkan",
        "close_silent": BY_SYSTEM,
        "reopen": "Dibuka kembali Pelapor",
        "reassign": "Dialihkan",
        "redact": "Isi dihapus menurut hukum",
    }
    return words.get(ticket.last_action, "")


def call(ticket):
    """Why a ticket waits for its reporter, before the time: 'Helpdesk LPSE meminta feedback'."""
    who = NAME_OF_LEVEL[ticket.level]
    if ticket.status == Status.AWAITING_REVIEW:
        return f"{who} menyatakan selesai"
    return f"{who} meminta feedback"


def length(span):
    """'44 m', '1 j 07 m', '3 hari 4 j' of calendar time."""
    minutes = max(round(span.total_seconds() / 60), 0)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} hari {hours} j"
    return f"{hours} j {minutes % 60:02d} m" if hours else f"{minutes} m"


def duty_word(held):
    """Whether the officer of an Assignment is still there, for supervisors."""
    if held.is_on_duty:
        return Word("hold", "Aktif", "person")
    label = "Pindah tugas" if held.officer.is_active else "Nonaktif"
    return Word("turn", label, "exclamation-triangle-fill")


def reporter_name(ticket, user):
    """The reporter's name; masked for officers until one of them takes the ticket."""
    hidden = ticket.is_untaken and not user.is_reporter
    return masked_name(ticket.reporter.name) if hidden else ticket.reporter.name


def identity_number(ticket, user):
    """NPWP or NIP in readable groups, masked like the name."""
    if ticket.is_untaken and not user.is_reporter:
        return masked_number(ticket.identity_number)
    return spaced(ticket.identity_number)


def author(event, user):
    """Who did it: reporters read 'Helpdesk LPSE', not the officer's name."""
    if user.is_officer:
        hidden = event.actor_id == event.ticket.reporter_id and event.ticket.is_untaken
        return masked_name(event.actor.name) if hidden else event.actor.name
    if event.actor_id == event.ticket.reporter_id:
        return event.actor.name
    if event.actor.is_system:
        return event.actor.name
    return NAME_OF_LEVEL.get(event.level_of_actor, "Administrator")


# Both work on one database while a release is rolled out (ADR 23)
OF_A_NEWER_RELEASE = "memperbarui tiket"


def act(event, user):
    """What happened, after the author's name: 'meminta feedback Pelapor'."""
    words = {
        "send": "membuat tiket",
        "take": "mengambil tiket",
        "answer": "membalas feedback",
        "escalate": f"mengeskalasi ke {Level(event.to_level).label}",
        "resolve": "menyatakan selesai",
        "accept": "menyatakan OK, Selesai",
        "reject": "menyatakan Belum, Kirim Pesan Lagi",
        "remind": "mengingatkan Pelapor",
        "close_silent": "menutup tiket karena Pelapor tidak menjawab",
        "reopen": "membuka kembali tiket",
        "rate": "memberi penilaian",
        "read_server_access": "membuka Data Server",
        "redact": "menghapus isi menurut hukum",
        "expire_server_access": "menghapus Data Server karena batas waktunya habis",
    }
    if event.action == "ask":
        return _asked(event, user)
    if event.action == "reassign":
        return _reassigned(event, user)
    if event.action == "download_sealed_file":
        return f"mengunduh {event.detail['file']}"
    return words.get(event.action, OF_A_NEWER_RELEASE)


def _asked(event, user):
    if event.is_internal and not user.is_officer:
        return "berkoordinasi dengan petugas lain"
    return f"meminta feedback {party(event.feedback_from)}"


def _reassigned(event, user):
    """Only officers read names; a reporter's page has no `detail` at all."""
    if not user.is_officer:
        return "mengganti petugas"
    return f"mengalihkan tiket dari {event.detail['from']['name']} kepada {event.successor}"


def fact(event):
    """One line of 'Riwayat Tiket', without names."""
    level = Level(event.from_level).label
    return {
        "send": "Tiket dibuat",
        "take": f"Diambil {level}",
        "ask": "Petugas berkoordinasi" if event.is_internal else "Menunggu Feedback Pelapor",
        "answer": "Jawaban petugas diterima" if event.is_internal else "Feedback Pelapor diterima",
        "escalate": f"Dieskalasi ke {Level(event.to_level).label}",
        "resolve": "Menunggu Review Pelapor",
        "accept": "Selesai",
        "reject": "Dikembalikan: belum selesai",
        "remind": "Pelapor diingatkan",
        "close_silent": BY_SYSTEM,
        "reopen": "Dibuka kembali oleh Pelapor",
        "rate": "Penilaian diterima",
        "reassign": "Petugas diganti",
        "redact": "Isi dihapus menurut hukum",
        "expire_server_access": "Data Server dihapus",
        "read_server_access": "Data Server dibuka",
        "download_sealed_file": "File rahasia diunduh",
    }.get(event.action, "Tiket diperbarui")
