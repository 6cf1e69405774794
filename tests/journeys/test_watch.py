"""The watch over the journeys is awake: what the browser's policies forbid fails them (R3)."""

import pytest

FORBIDDEN = {
    "an inline script": "add('script', {textContent: '1'})",
    "an inline handler": "document.body.setAttribute('onclick', '1'); document.body.click()",
    "an inline style": "document.body.setAttribute('style', 'color: red')",
    "a text run as code": "setTimeout('1')",
    "a picture of another host": "add('img', {src: 'https://contoh.example/a.png'})",
    "a script of another host": "add('script', {src: 'https://contoh.example/a.js'})",
    "data sent to another host": "fetch('https://contoh.example/').catch(() => 0)",
    "a page in a frame": "add('iframe', {src: '/faq/'})",
}
ADD = "(name, about) => document.body.append(Object.assign(document.createElement(name), about))"


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_the_policy_forbids_fails_the_journey(transactional_db, person, watch, what):
    someone = person()
    someone.goes_to("/akun/login/")

    with someone.page.expect_console_message(lambda message: message.type == "error"):
        someone.page.evaluate(f"() => {{ const add = {ADD}; {FORBIDDEN[what]} }}")

    with pytest.raises(AssertionError, match="Content Security Policy"):
        watch.verdict()
    watch.problems.clear()  # they were meant


def test_the_browser_knows_every_feature_of_our_permissions_policy(transactional_db, person, watch):
    someone = person()

    someone.goes_to("/akun/login/")  # where it knows one not, its console says so to the watch

    allowed = set(someone.page.evaluate("() => document.featurePolicy.allowedFeatures()"))
    assert allowed & {"clipboard-write", "fullscreen", "camera", "microphone", "geolocation"} == {
        "clipboard-write",
        "fullscreen",
    }
