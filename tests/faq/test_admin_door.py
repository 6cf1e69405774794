"""Who enters the admin for the FAQ, and that nothing else opens to them (R63, R134)."""

import uuid

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from accounts.models import Lpse, User
from faq.models import Article, Topic
from tests.cast import classification, ticket_at
from tests.factories import make_user
from tests.faq.people import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

CHANGELIST = "/admin/faq/article/"


def addresses(patterns, cast, shelf):
    """(name, address) of every page of the admin, each about something that exists."""
    ticket, classified = ticket_at(cast), classification()
    of_model = {
        "faq_article": shelf["foreign"],
        "faq_topic": Topic.objects.first(),
        "accounts_user": cast.helpdesk,
        "accounts_lpse": cast.lpse,
        "tickets_ticket": ticket,
        "tickets_category": classified.category,
        "tickets_appversion": classified.version,
    }
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, cast, shelf)
            continue
        name = pattern.name or ""
        thing = of_model.get("_".join(name.split("_")[:2]), ticket)
        values = {
            "object_id": thing.pk,
            "id": cast.helpdesk.pk,
            "app_label": "tickets",
            "content_type_id": ContentType.objects.get_for_model(ticket).pk,
            "url": "apa-saja",
            "token": uuid.uuid4(),
        }
        wanted = {key: values[key] for key in pattern.pattern.regex.groupindex}
        if name:
            yield name, reverse(f"admin:{name}", kwargs=wanted)


FOR_KEEPERS = {
    "index",
    "jsi18n",
    "faq_article_changelist",
    "faq_article_add",
    "faq_article_preview_new",
}


@pytest.mark.requirement("R63", "R134")
@pytest.mark.parametrize("method", ["get", "post"])
def test_keepers_by_role_find_their_pages_and_nothing_else(cast, shelf, method):
    seen = dict(addresses(admin.site.get_urls(), cast, shelf))
    assert len(seen) > 40
    people = (cast.admin_sistem, cast.lkpp1, cast.lkpp2)
    clients = {user: signed_in(user) for user in people}
    before = [list(model.objects.order_by("pk").values()) for model in (User, Lpse, Topic, Article)]

    for user, client in clients.items():
        for name, url in seen.items():
            if name == "logout":
                continue
            answer = getattr(client, method)(url)

            if name in FOR_KEEPERS and answer.status_code != 405:
                assert answer.status_code == 200, (user, name)
            else:
                assert answer.status_code in {302, 403, 404, 405}, (user, name)
                assert str(shelf["foreign"]) not in answer.text
            if answer.status_code == 302:
                assert answer.url in {"/admin/", "/admin/login/?next=" + url}, (user, name)
    assert before == [
        list(model.objects.order_by("pk").values()) for model in (User, Lpse, Topic, Article)
    ]


@pytest.mark.requirement("R134")
def test_everybody_else_stands_before_the_door(cast, shelf):
    people = [None, cast.penyedia, cast.helpdesk, make_user("")]
    clients = {user: signed_in(user) for user in people}

    for name, url in addresses(admin.site.get_urls(), cast, shelf):
        for user, client in clients.items():
            answer = client.get(url)

            assert answer.status_code in {302, 403, 404}, (user, name)
            assert str(shelf["foreign"]) not in answer.text


def test_a_keeper_who_is_switched_off_is_out(cast):
    client = signed_in(cast.admin_sistem)
    User.objects.filter(pk=cast.admin_sistem.pk).update(is_active=False)

    assert client.get(CHANGELIST).status_code == 302


def test_the_index_of_a_keeper_shows_articles_alone(cast):
    page = signed_in(cast.admin_sistem).get("/admin/")

    assert [
        (model["object_name"], sorted(key for key, may in model["perms"].items() if may))
        for app in page.context["app_list"]
        for model in app["models"]
    ] == [("Article", ["add", "change", "delete", "view"])]


def test_the_bar_leads_keepers_to_their_articles(cast, administrator):
    link = '<a href="/admin/faq/article/">'

    bars = {user: signed_in(user).get("/faq/").text for user in (cast.admin_sistem, cast.lkpp1)}

    assert all(link in bar and "Kelola FAQ" in bar for bar in bars.values())
    for user in (cast.helpdesk, cast.penyedia, administrator):
        assert "Kelola FAQ" not in signed_in(user).get("/faq/").text
