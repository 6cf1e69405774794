"""What goes wrong in a browser: console errors, CSP, exceptions, refused or foreign requests."""

import re

FAILED_LOAD = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")
OWN_WISH = "/favicon.ico"  # asked for by the browser where a page of the admin names no icon


class Watch:
    """Collects problems of every page; one that the test announced with `expects` is none."""

    def __init__(self, origin):
        self.origin = origin
        self.problems = []
        self.announced = set()
        self.is_cut_off = False
        self.seen = set()

    def over(self, context):
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"exception: {error.error}"))
        context.on("response", self._response)
        context.on("request", self._request)

    def expects(self, *statuses):
        """From here on these answers belong to the story; that they come is checked too."""
        self.announced.update(statuses)

    def expects_no_network(self):
        """From here on requests may fail because the test cuts the network off."""
        self.is_cut_off = True

    def verdict(self):
        missing = sorted(self.announced - self.seen)
        assert not self.problems, "\n".join(self.problems)
        assert not missing, f"announced, but never came: {missing}"

    def _console(self, message):
        failed = FAILED_LOAD.match(message.text)
        if failed and int(failed[1]) in self.announced:
            return
        if self.is_cut_off and "net::ERR_INTERNET_DISCONNECTED" in message.text:
            return
        if message.location["url"].endswith(OWN_WISH):
            return
        if message.type in {"error", "warning"}:
            self.problems.append(f"console: {message.text} ({message.page and message.page.url})")

    def _response(self, response):
        self.seen.add(response.status)
        if response.url.endswith(OWN_WISH):
            return
        if response.status >= 400 and response.status not in self.announced:
            request = response.request
            self.problems.append(f"{response.status} for {request.method} {response.url}")

    def _request(self, request):
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.problems.append(f"request to a foreign address: {request.url}")
