"""Holidays of 2026 and 2027 (SKB 1497/2025 and 1205/2026); administrators keep the list."""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parents[1] / "data" / "holidays_2026_2027.csv"


def fill(apps, schema_editor):
    model = apps.get_model("tickets", "Holiday")
    with FILE.open(newline="", encoding="utf-8") as opened:
        days = [
            model(date=row["tanggal"], name=row["nama"], kind=row["jenis"])
            for row in csv.DictReader(opened)
        ]
    model.objects.bulk_create(days, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_holiday")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
