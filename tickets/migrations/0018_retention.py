"""The guards let the reporter of a ticket go, where an event of the ticket says so (retention).

What goes is the account, the address and the form key of what they did; in their place stands the
account '@anonim' alone. Texts and files go as before.
"""

from importlib import import_module

from django.db import migrations

before = import_module("tickets.migrations.0013_chain_guard")

NOBODY = """
CREATE FUNCTION tickets_is_nobody(account bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM accounts_user WHERE id = account AND username = '@anonim')
$$
"""

EVENT = """
CREATE OR REPLACE FUNCTION tickets_event_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  movable text[] := ARRAY['message', 'detail', 'salts', 'actor_id', 'ip', 'key'];
  gone text[];
  same_person boolean;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    gone := ARRAY(SELECT jsonb_object_keys(OLD.salts) EXCEPT SELECT jsonb_object_keys(NEW.salts));
    same_person :=
      (NEW.actor_id, NEW.ip, NEW.key) IS NOT DISTINCT FROM (OLD.actor_id, OLD.ip, OLD.key);
    IF OLD.action <> 'redact' AND NEW.salts <@ OLD.salts
      AND (cardinality(gone) > 0 OR NOT same_person)
      AND to_jsonb(NEW) - movable = to_jsonb(OLD) - movable
      AND (NEW.message = OLD.message OR NEW.message = '[dihapus]' AND 'message' = ANY (gone))
      AND (NEW.detail = OLD.detail
        OR NEW.detail = '{"file": "[dihapus]"}' AND 'detail' = ANY (gone))
      AND (SELECT coalesce(bool_and(tickets_is_ordered(OLD.ticket_id, OLD.id, part)), true)
        FROM unnest(gone) AS part)
      AND (same_person OR NEW.ip IS NULL AND NEW.key IS NULL AND tickets_is_nobody(NEW.actor_id)
        AND tickets_is_ordered(OLD.ticket_id, OLD.id, 'person'))
    THEN
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
    (NEW.number, NEW.lpse_id, NEW.reporter_kind, NEW.created_at)
    = (OLD.number, OLD.lpse_id, OLD.reporter_kind, OLD.created_at)
  THEN
    SELECT id INTO of_event FROM tickets_event WHERE ticket_id = OLD.id AND position = 1;
    IF (
      SELECT bool_and(is_removed AND tickets_is_ordered(OLD.id, of_event, part))
      FROM (VALUES
        ('title', OLD.title <> NEW.title, NEW.title = '[dihapus]'),
        ('identity_number', OLD.identity_number <> NEW.identity_number,
          NEW.identity_number = '[dihapus]'),
        ('package_code', OLD.package_code <> NEW.package_code, NEW.package_code = '[dihapus]'),
        ('error_code', OLD.error_code <> NEW.error_code, NEW.error_code = '[dihapus]'),
        ('person', OLD.reporter_id <> NEW.reporter_id, tickets_is_nobody(NEW.reporter_id))
      ) AS changed (part, has_changed, is_removed)
      WHERE has_changed
    ) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'what a reporter sent never changes' USING ERRCODE = 'insufficient_privilege';
END $$
"""


def replaced(function):
    """The same function as it was, in a form that takes the place of another."""
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0017_notice"), ("accounts", "0007_retention")]

    operations = [
        migrations.RunSQL(NOBODY, "DROP FUNCTION tickets_is_nobody(bigint)"),
        migrations.RunSQL(EVENT, replaced(before.EVENT)),
        migrations.RunSQL(TICKET, before.TICKET),
    ]
