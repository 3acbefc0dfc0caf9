/* What CKEditor says in English or in wrong Vietnamese, for the plugins this site uses; its own lang/vi.js has the rest. */
(function () {
  "use strict";
  var PASTE = "Bấm %1 để dán. Trình duyệt này không cho dán bằng nút hoặc trình đơn.";
  var NOT_THIS_FILE = "Chỉ nhận ảnh JPEG, PNG, WebP hoặc GIF. Ảnh dạng khác (như ảnh HEIC của iPhone) hãy đổi sang JPEG rồi chèn; "
    + "chữ trong tệp văn bản thì mở tệp, chép rồi dán vào đây.";
  var WORDS = {
    common: { cancel: "Hủy", editorHelp: "", generalTab: "Chung", protocol: "Bắt đầu bằng", url: "Địa chỉ" },
    clipboard: {
      pasteNotification: PASTE,
      pasteMsg: "Dán nội dung vào khung bên dưới rồi bấm Đồng ý.",
      fileFormatNotSupportedNotification: NOT_THIS_FILE,
      fileWithoutFormatNotSupportedNotification: NOT_THIS_FILE
    },
    contextmenu: { options: "Các lựa chọn" },
    fakeobjects: { iframe: "Khung nhúng" },
    find: {
      findOptions: "Tùy chọn tìm", findWhat: "Tìm:", matchCyclic: "Hết bài thì tìm lại từ đầu", matchWord: "Đúng cả từ",
      notFoundMsg: "Không tìm thấy."
    },
    format: {
      panelTitle: "Kiểu đoạn", label: "Kiểu đoạn", tag_p: "Đoạn văn", tag_div: "Khối", tag_address: "Địa chỉ",
      tag_pre: "Giữ nguyên dạng", tag_h1: "Đề mục 1", tag_h2: "Đề mục lớn", tag_h3: "Đề mục vừa", tag_h4: "Đề mục nhỏ",
      tag_h5: "Đề mục 5", tag_h6: "Đề mục 6"
    },
    link: {
      displayText: "Chữ hiển thị", download: "Tải xuống thay vì mở", toUrl: "Trang web", toPhone: "Điện thoại",
      noUrl: "Hãy nhập địa chỉ trang.", noEmail: "Hãy nhập địa chỉ thư điện tử.", noTel: "Hãy nhập số điện thoại.",
      phoneNumber: "Số điện thoại", anchor: { errorWhitespace: "Tên điểm neo không được có dấu cách." }
    },
    notification: { closed: "Đã đóng thông báo." },
    pastefromword: { title: "Dán từ Word", toolbar: "Dán từ Word", error: "Không làm sạch được nội dung vừa dán." },
    pastetext: { button: "Dán chữ thường", title: "Dán chữ thường", pasteNotification: PASTE },
    table: {
      heightUnit: "đơn vị chiều cao", caption: "Tên bảng",
      cell: { columnHeader: "Đầu đề cột", rowHeader: "Đầu đề hàng", rowSpan: "Số hàng gộp", colSpan: "Số cột gộp" }
    },
    toolbar: { toolbarExpand: "Mở rộng thanh công cụ", toolbarGroups: { clipboard: "Dán và hoàn tác" } },
    undo: { undo: "Hoàn tác", redo: "Làm lại" },
    uploadwidget: {
      abort: "Đã hủy tải lên.", doneOne: "Đã tải tệp lên.", doneMany: "Đã tải %1 tệp lên.",
      uploadOne: "Đang tải tệp lên ({percentage}%)…",
      uploadMany: "Đang tải tệp lên, xong {current} trên {max} ({percentage}%)…"
    },
    widget: { label: "Khối %1" }
  };
  var PICTURE_WORDS = { alt: "Văn bản thay thế", captionPlaceholder: "Gõ chú thích vào đây" };

  function teach(known, words) {
    Object.keys(words).forEach(function (key) {
      if (typeof words[key] === "string") known[key] = words[key];
      else if (known[key]) teach(known[key], words[key]);
    });
  }

  CKEDITOR.on("instanceCreated", function (event) {
    var editor = event.editor;
    editor.on("langLoaded", function () { /* before the buttons take their names */
      editor.applicationTitle = "Bộ soạn thảo";
      teach(editor.lang, WORDS);
    });
    editor.on("pluginsLoaded", function () { teach(editor.lang, { image2: PICTURE_WORDS }); }); /* it brings its own file */
  });
})();
