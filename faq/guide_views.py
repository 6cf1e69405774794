"""Guides to download and to watch. Each begins by fetching what this person may read."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from faq import sending
from faq.models import Guide


@require_safe
def guides(request):
    """'Panduan' (R22, R23, R72, R97): what there is for this person, and what is missing."""
    return render(request, "faq/guides.html", {"shelves": Guide.objects.shelves_for(request.user)})


def readable_guide(request, pk):
    return get_object_or_404(Guide.objects.readable_by(request.user), pk=pk)


@require_safe
def guide(request, pk):
    """One guide alone, as its readers will see it: what an administrator looks at first."""
    return render(request, "faq/guide.html", {"guide": readable_guide(request, pk)})


@require_safe
def download(request, pk):
    """'Unduh User Guide', 'Unduh Video Tutorial' under a name that says what it is."""
    found = readable_guide(request, pk)
    return sending.send(request, found.file.name, found.content_type, download_as=found.file_name)


@require_safe
def play(request, pk):
    """The video for the player, in the parts that it asks for (A4)."""
    found = readable_guide(request, pk)
    if not found.is_video:
        raise Http404
    return sending.send(request, found.file.name, found.content_type)


@require_safe
def captions(request, pk):
    """What is said in the video (A4)."""
    found = readable_guide(request, pk)
    if not found.captions:
        raise Http404
    return sending.send(request, found.captions.name, "text/vtt; charset=utf-8")
