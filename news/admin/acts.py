"""What the buttons of an article's form do, once it is saved. Each returns the sentence that says so, or raises CannotPublish."""

from django.utils import timezone

from news import text
from news.models.article import CannotPublish

REFILED = "Bài đã chuyển sang chuyên mục mới trên trang."
NOT_IN_SCHEDULED = "Bản hẹn giờ không có sửa đổi này: muốn đăng cả sửa đổi, hãy hủy lịch hẹn rồi hẹn lại."


def publish(article, user, words):
    try:
        edition = article.publish(by=user, note=words["change_note"])
    except CannotPublish as refusal:
        live = article.live(timezone.now())
        if getattr(refusal, "code", None) != "same" or words["change_note"] not in ("", live.change_note):
            raise
        return f"Bản {live.number} đang đăng đúng như thế này, không cần đăng lại."
    return f"Đã đăng bản {edition.number}."


def waits_already(article, words):
    """The edition that waits for the hour in ``words`` and says what ``article`` says, or None: of a button that was pressed twice the
    second press has nothing to do."""
    waiting = article.scheduled(timezone.now())
    if waiting is None or waiting.published_at != words["publish_at"] or article.is_changed_since(waiting):
        return None
    return waiting if words["change_note"] in ("", waiting.change_note) else None


def schedule(article, user, words):
    at = words["publish_at"]
    edition = waits_already(article, words) or article.publish(at, by=user, note=words["change_note"])
    return f"Đã hẹn đăng bản {edition.number} lúc {text.hour(edition.published_at)}."


def cancel(article, user, words):
    edition = article.cancel_schedule(by=user)
    return f"Đã lưu nháp và hủy lịch hẹn lúc {text.hour(edition.published_at)}."


def withdraw(article, user, words):
    gone = article.editions.gone(timezone.now()).withdrawn().first()
    if gone and gone.closed_reason == words["withdraw_reason"]:
        return f"Bản {gone.number} đã được gỡ với lý do này."
    waiting = article.scheduled(timezone.now())
    edition = article.withdraw(words["withdraw_reason"], by=user)
    also = f" Cũng đã hủy bản {waiting.number} đang chờ giờ đăng." if waiting else ""
    return f"Đã lưu nháp và gỡ bản {edition.number}. Bạn đọc mở bài sẽ thấy lý do gỡ.{also}"


def save(article, user, words):
    scheduled = article.scheduled(timezone.now())
    is_changed = scheduled and article.is_changed_since(scheduled)
    return f"Đã lưu nháp. {NOT_IN_SCHEDULED}" if is_changed else "Đã lưu nháp."


# Button of the form to what it does to the saved article. A preview does nothing more.
ACTS = {"_publish": publish, "_schedule": schedule, "_cancel": cancel, "_withdraw": withdraw, "_preview": save}
