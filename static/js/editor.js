/* The editor's pictures: chosen from this computer or pasted, sent with the form's token, refused before the journey
   when they are too large. CKEditor's own upload dialog runs inline script, which the page's policy forbids. */
(function () {
  "use strict";
  var LIMIT = 30 * 1024 * 1024;
  var TOO_LARGE = "Ảnh lớn quá 30 MB. Hãy giảm dung lượng rồi tải lại.";
  var FOREIGN = "Ảnh nằm ở nơi khác không dán theo được. Hãy lưu ảnh vào máy rồi bấm “Chèn ảnh từ máy”.";
  var UNREAD = '.msoDel, .msocomanchor, .msocomoff, .MsoCommentReference, [style*="comment-list"], [style*="mso-hide:all"], [style*="display:none"], [style*="display: none"]';
  var LEFT_OUT = "Chữ đã xóa, chữ ẩn hoặc ghi chú của người soạn không được dán theo.";
  var WAIT = "Ảnh đang tải lên, bài chưa được gửi. Xin đợi tải xong rồi bấm lại. Không muốn đợi thì xóa ảnh đó trong bài.";
  var SIGN = /^(?:[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\u200d\ufe0f]|[0-9#*]\ufe0f?\u20e3)+$/u;
  var NUMBERING = {
    "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I"
  };
  var FILE_WORDS = { /* CKEditor has no Vietnamese for these */
    loadError: "Không đọc được tệp.",
    networkError: "Mất kết nối khi tải ảnh lên. Hãy thử lại.",
    httpError403: "Phiên làm việc đã hết, hoặc tài khoản không được tải ảnh lên. Bấm “Lưu nháp” rồi đăng nhập lại: chữ đã gõ vẫn còn.",
    httpError404: "Không tìm thấy nơi nhận ảnh.",
    httpError413: TOO_LARGE,
    httpError507: "Ổ đĩa của máy chủ đã đầy. Hãy báo người quản trị dọn chỗ rồi tải lại.",
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

  /* A picture on its way is no part of the text yet: what is sent now would lack it. One that failed or was taken out of
     the text again, with its place holder, is not waited for. */
  function isWaiting(editor) {
    return editor.uploadRepository.loaders.some(function (loader) {
      return !loader.isFinished() && editor.editable().findOne('[data-cke-upload-id="' + loader.id + '"]');
    });
  }

  function holdBack(event) {
    var editor = CKEDITOR.instances.id_body;
    if (event.target.id !== "article_form" || !editor || !editor.editable() || !isWaiting(editor)) return;
    event.preventDefault();
    event.stopPropagation(); /* to unsaved.js nothing has been sent */
    editor.container.$.scrollIntoView({ block: "center" });
    editor.showNotification(WAIT, "warning", 10000);
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

  /* What nobody was meant to read: remarks of Word, what it holds for deleted, hidden text. What was struck out stays so, and
     does not melt into the figure that took its place. */
  function asShown(pasted, editor) {
    if (!/<del\b|<strike\b|line-through|msodel|msocom|comment-list|mso-hide|display:\s*none/i.test(pasted)) return pasted;
    var page = new DOMParser().parseFromString(pasted, "text/html"), unread = page.body.querySelectorAll(UNREAD);
    unread.forEach(function (element) { element.remove(); });
    page.body.querySelectorAll('del, strike, [style*="line-through"]').forEach(function (struck) {
      var s = page.createElement("s");
      while (struck.firstChild) s.appendChild(struck.firstChild);
      struck.appendChild(s);
      struck.style.textDecoration = "";
    });
    if (Array.prototype.some.call(unread, function (element) { return element.textContent.trim(); })) {
      editor.showNotification(LEFT_OUT, "warning");
    }
    return page.documentElement.outerHTML;
  }

  function broken(lines) { /* the ends of lines within tags are none */
    return lines.replace(/^\r?\n|\r?\n$/g, "").replace(/<[^<>]*>|\r?\n/g, function (part) { return part[0] === "<" ? part : "<br>"; });
  }

  /* Headings that the page has no place for become the nearest it has, instead of plain paragraphs; what was set as typed
     keeps its lines. And the editor's filter for Google Docs fails, the paste with it, on a run of text that does not say
     how it is aligned. */
  function tidy(event) {
    var clipboard = event.data.dataTransfer, pasted = clipboard && clipboard.getData("text/html", true);
    if (!pasted) return;
    clipboard.setData("text/html", asShown(pasted, event.editor).replace(/<(\/?)h1\b/gi, "<$1h2").replace(/<(\/?)h[56]\b/gi, "<$1h4")
      .replace(/<pre\b[^>]*>([\s\S]*?)<\/pre>/gi, function (all, lines) { return "<p>" + broken(lines) + "</p>"; })
      .replace(/<span(?: style="([^"]*)")?/gi, '<span style="vertical-align:baseline;$1"'));
  }

  /* "Điểm c khoản 5" has to be found in what is pasted: word processors say by a style how a list is numbered, which the
     page says by an attribute. */
  function keepNumbering(event) {
    event.data.dataValue = event.data.dataValue.replace(/<ol\b([^>]*>\s*(?:<li\b[^>]*>)?)/gi, function (list, rest) {
      var style = /list-style(?:-type)?\s*:\s*([a-z-]+)/i.exec(rest), type = style && NUMBERING[style[1].toLowerCase()];
      return type ? '<ol type="' + type + '"' + rest : list;
    });
  }

  /* Pictures that lie elsewhere would be refused on saving, one after the other; they are left out at once, and said. What
     Facebook and others draw in place of a sign such as 🎉 is that sign. */
  function leaveOutForeign(event) {
    var own = ["/media/", "data:", "blob:"], leftOut = false;
    var pasted = event.data.dataValue.split('src="' + location.origin + "/media/").join('src="/media/'); /* by whatever name it was opened */
    event.data.dataValue = pasted.replace(/<img\b[^>]*?\ssrc="([^"]*)"[^>]*>/gi, function (image, src) {
      var alt = (/\salt="([^"]*)"/i.exec(image) || [])[1];
      if (own.some(function (start) { return src.indexOf(start) === 0; })) return image;
      if (SIGN.test(alt)) return alt;
      leftOut = true;
      return "";
    });
    if (leftOut) event.editor.showNotification(FOREIGN, "warning");
  }

  /* A picture just pasted stays selected, and what is typed or pasted next would be lost or take its place: the caret
     goes on behind the last of them. */
  function stepPast(editor, id) {
    var picture = editor.editable().findOne('[data-cke-upload-id="' + id + '"]'), range = editor.createRange();
    var wrapper = picture && picture.getAscendant(CKEDITOR.plugins.widget.isDomWidgetWrapper, true);
    var block = wrapper && editor.elementPath(wrapper).block, rest = wrapper && wrapper.getNext(), after;
    if (!wrapper) return;
    if (block && (!rest || (rest.is && rest.is("br")))) {
      after = new CKEDITOR.dom.element("p");
      after.appendBogus();
      after.insertAfter(block);
      range.moveToElementEditStart(after);
    } else {
      range.moveToPosition(wrapper, CKEDITOR.POSITION_AFTER_END);
    }
    range.select();
  }

  /* What a pasted picture says of itself stays with it: the plugin hands on its measures alone. */
  function keepAlternative(editor) {
    var definition = editor.widgets.registered.uploadimage, replace = definition.onUploaded;
    definition.onUploaded = function () {
      var alt = CKEDITOR.tools.htmlEncodeAttr(this.parts.img.getAttribute("alt") || ""), replaceWith = this.replaceWith;
      this.replaceWith = function (image) {
        replaceWith.call(this, image.replace("<img ", function (tag) { return tag + 'alt="' + alt + '" '; }));
      };
      replace.apply(this, arguments);
    };
  }

  /* The words that ask for a caption are none: readers would be shown them. */
  function leaveOutAsking(event) {
    var asking = event.editor.lang.image2.captionPlaceholder;
    event.data.dataValue = event.data.dataValue.replace(
      /<figure\b[^>]*>\s*(<img\b[^>]*>|<a\b[^>]*><img\b[^>]*><\/a>)\s*<figcaption>([^<]*)<\/figcaption>\s*<\/figure>/g,
      function (figure, picture, caption) { return caption.trim() === asking ? "<p>" + picture + "</p>" : figure; }
    );
  }

  /* A click selects them, and what is typed takes their place. */
  function selectAsking(editor, caption) {
    var range = editor.createRange();
    if (!caption.is("figcaption") || caption.getText().trim() !== editor.lang.image2.captionPlaceholder) return;
    range.selectNodeContents(caption);
    range.select();
  }

  CKEDITOR.on("instanceCreated", function (event) {
    var editor = event.editor;
    editor.on("paste", tidy, null, null, 0); /* before anything reads the clipboard */
    editor.on("paste", leaveOutForeign, null, null, 100);
    editor.on("paste", keepNumbering, null, null, 100); /* after the filters for what word processors write */
    editor.on("paste", function (event) { /* after the upload plugin has put its place holders in */
      var ids = event.data.dataValue.match(/data-cke-upload-id="\d+"/g);
      if (ids) editor.once("afterPaste", function () { stepPast(editor, ids.pop().match(/\d+/)[0]); });
    }, null, null, 100);
    editor.on("fileUploadRequest", send, null, null, 6); /* the request is opened at 5 and sent at 999 */
    editor.on("contentDom", function () {
      editor.editable().attachListener(editor.editable(), "click", function (event) { selectAsking(editor, event.data.getTarget()); });
    });
    editor.on("notificationUpdate", keepSilentOfSuccess);
    editor.on("notificationShow", nameless);
    editor.on("notificationUpdate", nameless);
    editor.on("pluginsLoaded", function () {
      editor.on("getData", leaveOutAsking); /* and not before: its words are the plugin's */
      CKEDITOR.tools.extend(editor.lang.filetools, FILE_WORDS, true);
      keepAlternative(editor);
      editor.addCommand("choosePicture", { exec: choose, async: true });
      editor.ui.addButton("ChoosePicture", { label: "Chèn ảnh từ máy", command: "choosePicture" });
    });
  });

  /* It is told as soon as the file has been sent, before the server has said whether it takes it. The picture itself tells. */
  function keepSilentOfSuccess(event) {
    if (!event.data.options || event.data.options.type !== "success") return;
    event.data.notification.hide();
    event.cancel();
  }

  function nameless(event) { /* it is an alert and reads its words; its own name is an English one */
    var element = event.data.notification.element;
    setTimeout(function () { element.removeAttribute("aria-label"); });
  }

  function only(field, values) {
    field.items = field.items.filter(function (item) { return values.indexOf(item[item.length - 1]) >= 0; });
  }

  document.addEventListener("submit", holdBack, true); /* before anybody else hears of it */

  CKEDITOR.on("dialogDefinition", function (event) {
    var info = event.data.definition.getContents("info");
    if (event.data.name === "image2") {
      event.data.definition.onFocus = function () { return this.getContentElement("info", "alt"); }; /* not the address */
      info.get("alt").label = "Văn bản thay thế (tả điều thấy trong ảnh)";
      info.get("hasCaption").label = "Có chú thích dưới ảnh";
    } else if (event.data.name === "link") { /* what the cleaning keeps (news/html.py) */
      only(info.get("linkType"), ["url", "email", "tel"]);
      only(info.get("protocol"), ["https://", "http://", ""]);
    }
  });
})();
