/* Says before the journey what would be refused after it: a photograph takes minutes to send, and no browser keeps a file. */
(function () {
  "use strict";
  var LIMIT = 30 * 1024 * 1024;

  function problem(field) {
    var file = field.type === "file" && field.files[0];
    if (file) return file.size > LIMIT ? "Ảnh lớn quá 30 MB. Hãy giảm dung lượng rồi chọn lại." : "";
    if (field.type === "file") return "Hãy chọn tệp ảnh.";
    if (field.value.trim() || document.getElementById("id_decorative").checked) return "";
    return "Hãy ghi văn bản thay thế, hoặc chọn “chỉ trang trí”.";
  }

  document.addEventListener("submit", function (event) {
    var file = document.getElementById("id_file");
    if (!file || event.target !== file.form) return;
    var fields = [file, document.getElementById("id_alt")];
    fields.forEach(function (field) { field.setCustomValidity(problem(field)); });
    if (fields.every(function (field) { return field.reportValidity(); })) return;
    event.preventDefault();
    event.stopPropagation(); /* to unsaved.js nothing has been sent */
  }, true);
})();
