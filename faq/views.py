"""The questions that everybody may read (R60, R63)."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from faq.models import Article


@login_not_required
@require_safe
def articles(request):
    return render(request, "faq/list.html", {"articles": Article.objects.published()})
