"""What every template knows about the person's tickets."""

from accounts.adapter import JUST_SIGNED_IN
from tickets.waiting import Waiting


def waiting(request):
    """`waiting` counts; `notice` is told once, on the first page after a sign-in (R20)."""
    if not hasattr(request, "user"):
        return {}
    counters = Waiting(request.user)
    return {"waiting": counters, "notice": _Notice(request, counters)}


class _Notice:
    """The sentences, when a template asks for them; asking is telling."""

    def __init__(self, request, counters):
        self.request, self.counters = request, counters

    def __iter__(self):
        told = not self.request.session.pop(JUST_SIGNED_IN, False)
        return iter([] if told else self.counters.sentences)
