"""The mails of the demo at an address of their own."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.SPSE_SIMULATOR = True
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


def send(*subjects, html="<p>Isi <b>HTML</b></p>"):
    """One connection, as one round of the worker has."""
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend")
    messages = []
    for subject in subjects:
        message = EmailMultiAlternatives(subject, "Isi teks é", to=["orang@contoh.example.id"])
        message.attach_alternative(html, "text/html")
        messages.append(message)
    backend.send_messages(messages)
    backend.close()


def test_mails_are_listed_newest_first_without_signing_in(client, folder):
    send("Pertama", "Kedua")

    page = client.get("/surel-latihan/")

    assert [row["subject"] for row in page.context["rows"]] == ["Kedua", "Pertama"]


def test_a_mail_shows_its_text_and_its_html_without_scripts(client, folder):
    send("Perihal", html="<p>Isi <b>HTML</b></p><script>alert(1)</script>")
    row = client.get("/surel-latihan/").context["rows"][0]

    text = client.get(f"/surel-latihan/{row['name']}/")
    html = client.get(f"/surel-latihan/{row['name']}/html/")

    assert "Isi teks é" in text.text
    assert "orang@contoh.example.id" in text.text
    assert "Isi <b>HTML</b>" in html.text
    policy = html.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@pytest.mark.parametrize("name", ["tidak-ada", "tidak-ada/html"])
def test_a_mail_that_is_not_there_is_not_found(client, folder, name):
    send("Perihal")

    assert client.get(f"/surel-latihan/{name}/").status_code == 404


def test_before_the_first_mail_the_page_says_so(client, folder):
    assert "Belum ada surel." in client.get("/surel-latihan/").text


def test_outside_the_demo_there_is_no_such_page(client, folder, settings):
    send("Rahasia")
    name = client.get("/surel-latihan/").context["rows"][0]["name"]
    settings.SPSE_SIMULATOR = False

    pages = ["/surel-latihan/", f"/surel-latihan/{name}/", f"/surel-latihan/{name}/html/"]

    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
