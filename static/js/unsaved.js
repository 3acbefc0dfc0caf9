/* What was sent is kept in this tab until the server is seen to have it: a session that has ended, a lost connection or an
   error of the server loses nothing typed. And who leaves with something unsent, or refused, is asked first. An article's
   form says by its key and version what was taken; the page that shows it is that form or its preview, and who goes back from
   there is led to the form as it is now stored. Any other form's sending was taken when the next page says so. */
(function () {
  "use strict";
  var ARTICLE = "desk-unsaved", BUTTONS = "[type=submit], [type=hidden], [type=file]", changed = false, sent = false;

  function value(form, name) { return form.elements[name] ? form.elements[name].value : ""; }

  function slotOf(form) { return value(form, "form_key") ? ARTICLE : slotAt(location.pathname); }

  function slotAt(path) { return ARTICLE + ":" + path; }

  function kept(slot) {
    try { return JSON.parse(sessionStorage.getItem(slot)); } catch (error) { return null; }
  }

  function keep(form) {
    var fields = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && !field.matches(BUTTONS)) fields[field.name] = field.type === "checkbox" ? field.checked : field.value;
    });
    try {
      sessionStorage.setItem(slotOf(form), JSON.stringify({
        path: location.pathname, key: value(form, "form_key"), version: value(form, "opened_version"), fields: fields
      }));
    } catch (error) { sessionStorage.removeItem(slotOf(form)); } /* too large to be kept: pictures typed as text */
  }

  function mark(key, version) { return "desk-taken:" + key + ":" + version; }

  /* The page of the browser's history that sent ``last`` is out of date from now on: the form of a new article would make
     another one, that of a stored article would be overtaken by its own writer. */
  function taken(last, address) {
    sessionStorage.removeItem(ARTICLE);
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
    note.textContent = "Lần gửi trước chưa được lưu. Chữ bạn gõ đã được đưa lại vào đây: hãy xem lại "
      + (value(form, "form_key") ? "ảnh đại diện và tác giả " : "") + "rồi lưu. ";
    drop.type = "button";
    drop.textContent = "Bỏ chữ đó, mở lại trang";
    drop.addEventListener("click", function () { sent = true; sessionStorage.removeItem(slotOf(form)); location.reload(); });
    note.appendChild(drop);
    form.parentNode.insertBefore(note, form);
  }

  function wasTaken(form, last) {
    return last.key && last.version !== value(form, "opened_version") && document.querySelector(".messagelist");
  }

  /* What was refused stays kept: it stands in this form and nowhere else. */
  function settle(form, last) {
    if (document.querySelector(".errornote")) {
      changed = true;
    } else if (last && wasTaken(form, last)) {
      taken(last, location.pathname + location.search);
    } else if (last) {
      if (last.key) {
        form.elements.form_key.value = last.key; /* if it was saved after all, it will say so, */
        form.elements.opened_version.value = last.version; /* and if somebody else saved meanwhile */
      }
      bringBack(form, last.fields);
      say(form);
      changed = true;
    }
  }

  function watch(form) {
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function () {
      if (window.CKEDITOR) Object.keys(CKEDITOR.instances).forEach(function (id) { CKEDITOR.instances[id].updateElement(); });
      sent = true;
      if (value(form, "form_key")) {
        history.replaceState({ sent: mark(value(form, "form_key"), value(form, "opened_version")) }, "");
      }
      keep(form);
    });
    window.addEventListener("beforeunload", function (event) {
      var typed = window.CKEDITOR && CKEDITOR.instances.id_body && CKEDITOR.instances.id_body.checkDirty();
      if (!sent && (changed || typed)) event.preventDefault();
    });
  }

  goOn();
  window.addEventListener("pageshow", function (event) { if (event.persisted) goOn(); });
  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("#content-main > form[id$=_form]"), preview = document.querySelector("[data-form-key]");
    var last = kept(form ? slotOf(form) : ARTICLE);
    if (preview) readPreview(preview, last);
    if (document.referrer && document.querySelector(".messagelist .success")) {
      sessionStorage.removeItem(slotAt(new URL(document.referrer).pathname));
      if (!last || !last.key) last = null;
    }
    if (!form || !form.querySelector("[type=submit]")) return; /* a form that may only be read */
    settle(form, last && (last.path === location.pathname || last.key && last.key === value(form, "form_key")) ? last : null);
    watch(form);
  });
})();
