"""The FAQ's admin: who enters, what each keeps, preview, publishing in bulk (R63, R134)."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.roles import Role
from faq.models import Article, Opinion, Topic
from tests.cast import Cast
from tests.factories import make_user
from tests.faq.people import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

CHANGELIST = "/admin/faq/article/"


def staff(*codenames):
    """An ordinary administrator with some permissions of the FAQ."""
    user = make_user("", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def form(place, **fields):
    return {
        "question": "Bagaimana mengganti sandi?",
        "short_answer": "Lewat menu akun.",
        "body": "## Langkah\n\n1. Buka menu.",
        "topic": place.pk,
        "audience": "public",
        "position": "100",
        "slug": "mengganti-sandi",
    } | fields


# What each keeps


@pytest.mark.requirement("R63")
def test_each_keeps_the_articles_of_their_office(cast, shelf, administrator):
    kept = [
        (cast.admin_sistem, ["own"]),
        (cast.lkpp1, ["national"]),
        (cast.lkpp2, ["national"]),
        (administrator, ["national", "own", "foreign"]),
        (staff("view_article", "change_article"), ["national", "own", "foreign"]),
    ]

    for user, names in kept:
        listed = signed_in(user).get(CHANGELIST).context["cl"].result_list
        assert {item.pk for item in listed} == {shelf[name].pk for name in names}, user
        assert set(Article.objects.editable_by(user)) == {shelf[name] for name in names}
        for name, item in shelf.items():
            answer = signed_in(user).get(f"{CHANGELIST}{item.pk}/change/")
            assert answer.status_code == (200 if name in names else 302), (user, name)
    assert not Article.objects.editable_by(cast.helpdesk).exists()
    assert not Article.objects.editable_by(cast.penyedia).exists()
    assert not Article.objects.editable_by(make_user("", is_staff=True)).exists()


@pytest.mark.requirement("R63")
def test_a_new_article_of_level_2_belongs_to_its_lpse_whatever_the_form_says(cast, topic):
    other = Cast().lpse

    for number, claimed in enumerate(["", other.pk]):
        answer = signed_in(cast.admin_sistem).post(
            f"{CHANGELIST}add/", form(topic, lpse=claimed, slug=f"s{number}", is_published="on")
        )

        assert answer.status_code == 302
        assert Article.objects.get(slug=f"s{number}").lpse == cast.lpse
    assert Article.objects.filter(updated_by=cast.admin_sistem).count() == 2


@pytest.mark.requirement("R63")
def test_lkpp_writes_national_articles_and_level_2_gives_none_away(cast, topic, shelf):
    signed_in(cast.lkpp1).post(f"{CHANGELIST}add/", form(topic, lpse=cast.lpse.pk, slug="baru"))
    signed_in(cast.admin_sistem).post(
        f"{CHANGELIST}{shelf['own'].pk}/change/", form(topic, lpse="", slug="sini")
    )

    assert Article.objects.get(slug="baru").lpse is None
    shelf["own"].refresh_from_db()
    assert (shelf["own"].lpse, shelf["own"].question) == (cast.lpse, "Bagaimana mengganti sandi?")


@pytest.mark.requirement("R63")
def test_nobody_changes_or_deletes_what_they_do_not_keep(cast, topic, shelf):
    client = signed_in(cast.admin_sistem)

    for name in ("national", "foreign"):
        address = f"{CHANGELIST}{shelf[name].pk}/"
        for page, typed in (("change/", form(topic)), ("delete/", {"post": "yes"})):
            assert client.post(address + page, typed).status_code == 302
        assert client.get(address + "history/").status_code == 302
        assert client.post(address + "pratinjau/", form(topic)).status_code == 404
    client.post(CHANGELIST, {"action": "unpublish", "_selected_action": [shelf["foreign"].pk]})
    client.post(
        CHANGELIST,
        {"action": "delete_selected", "_selected_action": [shelf["foreign"].pk], "post": "yes"},
    )
    client.post(
        CHANGELIST,
        {
            "form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "_save": "Simpan",
            "form-0-id": shelf["foreign"].pk, "form-0-position": 7,
        },
    )  # fmt: skip

    fields = ["pk", "question", "position", "is_published"]
    assert sorted(Article.objects.values_list(*fields)) == sorted(
        (item.pk, item.question, 100, True) for item in shelf.values()
    )


def test_level_2_deletes_its_own_with_the_opinions_about_it(cast, shelf):
    Opinion.objects.say(shelf["own"], "x" * 64, is_helpful=True)

    signed_in(cast.admin_sistem).post(f"{CHANGELIST}{shelf['own'].pk}/delete/", {"post": "yes"})

    assert not Article.objects.filter(pk=shelf["own"].pk).exists()


def test_the_list_answers_no_question_about_what_it_does_not_show(cast, shelf):
    client = signed_in(cast.admin_sistem)

    for lookup in ("lpse__users__username__startswith", "updated_by__email__startswith"):
        assert client.get(CHANGELIST, {lookup: "a"}).status_code in {302, 400}


# Ordinary administrators


@pytest.mark.parametrize(
    ("permissions", "answers"),
    [
        (["view_article"], (200, 200, 403, 403)),
        (["change_article"], (200, 200, 403, 403)),
        (["view_article", "change_article", "add_article"], (200, 200, 200, 403)),
        (["view_article", "delete_article"], (200, 200, 403, 200)),
        ([], (403, 403, 403, 403)),
    ],
)
@pytest.mark.requirement("R134")
def test_the_permissions_of_an_administrator_count(shelf, permissions, answers):
    client = signed_in(staff(*permissions))
    of_one = f"{CHANGELIST}{shelf['foreign'].pk}/"

    paths = (CHANGELIST, f"{of_one}change/", f"{CHANGELIST}add/", f"{of_one}delete/")

    assert tuple(client.get(path).status_code for path in paths) == answers


def test_only_who_may_look_at_lpse_searches_their_list(shelf):
    page = f"{CHANGELIST}add/"

    chooses = signed_in(staff("add_article")).get(page).text
    searches = signed_in(staff("add_article", "view_lpse")).get(page).text

    assert "admin-autocomplete" not in chooses
    assert "admin-autocomplete" in searches


def test_topics_are_kept_by_administrators_with_the_permission(topic):
    assert signed_in(staff("change_article")).get("/admin/faq/topic/").status_code == 403
    assert signed_in(staff("change_topic")).get("/admin/faq/topic/").status_code == 200


# Work


@pytest.mark.requirement("R134")
def test_articles_are_published_and_withdrawn_in_bulk_and_it_is_logged(administrator, shelf):
    client = signed_in(administrator)
    chosen = [shelf["own"].pk, shelf["national"].pk]

    client.post(CHANGELIST, {"action": "unpublish", "_selected_action": chosen})
    drafts = set(Article.objects.filter(is_published=False))
    page = client.post(
        CHANGELIST, {"action": "publish", "_selected_action": chosen[:1]}, follow=True
    )

    assert drafts == {shelf["own"], shelf["national"]}
    assert set(Article.objects.filter(is_published=False)) == {shelf["national"]}
    assert "1 artikel diterbitkan." in page.text
    assert LogEntry.objects.count() == 3


@pytest.mark.requirement("R63", "R134")
def test_an_officer_of_lkpp_who_may_look_at_all_publishes_and_sorts_the_national_ones_alone(shelf):
    officer = make_user(Role.LKPP_L1, is_staff=True)
    officer.user_permissions.set(Permission.objects.filter(codename="view_article"))
    Article.objects.update(is_published=False)
    client = signed_in(officer)

    client.post(
        CHANGELIST, {"action": "publish", "_selected_action": [a.pk for a in shelf.values()]}
    )

    assert set(Article.objects.filter(is_published=True)) == {shelf["national"]}
    assert 'name="form-0-position"' not in client.get(CHANGELIST).text


@pytest.mark.requirement("R134")
def test_the_order_is_changed_in_the_list_and_leaves_the_date_alone(administrator, shelf):
    before = Article.objects.get(pk=shelf["own"].pk).updated_at
    rows = list(signed_in(administrator).get(CHANGELIST).context["cl"].result_list)
    typed = {"form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 3, "_save": "Simpan"}
    for place, row in enumerate(rows):
        typed |= {f"form-{place}-id": row.pk, f"form-{place}-position": 10 + place}

    signed_in(administrator).post(CHANGELIST, typed)

    assert [Article.objects.get(pk=row.pk).position for row in rows] == [10, 11, 12]
    assert Article.objects.get(pk=shelf["own"].pk).updated_at == before


@pytest.mark.requirement("R134")
def test_the_list_shows_what_visitors_said_and_sorts_by_it(administrator, shelf):
    for n in range(3):
        Opinion.objects.say(shelf["own"], f"a{n}", is_helpful=n > 0)
    Opinion.objects.say(shelf["national"], "b", was_answered=True)
    columns = "question topic audience scope is_published position helpful unhelpful answered"
    at = 1 + columns.split().index("helpful")

    page = signed_in(administrator).get(CHANGELIST, {"o": f"-{at}"})

    rows = page.context["cl"].result_list
    said = [(row.question, row.helpful, row.unhelpful, row.answered) for row in rows]
    assert said[0] == ("Sini", 2, 1, 0)
    assert sorted(said[1:]) == [("Nasional", 0, 0, 1), ("Sana", 0, 0, 0)]


def test_changing_a_text_says_when_and_by_whom(administrator, shelf, topic):
    started = timezone.now()

    signed_in(administrator).post(
        f"{CHANGELIST}{shelf['own'].pk}/change/", form(topic, lpse=shelf["own"].lpse_id)
    )

    shelf["own"].refresh_from_db()
    assert shelf["own"].updated_by == administrator
    assert shelf["own"].updated_at >= started


@pytest.mark.requirement("R134")
@pytest.mark.parametrize("who", ["administrator", "level 2"])
def test_a_preview_shows_what_is_typed_and_stores_nothing(cast, administrator, topic, who):
    client = signed_in(administrator if who == "administrator" else cast.admin_sistem)
    draft = Article.objects.create(
        topic=topic, question="Draf", slug="draf", short_answer="Singkat", lpse=cast.lpse
    )

    for path, lpse in (("add/", ""), (f"{draft.pk}/", cast.lpse.pk)):
        page = client.post(f"{CHANGELIST}{path}pratinjau/", form(topic, body="## Baru", lpse=lpse))

        assert "<h1>Bagaimana mengganti sandi?</h1>" in page.text
        assert "<h2>Baru</h2>" in page.text
        assert ("oleh LKPP" in page.text) is (who == "administrator" and path == "add/")
    draft.refresh_from_db()
    assert (draft.question, Article.objects.count()) == ("Draf", 1)


def test_a_preview_says_what_is_still_wrong(administrator, topic):
    page = signed_in(administrator).post(
        f"{CHANGELIST}add/pratinjau/", form(topic, topic="", question="", slug="saran")
    )

    assert "Belum dapat disimpan" in page.text
    assert "Alamat ini dipakai halaman lain." in page.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": "a" * 20_001},
        {"short_answer": "a" * 1001},
        {"question": "a" * 151},
        {"question": "a\0b"},
        {"position": "99999999999999999999"},
        {"position": "-1"},
        {"topic": "99999999999999999999"},
        {"audience": "semua"},
        {"slug": "saran"},
        {"slug": "../x"},
    ],
    ids=str,
)
def test_absurd_input_is_refused_with_words(administrator, topic, wrong):
    answer = signed_in(administrator).post(f"{CHANGELIST}add/", form(topic, **wrong))

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() == wrong.keys()
    assert not Article.objects.exists()


def test_a_line_break_counts_once(administrator, topic):
    body = "a\r\n" * 10_000

    signed_in(administrator).post(f"{CHANGELIST}add/", form(topic, body=body))

    assert Article.objects.get().body == ("a\n" * 10_000).strip()


# Cost


@pytest.mark.requirement("R134")
@pytest.mark.parametrize("who", ["administrator", "ordinary", "level 2"])
def test_no_page_needs_more_than_fifteen_queries(
    cast, administrator, article, topic, who, django_assert_max_num_queries
):
    people = {
        "administrator": administrator,
        "ordinary": staff("view_article", "change_article", "add_article", "delete_article",
                          "view_topic", "change_topic", "add_topic"),
        "level 2": cast.admin_sistem,
    }  # fmt: skip
    for n in range(30):
        one = article(f"Sandi {n}", lpse=Cast().lpse if n % 3 else cast.lpse)
        Topic.objects.create(name=f"Topik {n}", slug=f"topik-{n}")
    one = article("Terakhir", lpse=cast.lpse)
    client = signed_in(people[who])
    pages = ["/admin/", CHANGELIST, f"{CHANGELIST}?q=sandi&o=7", f"{CHANGELIST}add/"]
    pages += [f"{CHANGELIST}{one.pk}/{page}/" for page in ("change", "history", "delete")]
    if who != "level 2":
        pages += ["/admin/faq/topic/", f"/admin/faq/topic/{topic.pk}/change/"]

    for page in pages:
        with django_assert_max_num_queries(15):
            assert client.get(page).status_code == 200, page
    with django_assert_max_num_queries(15):
        client.post(f"{CHANGELIST}{one.pk}/pratinjau/", form(topic))


@pytest.mark.requirement("R134")
def test_what_somebody_else_saved_meanwhile_is_not_written_over_unseen(administrator, shelf, topic):
    client, url = signed_in(administrator), f"{CHANGELIST}{shelf['national'].pk}/change/"
    opened = client.get(url).context["adminform"].form.initial["seen"]
    first = form(topic, slug="nasional", question="Dari yang pertama?")
    second = form(topic, slug="nasional", question="Dari yang kedua?")

    client.post(url, first | {"seen": opened})
    refused = client.post(url, second | {"seen": opened})

    assert "Artikel ini sudah diubah orang lain" in refused.text
    assert "Dari yang kedua?" in refused.text
    assert Article.objects.get(pk=shelf["national"].pk).question == "Dari yang pertama?"
    now = refused.context["adminform"].form["seen"].value()
    assert client.post(url, second | {"seen": now}).status_code == 302
