"""A second PostgreSQL that follows the one of a drill's portal, as docs/run.md makes it."""

import os

import psycopg2

from tests.drills.portal import wait_until

REPLICAS = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"


class Replica:
    """A streaming replica; `pause` stops it from replaying, so that it stays as it is now."""

    def __init__(self, portal):
        self.primary, self.tool = portal, portal.cluster._tool
        self.data = portal.folder / "replica"
        self.data.mkdir(mode=0o700)
        if portal.cluster.root:
            os.chown(self.data, portal.cluster.uid, -1)
        copy = ["-h", portal.cluster.socket_dir, "-U", "postgres", "-D", self.data]
        assert self.tool("pg_basebackup", *copy, "--write-recovery-conf", "--checkpoint=fast")
        # the primary's socket is in its folder, too
        (self.data / ".s.PGSQL.5432.lock").unlink()
        self.start()

    @property
    def url(self):
        """Its REPLICA_DATABASE_URL."""
        return f"postgres://postgres@/helpdesk?host={self.data}"

    def start(self):
        """Returns when it follows the primary."""
        options = f"-c listen_addresses='' -c max_connections=200 -k '{self.data}'"
        self._ctl("start", "-o", options, "-l", self.data / "log")
        wait_until(lambda: self.primary.ask(REPLICAS) == [(1,)], said="it does not stream")

    def crash(self):
        """All of its processes end at once, and every connection with them."""
        self._ctl("stop", "-m", "immediate")

    def _ctl(self, act, *more):
        assert self.tool("pg_ctl", act, "-w", "-s", "-D", self.data, *more)

    def pause(self):
        """Whatever is written from now on is not seen here, although it arrives."""
        self.catch_up()
        self.ask("SELECT pg_wal_replay_pause()")
        state = "SELECT pg_get_wal_replay_pause_state()"
        wait_until(lambda: self.ask(state) == [("paused",)], said="it goes on")

    def resume(self):
        """Returns when all is seen here."""
        self.ask("SELECT pg_wal_replay_resume()")
        self.catch_up()

    def catch_up(self):
        """Until it has all that the primary has by now."""
        ((end,),) = self.primary.ask("SELECT pg_current_wal_flush_lsn()::text")
        reached = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        wait_until(lambda: self.ask(reached, end) == [(True,)], said="it stays behind")

    def is_asked_about_tickets(self):
        """Whether a connection of the portal has last read tickets here."""
        read = "SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE %s"
        return self.ask(read, '%"tickets_ticket"%') != []

    def cancel(self):
        """End a query that waits for a lock here, as recovery does; whether there was one."""
        waiting = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = %s"
        return self.ask(waiting, "Lock") != []

    def ask(self, query, *values):
        """All rows."""
        connection = psycopg2.connect(host=str(self.data), user="postgres", dbname="helpdesk")
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall()
        finally:
            connection.close()
