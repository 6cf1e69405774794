"""The numbers of the dashboards, one query each."""

from django.db.models import Count, Q

from tickets.models import Ticket
from tickets.workflow import Status


def by_status(user):
    """{'new', 'running', 'closed', 'total'} of the tickets that `user` may see (R21, R65, R66)."""
    return Ticket.objects.visible_to(user).aggregate(
        new=Count("pk", filter=Q(status=Status.NEW)),
        running=Count("pk", filter=~Q(status__in=[Status.NEW, Status.CLOSED])),
        closed=Count("pk", filter=Q(status=Status.CLOSED)),
        total=Count("pk"),
    )
