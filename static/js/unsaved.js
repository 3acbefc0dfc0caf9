/* What was sent is kept in this tab until the server is seen to have it: a session that has ended, a lost connection or an
   error of the server loses nothing typed. And who leaves with something unsent is asked first. The page that shows that it
   was taken is the article's form or its preview; who goes back from there is led to that form as it is now stored. */
(function () {
  "use strict";
  var SLOT = "desk-unsaved", BUTTONS = "[type=submit], [type=hidden], [type=file]", changed = false, sent = false;

  function value(name) { return document.querySelector("#article_form [name=" + name + "]").value; }

  function kept() {
    try { return JSON.parse(sessionStorage.getItem(SLOT)); } catch (error) { return null; }
  }

  function keep(form) {
    var fields = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && !field.matches(BUTTONS)) fields[field.name] = field.type === "checkbox" ? field.checked : field.value;
    });
    try {
      sessionStorage.setItem(SLOT, JSON.stringify({
        path: location.pathname, key: value("form_key"), version: value("opened_version"), fields: fields
      }));
    } catch (error) { sessionStorage.removeItem(SLOT); } /* too large to be kept: pictures typed as text */
  }

  function mark(key, version) { return "desk-taken:" + key + ":" + version; }

  /* The page of the browser's history that sent ``last`` is out of date from now on: the form of a new article would make
     another one, that of a stored article would be overtaken by its own writer. */
  function taken(last, address) {
    sessionStorage.removeItem(SLOT);
    sessionStorage.setItem(mark(last.key, last.version), address);
  }

  function goOn() {
    var address = history.state && sessionStorage.getItem(history.state.sent);
    if (!address) return;
    history.replaceState(null, ""); /* a form that is opened once more keeps its state, and would be led on for ever */
    location.replace(address);
  }

  /* The preview does not carry what is printed with a correction only when it is published. */
  function readPreview(link, last) {
    if (!last || last.key !== link.dataset.formKey || last.version === link.dataset.version) return;
    if (last.fields.change_note) link.search = new URLSearchParams({ change_note: last.fields.change_note });
    taken(last, link.href);
  }

  function bringBack(form, fields) {
    Object.keys(fields).forEach(function (name) {
      var field = form.elements[name];
      var before = field && field.value;
      if (before === undefined || before === null) return;
      if (field.type === "checkbox") field.checked = fields[name];
      else field.value = fields[name];
      if (field.type !== "checkbox" && field.value !== fields[name]) field.value = before; /* a choice this page has not */
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function say(form) {
    var note = document.createElement("p"), drop = document.createElement("button");
    note.className = "errornote";
    note.setAttribute("role", "alert");
    note.textContent = "Lần gửi trước chưa được lưu. Chữ bạn gõ đã được đưa lại vào đây: hãy xem lại ảnh đại diện và tác giả rồi lưu. ";
    drop.type = "button";
    drop.textContent = "Bỏ chữ đó, mở lại trang";
    drop.addEventListener("click", function () { sent = true; sessionStorage.removeItem(SLOT); location.reload(); });
    note.appendChild(drop);
    form.parentNode.insertBefore(note, form);
  }

  goOn();
  window.addEventListener("pageshow", function (event) { if (event.persisted) goOn(); });
  document.addEventListener("DOMContentLoaded", function () {
    var form = document.getElementById("article_form"), last = kept(), preview = document.querySelector("[data-form-key]");
    if (preview) readPreview(preview, last);
    if (!form || !form.elements.opened_version) return;
    if (last && (last.key === value("form_key") || last.path === location.pathname)) {
      if (document.querySelector(".errornote")) {
        sessionStorage.removeItem(SLOT); /* it is in this form */
      } else if (last.version !== value("opened_version") && document.querySelector(".messagelist")) {
        taken(last, location.pathname + location.search);
      } else {
        form.elements.form_key.value = last.key; /* if it was saved after all, it will say so, */
        form.elements.opened_version.value = last.version; /* and if somebody else saved meanwhile */
        bringBack(form, last.fields);
        say(form);
        changed = true;
      }
    }
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function () {
      if (window.CKEDITOR) Object.keys(CKEDITOR.instances).forEach(function (id) { CKEDITOR.instances[id].updateElement(); });
      sent = true;
      history.replaceState({ sent: mark(value("form_key"), value("opened_version")) }, "");
      keep(form);
    });
    window.addEventListener("beforeunload", function (event) {
      var typed = window.CKEDITOR && CKEDITOR.instances.id_body && CKEDITOR.instances.id_body.checkDirty();
      if (!sent && (changed || typed)) event.preventDefault();
    });
  });
})();
