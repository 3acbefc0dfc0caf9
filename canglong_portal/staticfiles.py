"""Which static files are published: those of CKEditor and of the admin that no page loads stay where they are."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig

from news.editor import REMOVED

LANGUAGES = [
    "ckeditor/ckeditor/lang", "ckeditor/ckeditor/plugins/*/lang", "ckeditor/ckeditor/plugins/specialchar/dialogs/lang",
    "admin/js/vendor/select2/i18n",
]  # fmt: skip

NEITHER_VI_NOR_EN = ["[!ev]*", "e[!n]*"]  # English is what CKEditor falls back on


class PublishedFilesConfig(StaticFilesConfig):
    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *(f"ckeditor/ckeditor/plugins/{name}/*" for name in REMOVED),
        *(f"{folder}/{name}" for folder in LANGUAGES for name in NEITHER_VI_NOR_EN),
        "admin/js/vendor/jquery/jquery.js",  # pages load the .min.js, except under DEBUG, which reads no collected file
        "admin/js/vendor/select2/select2.full.js",
        "admin/js/vendor/xregexp/xregexp.js",
        "ckeditor/galleriffic/*",
        "ckeditor/file-icons/*",
        "ckeditor/ckeditor/adapters/*",
        "ckeditor/ckeditor/skins/moono/*",
        "ckeditor/ckeditor/skins/moono-lisa/*_ie*",
        "ckeditor/ckeditor/*.md",
        "ckeditor/ckeditor/*.json",
    ]


def fingerprint():
    """One for what is published: our own files, what is left out, and the versions of the packages that bring others."""
    files = [settings.BASE_DIR / "requirements.txt"]
    files += sorted(path for path in (settings.BASE_DIR / "static").rglob("*") if path.is_file())
    digest = hashlib.sha256(" ".join(PublishedFilesConfig.ignore_patterns).encode())
    for path in files:
        digest.update(f"{path.relative_to(settings.BASE_DIR)} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()
