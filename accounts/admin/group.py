"""Groups of administrators: who may do what in the administration."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from accounts.groups import GROUPS

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
    filter_horizontal = []
    search_help_text = "Nama grup"

    def has_delete_permission(self, request, obj=None):
        """The ready-made groups stay: the next `migrate` would bring them back without people."""
        is_ready_made = obj is not None and obj.name in GROUPS
        return super().has_delete_permission(request, obj) and not is_ready_made

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "permissions":
            kwargs |= {
                "queryset": self._usable().select_related("content_type"),
                "form_class": PermissionField,
                "widget": forms.CheckboxSelectMultiple,
                "label": "Boleh",
            }
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _usable(self):
        """What a page of the administration asks for; the rest would only fill the list."""
        pages = self.admin_site._registry
        kinds = ContentType.objects.get_for_models(*pages, for_concrete_models=False)
        return Permission.objects.filter(content_type__in=kinds.values())
