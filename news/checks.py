"""``manage.py check`` refuses a site on which the editor has got out of its containment (``SAYS``)."""

from django.apps import apps
from django.conf import settings
from django.core.checks import Error

from news import html

MUST_BE_REMOVED = {
    "wysiwygarea", "preview", "codesnippet", "codesnippetgeshi", "docprops", "iframe", "flash", "forms", "div", "embed",
    "embedbase", "embedsemantic", "templates", "save", "print", "newpage", "scayt", "wsc", "font", "colorbutton",
}  # fmt: skip
UNPUBLISHED = {f"ckeditor/ckeditor/plugins/{name}/*" for name in MUST_BE_REMOVED}
MUST_BE_DISALLOWED = {"script style", "*[on*]", "*{*}"}
MUST_BE_ADDED = {"divarea", "uploadimage", "image2"}
SAYS = {
    "uploader": "ckeditor_uploader must not be installed: its upload needs no token and no permission.",
    "added": "extraPlugins must be divarea, uploadimage and image2.",
    "removed": "removePlugins must name: {}.",
    "disallowed": "disallowedContent must hold: {}.",
    "allowed": "allowedContent must be a rule that names only the tags of news/html.py.",
    "switches": "fullPage and versionCheck must be off.",
    "widget": "Article.body must be edited with news.editor.BodyEditor.",
    "csp": "the public Content-Security-Policy must not allow inline script or style.",
    "published": "unused folders of CKEditor must not be published (canglong_portal.staticfiles).",
}


def check_editor(app_configs, **kwargs):
    """Every line of the containment that can be asserted without a browser, as errors ``news.E001`` and on."""
    from news.admin.article import ArticleForm
    from news.editor import CONFIG, BodyEditor

    removed, added = set(CONFIG["removePlugins"].split(",")), set(CONFIG["extraPlugins"].split(","))
    disallowed = {rule.strip() for rule in CONFIG["disallowedContent"].split(";")}
    faults = {
        "uploader": apps.is_installed("ckeditor_uploader"),
        "added": added != MUST_BE_ADDED,
        "removed": sorted(MUST_BE_REMOVED - removed),
        "disallowed": sorted(MUST_BE_DISALLOWED - disallowed),
        "allowed": not isinstance(CONFIG["allowedContent"], str) or bool(_tags(CONFIG["allowedContent"]) - html.TAGS),
        "switches": CONFIG["fullPage"] is not False or CONFIG["versionCheck"] is not False,
        "widget": not isinstance(ArticleForm.base_fields["body"].widget, BodyEditor),
        "csp": "unsafe-inline" in str(settings.CONTENT_SECURITY_POLICY),
        "published": sorted(UNPUBLISHED.difference(apps.get_app_config("staticfiles").ignore_patterns)),
    }
    return [
        Error(SAYS[name].format(", ".join(fault) if isinstance(fault, list) else ""), id=f"news.E{number:03}")
        for number, (name, fault) in enumerate(faults.items(), 1)
        if fault
    ]


def _tags(rules):
    """The tags that CKEditor's rules name: "th td[scope]; a[!href]" is {th, td, a}."""
    names = (rule.split("[")[0].split("(")[0].split("{")[0] for rule in rules.split(";"))
    return {tag for name in names for tag in name.split()}
