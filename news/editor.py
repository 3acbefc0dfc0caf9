"""The editor an article's body is written in: CKEditor 4, which is past its end of life, contained.

What it may do is said here and asserted by ``news/checks.py``; nothing it sends is trusted, see ``news/html.py``.
"""

from ckeditor.widgets import CKEditorWidget
from django.forms import Media
from django.urls import reverse

ALLOWED = (
    "p h2 h3 h4 strong em u s sub sup br blockquote ul hr table caption thead tbody tr figcaption;"
    "ol[start,type]; li[value];"
    "th td[colspan,rowspan,scope]; figure(image); a[!href,title];"
    "img[!src,alt,width,height,data-widget,data-cke-upload-id]"  # the last two let a pasted picture replace its spinner
)
DISALLOWED = "script style; *[on*]; *{*}"
ADDED = ["divarea", "uploadimage", "image2"]
REMOVED = [
    "wysiwygarea", "preview", "codesnippet", "codesnippetgeshi", "docprops", "iframe", "iframedialog", "flash", "forms",
    "div", "embed", "embedbase", "embedsemantic", "autoembed", "templates", "save", "print", "newpage", "scayt", "wsc",
    "font", "colorbutton", "colordialog", "a11yhelp", "about", "adobeair", "autogrow", "bbcode", "bidi", "copyformatting",
    "devtools", "dialogadvtab", "elementspath", "exportpdf", "image", "justify", "language", "liststyle", "mathjax",
    "pagebreak", "placeholder", "sharedspace", "showblocks", "smiley", "sourcearea", "sourcedialog", "stylescombo",
    "stylesheetparser", "tableresize", "uicolor",
]  # fmt: skip

CONFIG = {
    "skin": "moono-lisa",
    "title": "Nội dung bài viết",
    "width": "100%",
    "height": 480,
    "customConfig": "",
    "stylesSet": False,
    "fullPage": False,
    "versionCheck": False,
    "allowedContent": ALLOWED,
    "disallowedContent": DISALLOWED,
    "extraPlugins": ",".join(ADDED),
    "removePlugins": ",".join(REMOVED),
    "clipboard_handleImages": False,  # uploadimage does
    "disableNativeSpellChecker": False,
    "entities": False,
    "format_tags": "p;h2;h3;h4",
    "image2_captionedClass": "image",
    "image2_disableResizer": True,
    "linkDefaultProtocol": "https://",
    "linkShowTargetTab": False,
    "removeDialogTabs": "link:upload;link:advanced;image2:Upload",
    "uploadImage_supportedTypes": "^image/(jpeg|png|webp|gif)$",  # what news/images.py decodes
    "toolbar": [
        ["Format"],
        ["Bold", "Italic", "Underline", "Strike", "Subscript", "Superscript", "RemoveFormat"],
        ["BulletedList", "NumberedList", "Blockquote"],
        ["Link", "Unlink"],
        ["ChoosePicture", "Table", "HorizontalRule", "SpecialChar"],
        ["PasteText"],  # what comes from Word is known by itself
        ["Undo", "Redo", "Find", "Maximize"],
    ],
}

# For the pages that show the editor, and for no other: it sets styles and click handlers in attributes.
RELAXED_CSP = {
    "script-src-attr": ["'unsafe-inline'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:", "blob:"],
}


class BodyEditor(CKEditorWidget):
    """The text area of an article's body. Without script it is a plain text area that takes HTML."""

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs)
        self.config = dict(CONFIG)

    def get_context(self, name, value, attrs):
        self.config["imageUploadUrl"] = reverse("upload_picture")
        return super().get_context(name, value, attrs)

    @property
    def media(self):
        stock = super().media
        before, after = ["js/unsaved.js", "js/body-pictures.js"], ["js/editor-vi.js", "js/editor.js"]
        return Media(css=stock._css, js=[*before, *stock._js, *after])  # one list, to be loaded in this order
