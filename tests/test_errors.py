"""When something is wrong, a reader gets a page in Vietnamese that needs no database."""

import errno
import re
import time
import urllib.error
import urllib.request

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from canglong_portal import wsgi
from canglong_portal.urls import handler400, handler403, handler404, handler500  # noqa: F401 (read by Django)
from canglong_portal.urls import urlpatterns as site_patterns
from news.models import Masthead
from tests.running_site import ROOT


def raising(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    path("loi/400/", raising(SuspiciousOperation("x"))),
    path("loi/403/", raising(PermissionDenied)),
    path("loi/413/", raising(RequestDataTooBig("x"))),
    path("loi/500/", raising(RuntimeError("bí mật nội bộ"))),
    path("loi/507/system/", raising(OSError(errno.ENOSPC, "No space left on device"))),
    path("loi/507/sqlite/", raising(OperationalError("database or disk is full"))),
    path("loi/507/postgresql/", raising(OperationalError("could not extend file: No space left on device"))),
    path("loi/500/dia/", raising(OSError(errno.EIO, "Input/output error"))),
    path("loi/gui/", lambda request: HttpResponse("nhận")),
    path("admin/loi/403/", raising(PermissionDenied)),
    path("admin/loi/500/", raising(RuntimeError("bí mật nội bộ"))),
    *site_patterns,
]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@override_settings(ROOT_URLCONF="tests.test_errors")
@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (400, "Yêu cầu không hợp lệ"),
        (403, "Không có quyền truy cập"),
        (413, "Dữ liệu gửi lên quá lớn"),
        (500, "Trang đang gặp sự cố"),
    ],
)
def test_each_error_has_a_page_in_vietnamese_that_needs_no_database(client, status, sentence):
    response = client.get(f"/loi/{status}/")
    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert page.count("<h1>") == 1
    assert "bí mật" not in page


@override_settings(ROOT_URLCONF="tests.test_errors")
@pytest.mark.parametrize("said_by", ["system", "sqlite", "postgresql"])
def test_who_sends_something_to_a_full_disk_is_told_that_it_is_full(client, said_by):
    response = client.post(f"/loi/507/{said_by}/")
    assert response.status_code == 507
    assert "Ổ đĩa của máy chủ đã đầy" in response.content.decode()
    assert client.post("/loi/500/dia/").status_code == 500  # of another fault of a disk it is not said


@override_settings(ROOT_URLCONF="tests.test_errors")
def test_who_only_reads_is_not_told_of_a_full_disk_and_gets_the_copy_that_nginx_has_for_a_500(client):
    assert client.get("/loi/507/system/").status_code == 500
    use_stale = re.search(r"proxy_cache_use_stale (.*);", (ROOT / "deploy/nginx/site.conf").read_text())[1]
    assert "http_500" in use_stale.split()


@override_settings(ROOT_URLCONF="tests.test_errors")
def test_a_form_without_its_token_is_refused_in_vietnamese_and_one_with_a_get_is_not():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/loi/gui/", {"a": "b"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "Nội dung đã gõ vẫn còn ở trang trước" in page and "đăng nhập lại nếu được hỏi" in page
    assert strict.get("/loi/gui/").status_code == 200


@override_settings(ROOT_URLCONF="tests.test_errors")
@pytest.mark.parametrize(
    ("path", "back"),
    [("/admin/loi/403/", "/admin/"), ("/loi/403/", "/"), ("/admin/loi/500/", "/admin/"), ("/loi/500/", "/")],
)
def test_a_page_of_an_error_leads_back_to_where_its_reader_was(client, path, back):
    assert f'<p><a href="{back}">' in client.get(path).content.decode()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a b", "127.0.0.1:x", "[::", ""])
def test_a_host_that_is_not_ours_is_400_in_vietnamese(client, host):
    response = client.get("/", headers={"host": host})
    assert response.status_code == 400
    assert "Yêu cầu không hợp lệ" in response.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_is_404_with_the_head_and_foot_of_the_site(client):
    Masthead(name="TRANG THỬ").save()
    response = client.get("/khong-co/")
    assert response.status_code == 404
    assert "TRANG THỬ" in response.content.decode()


def test_an_unknown_address_is_404_even_when_the_database_is_down(client, monkeypatch):
    def down(*args):
        raise OperationalError("database is down")

    monkeypatch.setattr(Masthead, "current", down)
    monkeypatch.setattr("news.context.Masthead.current", down)
    response = client.get("/khong-co/")
    assert response.status_code == 404
    assert "Không tìm thấy trang" in response.content.decode()


@pytest.mark.django_db
def test_health_needs_no_database_and_readiness_says_when_it_is_down(client, monkeypatch):
    assert client.get("/readyz").status_code == 200

    def down():
        raise OperationalError("database is down")

    monkeypatch.setattr("news.views.machines.connection.cursor", down)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/%00", "/a%0d%0aSet-Cookie:%20x=y", "/bai-viet/", "/bai-viet/-/", "/bai-viet/99999999999999999999-x/", "/../../etc/passwd",
     "/media/../secret_key", "/media/%2e%2e/secret_key", "/media/anh/00/" + "0" * 32 + "-480.jpg", "/static/../manage.py",
     "/chuyen-muc/%00/", "/bai-viet/1-%00/", "/%ff%fe", "/" + "a" * 5000, "/bai-viet/1-x/ban-99999999999999999999/"],
)  # fmt: skip
def test_no_path_is_a_server_error(client, path):
    response = client.get(path)
    assert 400 <= response.status_code < 500
    assert "Set-Cookie" not in response.headers


def test_what_strangers_send_is_a_line_of_the_log_and_a_long_query_is_answered_in_words(site):
    evil = urllib.request.Request(site.url, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(evil)
    page = urllib.request.urlopen(f"{site.url}/tim-kiem/?q={'x' * 10_000}").read().decode()
    assert "Từ khóa dài quá 200 ký tự" in page
    assert "Invalid HTTP_HOST header: 'evil.example'" in site.log and "Traceback" not in site.log


@pytest.mark.django_db
def test_a_stranger_who_sends_a_large_form_is_refused_before_it_is_read(client, editor):
    """Percent signs take eighty times their size in memory: thirty megabytes of them, two and a half gigabytes."""
    form = {"data": "username=" + "%41" * 40_000, "content_type": "application/x-www-form-urlencoded"}
    began = time.process_time()
    answer = Client().post("/admin/login/", **form)
    assert (answer.status_code, time.process_time() - began < 1) == (413, True)
    assert "Khi chưa đăng nhập chỉ gửi được tối đa 100 kB." in answer.text
    assert editor.post("/admin/news/article/add/", **form).status_code != 413
    assert editor.post("/admin/login/", **form).status_code == 413  # there is nothing for anybody to send there
    assert Client().post("/admin/login/", {"username": "a", "password": "b"}).status_code == 200


@pytest.mark.django_db
def test_a_large_form_in_parts_is_for_the_desk_of_articles_and_pictures_alone(client, editor):
    form = {"username": "<" * 1_100_000, "password": "x"}
    assert Client().post("/admin/login/", form).status_code == 413
    assert Client().post("/admin/anh/tai-len/", form).status_code == 403
    assert editor.post("/admin/login/", form).status_code == 413
    assert editor.post("/admin/news/article/add/", form).status_code == 200


KINDS = [
    ("GET", "text/plain; a*=nosuch''x", ""),
    ("HEAD", "text/plain; charset=hex", ""),
    ("POST", "multipart/form-data; boundary=x1; charset=hex", "multipart/form-data; boundary=x1"),
    ("POST", "multipart/form-data; a*=nosuch''x; boundary=x1", "multipart/form-data"),
    ("POST", "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded"),
]


@pytest.mark.parametrize(("method", "sent", "heard"), KINDS)
def test_what_a_request_says_of_its_own_letters_is_not_heard(monkeypatch, method, sent, heard):
    monkeypatch.setattr(wsgi, "django", lambda request, start_response: request["CONTENT_TYPE"])
    assert wsgi.application({"REQUEST_METHOD": method, "CONTENT_TYPE": sent}, None) == heard


def test_a_query_is_read_as_utf_8_whatever_its_request_says(site):
    for kind in ("text/plain; a*=nosuch''x", "text/plain; charset=hex", "text/plain; charset=utf-16"):
        asked = urllib.request.Request(site.url + "/tim-kiem/?q=n%C3%B4ng", headers={"Content-Type": kind})
        assert "“nông”" in urllib.request.urlopen(asked).read().decode()
