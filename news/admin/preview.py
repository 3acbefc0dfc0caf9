"""The stored desk copy in the page that readers would get."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from news.models import Article, Edition
from news.views.reading import article_context


def preview(request, pk, model_admin):
    article = Article.objects.select_related("category", "lead_picture").filter(pk=pk).first()
    if article is None:
        raise Http404
    if not model_admin.has_view_or_change_permission(request, article):
        raise PermissionDenied
    now = timezone.now()
    edition = Edition.of(article)
    edition.number, edition.published_at = article.next_number(), now
    edition.first_published_at = article.first_date() or now
    edition.typeset()
    context = article_context(edition, now, public=[edition])
    return render(request, "news/article.html", {**context, "is_preview": True})
