"""What was sent stays as it was: the database refuses any change of it (R34, R58, R130).

Events, attachments and ratings are append-only; of a ticket only what steps move may change.
"""

from django.db import migrations

TABLES = ["tickets_event", "tickets_attachment", "tickets_rating"]

FUNCTION = """
CREATE FUNCTION tickets_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""
GUARD = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION tickets_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION tickets_append_only()
"""
UNGUARD = """
DROP TRIGGER append_only_table ON {table};
DROP TRIGGER append_only_rows ON {table}
"""

GUARD_TICKET = """
CREATE FUNCTION tickets_sent_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what a reporter sent never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER sent_stays BEFORE UPDATE OF
    number, lpse_id, reporter_id, reporter_kind, identity_number, package_code, error_code, title,
    created_at
  ON tickets_ticket FOR EACH ROW EXECUTE FUNCTION tickets_sent_stays();
CREATE TRIGGER no_ticket_goes BEFORE DELETE
  ON tickets_ticket FOR EACH ROW EXECUTE FUNCTION tickets_sent_stays()
"""
UNGUARD_TICKET = """
DROP TRIGGER no_ticket_goes ON tickets_ticket;
DROP TRIGGER sent_stays ON tickets_ticket;
DROP FUNCTION tickets_sent_stays()
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION tickets_append_only()"),
        *(
            migrations.RunSQL(GUARD.format(table=table), UNGUARD.format(table=table))
            for table in TABLES
        ),
        migrations.RunSQL(GUARD_TICKET, UNGUARD_TICKET),
    ]
