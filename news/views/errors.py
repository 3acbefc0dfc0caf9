"""The pages for when something is wrong. All but the 404 need no database; the 404 does without when there is none."""

import errno
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

SENTENCES = {
    400: ("Yêu cầu không hợp lệ", "Địa chỉ hoặc dữ liệu gửi đến không đọc được. Xin kiểm tra lại rồi thử lần nữa."),
    403: ("Không có quyền truy cập", "Tài khoản đang dùng không được phép mở trang này hoặc làm việc này."),
    404: ("Không tìm thấy trang", "Địa chỉ này không có trên trang, có thể đã gõ sai hoặc đã thay đổi."),
    405: ("Cách gửi không được hỗ trợ", "Trang này chỉ để đọc, không nhận dữ liệu gửi theo cách này."),
    413: ("Dữ liệu gửi lên quá lớn", "Mỗi lần chỉ gửi được tối đa 30 MB. Xin giảm dung lượng tệp rồi gửi lại."),
    500: ("Trang đang gặp sự cố", "Lỗi đã được ghi lại. Xin thử tải lại sau ít phút."),
    507: (
        "Máy chủ đã hết chỗ",
        "Ổ đĩa của máy chủ đã đầy nên chưa lưu được gì. Hãy báo người quản trị dọn chỗ rồi gửi lại.",
    ),
}
TOO_MUCH_OF_A_STRANGER = (
    "Khi chưa đăng nhập chỉ gửi được tối đa {} kB. Xin đăng nhập rồi gửi lại. Nội dung đã gõ vẫn còn ở trang trước."
)
STALE_FORM = (
    "Trang đã mở quá lâu hoặc trình duyệt chặn cookie, nên chưa nhận được dữ liệu vừa gửi. "
    "Xin quay lại trang trước, tải lại (đăng nhập lại nếu được hỏi) rồi gửi lần nữa. Nội dung đã gõ vẫn còn ở trang trước."
)


def plain(status, sentence=None, path="/"):
    """A page that needs neither request nor database. It leads to the desk who met it at one of the desk's addresses, ``path``."""
    title, usual = SENTENCES[status]
    words, desk = {"status": status, "title": title, "sentence": sentence or usual}, reverse("admin:index")
    page = render_to_string("error.html", {**words, "desk": path.startswith(desk) and desk})
    return kept_by_no_browser(HttpResponse(page, status=status))


def kept_by_no_browser(response):
    """``response``, which no browser keeps: what is not there today (404, 410) may be there tomorrow, and browsers that are
    told nothing keep such an answer for ever. The cache of our own nginx keeps it for a second, as it does a page, so that
    it takes the place of the page that was there before; nginx tells nobody, and until 1.23 obeys the header that comes first."""
    if response.status_code in (404, 410):
        response.headers["X-Accel-Expires"] = "1"
    response.headers["Cache-Control"] = "no-cache"
    return response


def not_there(request, **where):
    """For an address of Django's that this site does not have."""
    raise Http404


def bad_request(request, exception):
    return plain(413 if isinstance(exception, RequestDataTooBig) else 400, path=request.path)


def permission_denied(request, exception):
    return plain(403, path=request.path)


def page_not_found(request, exception):
    try:
        return kept_by_no_browser(render(request, "404.html", {"uncounted": True}, status=404))
    except DatabaseError:
        return plain(404)


def server_error(request):
    """A full disk is said to who sent something. Who only reads gets nginx's copy, which it keeps for a 500 and not for a 507."""
    is_sending = request.method not in ("GET", "HEAD")
    return plain(507 if is_sending and is_of_full_disk(sys.exc_info()[1]) else 500, path=request.path)


def is_of_full_disk(error):
    """As the system says it, or SQLite, or PostgreSQL."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, DatabaseError) and any(said in str(error) for said in ("disk is full", "No space left"))


def csrf_failure(request, reason=""):
    return plain(403, STALE_FORM, request.path)
