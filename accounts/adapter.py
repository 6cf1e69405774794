"""What allauth asks us about the local login."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db.models import Q
from django.shortcuts import render

from accounts import security_log
from accounts.models import User
from accounts.security_log import Kind
from accounts.vault import box

log = logging.getLogger(__name__)
WRONG = "User ID atau kata sandi salah."
JUST_SIGNED_IN = "just-signed-in"  # in the session until a page was shown


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "too_many_login_attempts": (
            "Terlalu banyak percobaan masuk yang gagal. Tunggu lima menit lalu coba lagi."
        ),
    }

    def validation_error(self, code, *args):
        """Too many failures, of a password or of a second factor, are remembered of the request."""
        if code == "too_many_login_attempts":
            context.request.has_failed_too_often = True
        return super().validation_error(code, *args)

    def send_mail(self, template_prefix, email, context):
        """A mail with a key is never stored: it goes out now, or the page says that it did not."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # smtplib's errors are OSErrors too
            log.error("a mail of the local login was not sent: %s", type(error).__name__)
            page = render(self.request, "accounts/mail_away.html", status=503)
            raise ImmediateHttpResponse(page) from error

    def is_open_for_signup(self, request):
        """Nobody signs up: reporters come from SPSE, staff are entered by administrators (R13)."""
        return False

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Our pages tell what happened; 'Berhasil masuk sebagai …' says nothing new."""
        if "logged_in" not in (message_template or ""):
            super().add_message(request, level, message_template, *args, **kwargs)

    def post_login(self, request, user, **kwargs):
        """Remember that the next page is the first one: it tells of waiting work (R20)."""
        request.session[JUST_SIGNED_IN] = True
        records = get_authentication_records(request, user)
        ways = sorted({record["method"] for record in records})
        security_log.record(
            Kind.SIGN_IN, request=request, user=user, role=user.role, lpse=user.lpse_id, ways=ways
        )
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request, **credentials):
        """What was typed is nobody's business; whose account it would have been, is."""
        typed = credentials.get("username") or credentials.get("email") or ""
        known = User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed))
        account = known.values_list("pk", flat=True).first() if typed else None
        security_log.record(Kind.SIGN_IN_FAILED, request=request, account=account)

    def logout(self, request):
        security_log.record(Kind.SIGN_OUT, request=request)
        super().logout(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticators are encrypted at rest like every other secret."""

    def encrypt(self, text):
        return box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return box().decrypt(encrypted_text.encode()).decode()
