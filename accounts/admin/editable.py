"""Lists of the administration whose rows are edited in place."""


class EditableList:
    """Fields in a row have no label of their own: each says its name to those who cannot see it."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in self.list_editable:
            field.widget.attrs.setdefault("aria-label", field.label)
        return field
