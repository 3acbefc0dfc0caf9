"""Every setting of the site, read once from the environment.

Safe when nothing is set: a site on loopback, with SQLite and a secret of its own under ``var/``.
Loud when something is wrong: ``ImproperlyConfigured`` names the variable and what it may be (README.md has their table).
"""

import os
import re
import sys
import warnings
from ipaddress import ip_network
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from canglong_portal.kept_secret import SHORTEST, kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
NAME = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
ADDRESS = re.compile(rf"(https?)://({NAME}(?:\.{NAME})*|\[[0-9a-f]*:[0-9a-f:]*[0-9a-f]\])(?::([1-9][0-9]{{0,4}}))?/?")


def read_choice(name, default, choices):
    value = os.environ.get(name) or default
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: must be one of: {', '.join(choices)}.")
    return value


def read_number(name, default, most):
    value = os.environ.get(name) or default
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= most):
        raise ImproperlyConfigured(f"{name}={value!r}: must be a whole number from 1 to {most}.")
    return int(value)


def read_networks(name):
    try:
        return [ip_network(part.strip()) for part in os.environ.get(name, "").split(",") if part.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: must be addresses or networks set apart by commas ({error}).") from None


def read_site_url():
    """The one address this site is known by, without a final slash (every absolute URL starts with it), and its host."""
    url = os.environ.get("SITE_URL") or f"http://127.0.0.1:{PORT}"
    found = ADDRESS.fullmatch(url.lower())
    scheme, host, port = found.groups() if found else (None, None, None)
    if not found or (scheme == "http" and host not in LOOPBACK) or not 0 < int(port or 443) < 65536:
        raise ImproperlyConfigured(
            f"SITE_URL={url!r}: must be https://<host> (letters with marks as xn--), or unset for a site on this"
            " machine only (http://127.0.0.1:$PORT)."
        )
    return url.lower().removesuffix("/"), host


def read_data_dir():
    """Everything the site writes: database, media, uploads on their way, collected static files, secret key."""
    named = os.environ.get("DATA_DIR") or str(BASE_DIR / "var")
    try:
        folder = Path(named).expanduser().resolve()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "uploads").mkdir(mode=0o700, exist_ok=True)
        for path in (folder, *(folder / name for name in ("uploads", "media", "media/anh", "static"))):
            if path.exists() and not os.access(path, os.W_OK | os.X_OK):
                raise PermissionError(f"{path} is another user's")
    except (OSError, RuntimeError) as error:  # RuntimeError: ~nobody-of-that-name
        raise ImproperlyConfigured(f"DATA_DIR={named!r}: must be a folder we may write to ({error}).") from None
    return folder


def read_secret_key():
    """``SECRET_KEY``; on loopback, without one, a key made once and kept in ``DATA_DIR/secret_key``."""
    key = os.environ.get("SECRET_KEY", "")
    if not key and not HTTPS:
        return kept_secret(DATA_DIR / "secret_key")
    if len(key) < SHORTEST or len(set(key)) < 5:
        raise ImproperlyConfigured(
            f"SECRET_KEY: must be at least {SHORTEST} random characters, and is required with an https SITE_URL"
            ' (python3 -c "import secrets; print(secrets.token_urlsafe(64))" makes one).'
        )
    return key


# Nobody waits for ever for a lock, a lost network, a database that hangs; or seconds until a quick query is compiled (jit).
IMPATIENT = {"connect_timeout": 10, "tcp_user_timeout": 30_000}
LIMITS = "-c lock_timeout=20s -c statement_timeout=60s -c jit=off "  # of two that differ PostgreSQL takes the later one


def read_databases():
    url = os.environ.get("DATABASE_URL")
    database = read_database_url(url) if url else sqlite(DATA_DIR / "portal.sqlite3")
    return {"default": {**database, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}}


def read_database_url(url):
    try:
        with warnings.catch_warnings(action="ignore"):
            database = environ.Env.db_url_config(url)
        engine, name = database["ENGINE"], database["NAME"]
    except Exception:  # whatever its parsing meets
        engine, name = None, None
    if engine == "django.db.backends.postgresql" and name:
        given = database.get("OPTIONS", {})
        return {**database, "OPTIONS": IMPATIENT | given | {"options": LIMITS + given.get("options", "")}}
    if engine == "django.db.backends.sqlite3" and name.startswith("/") and not database.get("OPTIONS"):
        return sqlite(name)
    raise ImproperlyConfigured(  # without the value, for it holds a password
        "DATABASE_URL: must be postgres://user:password@host:port/name (signs in the password as %23),"
        " sqlite:////path/to/file, or unset."
    )


def sqlite(path):
    """A file that nobody else on the machine may read: it holds what is not published yet, and the log-ins."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise ImproperlyConfigured(f"DATABASE_URL: {path} must be a file we may write to ({error.strerror}).") from None
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL"}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}


PORT = read_number("PORT", "8000", 65535)
SITE_URL, _host = read_site_url()
SITE_HOST = _host.strip("[]")
HTTPS = SITE_URL.startswith("https://")
LOAD_SAMPLE = read_choice("SAMPLE", "1", ("0", "1")) == "1" and not os.environ.get("SITE_URL")  # into a new database
DATA_DIR = read_data_dir()
SECRET_KEY = read_secret_key()
DEBUG = read_choice("DEBUG", "0", ("0", "1")) == "1"
if DEBUG and HTTPS:
    raise ImproperlyConfigured("DEBUG=1: must be 0 or unset when SITE_URL is https.")

ALLOWED_HOSTS = [_host] if HTTPS else LOOPBACK

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
    "visitors.middleware.CacheablePageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "news.middleware.MethodNotAllowedPageMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "news.middleware.StrangersSendLittleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "news.middleware.NotLookedUpPageMiddleware",
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

PASSWORD_HASHERS = ["canglong_portal.hashers.ComposedPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "admin:index"

# Language and time. FORMAT_MODULE_PATH: Django's own "vi" reads 05/03 as 3 May.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["canglong_portal.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"

# Static files: hashed names once collected; straight from the source folders for `manage.py runserver`.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MANIFEST = STATIC_ROOT / "staticfiles.json"
COLLECTED = MANIFEST.exists() and MANIFEST.stat().st_size > 0 and "runserver" not in sys.argv  # empty: the power failed
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not COLLECTED  # an edited file shows, whole, on the next request
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED or {"collectstatic", "prepare"} & set(sys.argv)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_URL, MEDIA_ROOT = "/media/", DATA_DIR / "media"

# A form of 30 MB is read whole and judged in its field: an editor's text is never thrown away by a bare 400.
UPLOAD_LIMIT = 30 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT + 1024 * 1024
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"  # where a large one is until it has been judged: never served
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
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
CSRF_COOKIE_HTTPONLY = True
SESSION_ENGINE = "canglong_portal.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie of their own has no __Host- name
CSRF_FAILURE_VIEW = "news.views.errors.csrf_failure"
if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The visitor counter
VISITORS_COUNT_BY = read_choice("VISITORS_COUNT_BY", "page", ("page", "ping"))
VISITORS_HOSTS = [name.strip("[]") for name in ALLOWED_HOSTS]
VISITORS_FLUSH_SECONDS = 10
VISITORS_PER_ADDRESS = read_number("VISITORS_PER_ADDRESS", "500", 10**9)  # new ones a day and process
VISITORS_TRUSTED_PROXIES = read_networks("TRUSTED_PROXIES")


def without_traceback(record):
    """What a stranger sent (a wrong Host, too large a body) is one line of the log, not thirty."""
    record.exc_info = None
    return True


# What a reader mistypes (404) is in the web server's log; what is ours to mend is here. gunicorn would say of every
# HEAD that Django sends it a body.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one_line": {"()": "django.utils.log.CallbackFilter", "callback": without_traceback}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "stranger": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one_line"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"handlers": ["stranger"], "propagate": False},
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
