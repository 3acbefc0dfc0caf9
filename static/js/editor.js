/* The editor's pictures: chosen from this computer or pasted, sent with the form's token, refused before the journey
   when they are too large. CKEditor's own upload dialog runs inline script, which the page's policy forbids. */
(function () {
  "use strict";
  var LIMIT = 30 * 1024 * 1024;
  var TOO_LARGE = "Ảnh lớn quá 30 MB. Hãy giảm dung lượng rồi tải lại.";
  var FILE_WORDS = { /* CKEditor has no Vietnamese for these */
    loadError: "Không đọc được tệp.",
    networkError: "Mất kết nối khi tải ảnh lên. Hãy thử lại.",
    httpError403: "Phiên làm việc đã hết hoặc tài khoản không được tải ảnh lên. Hãy mở lại trang.",
    httpError404: "Không tìm thấy nơi nhận ảnh.",
    httpError413: TOO_LARGE,
    httpError: "Không tải được ảnh lên (lỗi %1).",
    noUrlError: "Chưa có nơi nhận ảnh.",
    responseError: "Không hiểu câu trả lời của máy chủ."
  };

  function token() {
    return document.querySelector("input[name=csrfmiddlewaretoken]").value;
  }

  function send(request) {
    var loader = request.data.fileLoader;
    if (loader.file.size > LIMIT) {
      loader.message = TOO_LARGE;
      loader.changeStatus("error");
      request.cancel();
    } else {
      loader.xhr.setRequestHeader("X-CSRFToken", token());
    }
  }

  function insert(editor, files) {
    var chosen = new DataTransfer();
    Array.prototype.forEach.call(files, function (file) { chosen.items.add(file); });
    editor.focus();
    editor.fire("paste", {
      type: "auto", method: "paste", dataValue: "",
      dataTransfer: new CKEDITOR.plugins.clipboard.dataTransfer(chosen)
    });
  }

  function choose(editor) {
    var input = document.createElement("input");
    input.type = "file";
    input.accept = "image/jpeg,image/png,image/webp,image/gif";
    input.multiple = true;
    input.addEventListener("change", function () { insert(editor, input.files); });
    input.click();
  }

  CKEDITOR.on("instanceCreated", function (event) {
    var editor = event.editor;
    editor.on("fileUploadRequest", send, null, null, 6); /* the request is opened at 5 and sent at 999 */
    editor.on("pluginsLoaded", function () {
      CKEDITOR.tools.extend(editor.lang.filetools, FILE_WORDS, true);
      editor.addCommand("choosePicture", { exec: choose, async: true });
      editor.ui.addButton("ChoosePicture", { label: "Chèn ảnh từ máy", command: "choosePicture" });
    });
  });

  CKEDITOR.on("dialogDefinition", function (event) {
    if (event.data.name !== "image2") return;
    var info = event.data.definition.getContents("info");
    info.get("alt").label = "Văn bản thay thế (tả điều thấy trong ảnh)";
    info.get("hasCaption").label = "Có chú thích dưới ảnh";
  });
})();
