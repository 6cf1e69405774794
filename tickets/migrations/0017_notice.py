import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a step tells people, in 'Notifikasi' and by mail: the outbox (R129)."""

    dependencies = [
        ("tickets", "0016_event_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "pool",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "LPSE Level 1"),
                            (2, "LPSE Level 2"),
                            (3, "LKPP Level 1"),
                            (4, "LKPP Level 2"),
                        ],
                        null=True,
                        verbose_name="kumpulan",
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("reporter", "Pelapor"),
                            ("holder", "Petugas yang memegang tiket"),
                            ("asked", "Pihak yang diminta feedback"),
                            ("handlers", "Petugas yang pernah menangani"),
                            ("successor", "Petugas pengganti"),
                            ("predecessor", "Petugas yang digantikan"),
                        ],
                        max_length=12,
                        verbose_name="sebagai",
                    ),
                ),
                ("read_at", models.DateTimeField(null=True, verbose_name="dibaca")),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("none", "Tanpa surel"),
                            ("due", "Akan dikirim"),
                            ("digest", "Untuk ringkasan harian"),
                            ("sent", "Terkirim"),
                            ("dead", "Gagal"),
                        ],
                        default="due",
                        max_length=6,
                        verbose_name="surel",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="dikirim pada")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="percobaan")),
                ("error", models.CharField(blank=True, max_length=120, verbose_name="kesalahan")),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="tickets.event",
                        verbose_name="peristiwa",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="penerima",
                    ),
                ),
            ],
            options={
                "verbose_name": "notifikasi",
                "verbose_name_plural": "notifikasi",
                "ordering": ["-pk"],
                "permissions": [("resend_notice", "Dapat mengirim lagi surel yang gagal")],
                "indexes": [
                    models.Index(fields=["recipient", "-id"], name="notice_of_person"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["recipient"],
                        name="notice_unread",
                    ),
                    models.Index(
                        condition=models.Q(("mail__in", ["due", "digest"])),
                        fields=["due_at", "id"],
                        name="notice_outbox",
                    ),
                    models.Index(
                        condition=models.Q(("mail", "dead")), fields=["id"], name="notice_dead"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "recipient"), name="notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pool", None), ("recipient__isnull", False)),
                            models.Q(("pool__isnull", False), ("recipient", None)),
                            _connector="OR",
                        ),
                        name="notice_for_person_or_pool",
                    ),
                ],
            },
        ),
    ]
