"""manage.py grant_app_role NAME: what the portal's own database account may do, and no more."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

# Changed by nobody, but for what the law has removed: the columns that may be emptied
RECORDS = {
    "tickets_event": ["message", "detail", "salts", "actor_id", "ip", "key"],
    "tickets_attachment": ["name", "path", "preview_path"],
    "tickets_rating": ["suggestion"],
    "tickets_dayroot": [],
}
# what no grant binds: superusers, makers of roles, and who is or becomes the owner of the tables
POWERS = """
    SELECT rolsuper, rolcreaterole, EXISTS (
      SELECT FROM pg_class WHERE relname = 'tickets_event' AND relkind = 'r'
        AND pg_has_role(rolname, relowner, 'MEMBER')
    ) FROM pg_roles WHERE rolname = %s
"""


class Command(BaseCommand):
    """Run as the owner of the tables after each `migrate`. The portal then signs in as NAME, which
    owns nothing: it cannot switch off the guards of the history, nor empty or alter a table."""

    help = "Grants a database role what the portal needs; history it may only read and append to."

    def add_arguments(self, parser):
        parser.add_argument("role", help="an existing role of PostgreSQL without other rights")

    def handle(self, *, role, **options):
        quote_name = connection.ops.quote_name
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(POWERS, [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"There is no role {role}. First: CREATE ROLE … LOGIN.")
            if any(found):
                raise CommandError(
                    f"{role} is a superuser, may create roles, or owns the tables or belongs to "
                    "who does: no grant can bind it."
                )
            quoted, database = map(quote_name, (role, connection.settings_dict["NAME"]))
            for statement in statements(quoted, database):
                cursor.execute(statement)
        self.stdout.write(f"{role} may run the portal. History it may read and append to.")


def statements(role, database):
    """The SQL, for quoted names."""
    # a temporary table or a schema of one's own could stand in the way of a guard
    yield f"REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC, {role}"
    yield f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
    for table, columns in RECORDS.items():
        yield f"REVOKE UPDATE, DELETE ON {table} FROM {role}"
        if columns:
            yield f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {role}"
    yield f"REVOKE DELETE ON tickets_ticket FROM {role}"
    yield f"REVOKE UPDATE ON accounts_securityentry FROM {role}"  # what is old enough it may tidy
    yield f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}"
