"""The questions that everybody may read, each within what is meant for them (R60-R64)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from faq import rules, search
from faq.models import Article, Opinion
from faq.models.article import FOUND_AT_MOST, RELATED_AT_MOST, SUGGESTED_AT_MOST
from faq.models.opinion import visitor_of

OPENED = 3  # found answers that stand open
VISITOR = "faq-visitor"  # in the session of a stranger: a key that means nothing elsewhere


def visible_article(request, slug):
    """The article, or 404 exactly as for one that does not exist."""
    visible = Article.objects.visible_to(request.user).with_names()
    return get_object_or_404(visible, slug=slug)


@login_not_required
@require_safe
def articles(request):
    """'FAQ Help Center' (R60, R63): by topic, or with `?q=` what was found."""
    visible = Article.objects.visible_to(request.user).with_names().defer("body")
    if wanted := search.clean(request.GET.get("q", "")):
        return _results(request, visible, wanted)
    context = {"articles": visible.of_office(request.user), "wanted": ""}
    return render(request, "faq/list.html", context)


def _results(request, visible, wanted):
    found = list(visible.search(wanted)[: FOUND_AT_MOST + 1])
    for place, article in enumerate(found):
        article.is_opened = place < OPENED
    context = {
        "wanted": wanted,
        "found": found[:FOUND_AT_MOST],
        "is_cut": len(found) > FOUND_AT_MOST,
        "near": [] if found else visible.suggested_for(wanted)[:SUGGESTED_AT_MOST],
    }
    return render(request, "faq/results.html", context)


@login_not_required
@require_safe
def detail(request, slug):
    """The full answer (R61, R62)."""
    article = visible_article(request, slug)
    visible = Article.objects.visible_to(request.user).of_office(request.user).defer("body")
    related = visible.filter(topic=article.topic).exclude(pk=article.pk)[:RELATED_AT_MOST]
    return render(request, "faq/detail.html", {"article": article, "related": related})


@login_not_required
@require_http_methods(["GET", "POST"])
def vote(request, slug):
    """'Apakah artikel ini membantu?': a POST counts, a GET only leads to the article."""
    article = visible_article(request, slug)
    if request.method == "GET":
        return redirect(article)
    where_it_is_read = redirect(article.get_absolute_url() + "#membantu")
    is_helpful = {"ya": True, "tidak": False}.get(request.POST.get("membantu"))
    if is_helpful is None:
        messages.error(request, "Pilih Ya atau Tidak.")
        return where_it_is_read
    if wait := limits.hit("opinion", limits.source(request)):
        return limits.closed(request, "opinion", wait, article=article)
    Opinion.objects.say(article, _visitor(request), is_helpful=is_helpful)
    messages.success(request, "Terima kasih. Jawaban Anda membantu kami memperbaiki artikel.")
    return where_it_is_read


def _visitor(request):
    if request.user.is_authenticated:
        return visitor_of(f"user:{request.user.pk}")
    if VISITOR not in request.session:
        request.session[VISITOR] = get_random_string(32)
    return visitor_of(request.session[VISITOR])


def _reporters_only(user):
    if not rules.is_reporter(user):
        raise Http404


@require_safe
def suggestions(request):
    """A piece of a page for 'Buat Tiket Baru': what may already answer `?judul=` (R64)."""
    _reporters_only(request.user)
    found = Article.objects.suggestions(request.user, request.GET.get("judul", ""))
    return render(request, "faq/_suggestions.html", {"articles": found})


@require_http_methods(["GET", "POST"])
def answered(request, slug):
    """'Ini menjawab pertanyaan saya': counted, and no ticket (R64)."""
    _reporters_only(request.user)
    article = visible_article(request, slug)
    if request.method == "GET":  # as after signing in again
        return redirect(article)
    if wait := limits.hit("opinion", limits.source(request)):
        return limits.closed(request, "opinion", wait, article=article)
    Opinion.objects.say(article, _visitor(request), was_answered=True)
    messages.success(
        request, "Terima kasih, pertanyaan Anda terjawab. Tidak ada tiket yang dibuat."
    )
    return redirect("home")
