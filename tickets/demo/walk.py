"""Walks the real steps of the workflow through the demo's stories."""

from datetime import timedelta
from itertools import cycle
from unittest.mock import patch

from django.utils import timezone

from accounts.models import User
from accounts.roles import OFFICERS, Level
from tickets import contents
from tickets.demo import files
from tickets.demo.schedule import moments
from tickets.demo.stories import BY_TIME
from tickets.forms import ReviewForm
from tickets.models import AppVersion, Category, Draft, Event, Holiday, Notice, Ticket
from tickets.models.event import SENT
from tickets.steps import REPORTER
from tickets.workflow import Classification

LONGEST_AGO = timedelta(days=400)  # no story is older
ON_SERVER, IN_DATABASE = "sandi-contoh-{lpse}", "sandi-db-contoh-{lpse}"
SERVER_ACCESS = {  # 192.0.2.0/24 is for documentation: nobody's server
    "ip_server": "192.0.2.{lpse}",
    "port_server": "22",
    "username_server": "lkpp-contoh",
    "password_server": ON_SERVER,
    "database_name": "epns_contoh",
    "username_database": "epns_baca_contoh",
    "password_database": IN_DATABASE,
    "server_note": "Nilai contoh untuk latihan. Akses lewat VPN LPSE pada jam kerja.",
}


def untold(stories):
    """The stories whose tickets are not there yet."""
    keys = {story.key(): story for story in stories}
    told = Event.objects.filter(action=SENT, key__in=keys).values_list("key", flat=True)
    return [keys[key] for key in keys.keys() - set(told)]


class Walk:
    """Tells stories in the order of their sending, so that newer tickets come after older ones."""

    def __init__(self):
        users = User.objects.select_related("lpse").order_by("pk")
        self.reporters = {(u.lpse.code, u.subject): u for u in users if u.is_reporter}
        self.categories = {category.code: category for category in Category.objects.all()}
        self.versions = {version.code: version for version in AppVersion.objects.all()}
        self.turns = self._turns([user for user in users if user.role in OFFICERS])

    @staticmethod
    def _turns(officers):
        """By level and LPSE: its officers, who take tickets in turn."""
        pools = {}
        for officer in officers:
            pools.setdefault((officer.level, officer.lpse_id), []).append(officer)
        return {pool: cycle(members) for pool, members in pools.items()}

    def tell(self, stories):
        now = timezone.now()
        days_off = Holiday.objects.dates_from(now - LONGEST_AGO)
        times = {
            story: moments(story, self.reporter_of(story).tzinfo, now, days_off)
            for story in stories
        }
        for story in sorted(stories, key=lambda story: times[story][0]):
            self._tell(story, times[story])

    def reporter_of(self, story):
        return self.reporters[story.lpse_code, story.user_id]

    def _tell(self, story, times):
        with at(times[0]):
            ticket = self._send(story)
        # not strict: what time will do one day has no time yet
        for place, (act, time) in enumerate(zip(story.acts, times[1:], strict=False), start=1):
            with at(time):
                ticket = self._perform(ticket, story, act, story.key(place))

    def _send(self, story):
        reporter, key = self.reporter_of(story), story.key()
        return Ticket.objects.send(
            by=reporter,
            key=key,
            message=story.text.strip(),
            files=received(story.files, key, reporter),
            identity_number=reporter.identity_number,
            package_code=story.package,
            error_code=story.error,
            title=story.title,
        ).ticket

    def _perform(self, ticket, story, act, key):
        by = self._actor(ticket, act)
        fields = self._fields(ticket, story, act, by)
        message = "" if act.name == "rate" else act.message
        sent = received(act.files, key, by)
        event = ticket.perform(act.name, by=by, message=message, files=sent, key=key, **fields)
        if act.name in BY_TIME:  # nobody is closed before a reminder has gone out
            Notice.objects.filter(event=event).update(mail=Notice.Mail.SENT)
        return event.ticket

    def _actor(self, ticket, act):
        """Whose turn it is."""
        if act.name in BY_TIME:
            return User.objects.system()
        if act.name == "take":
            lpse = None if ticket.level > 2 else ticket.lpse_id
            return next(self.turns[ticket.level, lpse])
        if act.name == "reassign":
            return next(self.turns[Level.LPSE_2, ticket.lpse_id])
        if act.name == "answer" and ticket.feedback_from != REPORTER:
            return ticket.awaited_officer
        is_officers = act.name in {"ask", "escalate", "resolve", "read_server_access",
                                   "download_sealed_file"}  # fmt: skip
        return ticket.officer if is_officers else ticket.reporter

    def _fields(self, ticket, story, act, by):
        """What the step takes besides its message and files."""
        if act.name == "take":
            return {"classification": self._classification(ticket, story, act.option)}
        if act.name == "ask":
            return {"feedback_from": int(act.option or REPORTER)}
        if act.name == "reassign":
            return {"officer": ticket.successors(by).earliest("pk")}
        if act.name == "escalate" and ticket.level == 2:
            return {"server_access": server_access(ticket.lpse)}
        if act.name == "rate":
            return {"stars": int(act.option), "suggestion": act.message}
        return {"name": act.option} if act.name == "download_sealed_file" else {}

    def _classification(self, ticket, story, priority):
        """As the story says; above level 1 as it stands, with another priority where told so."""
        if ticket.category_id:
            given = ticket.classification
        else:
            category, kind, first_priority, version = story.about.split()
            given = Classification(
                self.categories[category],
                Ticket.Type[kind],
                Ticket.Priority[first_priority],
                self.versions[version],
            )
        return given._replace(priority=Ticket.Priority[priority]) if priority else given


def leave_news_of_today():
    """The stories are weeks old: what they told has been read and mailed, but for the last day."""
    notices = Notice.objects.filter(event__at__lt=timezone.now() - timedelta(days=1))
    notices.filter(recipient=None).delete()
    notices.read()
    notices.update(mail=Notice.Mail.SENT)


def at(moment):
    """Sets the clock for a step. Events are append-only, so their time must be right at once, and
    the product has no way to choose it: a step is always now."""
    return patch.object(timezone, "now", return_value=moment)


def received(names, key, owner):
    """Drafts of generated files, checked and stored as uploads are."""
    drafts = []
    for upload in map(files.upload, names):
        contents.check(upload)
        drafts.append(Draft.objects.receive(upload, key=key, owner=owner))
    return drafts


def server_access(lpse):
    """Invented Data Server of an LPSE, labelled as its form does."""
    fields, last = ReviewForm.base_fields, int(lpse.code) % 200 + 10
    return {fields[n].label: value.format(lpse=last) for n, value in SERVER_ACCESS.items()}
