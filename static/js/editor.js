/* The editor's pictures: sent with the form's token, refused before the journey when they are too large. */
(function () {
  "use strict";
  if (!window.CKEDITOR) return;

  var LIMIT = 30 * 1024 * 1024;

  CKEDITOR.on("instanceCreated", function (event) {
    event.editor.on("fileUploadRequest", function (request) {
      var loader = request.data.fileLoader;
      if (loader.file.size > LIMIT) {
        loader.message = "Ảnh lớn quá 30 MB. Hãy giảm dung lượng rồi tải lại.";
        loader.changeStatus("error");
        request.cancel();
        return;
      }
      var token = document.querySelector("input[name=csrfmiddlewaretoken]");
      loader.xhr.setRequestHeader("X-CSRFToken", token.value);
    }, null, null, 6); /* the request is opened at 5 and sent after us */
  });

  CKEDITOR.on("dialogDefinition", function (event) {
    if (event.data.name !== "image2") return;
    var info = event.data.definition.getContents("info");
    var alt = info && info.get("alt");
    if (alt) alt.label = "Văn bản thay thế (tả điều thấy trong ảnh)";
    var caption = info && info.get("hasCaption");
    if (caption) caption.label = "Có chú thích dưới ảnh";
  });
})();
