"""Who may enter with a password."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class LocalBackend(AuthenticationBackend):
    """Passwords for officers of LKPP and administrators; people from SPSE never have one (R13)."""

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        return None if user is None or user.comes_from_spse else user

    def get_user(self, user_id):
        """The signed-in person with their LPSE; None ends the session when either is off."""
        people = User.objects.select_related("lpse").filter(pk=user_id, is_active=True)
        return people.exclude(lpse__is_active=False).first()
