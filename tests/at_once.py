"""Several acts at the same moment, for tests of races."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(acts):
    """What each act returned or raised; all start together, each on its own connection."""
    start = Barrier(len(acts), timeout=30)

    def run(act):
        try:
            connection.ensure_connection()
            start.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
