/* Where pages come from a cache: says that this one is looked at, and brings the figures of its footer. */
(function () {
  "use strict";
  var address = document.currentScript.dataset.ping;
  var EVERY = 4 * 60 * 1000; /* a reader who stays is online: the counter waits five minutes */
  var AGAIN = 30 * 1000; /* after a ping that was not answered */
  var LOOK = 10 * 1000; /* how late either may be */
  var due = 0, opened = true, openedOn = today();

  /* The day of the counter, which is Vietnam's, whatever the reader's clock shows. */
  function today() { return new Date(Date.now() + 7 * 60 * 60 * 1000).toISOString().slice(0, 10); }

  function number(words) { return Number(words.replace(/\./g, "")) || 0; }

  /* The month is no figure of the ping: it is higher by what today has grown since it was written. */
  function grow(place, figures) {
    if (today() !== openedOn) { place.textContent = "–"; return; } /* its day is over, and perhaps its month */
    var name = place.dataset.growsWith, before = document.querySelector('[data-visitors="' + name + '"]').textContent;
    if (!/\d/.test(before) || figures[name] === undefined) return; /* it was written before either was known */
    var grown = number(figures[name]) - number(before);
    place.textContent = (number(place.textContent) + grown).toLocaleString("vi-VN");
  }

  function show(figures) {
    document.querySelectorAll("[data-grows-with]").forEach(function (place) { grow(place, figures); });
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
