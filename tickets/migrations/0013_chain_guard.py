"""The database keeps the chain: an event goes on from the last one of its ticket, and nothing that
was sent changes, but for what an event of the same ticket says was removed by law (R130).

So there is no removing without a record of who ordered it, not even in plain SQL. Each function
names its search_path: else a session's temporary table of the same name would be asked instead.
"""

from django.db import migrations, models

# Whether an event of `ticket` orders to remove `part` of `event`
ORDERED = """
CREATE FUNCTION tickets_is_ordered(ticket bigint, event bigint, part text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM tickets_event
    WHERE ticket_id = ticket AND action = 'redact'
      AND detail -> 'removed' @> jsonb_build_array(jsonb_build_array(event, part))
  )
$$
"""

GOES_ON = """
CREATE FUNCTION tickets_event_goes_on() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE last record;
BEGIN
  SELECT position, hash INTO last FROM tickets_event
    WHERE ticket_id = NEW.ticket_id ORDER BY position DESC LIMIT 1;
  IF NEW.position <> coalesce(last.position, 0) + 1
     OR NEW.previous_hash <> coalesce(last.hash, repeat('0', 64)) THEN
    RAISE EXCEPTION 'an event goes on from the last one of its ticket'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER goes_on BEFORE INSERT ON tickets_event
  FOR EACH ROW EXECUTE FUNCTION tickets_event_goes_on()
"""

EVENT = """
CREATE FUNCTION tickets_event_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE gone text[];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    gone := ARRAY(SELECT jsonb_object_keys(OLD.salts) EXCEPT SELECT jsonb_object_keys(NEW.salts));
    IF OLD.action <> 'redact' AND NEW.salts <@ OLD.salts AND cardinality(gone) > 0
      AND to_jsonb(NEW) - ARRAY['message', 'detail', 'salts']
        = to_jsonb(OLD) - ARRAY['message', 'detail', 'salts']
      AND (NEW.message = OLD.message OR NEW.message = '[dihapus]' AND 'message' = ANY (gone))
      AND (NEW.detail = OLD.detail
        OR NEW.detail = '{"file": "[dihapus]"}' AND 'detail' = ANY (gone))
      AND (SELECT bool_and(tickets_is_ordered(OLD.ticket_id, OLD.id, part))
        FROM unnest(gone) AS part)
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""

ATTACHMENT = """
CREATE FUNCTION tickets_attachment_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  of_ticket bigint;
  place integer;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.name LIKE '[dihapus]%' AND NEW.path = '' AND NEW.preview_path = ''
    AND to_jsonb(NEW) - ARRAY['name', 'path', 'preview_path']
      = to_jsonb(OLD) - ARRAY['name', 'path', 'preview_path']
  THEN
    SELECT ticket_id INTO of_ticket FROM tickets_event WHERE id = OLD.event_id;
    SELECT count(*) INTO place FROM tickets_attachment
      WHERE event_id = OLD.event_id AND id <= OLD.id;
    IF tickets_is_ordered(of_ticket, OLD.event_id, 'file ' || place) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""

RATING = """
CREATE FUNCTION tickets_rating_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_event bigint;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.suggestion = '[dihapus]'
    AND to_jsonb(NEW) - 'suggestion' = to_jsonb(OLD) - 'suggestion'
  THEN
    SELECT id INTO of_event FROM tickets_event
      WHERE ticket_id = OLD.ticket_id AND action = 'rate';
    IF tickets_is_ordered(OLD.ticket_id, of_event, 'suggestion') THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""

TICKET = """
CREATE OR REPLACE FUNCTION tickets_sent_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_event bigint;
BEGIN
  IF TG_OP = 'UPDATE' AND
    (NEW.number, NEW.lpse_id, NEW.reporter_id, NEW.reporter_kind, NEW.created_at)
    = (OLD.number, OLD.lpse_id, OLD.reporter_id, OLD.reporter_kind, OLD.created_at)
  THEN
    SELECT id INTO of_event FROM tickets_event WHERE ticket_id = OLD.id AND position = 1;
    IF (
      SELECT bool_and(after = '[dihapus]' AND tickets_is_ordered(OLD.id, of_event, part))
      FROM (VALUES
        ('title', OLD.title, NEW.title),
        ('identity_number', OLD.identity_number, NEW.identity_number),
        ('package_code', OLD.package_code, NEW.package_code),
        ('error_code', OLD.error_code, NEW.error_code)
      ) AS changed (part, before, after)
      WHERE before <> after
    ) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'what a reporter sent never changes' USING ERRCODE = 'insufficient_privilege';
END $$
"""
TICKET_BEFORE = """
CREATE OR REPLACE FUNCTION tickets_sent_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what a reporter sent never changes' USING ERRCODE = 'insufficient_privilege';
END $$
"""

REPLACE = """
DROP TRIGGER append_only_rows ON {table};
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {function}()
"""
GUARD_ROOTS = """
CREATE FUNCTION tickets_root_goes_on() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE last record;
BEGIN
  SELECT day, root INTO last FROM tickets_dayroot ORDER BY day DESC LIMIT 1;
  IF NEW.day >= (now() AT TIME ZONE 'Asia/Jakarta')::date
    OR NEW.day <> coalesce(last.day + 1, NEW.day)
    OR NEW.previous_root <> coalesce(last.root, repeat('0', 64))
  THEN
    RAISE EXCEPTION 'a root is of the day after the last one, once that is over'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER goes_on BEFORE INSERT ON tickets_dayroot
  FOR EACH ROW EXECUTE FUNCTION tickets_root_goes_on();
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON tickets_dayroot
  FOR EACH ROW EXECUTE FUNCTION tickets_append_only();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON tickets_dayroot
  FOR EACH STATEMENT EXECUTE FUNCTION tickets_append_only()
"""
UNGUARD_ROOTS = """
DROP TRIGGER append_only_table ON tickets_dayroot;
DROP TRIGGER append_only_rows ON tickets_dayroot;
DROP TRIGGER goes_on ON tickets_dayroot;
DROP FUNCTION tickets_root_goes_on()
"""


def guard(body, table):
    """Put the function of `body` before each change of a row; backwards the old one again."""
    function = f"{table}_stays"
    back = (
        f"{REPLACE.format(table=table, function='tickets_append_only')}; DROP FUNCTION {function}()"
    )
    return migrations.RunSQL([body, REPLACE.format(table=table, function=function)], back)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_chain_events")]

    operations = [
        migrations.AlterField("event", "position", models.PositiveIntegerField("urutan")),
        migrations.AlterField("event", "previous_hash", models.CharField(max_length=64)),
        migrations.AlterField("event", "hash", models.CharField("hash", max_length=64)),
        migrations.AddConstraint(
            "event",
            models.UniqueConstraint(fields=["ticket", "position"], name="event_once_per_place"),
        ),
        migrations.AlterModelOptions(
            name="ticket",
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("reassign_ticket", "Dapat mengalihkan tiket ke petugas lain"),
                    ("redact_ticket", "Dapat menghapus isi tiket menurut hukum"),
                ],
                "verbose_name": "tiket",
                "verbose_name_plural": "tiket",
            },
        ),
        migrations.CreateModel(
            name="DayRoot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="tanggal")),
                ("previous_root", models.CharField(max_length=64, verbose_name="akar sebelumnya")),
                ("leaves", models.TextField(blank=True)),
                ("root", models.CharField(max_length=64, verbose_name="akar hash")),
                (
                    "made_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="dihitung"),
                ),
            ],
            options={
                "verbose_name": "akar hash harian",
                "verbose_name_plural": "akar hash harian",
                "ordering": ["-day"],
            },
        ),
        migrations.RunSQL(ORDERED, "DROP FUNCTION tickets_is_ordered(bigint, bigint, text)"),
        migrations.RunSQL(
            GOES_ON,
            "DROP TRIGGER goes_on ON tickets_event; DROP FUNCTION tickets_event_goes_on()",
        ),
        guard(EVENT, "tickets_event"),
        guard(ATTACHMENT, "tickets_attachment"),
        guard(RATING, "tickets_rating"),
        migrations.RunSQL(TICKET, TICKET_BEFORE),
        migrations.RunSQL(GUARD_ROOTS, UNGUARD_ROOTS),
    ]
