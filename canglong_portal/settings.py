"""Every setting of the site, read once from the environment.

Safe when nothing is set: a site on loopback, with SQLite and a secret of its own under ``var/``.
Loud when something is wrong: ``ImproperlyConfigured`` names the variable and what it may be.
The table of variables stands in README.md.
"""

import contextlib
import os
import secrets
import sys
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
env = environ.Env()


def read_port():
    port = os.environ.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ImproperlyConfigured(f"PORT={port!r}: must be a number from 1 to 65535.")
    return port


def read_site_url(port):
    """The one address this site is known by, without a final slash: every absolute URL starts with it."""
    url = os.environ.get("SITE_URL") or f"http://127.0.0.1:{port}"
    wish = "must be https://<host>, or unset for a site on this machine only (http://127.0.0.1:$PORT)."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ImproperlyConfigured(f"SITE_URL={url!r}: {wish}") from None
    if not host or parts.path.strip("/") or parts.query or parts.fragment or parts.username or url != url.strip():
        raise ImproperlyConfigured(f"SITE_URL={url!r}: {wish}")
    loopback = host in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise ImproperlyConfigured(f"SITE_URL={url!r}: {wish}")
    return f"{parts.scheme}://{parts.netloc}".lower()


def read_data_dir():
    """Everything the site writes: database, media, collected static files, secret key."""
    folder = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR={str(folder)!r}: must be a folder we may write to ({error}).") from None
    return folder


def read_secret_key():
    """``SECRET_KEY``; on loopback, without one, a key made once and kept in ``DATA_DIR/secret_key`` (mode 0600)."""
    key = os.environ.get("SECRET_KEY", "")
    if key:
        if len(key) < 50 or len(set(key)) < 5:
            raise ImproperlyConfigured("SECRET_KEY: must be at least 50 random characters.")
        return key
    if HTTPS:
        raise ImproperlyConfigured(
            f"SECRET_KEY: must be set (50 random characters or more) when SITE_URL is {SITE_URL}."
        )
    path = DATA_DIR / "secret_key"
    if not path.exists():
        draft = DATA_DIR / f".secret_key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):  # of two processes that start together, the first one's key stays
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def read_databases():
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'portal.sqlite3'}"
    wish = "must be postgres://user:password@host:port/name, sqlite:////path/to/file, or unset."
    try:
        database = env.db_url_config(url)
    except Exception as error:  # environ lets whatever its parsing meets through
        raise ImproperlyConfigured(f"DATABASE_URL: {wish}") from error
    if database.get("ENGINE") == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL",
        }
    elif database.get("ENGINE") != "django.db.backends.postgresql" or not database["NAME"]:
        raise ImproperlyConfigured(f"DATABASE_URL: {wish}")
    return {"default": {**database, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}}


def read_choice(name, default, choices):
    value = os.environ.get(name) or default
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: must be one of: {', '.join(choices)}.")
    return value


def read_networks(name):
    try:
        return [ip_network(part.strip()) for part in os.environ.get(name, "").split(",") if part.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: must be addresses or networks set apart by commas ({error}).") from None


def read_number(name, default):
    value = os.environ.get(name) or default
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 10**9):
        raise ImproperlyConfigured(f"{name}={value!r}: must be a whole number from 1.")
    return int(value)


PORT = read_port()
SITE_URL = read_site_url(PORT)
LOAD_SAMPLE = read_choice("SAMPLE", "1", ("0", "1")) == "1" and not os.environ.get("SITE_URL")  # into a new database
HTTPS = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname
DATA_DIR = read_data_dir()
SECRET_KEY = read_secret_key()
DEBUG = read_choice("DEBUG", "0", ("0", "1")) == "1"
if DEBUG and HTTPS:
    raise ImproperlyConfigured("DEBUG=1: must be 0 or unset when SITE_URL is https.")

ALLOWED_HOSTS = [SITE_HOST] if HTTPS else LOOPBACK
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []

INSTALLED_APPS = [
    "news",
    "visitors",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "canglong_portal.staticfiles.PublishedFilesConfig",
    "ckeditor",
    "csp",
    "simple_history",
]

MIDDLEWARE = [
    "visitors.middleware.VisitorMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "news.middleware.MethodNotAllowedPageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "canglong_portal.urls"
WSGI_APPLICATION = "canglong_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "news.context.site",
            ],
        },
    },
]

DATABASES = read_databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Language and time. FORMAT_MODULE_PATH: Django's own "vi" reads 05/03 as 3 May.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["canglong_portal.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# Static files: hashed names once collected; straight from the source folders for `manage.py runserver`.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() and "runserver" not in sys.argv
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not COLLECTED  # an edited file shows, whole, on the next request
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED or "collectstatic" in sys.argv
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"

# A form of 30 MB is read whole and judged in its field: an editor's text is never thrown away by a bare 400.
UPLOAD_LIMIT = 30 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT + 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "news.views.uploads.RefuseTooMuch",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# CKEditor 4 is past its end of life and stays, contained: news/checks.py asserts how (an error, not this warning).
SILENCED_SYSTEM_CHECKS = ["ckeditor.W001"]

# Headers and cookies
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "img-src": [SELF],
        "style-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "news.views.errors.csrf_failure"
if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The visitor counter (docs: README.md, "Counting visitors")
VISITORS_COUNT_BY = read_choice("VISITORS_COUNT_BY", "page", ("page", "ping"))
VISITORS_HOSTS = [SITE_HOST] if HTTPS else ["127.0.0.1", "localhost", "::1"]
VISITORS_FLUSH_SECONDS = 10
VISITORS_PER_ADDRESS = read_number("VISITORS_PER_ADDRESS", "500")  # new ones a day and process
VISITORS_TRUSTED_PROXIES = read_networks("TRUSTED_PROXIES")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
