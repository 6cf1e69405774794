"""Entries of the security log stay five years, sign-ins one; whose tickets were kept long enough.

The earlier guard let everything go after a year.
"""

from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION accounts_security_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - (CASE
    WHEN OLD.kind IN ('sign_in', 'sign_in_failed', 'sign_out') THEN interval '1 year'
    ELSE interval '5 years' END)
  THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the security log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$
"""
GUARD_BEFORE = """
CREATE OR REPLACE FUNCTION accounts_security_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '1 year' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the security log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$
"""
IS_POWERLESS = models.Q(role="", is_active=False, is_staff=False, is_superuser=False)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_mail_preference")]

    operations = [
        migrations.RunSQL(GUARD, GUARD_BEFORE),
        migrations.RemoveConstraint(model_name="user", name="user_system_is_powerless"),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                name="user_system_is_powerless",
                condition=~models.Q(username__in=["@sistem", "@anonim"]) | IS_POWERLESS,
                violation_error_message="Akun sistem tidak dapat diubah.",
            ),
        ),
    ]
