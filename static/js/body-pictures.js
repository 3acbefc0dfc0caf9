/* What the form says of a picture of the text follows what is written in the picture's popup; the form itself stays as it is. */
(function () {
  "use strict";
  var LATER = "Đã lưu lời của ảnh. Chữ mới hiện ở đây khi lưu bài.";

  function rows(page, id) {
    return Array.prototype.map.call(page.querySelectorAll('[id="change_anh_' + id + '"]'), function (link) {
      return link.parentNode.querySelector(".body-picture__words");
    });
  }

  function follow(id) {
    var shown = rows(document, id);
    if (shown.length) fetch(location.pathname).then(function (answer) { return answer.text(); }).then(function (html) {
      var stored = rows(new DOMParser().parseFromString(html, "text/html"), id);
      shown.forEach(function (words, number) { words.textContent = stored[number] ? stored[number].textContent : LATER; });
    });
  }

  window.addEventListener("load", function () {
    var dismiss = window.dismissChangeRelatedObjectPopup; /* Django's, which the popup calls */
    window.dismissChangeRelatedObjectPopup = function (popup, id) {
      dismiss.apply(this, arguments);
      follow(id);
    };
  });
})();
