"""The press: what a resident reads."""

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from news import citation
from news.models import Category, Edition
from news.views.errors import kept_by_no_browser
from news.views.methods import read_only
from news.views.paging import page_of

FRONT_PAGE, LIST_PAGE, SECTION, RELATED = 9, 15, 4, 4  # how many items each shows


@read_only
def home(request):
    live = Edition.objects.live(timezone.now())
    page = page_of(live, request, FRONT_PAGE)
    return render(request, "news/home.html", {"page": page, **(front_of(live, page[:]) if page.number == 1 else {})})


def front_of(live, shown):
    """The front page: ``shown``, the newest stories of all, and below them what else is new in each category."""
    return {**top_of(shown), "shown": shown, "sections": newest_of_each_category(live, shown)}


def top_of(stories):
    """The top of the front page: its lead; beneath it two stories, which are features, with their pictures, when the lead has none, and
    briefs otherwise; and the rest. Without any picture a second row of briefs fills the column."""
    has_pictures = any(story.card_html for story in stories[:3])
    lead, beneath = stories[:1], stories[1 : 3 if has_pictures or len(stories) < FRONT_PAGE else 5]
    features = [] if lead and lead[0].card_html else beneath[:2]
    briefs, latest = beneath[len(features) :], stories[1 + len(beneath) :]
    return {"lead": lead, "features": features, "briefs": briefs, "latest": latest}


@read_only
def category(request, slug):
    found = get_object_or_404(Category, slug=slug)
    live = Edition.objects.live(timezone.now()).filter(article__category=found)
    page = page_of(live, request, LIST_PAGE)
    return render(request, "news/category.html", {"category": found, "page": page})


@read_only
def article(request, pk, slug):
    now = timezone.now()
    edition = Edition.objects.live(now).for_page().filter(article=pk).first()
    if edition is None:
        return gone_or_unknown(request, pk, now)
    if request.path != edition.path:
        return redirect(edition.path, permanent=True)
    return render(request, "news/article.html", article_context(edition, now))


@read_only
def edition(request, pk, slug, number):
    now = timezone.now()
    found = Edition.objects.citable(now).for_page().filter(article=pk, number=number).first()
    if found is None:
        withdrawn = Edition.objects.withdrawn_and_replaced(now).filter(article=pk, number=number).first()
        return gone_page(request, withdrawn, is_back=True) if withdrawn else gone_or_unknown(request, pk, now)
    if request.path != found.edition_path:
        return redirect(found.edition_path, permanent=True)
    response = render(request, "news/article.html", {**article_context(found, now), "is_edition_page": True})
    response["X-Robots-Tag"] = "noindex"
    return response


def gone_or_unknown(request, pk, now):
    """410 with the reason for what was once public, 404 for everything else."""
    gone = Edition.objects.gone(now).filter(article=pk).first()
    if gone is None:
        raise Http404
    return gone_page(request, gone)


def gone_page(request, edition, is_back=False):
    """410 with the reason. ``is_back``: the article is there again, with another edition."""
    context = {"edition": edition, "is_back": is_back, "uncounted": True}
    return kept_by_no_browser(render(request, "news/gone.html", context, status=410))


def article_context(edition, now, public=None):
    """``public``: the editions of its article that may be cited."""
    public = public or list(Edition.objects.citable(now).filter(article=edition.article_id).for_notes())
    public = public or [edition]  # none when it is withdrawn between our two queries
    return {
        "edition": edition,
        "editions": public,
        "live": public[-1],
        "source_line": citation.source_line(edition),
        **further_reading(edition, now),
    }


def further_reading(edition, now):
    """The newest other articles of its category, and as many of the newest of all as are missing: one query."""
    category = edition.article.category_id
    newest = Edition.objects.live(now).exclude(article=edition.article_id).newest_first()
    slices = newest.filter(article__category=category)[:RELATED], newest[: 2 * RELATED]
    of_category, of_all = (rows.picked().order_by().values("pk") for rows in slices)
    chosen = of_category.union(of_all)  # for an OR of two lists PostgreSQL reads every row
    found = list(Edition.objects.filter(pk__in=chosen).newest_first().for_cards())
    related = [other for other in found if other.article.category_id == category][:RELATED]
    return {"related": related, "latest": [other for other in found if other not in related][: RELATED - len(related)]}


def newest_of_each_category(live, shown):
    """The newest ``SECTION`` live editions of each category that are not among ``shown``, or its newest if all of them are;
    categories in their order. One query, which sorts bare numbers."""
    known = [edition.pk for edition in shown]
    place = Window(
        RowNumber(),
        partition_by="article__category",
        order_by=[Q(pk__in=known), F("first_published_at").desc(), F("article_id").desc()],
    )
    newest = live.alias(place=place).filter(~Q(pk__in=known) | Q(place=1), place__lte=SECTION)
    return (
        Edition.objects.for_cards()
        .filter(pk__in=newest.values("pk"))
        .order_by("article__category__position", "article__category__name", "-first_published_at", "-article_id")
    )
