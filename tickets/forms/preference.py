"""How somebody wants to hear of their tickets by mail (R129)."""

from django import forms

from accounts.models import MailPreference, User

HINTS = {
    MailPreference.AT_ONCE: "Satu surel untuk setiap kabar, segera.",
    MailPreference.DAILY: "Satu surel sehari pukul 07.00, bila ada kabar yang belum dibaca.",
    MailPreference.NEVER: "Kabar hanya muncul di Notifikasi.",
}


class MailPreferenceForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["mail_preference"]
        widgets = {"mail_preference": forms.RadioSelect(attrs={"class": "form-check-input"})}

    @property
    def choices(self):
        """[(radio button, what it means), …]."""
        return [(each, HINTS[each.data["value"]]) for each in self["mail_preference"]]
