"""The pages that are measured over one database, for whom and where: printed as JSON.

`python -m bench.pages` in the environment of a portal (bench.databases.environment). Each page is
asked for once by Django's own client, which counts queries and bytes; it must show what it should.
"""

import gzip
import json

import django

django.setup()

from django.conf import settings  # noqa: E402 - models need a set-up Django
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts import spse  # noqa: E402
from accounts.models import Lpse, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from bench.country import LAST_WAYS, LONG, WORD  # noqa: E402
from tickets import paging  # noqa: E402
from tickets.models import Ticket  # noqa: E402

DEEP = 200  # the page that is deep in a list
STRANGER = "10.{}.{}.{}"  # whose look-ups are counted; another one for each miss
REPORTERS = 60  # who send tickets, each fewer than the limit allows
COLLEAGUES = 50  # officers of one LPSE who take from one pool


class People:
    """Who looks: the first officers of the busiest LPSE, one of a usual LPSE, LKPP, a reporter."""

    def __init__(self):
        size = int(connection.settings_dict["NAME"].rpartition("_")[2])
        last = Ticket.objects.filter(pk__gt=size).order_by("pk")
        self.last = list(last.select_related("lpse", "officer", "reporter")[: len(LAST_WAYS)])
        self.busiest = self.last[0].lpse
        self.helpdesk = self.last[0].officer
        self.admin_sistem = self._first(Role.LPSE_L2, self.busiest)
        self.lkpp1, self.lkpp2 = self._first(Role.LKPP_L1), self._first(Role.LKPP_L2)
        offices = Lpse.objects.filter(users__role=Role.LPSE_L1).distinct().order_by("pk")
        self.usual = self._first(Role.LPSE_L1, self._usual(list(offices)))
        self.reporter = self.last[0].reporter

    @staticmethod
    def _first(role, lpse=None):
        return User.objects.filter(role=role, lpse=lpse).order_by("pk").first()

    @staticmethod
    def _usual(offices):
        """The LPSE in the middle, by its tickets."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT lpse_id FROM accounts_user WHERE role = 'penyedia'"
                " GROUP BY 1 ORDER BY count(*), 1"
            )
            rows = [pk for (pk,) in cursor]
        return Lpse.objects.get(pk=rows[len(rows) // 2])


def deep(officer):
    """The address of page DEEP of the officer's tickets, or of the last page."""
    order = ["-pk"]
    rows = list(Ticket.objects.handled_by(officer).order_by(*order)[: (DEEP - 1) * 25])
    place = min(len(rows) - 26, (DEEP - 1) * 25 - 1)
    return f"/tiket/daftar/?sebelum={paging.token(paging.Page([rows[place]], True), order)}"


def pages(people):
    """(name, who, path, what the page must show) of everything that is only looked at."""
    ten, two_hundred = people.last[0], people.last[1]
    helpdesk, lkpp1 = people.helpdesk, people.lkpp1
    row = 'class="t-no"'
    category = ten.category.code
    return [
        ("queue", helpdesk, "/tiket/baru/", row),
        ("queue, in hand", helpdesk, "/tiket/proses/", row),
        ("queue, handled", helpdesk, "/tiket/daftar/", row),
        ("queue, page 200", helpdesk, deep(helpdesk), row),
        ("queue, filtered", helpdesk, f"/tiket/daftar/?kategori={category}", row),
        ("queue of LKPP", lkpp1, "/tiket/baru/", row),
        ("list of a reporter", people.reporter, "/tiket/daftar/", "Tiket"),
        (f"ticket, {LONG[0]} events", helpdesk, f"/tiket/{ten}/", str(ten)),
        (f"ticket, {LONG[1]} events", helpdesk, f"/tiket/{two_hundred}/", str(two_hundred)),
        ("search, LPSE", helpdesk, f"/tiket/rincian/?cari={WORD}", WORD),
        ("search, LKPP", lkpp1, f"/tiket/rincian/?cari={WORD}", WORD),
        ("search, nothing", helpdesk, "/tiket/rincian/?cari=xilofon", "Tidak ada tiket"),
        ("dashboard, LPSE Level 1", helpdesk, "/dashboard/", "Jumlah Tiket"),
        ("dashboard, a usual LPSE", people.usual, "/dashboard/", "Jumlah Tiket"),
        ("dashboard, LPSE Level 2", people.admin_sistem, "/dashboard/", "Jumlah Tiket"),
        ("dashboard, national", lkpp1, "/dashboard/", "Tiket per LPSE"),
        ("dashboard, reporter", people.reporter, "/dashboard/", "Jumlah Tiket"),
        ("home, officer", helpdesk, "/", "Help Center"),
        ("notices", people.reporter, "/notifikasi/", "Notifikasi"),
        ("look-up, hit", None, f"/lacak-tiket/{ten}/", str(ten)),
        ("FAQ search", None, "/faq/?cari=tidak+bisa+login", "faq"),
    ]


def client_of(user):
    client = Client(headers={"host": "127.0.0.1"})
    if user:
        client.force_login(user)
        client.get("/faq/")  # what is told once after a sign-in was told
    return client


def measured(name, user, path, needle):
    """The page as JSON has it. Raises AssertionError for a page that is not what it should be."""
    client = client_of(user)
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    content = response.getvalue()
    if response.status_code != 200 or needle not in content.decode():
        raise AssertionError(f"{name}: {path} was answered {response.status_code}")
    return {
        "name": name,
        "path": path,
        "cookie": cookie_of(client),
        "needle": needle,
        "queries": len([q for q in queries if is_query(q["sql"])]),
        "bytes": len(content),
        "compressed": len(gzip.compress(content, 6)),
    }


def is_query(sql):
    return not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))


def cookie_of(client):
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}" if name in client.cookies else ""


def session_of(user):
    return cookie_of(client_of(user))


def senders(people):
    """Sessions of reporters of the busiest LPSE."""
    found = User.objects.filter(lpse=people.busiest, role=Role.PENYEDIA).order_by("-pk")
    return [{"pk": user.pk, "cookie": session_of(user)} for user in found[:REPORTERS]]


def colleagues(people):
    """Sessions of so many officers of the busiest LPSE, of whom all but the first are made up."""
    facts = {"role": Role.LPSE_L1, "lpse": people.busiest, "password": "!"}
    for place in range(COLLEAGUES):
        name = f"rekan{place}"
        User.objects.get_or_create(
            username=name, defaults=facts | {"name": f"Rekan {place}", "subject": name}
        )
    found = User.objects.filter(username__startswith="rekan", lpse=people.busiest).order_by("pk")
    return [session_of(user) for user in found[:COLLEAGUES]]


def prepare_sign_in():
    """The simulator's key for the LPSE of its first account."""
    lpse = Lpse.objects.filter(code=spse.DEMO_ACCOUNTS[0].lpse_code)
    lpse.update(public_key=spse.public_key_pem())


def main():
    people = People()
    prepare_sign_in()
    told = {
        "pages": [measured(*page) for page in pages(people)],
        "lpse": people.busiest.pk,
        "officer": people.helpdesk.pk,
        "helpdesk": session_of(people.helpdesk),
        "lkpp1": session_of(people.lkpp1),
        "senders": senders(people),
        "colleagues": colleagues(people),
        "token": spse.make_token(spse.DEMO_ACCOUNTS[0]),
        "category": people.last[0].category_id,
        "version": people.last[0].version_id,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
