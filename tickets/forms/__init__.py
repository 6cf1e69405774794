from tickets.forms.officer import ReadServerAccessForm, ReviewForm, TakeForm
from tickets.forms.preference import MailPreferenceForm
from tickets.forms.reporter import AnswerForm, CreateForm, RateForm, ReopenForm, VerdictForm
from tickets.forms.supervisor import ReassignForm

__all__ = [
    "AnswerForm",
    "CreateForm",
    "MailPreferenceForm",
    "RateForm",
    "ReadServerAccessForm",
    "ReassignForm",
    "ReopenForm",
    "ReviewForm",
    "TakeForm",
    "VerdictForm",
]
