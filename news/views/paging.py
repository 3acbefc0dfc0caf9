"""One way to page a list of editions: ``?trang=2``. What is no page of the list is a 404, never a guess."""

import re

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


def page_of(editions, request, size):
    """The page of ``editions``, newest first, that ``?trang=`` asks for: ``size`` cards, and ``numbers``, those of the first page, the
    last and its neighbours. Raises Http404 for anything else."""
    wish = request.GET.get("trang", "1")
    if not PAGE_NUMBER.fullmatch(wish):
        raise Http404
    try:
        page = Paginator(editions.newest_first(), size).page(int(wish))
    except EmptyPage:
        raise Http404 from None
    page.numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    page.object_list = page.object_list.picked().for_cards()
    return page
