"""Who may read and keep articles: functions (user) or (user, article) -> bool (R63).

Strangers are asked about too, so nothing here expects a role.
"""

from accounts.roles import LKPP_OFFICERS, OFFICERS, REPORTERS, Role


def _role(user):
    return user.role if user.is_authenticated else None


def is_reporter(user):
    return _role(user) in REPORTERS


def reads_for_officers(user):
    return _role(user) in OFFICERS or user.is_staff


def reads_every_office(user):
    """LKPP and administrators watch over the articles of all LPSE."""
    return _role(user) in LKPP_OFFICERS or user.is_staff


def is_keeper(user):
    """Whether this person keeps articles by their role: LKPP the national ones, Level 2 its own."""
    return user.is_active and _role(user) in (Role.LPSE_L2, *LKPP_OFFICERS)


def keeps(user, article):
    return is_keeper(user) and article.lpse_id == user.lpse_id


def is_administrator(user, action="change"):
    """Whether an administrator has the model permission to `action` articles of every office."""
    return user.is_active and user.is_staff and user.has_perm(f"faq.{action}_article")
