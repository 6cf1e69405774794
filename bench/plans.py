"""Which whole tables the pages' queries read: none of those that grow may be among them.

`python -m bench.plans` in the environment of a portal prints what it found as JSON: for each page
the growing tables of which PostgreSQL would read every row. Plans depend on the number of rows, so
the tests ask with ten thousand tickets and `make bench` with a million.
"""

import json

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - models need a set-up Django
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import steps  # noqa: E402
from bench.pages import People, client_of, pages  # noqa: E402

GROWING = {
    *("tickets_ticket", "tickets_event", "tickets_assignment", "tickets_notice"),
    *("tickets_attachment", "tickets_rating", "accounts_user"),
}
READS = ("SELECT", "(SELECT", "WITH", "UPDATE", "DELETE")


def scanned(node):
    """The tables that this node of a plan, or one below it, reads from end to end."""
    found = {node["Relation Name"]} if node["Node Type"] == "Seq Scan" else set()
    return found.union(*(scanned(child) for child in node.get("Plans", [])))


def of_query(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        [(plans,)] = cursor.fetchall()
    return scanned(plans[0]["Plan"]) & GROWING


def of_act(act):
    """{table: the queries of `act` that read all of it}."""
    with CaptureQueriesContext(connection) as queries:
        act()
    found = {}
    for query in queries:
        if query["sql"].startswith(READS):
            for table in of_query(query["sql"]):
                found.setdefault(table, []).append(query["sql"])
    return found


def main():
    people, told = People(), {}
    for name, user, path, _ in pages(people):
        client = client_of(user)
        told[name] = of_act(lambda client=client, path=path: client.get(path))
    with transaction.atomic():
        for name, act in steps.steps(people):
            told[f"step {name}"] = of_act(act)
        transaction.set_rollback(True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
