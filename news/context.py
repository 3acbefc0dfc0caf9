"""What every page of the press needs: who publishes, and the sections to choose from. Asked for at each request, so
that a change shows on the next page of every process; not asked for by a template that prints neither."""

from django.utils.functional import SimpleLazyObject

from news.models import Category, Masthead


def site(request):
    return {
        "masthead": SimpleLazyObject(Masthead.current),
        "categories": SimpleLazyObject(lambda: list(Category.objects.all())),
    }
