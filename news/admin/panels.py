"""What the desk shows of an article beside its form: where it stands, its pictures, its editions."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from news import html
from news.admin.acts import NOT_IN_SCHEDULED
from news.models import Article, Byline, Edition, Picture
from news.text import hour


def is_signed_otherwise(article):
    """Whether ``article``, a row of the desk's list, is to be signed otherwise than the edition that waits, or else the live one."""
    return article.signed not in (None, Byline.printed(article.bylines.all()))


class ArticlePanels:
    """The columns and read-only fields of ``ArticleAdmin``."""

    @admin.display(description="trạng thái", ordering="state")
    def state_shown(self, article):
        label = Article.State(article.state).label
        return f"{label} · có sửa đổi chưa đăng" if article.is_changed or is_signed_otherwise(article) else label

    @admin.display(description="tác giả")
    def authors_shown(self, article):
        return ", ".join(byline.author.pen_name for byline in article.bylines.all()) or "–"

    @admin.display(description="ngày đăng", ordering="first_public")
    def published_shown(self, article):
        first = [hour(article.first_public)] if article.first_public else []
        due = [f"hẹn {hour(article.scheduled_for)}"] if article.scheduled_for else []
        return ", ".join(first + due) or "–"

    @admin.display(description="Tình trạng")
    def standing(self, article):
        if not article.pk:
            return "Bài mới, chưa lưu."
        now = timezone.now()
        live, scheduled, gone = article.live(now), article.scheduled(now), article.editions.gone(now).first()
        lines = []
        if live:
            lines.append(f"Đang đăng bản {live.number} từ {hour(live.published_at)}.")
        if scheduled:
            lines.append(f"Hẹn giờ: bản {scheduled.number} lúc {hour(scheduled.published_at)}.")
        if scheduled and article.is_changed_since(scheduled):
            lines.append(NOT_IN_SCHEDULED)
        elif live and not scheduled and article.is_changed_since(live):
            lines.append("Có sửa đổi chưa đăng.")
        if gone:
            withdrawn = gone.closed_why == Edition.Closed.WITHDRAWN
            lines.append(f"Đã gỡ: {gone.closed_reason}" if withdrawn else f"Hết thời hạn từ {hour(gone.ends_at)}.")
        return format_html_join("", '<span class="standing">{}</span>', ((line,) for line in lines or ["Bản nháp."]))

    @admin.display(description="Ảnh trong bài")
    def body_pictures(self, article):
        images = html.images(article.body)
        kept = Picture.objects.by_src(image.src for image in images)
        rows = [self._picture_row(image, kept.get(image.src)) for image in images]
        return (
            format_html_join("", '<div class="body-picture">{}</div>', ((row,) for row in rows)) or "Chưa có ảnh nào."
        )

    @staticmethod
    def _picture_row(image, picture):
        if picture is None:
            return f"Ảnh {image.position}: không còn trong kho ảnh."
        alt = image.alt or picture.alt or ("chỉ trang trí" if picture.decorative else "CHƯA CÓ VĂN BẢN THAY THẾ")
        words = f"Ảnh {image.position}. Văn bản thay thế: {alt}. Nguồn ảnh: {picture.credit or 'chưa ghi'}."
        return format_html(
            '<img src="{}" width="120" alt=""><span class="body-picture__words">{}</span> <a class="related-widget-wrapper-link change-related" '
            'id="change_anh_{}" data-popup="yes" href="{}?_to_field=id&_popup=1">Sửa chú thích, nguồn ảnh, “chỉ trang trí”</a>',
            picture.url(picture.widths[0]), words, picture.pk, reverse("admin:news_picture_change", args=[picture.pk]),
        )  # fmt: skip

    @admin.display(description="Đang chọn")
    def lead_shown(self, article):
        picture = article.lead_picture
        if not picture:
            return "Chưa chọn ảnh đại diện."
        words = picture.alt or picture.problems() or "chỉ trang trí"
        return format_html('<img src="{}" width="240" alt=""><br>{}', picture.url(picture.widths[0]), words)

    @admin.display(description="Bản")
    def editions_shown(self, article):
        if not article.pk or not article.editions.exists():
            return "Bài chưa đăng lần nào."
        rows = [
            self._edition_row(edition)
            for edition in article.editions.for_notes().select_related("published_by", "closed_by")
        ]
        return format_html(
            '<table class="editions"><thead><tr><th>Bản</th><th>Từ</th><th>Đến</th><th>Người đăng</th>'
            "<th>Nội dung thay đổi</th></tr></thead><tbody>{}</tbody></table>",
            format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", reversed(rows)),
        )

    @staticmethod
    def _edition_row(edition):
        until = ""
        if edition.closed_why == Edition.Closed.CANCELLED:
            until = edition.get_closed_why_display()
        elif edition.ends_at and (edition.closed_at is None or edition.ends_at <= edition.closed_at):
            until = f"{hour(edition.ends_at)} (hết thời hạn)"
        elif edition.closed_at:
            why = [edition.get_closed_why_display(), *filter(None, [edition.closed_reason])]
            is_somebodys = edition.closed_why == Edition.Closed.WITHDRAWN and edition.closed_by
            by = f", {edition.closed_by}" if is_somebodys else ""
            until = f"{hour(edition.closed_at)} ({': '.join(why)}{by})"
        return edition.number, hour(edition.published_at), until, edition.published_by or "", edition.change_note
