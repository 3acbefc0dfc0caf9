"""The saves of an article: what changed from one to the next, in words, and a save of long ago brought back."""

import dataclasses
from datetime import datetime

from csp.decorators import csp_update
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.decorators import method_decorator
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper, ObjDiffDisplay

from news import html, text
from news.editor import RELAXED_CSP
from news.models import Article


def is_restoring(request):
    return request.resolver_match.url_name == "news_article_simple_history"


class ChangesInWords(HistoricalRecordContextHelper):
    """The library would show tags, and says in English what it left out."""

    def prepare_delta_change_value(self, change, value):
        value = super().prepare_delta_change_value(change, value)
        if isinstance(value, datetime):
            return text.hour(value)
        if change.field == "body":
            value = html.plain(value)
        if isinstance(value, DeletedObject):
            return "–" if value.pk is None else f"{value.model._meta.verbose_name} đã xóa"
        return "–" if value in (None, "") else value

    def format_delta_change(self, change):
        shown = super().format_delta_change(change)
        if change.field == "body" and shown.old == shown.new:
            return dataclasses.replace(shown, old="", new="chỉ đổi định dạng, liên kết hoặc ảnh")
        return shown

    def get_obj_diff_display(self):
        return Shortened(max_length=self.max_displayed_delta_change_chars)


class Shortened(ObjDiffDisplay):
    def shortened_str(self, prefix, num_skipped_chars, suffix):
        return f"{prefix}…{suffix}"


def require_numbers(*parts):
    """404 for an address whose ``parts`` are no numbers: the history's library looks up whatever stands there."""
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise Http404


class ArticleHistory(SimpleHistoryAdmin):
    object_history_form_template = "admin/news/article/history_form.html"
    history_list_display = []

    def get_historical_record_context_helper(self, request, historical_record):
        return ChangesInWords(self.model, historical_record)

    def set_history_delta_changes(self, request, historical_records, *args, **kwargs):
        """The last save of a page is compared too: with the first of the next."""
        records = list(historical_records)
        before = [records[-1].prev_record] if records and records[-1].prev_record else []
        super().set_history_delta_changes(request, records + before, *args, **kwargs)

    def history_view(self, request, object_id, extra_context=None):
        require_numbers(object_id)
        return super().history_view(request, object_id, extra_context)

    @method_decorator(csp_update(RELAXED_CSP))
    def history_form_view(self, request, object_id, version_id, extra_context=None):
        require_numbers(object_id, version_id)
        if request.method != "POST":
            return super().history_form_view(request, object_id, version_id, extra_context)
        if not self.has_change_permission(request):
            raise PermissionDenied  # the library asks only when it draws the button
        with transaction.atomic():
            Article.objects.select_for_update().filter(pk=object_id).first()
            return super().history_form_view(request, object_id, version_id, extra_context)
