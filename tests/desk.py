"""Filling in the desk's forms the way a browser does: what the page holds is sent back, with some of it changed."""

from django.contrib.auth.models import Permission, User
from django.urls import reverse

from news.models import Author
from tests.factories import make_category
from tests.running_site import PASSWORD, USER

ADD = "/admin/news/article/add/"


def address(article):
    return reverse("admin:news_article_change", args=[article.pk])


def make_user(name="bien-tap", *permissions, **fields):
    """Someone of the desk, with the permissions named (``view_article`` …); without any named, an administrator."""
    if not permissions:
        return User.objects.create_superuser(name, password="x", **fields)
    user = User.objects.create_user(name, password="x", is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def opened(client, url):
    """The data that the form at ``url`` would send, untouched."""
    return shown(client.get(url))


def shown(response):
    """The data that the form on a page would send, untouched."""
    context = response.context
    data = fields_of(context["adminform"].form)
    for inline in context.get("inline_admin_formsets", []):
        formset = inline.formset
        for form in [formset.management_form, *formset.forms]:
            data |= fields_of(form)
    return data


def fields_of(form):
    data = {}
    for bound in form:
        value = bound.value()
        if hasattr(bound.field.widget, "widgets"):  # day and hour are two inputs
            parts = bound.field.widget.decompress(value) if not isinstance(value, list) else value
            for number, (widget, part) in enumerate(zip(bound.field.widget.widgets, parts, strict=True)):
                data[f"{bound.html_name}_{number}"] = widget.format_value(part) or ""
        else:
            data[bound.html_name] = "" if value is None or value is False else value
    return data


def send(client, url, button="_save", data=None, **changes):
    """Send the form at ``url`` (or ``data``, opened earlier) with ``changes``, by ``button``."""
    return client.post(url, {**(data or opened(client, url)), **changes, button: "1"})


def filled(**changes):
    """What a form of a new article sends, with ``changes``."""
    category = make_category()
    return {"title": "Tin mới", "summary": "Tóm tắt.", "body": "<p>Nội dung.</p>", "category": category.pk, **changes}


def signed(pen_name="Minh Hiếu"):
    author = Author.objects.create(pen_name=pen_name)
    return {"bylines-TOTAL_FORMS": 1, "bylines-0-author": author.pk, "bylines-0-role": "bai"}


def told_after(client, response):
    """The messages of the page that ``response`` leads to."""
    return " ".join(map(str, client.get(response.url).context["messages"]))


def errors(response):
    """The errors that the page shows at its fields; empty when the form was taken."""
    if response.context is None:
        return {}
    found = {field: list(said) for field, said in response.context["adminform"].form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        if formset.is_bound and not formset.is_valid():
            found["bylines"] = [
                *formset.non_form_errors(),
                *(str(form.errors) for form in formset.forms if form.errors),
            ]
    return found


# --- in a browser, on the running site ---


def log_in(page, site, path="/admin/"):
    """Open ``path`` as the administrator who has logged in before."""
    page.context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
    page.goto(site.url + path)


def log_in_by_form(page, site, path="/admin/"):
    page.goto(f"{site.url}/admin/login/?next={path}")
    fill_in_log_in(page)


def fill_in_log_in(page):
    page.fill("#id_username", USER)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")


def write(page, text):
    """Put ``text`` (HTML) into the editor, once it is ready."""
    page.wait_for_function("() => window.CKEDITOR && CKEDITOR.instances.id_body?.status === 'ready'")
    page.evaluate("text => CKEDITOR.instances.id_body.setData(text)", text)


def written(page):
    return page.evaluate("() => CKEDITOR.instances.id_body.getData()")


def press(page, label):
    page.click(f".submit-row input[value='{label}'] >> nth=0")
    page.wait_for_load_state()


def told(page):
    """What the page says back: messages, and errors at their fields."""
    return " ".join(page.locator(".messagelist li, .errornote, .errorlist li").all_inner_texts())


def choose(page, file):
    """Choose ``file`` by the editor's button for pictures."""
    with page.expect_file_chooser() as chosen:
        page.click(".cke_button__choosepicture")
    chosen.value.set_files(file)


def paste(page, html="", photographs=0, broken=0, kind="image/png"):
    """Paste as a browser does it: ``html``, or files (drawn photographs, files that only say they are of ``kind``)."""
    page.evaluate(PASTE, [html, photographs, broken, kind])


PASTE = """async ([html, photographs, broken, kind]) => {
  const clipboard = new DataTransfer(), editor = CKEDITOR.instances.id_body;
  if (html) clipboard.setData("text/html", html);
  for (let n = 0; n < photographs; n++) {
    const canvas = Object.assign(document.createElement("canvas"), {width: 900, height: 600});
    canvas.getContext("2d").fillRect(100 * n, 100, 300, 200);
    const photograph = await new Promise(done => canvas.toBlob(done, "image/png"));
    clipboard.items.add(new File([photograph], "anh.png", {type: "image/png"}));
  }
  for (let n = 0; n < broken; n++) clipboard.items.add(new File(["hong"], "hong", {type: kind}));
  editor.focus();
  editor.editable().$.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true, cancelable: true}));
}"""
