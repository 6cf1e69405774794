"""What allauth asks us about the local login."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "User ID atau kata sandi salah.",
        "email_password_mismatch": "User ID atau kata sandi salah.",
        "too_many_login_attempts": (
            "Terlalu banyak percobaan masuk yang gagal. Tunggu lima menit lalu coba lagi."
        ),
    }

    def is_open_for_signup(self, request):
        """Nobody signs up: reporters come from SPSE, staff are entered by administrators (R13)."""
        return False

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Our pages tell what happened; 'Berhasil masuk sebagai …' says nothing new."""
        if "logged_in" not in (message_template or ""):
            super().add_message(request, level, message_template, *args, **kwargs)
