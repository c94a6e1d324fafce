/* The wall's clock, its shift against burn-in, and the screen that must not sleep. */
(function () {
  "use strict";
  const SHIFT_EVERY = 600000, SHIFTS = [[0, 0], [2, 0], [2, 2], [0, 2]];
  let ticking = null, shifting = null, lock = null, at = 0;

  function tick() {
    const clock = document.getElementById("wall-clock");
    if (!clock) { stop(); return; }
    const text = new Date(window.onemap.now()).toLocaleTimeString("zh-CN",
      { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
    if (clock.textContent !== text) clock.textContent = text;
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
    ticking = shifting = null;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.onemap_wall = {
    steady: function () {
      if (ticking === null) {
        ticking = setInterval(tick, 1000);
        shifting = setInterval(shift, SHIFT_EVERY);
        document.addEventListener("visibilitychange", awake);
        awake();
        setTimeout(tick, 0);
      }
      return window.dash_clientside.no_update;
    },
  };
})();
