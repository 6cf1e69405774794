"""What the benchmark found, as the tables of docs/scale.md."""

import os
import platform
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "scale.md"
BEGIN, END = "<!-- measured: written by make bench -->\n", "<!-- end of what was measured -->\n"
NATIONAL = "dashboard, national"
LISTS = ("queue", "queue, in hand", "queue, handled", "queue, page 200", "queue, filtered",
         "queue of LKPP", "list of a reporter", "search, LPSE", "search, LKPP")  # fmt: skip
GROWING = {f"tickets_{name}" for name in ("ticket", "event", "assignment", "notice", "attachment",
                                          "rating")}  # fmt: skip
# the peer's pages beside ours: (its name, ours)
BESIDE = [
    ("queue", "queue"),
    ("all", "queue, handled"),
    ("office", "queue, handled"),
    ("search", "search, LPSE"),
    ("ticket", "ticket, 10 events"),
    ("dashboard", NATIONAL),
]


def written(found):
    """The whole block: the machine, what each operation costs, and the goals."""
    return "\n".join(
        [
            BEGIN.rstrip(),
            machine(found),
            costs(found),
            beside(found),
            load(found),
            steps(found),
            indexes(found),
            goals(found),
            END,
        ]
    )


def keep(text):
    """Put the block in place of the last one."""
    page = PAGE.read_text()
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(before + text + after)


def table(heading, rows):
    lines = ["| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows), ""])


def ms(value):
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


class Reader:
    """Short ways to what was found."""

    def __init__(self, found):
        self.found, self.sizes = found, [int(size) for size in found["sizes"]]
        self.small, self.large = self.sizes[0], self.sizes[-1]

    def cost(self, name, portal=None):
        return self.found["costs"].get(f"{portal or f'bench_{self.large}'} {name}")

    def cpu(self, name, size=None, portal=None):
        cost = self.cost(name, portal or f"bench_{size or self.large}")
        return cost["web"] + cost["database"]

    def growth(self, name):
        return self.cpu(name, self.large) / self.cpu(name, self.small)

    def names(self):
        start = f"bench_{self.large} "
        return [key.removeprefix(start) for key in self.found["costs"] if key.startswith(start)]

    def page(self, name):
        return self.found["pages"][str(self.large)].get(name, {})


def machine(found):
    filled = found.get("filled", {})
    told = "; ".join(f"{int(size):,} tickets in {seconds} s" for size, seconds in filled.items())
    sentences = [
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}.",
        f"An application server with two workers answers {found['start_seconds']:.1f} s after its"
        " start.",
    ]
    if told:
        sentences.append(f"Filled anew: {told}.")
    return " ".join(sentences) + "\n"


def costs(found):
    """CPU of the portal and of the database for each size, and what else is known of a page."""
    reader = Reader(found)
    heading = ["operation", *(f"{size:,}" for size in reader.sizes), "growth", "p50", "p95",
               "queries", "KB", "compressed"]  # fmt: skip
    rows = []
    for name in reader.names():
        each = [reader.cost(name, f"bench_{size}") for size in reader.sizes]
        page, last = reader.page(name), each[-1]
        rows.append(
            [
                name,
                *(f"{ms(cost['web'])} + {ms(cost['database'])}" for cost in each),
                f"{reader.growth(name):.2f}",
                ms(last["p50"]),
                ms(last["p95"]),
                page.get("queries", ""),
                f"{page['bytes'] / 1024:.1f}" if page else "",
                f"{page['compressed'] / 1024:.1f}" if page else "",
            ]
        )
    note = (
        f"Milliseconds of CPU, portal + database, medians; growth is {reader.large:,} by"
        f" {reader.small:,}; p50 and p95 are milliseconds on the clock of one client at"
        f" {reader.large:,}.\n"
    )
    return f"{note}\n{table(heading, rows)}"


def beside(found):
    """Against the floor, and against django-helpdesk."""
    reader = Reader(found)
    floor = [(name, reader.cost(name, "floor")) for name in ("bare", "dressed")]
    rows = [[name, ms(cost["p50"]), ms(cost["web"] + cost["database"])] for name, cost in floor]
    text = "The floor: one indexed query, 25 rows, a signed-in person.\n\n"
    text += table(["template", "p50", "CPU"], rows)
    peers = [(peer, own) for peer, own in BESIDE if reader.cost(peer, "peer")]
    if not peers:
        return text
    own = "bench_100000"
    rows = []
    for name, ours in peers:
        theirs, mine = reader.cost(name, "peer"), reader.cost(ours, own)
        speed = found["throughput"]
        fast, slow = speed.get(f"{own} {ours}"), speed.get(f"peer {name}")
        rows.append(
            [
                f"{name} / {ours}",
                ms(theirs["p50"]),
                ms(mine["p50"]),
                f"{theirs['p50'] / mine['p50']:.0f} ×",
                f"{slow} / {fast}" if fast else "",
                f"{fast / slow:.0f} ×" if fast and slow else "",
            ]
        )
    heading = ["django-helpdesk / portal", "its p50", "ours", "", "a second, eight clients", ""]
    return f"{text}\nAt 100,000 tickets, two workers each:\n\n{table(heading, rows)}"


def load(found):
    reader = Reader(found)
    start = f"bench_{reader.large} "
    rows = [
        [key.removeprefix(start), speed]
        for key, speed in found["throughput"].items()
        if key.startswith((start, "floor"))
    ]
    text = "Eight clients, two workers, requests a second:\n\n" + table(["page", ""], rows)
    files, exports = found["files"], found["exports"]
    text += (
        f"\n50 MB up {files['up_seconds']:.1f} s ({files['up_cpu']:.1f} s of CPU), down"
        f" {files['down_seconds']:.1f} s ({files['down_cpu']:.1f} s)."
    )
    for kind, export in exports.items():
        rows = f" of {export['rows']:,} lines" if export["rows"] else ""
        text += (
            f" Export{rows} as {kind.upper()}: {export['seconds']:.0f} s,"
            f" {export['cpu']:.0f} s of CPU, at most {export['peak'] / 2**20:.0f} MB more in the"
            " worker."
        )
    return text + "\n"


def steps(found):
    rows = [
        [
            lean["step"],
            sum(lean["rows"].values()),
            ", ".join(
                f"{name.removeprefix('tickets_')} {n}" for name, n in sorted(lean["rows"].items())
            ),
            f"{sum(lean['log'].values()) / 1024:.1f}",
            f"{sum(full['log'].values()) / 1024:.1f}",
        ]
        for lean, full in zip(*(found["steps"][kind] for kind in ("lean", "full")), strict=True)
    ]
    heading = ["step", "rows", "of which", "KB of log", "right after a checkpoint"]
    total = {}
    for step in found["steps"]["lean"]:
        for name, size in step["log"].items():
            total[name] = total.get(name, 0) + size
    whole = sum(total.values())
    shares = [
        f"{name} {100 * size / whole:.0f} %"
        for name, size in sorted(total.items(), key=lambda pair: -pair[1])
        if size > whole / 100
    ]
    return f"{table(heading, rows)}\nOf the log of these steps: {', '.join(shares)}.\n"


def indexes(found):
    rows = [
        [table_name, name, f"{scans:,}", f"{size / 2**20:.0f} MB"]
        for table_name, name, scans, size in found["indexes"]
        if table_name in GROWING
    ]
    heading = ["table", "index", "scans", "size"]
    return "Scans of each index since its database was made:\n\n" + table(heading, rows)


# The goals


def goals(found):
    reader = Reader(found)
    rows = [
        [name, goal, value, "yes" if met else "no"] for name, goal, value, met in all_of(reader)
    ]
    return table(["goal", "", "measured", "met"], rows)


def all_of(reader):
    """(name, goal, measured, whether it is met) of each goal of docs/scale.md."""
    found = reader.found
    yield from growth(reader)
    for floor in ("bare", "dressed"):
        base = reader.cost(floor, "floor")["p50"]
        for name in ("queue", "queue of LKPP", "ticket, 10 events", "look-up, hit"):
            ratio = reader.cost(name)["p50"] / base
            yield f"{name}, by the {floor} floor", "at most 2 ×", f"{ratio:.2f} ×", ratio <= 2
    yield from peers(reader)
    queue = reader.cost("queue")["p50"]
    for name in (NATIONAL, "search, LPSE", "search, LKPP"):
        ratio = reader.cost(name)["p50"] / queue
        yield f"{name}, by the queue", "at most 3 ×", f"{ratio:.2f} ×", ratio <= 3
    yield from queries(reader)
    yield from plans(reader)
    largest = max(reader.page(name)["bytes"] for name in LISTS) / 1024
    packed = max(reader.page(name)["compressed"] for name in LISTS) / 1024
    yield (
        "a list page",
        "40 KB, 8 KB compressed",
        f"{largest:.1f}, {packed:.1f}",
        (largest <= 40 and packed <= 8),
    )
    for what, each in found["worst_minute"].items():
        ratio = each["p95"] / each["idle"]
        yield f"{what} in the worst minute, p95 by idle", "under 5 ×", f"{ratio:.1f} ×", ratio < 5
    rest, half, whole = (size / 2**20 for size in found["memory"])
    yield (
        "memory of a worker",
        "under 150 MB, not growing",
        (f"{rest:.0f}, {half:.0f}, {whole:.0f} MB"),
        whole < 150 and whole <= 1.02 * half,
    )
    most = max(sum(step["rows"].values()) for step in found["steps"]["lean"])
    log = max(sum(step["log"].values()) for step in found["steps"]["lean"]) / 1024
    yield "a step writes", "6 rows, 12 KB", f"{most} rows, {log:.1f} KB", most <= 6 and log <= 12


def plans(reader):
    read = reader.found.get("plans", {})
    told = "; ".join(f"{name}: {', '.join(tables)}" for name, tables in read.items()) or "none"
    yield "tables that grow, read from end to end", "none", told, not read


def growth(reader):
    names = [name for name in reader.names() if name != NATIONAL and "page 200" not in name]
    worst = max(names, key=reader.growth)
    ratio = reader.growth(worst)
    yield "growth of CPU", "at most 1.2 ×", f"{ratio:.2f} × ({worst})", ratio <= 1.2


def peers(reader):
    if not reader.cost("queue", "peer"):
        return
    for name, ours in BESIDE:
        goal = 10 if name == "ticket" else 40
        ratio = reader.cost(name, "peer")["p50"] / reader.cost(ours, "bench_100000")["p50"]
        yield f"django-helpdesk's {name}", f"at least {goal} ×", f"{ratio:.0f} ×", ratio >= goal


def queries(reader):
    most = {
        "list and ticket pages": (6, [*LISTS, "ticket, 10 events", "ticket, 200 events"]),
        "the look-up": (3, ["look-up, hit"]),
        "dashboards": (8, [name for name in reader.names() if name.startswith("dashboard")]),
    }
    for what, (goal, names) in most.items():
        found = max(reader.page(name)["queries"] for name in names)
        yield f"queries of {what}", f"at most {goal}", found, found <= goal
