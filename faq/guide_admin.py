"""How administrators keep the guides (R134)."""

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.urls import reverse
from django.utils.html import format_html

from accounts.templatetags.portal import size
from faq.models import Guide


class GuideForm(forms.ModelForm):
    """Without a Meta: the admin adds the model and its fields."""

    publish = forms.BooleanField(
        label="Terbit",
        required=False,
        help_text="Tampilkan kepada pembacanya. Panduan sejenis yang sudah terbit ditarik.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["publish"].initial = self.instance.is_published
        for name, endings in (("file", ".pdf,.mp4,.webm"), ("captions", ".vtt")):
            if name in self.fields:  # not for those who may only look
                self.fields[name].widget.attrs["accept"] = endings

    def clean(self):
        values = super().clean()
        is_video = values.get("kind", self.instance.kind) == Guide.Kind.VIDEO
        if is_video and values.get("publish") and not values.get("captions", "refused already"):
            self.add_error("captions", "Video tanpa teks tidak dapat diterbitkan. Pilih file .vtt.")
        return values


@admin.register(Guide)
class GuideAdmin(admin.ModelAdmin):
    """A newer guide replaces the published one of its kind and readers, and says so."""

    form = GuideForm
    formfield_overrides = {models.FileField: {"widget": forms.FileInput}}
    list_display = [
        "title",
        "version",
        "kind",
        "role",
        "shown_size",
        "is_published",
        "updated_at",
        "preview",
    ]
    list_filter = ["is_published", "kind", "role"]
    search_fields = ["title", "version"]
    search_help_text = "Judul atau versi"

    def get_fields(self, request, obj=None):
        if obj and not self.has_change_permission(request, obj):
            return ["kind", "role", "title", "version", "current", "minutes", "is_published"]
        current = ["current"] if obj else []
        sent = ["file", "captions", "minutes", "publish"]
        return ["kind", "role", "title", "version", *current, *sent]

    def get_readonly_fields(self, request, obj=None):
        """What a guide is and for whom stays: its readers keep its address."""
        return ["kind", "role", "current"] if obj else []

    def view_on_site(self, guide):
        """The preview, for drafts too."""
        return guide.get_absolute_url()

    @admin.display(description="pratinjau")
    def preview(self, guide):
        url = guide.get_absolute_url()
        return format_html('<a href="{}" aria-label="Lihat {}">Lihat</a>', url, guide)

    @admin.display(description="ukuran", ordering="size")
    def shown_size(self, guide):
        return f"{guide.get_format_display()}, {size(guide.size)}"

    @admin.display(description="isi sekarang")
    def current(self, guide):
        stored = Guide.objects.get(pk=guide.pk)  # not what was just refused
        return format_html(
            '<a href="{}">{}</a> ({}{})',
            reverse("faq:download", args=[stored.pk]),
            stored.file_name,
            size(stored.size),
            ", dengan teks" if stored.captions else "",
        )

    def save_model(self, request, guide, form, change):
        super().save_model(request, guide, form, change)
        if form.cleaned_data["publish"]:
            for other in guide.publish():
                messages.info(request, f"{other} ditarik, digantikan {guide}.")
        elif guide.is_published:
            guide.withdraw()
