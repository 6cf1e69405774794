from tickets.forms.officer import ReadServerAccessForm, ReviewForm, TakeForm
from tickets.forms.reporter import AnswerForm, CreateForm, RateForm, ReopenForm, VerdictForm
from tickets.forms.supervisor import ReassignForm

__all__ = [
    "AnswerForm",
    "CreateForm",
    "RateForm",
    "ReadServerAccessForm",
    "ReassignForm",
    "ReopenForm",
    "ReviewForm",
    "TakeForm",
    "VerdictForm",
]
