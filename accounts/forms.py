"""Forms of the local login."""

from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm


class ResetPasswordForm(AllauthResetPasswordForm):
    """Sends a link to people with a local login alone; those from SPSE get no password here (R13).

    The answer is the same for every address, so it tells nobody who has an account.
    """

    def clean_email(self):
        email = super().clean_email()
        self.users = [user for user in self.users if not user.comes_from_spse]
        return email
