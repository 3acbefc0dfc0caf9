"""Searching at the desk: typed with marks or without."""

from news import text
from news.admin.unsaved import KeepsTypedAdmin

LONGEST_SEARCH = 300  # characters, a whole title; every word of it is one more condition of the query


def words_of(search_term):
    """The folded words of ``search_term``, each once. What goes beyond the longest title is not read."""
    return dict.fromkeys(text.fold(text.line(search_term)[:LONGEST_SEARCH]).split())


class FoldedSearchAdmin(KeepsTypedAdmin):
    """Finds every word of a search in the column ``folded``."""

    search_fields = ["folded"]

    def get_search_results(self, request, queryset, search_term):
        for word in words_of(search_term):
            queryset = queryset.filter(folded__contains=word)
        return queryset, False
