from tickets.forms.officer import ReadServerAccessForm, ReviewForm, TakeForm
from tickets.forms.reporter import AnswerForm, CreateForm, RateForm, VerdictForm

__all__ = [
    "AnswerForm",
    "CreateForm",
    "RateForm",
    "ReadServerAccessForm",
    "ReviewForm",
    "TakeForm",
    "VerdictForm",
]
