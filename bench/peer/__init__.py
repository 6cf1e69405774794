"""django-helpdesk from PyPI over the same PostgreSQL and as many tickets, to be compared with ours.

`python -m bench.peer 100000` fills a database and prints what its pages cost. A harness calls:

    prepare(database, number)            # make and fill the database, or find it filled
    with portal(database) as port:       # gunicorn over it
        session = cookie(database)       # of an agent who is signed in
        operations(database, port, session)  # {name: [paths]}, each page looked at and right

Or it runs `gunicorn(workers)` with `environment(database)` itself, to see what the processes spend.
`database` is a dict as Django's settings have it: NAME, USER, HOST (the folder of the socket).
The site is that of its documentation (docs/install.rst, standalone/config/settings.py).

What stands for what: an LPSE is a queue, an officer is a staff user who may see all queues (its
default), a reporter is the e-mail address of a submitter, a step is a follow-up. People, texts,
ways and shares are those of bench.country. TicketChange rows, which it writes with some follow-ups,
are left out: that is in its favour.
"""

from bench.peer.filling import prepare
from bench.peer.pages import cookie, operations
from bench.peer.site import environment, gunicorn, portal, venv

__all__ = ["cookie", "environment", "gunicorn", "operations", "portal", "prepare", "venv"]
