"""The pages where steps are done: which form each role gets there, and what its pop-up asks."""

from typing import NamedTuple

from tickets import forms
from tickets.workflow import STEPS


class Page(NamedTuple):
    """`slug` is the last part of the address; a role without a form there gets 404."""

    slug: str
    icon: str
    officer_form: type | None = None
    officer_label: str = ""
    reporter_form: type | None = None
    reporter_label: str = ""
    is_secret: bool = False  # does not exist for those who may not use it now

    def form_of(self, user):
        if user.is_officer:
            return self.officer_form
        return self.reporter_form if user.is_reporter else None

    def label_of(self, user):
        return self.officer_label if user.is_officer else self.reporter_label

    def is_open(self, ticket, user):
        """Whether at least one step of this page may be done now."""
        steps = (step for step in STEPS.values() if step.page == self.slug)
        return any(step.is_open(ticket, user) for step in steps)


PAGES = {
    page.slug: page
    for page in (
        Page("ambil", "hand-index-thumb", forms.TakeForm, "Ambil Tiket"),
        Page(
            "review", "check2-square", forms.ReviewForm, "Review", forms.VerdictForm, "Beri Review"
        ),
        Page("feedback", "reply", forms.AnswerForm, "Feedback", forms.AnswerForm, "Beri Feedback"),
        Page(
            *("buka-kembali", "arrow-counterclockwise"),
            reporter_form=forms.ReopenForm,
            reporter_label="Buka Kembali",
        ),
        Page("penilaian", "star-fill", None, "", forms.RateForm, "Beri Penilaian"),
        Page(
            "data-server",
            "lock-fill",
            forms.ReadServerAccessForm,
            "Buka Data Server",
            is_secret=True,
        ),
    )
}


class Button(NamedTuple):
    slug: str
    label: str
    icon: str


def page_for(ticket, user):
    """The Button to what this person can do with the ticket now, or None.

    Supervision has pages of its own and is nobody's next step: it gets no button here.
    """
    for step in ticket.open_steps(user).values():
        if page := PAGES.get(step.page):
            return Button(page.slug, page.label_of(user), page.icon)
    return None


def is_reassignable_by(ticket, user):
    """Whether 'Alihkan Petugas' is beside what else can be done with the ticket (R136)."""
    return STEPS["reassign"].is_open(ticket, user)
