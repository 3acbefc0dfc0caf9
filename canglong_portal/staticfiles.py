"""Which static files are published: those of CKEditor that the editor does not load stay where they are."""

from django.contrib.staticfiles.apps import StaticFilesConfig

UNUSED_PLUGINS = [
    "a11yhelp", "about", "adobeair", "autoembed", "autogrow", "bbcode", "codesnippet", "codesnippetgeshi", "colordialog",
    "copyformatting", "devtools", "div", "docprops", "embed", "embedbase", "embedsemantic", "exportpdf", "flash", "forms",
    "iframe", "iframedialog", "image", "language", "liststyle", "mathjax", "pagebreak", "placeholder", "preview", "scayt",
    "sharedspace", "showblocks", "smiley", "sourcedialog", "stylesheetparser", "tableresize", "templates", "uicolor",
    "wsc",
]  # fmt: skip


class PublishedFilesConfig(StaticFilesConfig):
    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *(f"ckeditor/ckeditor/plugins/{name}/*" for name in UNUSED_PLUGINS),
        "ckeditor/galleriffic/*",
        "ckeditor/file-icons/*",
        "ckeditor/ckeditor/adapters/*",
        "ckeditor/ckeditor/skins/moono/*",
        "ckeditor/ckeditor/*.md",
        "ckeditor/ckeditor/*.json",
    ]

    def ignores_unused_editor_folders(self):
        return {f"ckeditor/ckeditor/plugins/{name}/*" for name in UNUSED_PLUGINS} <= set(self.ignore_patterns)
