"""What reporters shared becomes a guide of the Penyedia and one of PP, Pokja Pemilihan, and PPK."""

from django.db import migrations

SHARED, FIRST, SECOND = "pelapor", "penyedia", "non_penyedia"


def divide(apps, schema_editor):
    """Both go on reading what they read, published or not; the two rows name the same files.

    The first row stays the one that its readers have the address of.
    """
    guides = apps.get_model("faq", "Guide").objects
    for guide in guides.filter(role=SHARED).order_by("pk"):
        updated_at = guide.updated_at
        guide.role = FIRST
        guide.save()
        copy = guides.get(pk=guide.pk)
        copy.pk, copy.role = None, SECOND
        copy.save()
        guides.filter(pk__in=[guide.pk, copy.pk]).update(updated_at=updated_at)


def unite(apps, schema_editor):
    """Back to one shelf: a copy goes, what was made for one of the two becomes a draft of both."""
    guides = apps.get_model("faq", "Guide").objects
    files = guides.filter(role=FIRST).values_list("file", flat=True)
    guides.filter(role=SECOND, file__in=list(files)).delete()
    guides.filter(role=SECOND).update(role=SHARED, is_published=False)
    guides.filter(role=FIRST).update(role=SHARED)


class Migration(migrations.Migration):
    dependencies = [("faq", "0007_guide_for_six_roles")]

    operations = [migrations.RunPython(divide, unite)]
