/* The wall's clock, its shift against burn-in, the screen that must not sleep, and what is due that never came. */
(function () {
  "use strict";
  const SHIFT_EVERY = 600000, SHIFTS = [[0, 0], [2, 0], [2, 2], [0, 2]];
  const PATIENCE = 90000;
  let ticking = null, shifting = null, lock = null, at = 0, due = null;

  function tick() {
    const clock = document.getElementById("wall-clock");
    if (!clock) { stop(); return; }
    const text = new Date(window.onemap.now()).toLocaleTimeString("zh-CN",
      { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
    if (clock.textContent !== text) clock.textContent = text;
    overdue();
  }

  /* Nobody stands by to press reload: where a change was told and is not drawn, though the server answers, begin again. */
  function overdue() {
    if (!due) return;
    if (document.querySelector("#wall-head [data-drawn]")?.dataset.drawn === due.revision) { due = null; return; }
    const patience = Number(document.documentElement.dataset.patience) || PATIENCE;
    if (Date.now() - due.since > patience && window.onemap.live.misses === 0) window.location.reload();
  }

  function told(event) {
    if (event.detail !== "retry") due = { revision: event.detail, since: Date.now() };
  }

  function shift() {
    const stage = document.querySelector(".wall");
    if (!stage) return;
    at = (at + 1) % SHIFTS.length;
    stage.style.transform = "translate(" + SHIFTS[at][0] + "px," + SHIFTS[at][1] + "px)";
  }

  async function awake() {
    if (!("wakeLock" in navigator) || document.hidden) return;
    try { lock = await navigator.wakeLock.request("screen"); } catch (refused) { lock = null; }
  }

  function stop() {
    clearInterval(ticking); clearInterval(shifting);
    document.removeEventListener("visibilitychange", awake);
    document.removeEventListener("onemap:revision", told);
    due = null;
    ticking = shifting = null;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.onemap_wall = {
    steady: function () {
      if (ticking === null) {
        ticking = setInterval(tick, 1000);
        shifting = setInterval(shift, SHIFT_EVERY);
        document.addEventListener("visibilitychange", awake);
        document.addEventListener("onemap:revision", told);
        awake();
        setTimeout(tick, 0);
      }
      return window.dash_clientside.no_update;
    },
  };
})();
