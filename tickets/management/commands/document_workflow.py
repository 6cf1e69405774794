"""Writes docs/ticket-workflow.md from the steps in the code."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django_fsm import GET_STATE

from tickets.telling import SENDING, Party
from tickets.wording import party
from tickets.workflow import MAY_ASK, STEPS, Status

PATH = settings.BASE_DIR / "docs" / "ticket-workflow.md"
HEAD = """# The workflow of a ticket

Made from `tickets/workflow.py` by `make docs`; never edited by hand (a test compares the two).
A ticket has a status, shown below, and a level from 1 to 4 that says who has the ball.

"""


def targets(step):
    """The statuses that a step may lead to; none for a step that only reads."""
    if isinstance(step.target, GET_STATE):
        return list(step.target.allowed_states)
    return [step.target] if step.target else []


def diagram():
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> new: send"]
    for name, step in STEPS.items():
        for target in targets(step):
            lines += [f"    {source} --> {Status(target)}: {name}" for source in step.source]
    return "\n".join([*lines, "```", ""])


def table():
    head = ["Step", "Label", "From", "To", "Who (`tickets/rules.py`)", "Message", "Read by", "Page"]
    rows = [head, ["---"] * len(head), *(row(step) for step in STEPS.values())]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows) + "\n"


def row(step):
    everywhere = len(step.source) == len(Status)
    return [
        f"`{step.name}`",
        step.label,
        "any" if everywhere else ", ".join(step.source),
        ", ".join(targets(step)) or "unchanged",
        f"`{step.rule.__name__}`",
        "required" if step.needs_message else "",
        step.audience.value,
        step.page,
    ]


def questions():
    lines = [f"- {level.label}: " + ", ".join(map(party, MAY_ASK[level])) for level in MAY_ASK]
    return "\n".join(["", "Whom each level may ask with `ask`:", "", *lines, ""])


def promises():
    """What each step does, in the words of its docstring."""
    lines = ["", "What each step does:", ""]
    return "\n".join(lines + [f"- `{step.name}`: {step.does}" for step in STEPS.values()]) + "\n"


def notices():
    """Whom each step tells, in portal and by mail; who acts is told of nothing but a sending."""
    head = ["Step", "Who is told", "'Tiket {number} …'"]
    rows = [head, ["---"] * len(head)]
    for name, tells in {"send": SENDING, **{n: step.tells for n, step in STEPS.items()}}.items():
        rows += [[f"`{name}`", Party(tell.to).name.lower(), tell.says] for tell in tells]
    lines = ["| " + " | ".join(cells) + " |" for cells in rows]
    return "\n".join(["", "Who is told what (R129):", "", *lines, ""])


def document():
    return HEAD + diagram() + "\n" + table() + notices() + questions() + promises()


class Command(BaseCommand):
    help = "Write docs/ticket-workflow.md"

    def handle(self, **options):
        PATH.write_text(document())
        self.stdout.write(f"{PATH} written")
