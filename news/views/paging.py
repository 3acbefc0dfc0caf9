"""One way to page a list of editions: ``?trang=2``. What is no page of the list is a 404, never a guess."""

import re

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


def page_of(editions, request, size):
    """The page of ``editions``, newest first, that ``?trang=`` asks for: ``size`` cards. Raises Http404 for anything else."""
    wish = request.GET.get("trang", "1")
    if not PAGE_NUMBER.fullmatch(wish):
        raise Http404
    try:
        page = Paginator(editions.newest_first(), size).page(int(wish))
    except EmptyPage:
        raise Http404 from None
    page.object_list = page.object_list.picked().for_cards()
    return page
