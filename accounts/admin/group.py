"""Groups of administrators: who may do what in the administration."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

VERBS = {"add": "menambah", "change": "mengubah", "delete": "menghapus", "view": "melihat"}

admin.site.unregister(Group)


class PermissionField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, permission):
        """'Tiket – kategori tiket: mengubah' instead of 'Can change …'."""
        model = permission.content_type.model_class()._meta
        verb, _, name = permission.codename.partition("_")
        act = VERBS[verb] if verb in VERBS and name == model.model_name else permission.name
        return f"{model.app_config.verbose_name} – {model.verbose_name}: {act}"


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """People get powers by groups alone, so that one page tells who may do what."""

    list_display = ["name"]
    search_help_text = "Nama kelompok"

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "permissions":
            kwargs |= {
                "queryset": self._usable().select_related("content_type"),
                "form_class": PermissionField,
                "label": "Boleh",
            }
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _usable(self):
        """What a page of the administration asks for; the rest would only fill the list."""
        models = [model._meta for model in self.admin_site._registry]
        shown = Q()
        for model in models:
            shown |= Q(content_type__app_label=model.app_label, content_type__model=model.model_name)
        return Permission.objects.filter(shown)
