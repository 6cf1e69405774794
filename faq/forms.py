"""What keepers of articles fill in."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget

from faq.models import Article

MARKDOWN_HELP = (
    "Ditulis dalam Markdown: ## Judul bagian · - butir · 1. langkah · **tebal** · "
    "[teks tautan](https://alamat) · baris kosong memulai paragraf baru. "
    "Paling banyak 20.000 karakter. Tekan Pratinjau untuk melihat hasilnya."
)


CHANGED_MEANWHILE = (
    "Artikel ini sudah diubah orang lain sejak Anda membukanya. Teks Anda masih ada di bawah. Buka "
    "artikelnya di tab lain untuk melihat perubahannya, lalu simpan sekali lagi bila tetap ingin "
    "menggantinya."
)


class LinesField(forms.CharField):
    """A text of several lines; a line break counts as one character, as the browser counts it."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class ArticleForm(forms.ModelForm):
    """An article; what somebody else saved meanwhile is never written over unseen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.seen_now = self._version()

    def _version(self):
        return self.instance.updated_at.isoformat() if self.instance.pk else ""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen", "") not in ("", self.seen_now):
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.seen_now
            self.add_error(None, CHANGED_MEANWHILE)
        return cleaned

    class Meta:
        model = Article
        fields = [
            *("question", "short_answer", "body"),
            *("topic", "audience", "lpse", "position", "is_published", "slug"),
        ]
        field_classes = {"short_answer": LinesField, "body": LinesField}
        widgets = {
            "question": AdminTextInputWidget(attrs={"class": "vLargeTextField"}),
            "short_answer": AdminTextareaWidget(attrs={"rows": 3}),
            "body": AdminTextareaWidget(attrs={"rows": 25}),
        }
        help_texts = {"body": MARKDOWN_HELP}
