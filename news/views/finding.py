"""Search: every word asked for, in any spelling, newest first."""

from django.shortcuts import render
from django.utils import timezone

from news import passages, text
from news import search as index
from news.models import Edition
from news.views.methods import read_only
from news.views.paging import page_of

RESULTS_PAGE = 15


@read_only
def search(request):
    query = text.line(request.GET.get("q", ""))
    too_long = len(query) > index.LONGEST_QUERY
    hits = None if too_long else index.matches(query)
    live = Edition.objects.live(timezone.now())
    found = Edition.objects.none() if hits is None else index.among(live, hits)
    page = page_of(found, request, RESULTS_PAGE)
    passages.show(page, query)
    context = {
        "query": query[: index.LONGEST_QUERY],
        "page": page,
        "too_long": too_long,
        "longest": index.LONGEST_QUERY,
        "has_words": hits is not None,
    }
    return render(request, "news/search.html", context)
