/* Where pages come from a cache: says that this one is looked at, and brings the figures of its footer. */
(function () {
  "use strict";
  var address = document.currentScript.dataset.ping;
  var EVERY = 4 * 60 * 1000; /* a reader who stays is online: the counter waits five minutes */
  var last = null, opened = true;

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
    if (document.prerendering || document.visibilityState !== "visible") return;
    if (!opened && Date.now() - last < EVERY) return;
    last = Date.now();
    fetch(address + (opened ? "" : "&lai"), { cache: "no-store" })
      .then(function (answer) { return answer.json(); })
      .then(show)
      .catch(function () { /* without a connection the page is read all the same */ });
    opened = false;
  }

  document.addEventListener("prerenderingchange", ping);
  document.addEventListener("visibilitychange", ping);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) opened = true; /* by the back button: opened once more */
    ping();
  });
  setInterval(ping, 60 * 1000);
})();
