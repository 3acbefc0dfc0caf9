"""What changed from one save of an article to the next, in words: the library would show tags, and says in English what it left out."""

import dataclasses
from datetime import datetime

from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper, ObjDiffDisplay

from news import html, text


class ChangesInWords(HistoricalRecordContextHelper):
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
