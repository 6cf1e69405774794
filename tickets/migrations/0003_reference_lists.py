"""The first categories and versions; administrators keep the lists from here on (domain.md 1.2)."""

from django.db import migrations

CATEGORIES = [
    ("APLIKASI", "Aplikasi (umum)"),
    ("SUREL", "Surel (E-mail)"),
    ("EPURCHASING", "e-Purchasing"),
    ("FAQ", "Pertanyaan Umum (FAQ)"),
    ("INFRASTRUKTUR", "Infrastruktur dan Jaringan"),
    ("JADWAL", "Jadwal Tender"),
    ("KATALOG", "Katalog Elektronik"),
    ("SANDI", "Kata Sandi (Password)"),
    ("REGULASI", "Regulasi"),
    ("AKUN", "Akun, Login, dan Autentikasi (TOTP)"),
    ("APENDO", "Apendo / Spamkodok / Dokumen Penawaran"),
    ("DOKPIL", "Dokumen Pemilihan dan Adendum"),
    ("KUALIFIKASI", "Data Kualifikasi dan SIKaP"),
    ("AGREGASI", "Agregasi Data Penyedia (ADP/Inaproc)"),
    ("VERIFIKASI", "Pendaftaran dan Verifikasi Penyedia"),
    ("RUP", "SiRUP dan Paket"),
    ("EKONTRAK", "e-Kontrak"),
    ("NONTENDER", "Non Tender dan Pencatatan"),
    ("LAINNYA", "Lainnya"),
]
VERSIONS = [
    ("SPSE-NASIONAL", "SPSE Nasional"),
    ("SPSE-4.5", "SPSE 4.5"),
    ("SPSE-4.4", "SPSE 4.4"),
    ("SPSE-4.3", "SPSE 4.3"),
    ("SPSE-4.2", "SPSE 4.2"),
    ("SPSE-4.1", "SPSE 4.1"),
    ("SPSE-3.6", "SPSE 3.6"),
    ("SIRUP", "SiRUP"),
    ("SIKAP", "SIKaP"),
    ("KATALOG-6", "Katalog Elektronik v6"),
    ("KATALOG-5", "Katalog Elektronik v5"),
    ("EKONTRAK", "e-Kontrak"),
    ("AKUN-TERPUSAT", "Akun Terpusat INAPROC"),
    ("APENDO", "Apendo"),
    ("LPSE-SUPPORT", "LPSE Support"),
]


def fill(apps, schema_editor):
    for name, entries in (("Category", CATEGORIES), ("AppVersion", VERSIONS)):
        model = apps.get_model("tickets", name)
        model.objects.bulk_create(
            [
                model(code=code, label=label, position=10 * place)
                for place, (code, label) in enumerate(entries, start=1)
            ],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_append_only")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
