/* What was sent is kept in this tab until the server is seen to have it: a session that has ended, a lost connection or an
   error of the server loses nothing typed. And who leaves with something unsent is asked first. */
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

  document.addEventListener("DOMContentLoaded", function () {
    var form = document.getElementById("article_form"), last = kept();
    if (!form || !form.elements.opened_version) return;
    if (last && (last.key === value("form_key") || last.path === location.pathname)) {
      if (document.querySelector(".errornote") || last.version !== value("opened_version")) {
        sessionStorage.removeItem(SLOT); /* the server has it */
      } else {
        form.elements.form_key.value = last.key; /* if it was saved after all, it will say so */
        bringBack(form, last.fields);
        say(form);
        changed = true;
      }
    }
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function () {
      if (window.CKEDITOR) Object.keys(CKEDITOR.instances).forEach(function (id) { CKEDITOR.instances[id].updateElement(); });
      sent = true;
      keep(form);
    });
    window.addEventListener("beforeunload", function (event) {
      var typed = window.CKEDITOR && CKEDITOR.instances.id_body && CKEDITOR.instances.id_body.checkDirty();
      if (!sent && (changed || typed)) event.preventDefault();
    });
  });
})();
