"""What keepers of articles fill in."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget

from faq.models import Article

MARKDOWN_HELP = (
    "Ditulis dalam Markdown: ## Judul bagian · - butir · 1. langkah · **tebal** · "
    "[teks tautan](https://alamat) · baris kosong memulai paragraf baru. "
    "Paling banyak 20.000 karakter. Tekan Pratinjau untuk melihat hasilnya."
)


class LinesField(forms.CharField):
    """A text of several lines; a line break counts as one character, as the browser counts it."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class ArticleForm(forms.ModelForm):
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
