"""The security log, which nobody changes, and from which nothing goes within a year."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION accounts_security_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '1 year' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the security log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON accounts_securityentry
  FOR EACH ROW EXECUTE FUNCTION accounts_security_stays();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON accounts_securityentry
  FOR EACH STATEMENT EXECUTE FUNCTION accounts_security_stays()
"""
UNGUARD = """
DROP TRIGGER append_only_table ON accounts_securityentry;
DROP TRIGGER append_only_rows ON accounts_securityentry;
DROP FUNCTION accounts_security_stays()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_user_session_generation"),
    ]

    operations = [
        migrations.CreateModel(
            name="SecurityEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="waktu"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign_in", "Masuk"),
                            ("sign_in_failed", "Gagal masuk"),
                            ("sign_out", "Keluar"),
                            ("refused", "Ditolak"),
                            ("limited", "Batas tercapai"),
                            ("role", "Peran berubah"),
                            ("account", "Akun berubah"),
                            ("lpse", "LPSE berubah"),
                            ("second_factor", "Faktor kedua berubah"),
                            ("sealed_file", "File rahasia diunduh"),
                            ("server_access", "Data Server dibuka"),
                            ("export", "Ekspor"),
                            ("redaction", "Isi dihapus menurut hukum"),
                            ("infected_file", "File berisi virus"),
                        ],
                        max_length=20,
                        verbose_name="peristiwa",
                    ),
                ),
                ("ip", models.GenericIPAddressField(null=True, verbose_name="alamat IP")),
                ("facts", models.JSONField(default=dict, verbose_name="keterangan")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="oleh",
                    ),
                ),
            ],
            options={
                "verbose_name": "catatan keamanan",
                "verbose_name_plural": "log keamanan",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["kind", "-id"], name="security_entry_of_kind"),
                    models.Index(fields=["user", "-id"], name="security_entry_of_user"),
                    models.Index(fields=["at"], name="security_entry_at"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
