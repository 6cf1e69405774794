"""A look-up takes its turn and learns of the failures before it in one statement (R128).

Each statement of a volatile function sees what was committed before it: the rows that are returned
are those of after the lock. One statement of plain SQL would give those of before it.
"""

from django.db import migrations

TURN = """
CREATE FUNCTION tickets_lookup_turn(
  who bigint, since timestamptz, until timestamptz, most integer
) RETURNS SETOF timestamptz LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE times timestamptz[];
BEGIN
  times := ARRAY(
    SELECT at FROM tickets_lookupfailure
    WHERE source = who AND at > since AND at <= until ORDER BY at DESC LIMIT most
  );
  IF cardinality(times) < most THEN  -- who has to wait does so without the lock, and stays so
    PERFORM pg_advisory_xact_lock(who);
    times := ARRAY(
      SELECT at FROM tickets_lookupfailure
      WHERE source = who AND at > since AND at <= until ORDER BY at DESC LIMIT most
    );
  END IF;
  RETURN QUERY SELECT unnest(times);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0020_fewer_indexes")]

    operations = [
        migrations.RunSQL(
            TURN,
            "DROP FUNCTION tickets_lookup_turn(bigint, timestamptz, timestamptz, integer)",
        )
    ]
