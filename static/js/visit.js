/* Where pages come from a cache: says that this one is looked at, and brings the figures of its footer. */
(function () {
  "use strict";
  var address = document.currentScript.dataset.ping;
  var EVERY = 4 * 60 * 1000; /* a reader who stays is online: the counter waits five minutes */
  var AGAIN = 30 * 1000; /* after a ping that was not answered */
  var LOOK = 10 * 1000; /* how late either may be */
  var due = 0, opened = true;

  function show(figures) {
    document.querySelectorAll("[data-visitors]").forEach(function (place) {
      var figure = figures[place.dataset.visitors];
      if (figure === undefined) return;
      place.textContent = figure;
      var section = place.closest("[hidden]");
      if (section) section.hidden = false;
    });
  }

  function ping() {
    if (document.prerendering || document.visibilityState !== "visible" || Date.now() < due) return;
    due = Date.now() + EVERY;
    fetch(address + (opened ? "" : "&lai"), { cache: "no-store" })
      .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(answer.status); })
      .then(
        function (figures) { opened = false; show(figures); },
        function () { due = Date.now() + AGAIN; /* without a connection the page is read all the same */ }
      );
  }

  document.addEventListener("prerenderingchange", ping);
  document.addEventListener("visibilitychange", ping);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { opened = true; due = 0; } /* by the back button: opened once more */
    ping();
  });
  setInterval(ping, LOOK);
})();
