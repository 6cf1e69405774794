"""What every template knows about the person's tickets."""

from tickets.waiting import Waiting


def waiting(request):
    return {"waiting": Waiting(request.user)} if hasattr(request, "user") else {}
