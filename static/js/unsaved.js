/* What was sent is kept in this tab, each form's at its address, until the server is seen to have it: a session that has ended,
   a lost connection, an error or a refusal loses nothing typed. And who leaves with something unsent, or refused, is asked
   first. An article's form says by its key and version what was taken; the page that shows it is that form or its preview,
   and who goes back from there is led to the form as it is now stored. Any other form's was taken when the next page says so. */
(function () {
  "use strict";
  var SLOT = "desk-unsaved:", BUTTONS = "[type=submit], [type=hidden], [type=file]", changed = false, sent = false;
  var TWICE = 1000, sentAt = -TWICE; /* milliseconds since the page began, which no clock changes */

  function value(form, name) { return form.elements[name] ? form.elements[name].value : ""; }

  function user() { /* none at the log-in and in a preview */
    var told = document.querySelector("meta[name=desk-user]");
    return told && told.content;
  }

  /* Of somebody else, who worked in this tab before, nothing is kept. */
  function kept(path) {
    var found = null;
    try { found = JSON.parse(sessionStorage.getItem(SLOT + path)); } catch (error) { return null; }
    if (!found || !user() || found.user === user()) return found;
    sessionStorage.clear();
    return null;
  }

  function forget(path) { sessionStorage.removeItem(SLOT + path); }

  function fieldsOf(form) {
    var fields = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && !field.matches(BUTTONS)) fields[field.name] = field.type === "checkbox" ? field.checked : field.value;
    });
    return fields;
  }

  /* A choice that is looked up on the server stands in no other page: with its words it can be put there again. */
  function isLookedUp(field) { return field.matches("select.admin-autocomplete"); }

  function chosen(form) {
    var words = {};
    Array.prototype.filter.call(form.elements, isLookedUp).forEach(function (field) {
      if (field.value) words[field.name] = field.selectedOptions[0].textContent;
    });
    return words;
  }

  function keep(form) {
    try {
      sessionStorage.setItem(SLOT + location.pathname, JSON.stringify({
        user: user(), path: location.pathname, key: value(form, "form_key"), version: value(form, "opened_version"),
        fields: fieldsOf(form), chosen: chosen(form)
      }));
    } catch (error) { forget(location.pathname); } /* too large to be kept: pictures typed as text */
  }

  function mark(key, version) { return "desk-taken:" + key + ":" + version; }

  /* The page of the browser's history that sent ``last`` is out of date from now on: the form of a new article would make
     another one, that of a stored article would be overtaken by its own writer. */
  function taken(last, address) {
    forget(last.path);
    if (last.key) sessionStorage.setItem(mark(last.key, last.version), address);
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

  function bringBack(form, fields, words) {
    Object.keys(fields).forEach(function (name) {
      var field = form.elements[name];
      var before = field && field.value;
      if (before === undefined || before === null) return;
      if (words && words[name] && isLookedUp(field) && field.value !== fields[name]) field.add(new Option(words[name], fields[name]));
      if (field.type === "checkbox") field.checked = fields[name];
      else field.value = fields[name];
      if (field.type !== "checkbox" && field.value !== fields[name]) field.value = before; /* a choice this page has not */
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  /* The authors in rows that the form's own script adds. */
  function bringBackRows(form, waiting) {
    var names = Object.keys(waiting.fields).filter(function (name) { return /^bylines-\d+-/.test(name); });
    var missing = names.filter(function (name) { return /-author$/.test(name) && !form.elements[name]; });
    missing.forEach(function () {
      var add = document.querySelector("#bylines-group .add-row a");
      if (add) add.click();
    });
    bringBack(form, Object.fromEntries(names.map(function (name) { return [name, waiting.fields[name]]; })), waiting.chosen);
  }

  function say(form, waiting) {
    var note = document.createElement("p"), drop = document.createElement("button");
    note.className = "errornote";
    note.setAttribute("role", "alert");
    note.textContent = (waiting.refused ? "Lần gửi trước chưa được lưu. " : "Lần gửi trước có thể chưa được lưu. ")
      + "Chữ bạn gõ đã được đưa lại vào đây: hãy xem lại rồi lưu. "
      + (waiting.version !== value(form, "opened_version") ? "Có người đã lưu bài này sau khi bạn mở: lưu là thay bản của họ. " : "");
    drop.type = "button";
    drop.textContent = "Bỏ chữ đó, mở lại trang";
    drop.addEventListener("click", function () { sent = true; forget(location.pathname); location.reload(); });
    note.appendChild(drop);
    form.parentNode.insertBefore(note, form);
  }

  /* ``last`` was sent from the page before this one. */
  function wasTaken(form, last) {
    if (!last.key) return document.querySelector(".messagelist .success");
    return form && last.key === value(form, "form_key") && last.version !== value(form, "opened_version")
      && document.querySelector(".messagelist");
  }

  function bare(value) { /* without what the server writes its own way, or not at all */
    return String(value).replace(/\s|&nbsp;|\/(?=>)/g, "").replace(/<p><\/p>/g, "");
  }

  function isStored(form, fields) {
    var now = fieldsOf(form);
    return Object.keys(fields).every(function (name) { return bare(now[name]) === bare(fields[name]); });
  }

  /* What was refused stays kept: it stands in this form and nowhere else. Nobody has to ask whether it was stored. */
  function settle(form, waiting) {
    if (document.querySelector(".errornote")) {
      changed = true;
      if (waiting) sessionStorage.setItem(SLOT + location.pathname, JSON.stringify(Object.assign(waiting, { refused: true })));
    } else if (waiting && isStored(form, waiting.fields)) {
      forget(location.pathname); /* its answer was lost */
    } else if (waiting) {
      if (waiting.key && !waiting.refused) {
        form.elements.form_key.value = waiting.key; /* if it was saved after all, it will say so, */
        form.elements.opened_version.value = waiting.version; /* and if somebody else saved meanwhile */
      }
      bringBack(form, waiting.fields, waiting.chosen);
      window.django.jQuery(function () { bringBackRows(form, waiting); }); /* after the form's own script, which waits by the same */
      say(form, waiting);
      changed = true;
    }
  }

  function watch(form) {
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function (event) {
      if (performance.now() - sentAt < TWICE) {
        event.preventDefault(); /* a double click: what it asks for is on its way */
        return;
      }
      sentAt = performance.now();
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

  /* The next one here is another. But who is asked whether to leave may stay. */
  function clearAfter(logOut) {
    var leaving = false;
    document.addEventListener("click", function () { leaving = false; }, true);
    logOut.addEventListener("submit", function () { leaving = true; });
    window.addEventListener("pagehide", function () { if (leaving) sessionStorage.clear(); });
  }

  goOn();
  window.addEventListener("pageshow", function (event) { if (event.persisted) goOn(); });
  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("#content-main > form[id$=_form]"), preview = document.querySelector("[data-form-key]");
    var last = kept(document.referrer ? new URL(document.referrer).pathname : location.pathname);
    var logOut = document.getElementById("logout-form");
    if (preview) readPreview(preview, last);
    if (last && wasTaken(form, last)) {
      taken(last, location.pathname + location.search);
      forget(location.pathname); /* what waited here was sent before an old save was restored */
    }
    if (logOut) clearAfter(logOut);
    if (!form || !form.querySelector("[type=submit]")) return; /* a form that may only be read */
    settle(form, kept(location.pathname));
    watch(form);
  });
})();
