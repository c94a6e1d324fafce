/* Asks every two seconds whether anything changed, and says so while the server is away. */
(function () {
  "use strict";
  const EVERY = 2000, JITTER = 600, RETRY = 5000, PATIENCE = 8000, MISSES_BEFORE_BANNER = 2;
  const live = { revision: null, misses: 0, lastGood: null, offset: 0, polls: 0 };

  /* The product's clock, kept from the server's last answer; milliseconds since the epoch. */
  function now() { return Date.now() + live.offset; }

  function clock(milliseconds) {
    return new Date(milliseconds).toLocaleTimeString("zh-CN",
      { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  }

  function fill(text, values) {
    return (text || "").replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  function banner() {
    const box = document.getElementById("stale-banner");
    const away = live.misses >= MISSES_BEFORE_BANNER;
    document.documentElement.toggleAttribute("data-stale", away);
    if (!box) return;
    box.hidden = !away;
    if (!away) return;
    const since = live.lastGood === null ? now() : live.lastGood;
    box.querySelector(".stale-headline").textContent = fill(box.dataset.away, { time: clock(since) });
    box.querySelector(".stale-since").textContent =
      fill(box.dataset.since, { minutes: Math.floor((now() - since) / 60000) });
    box.querySelector(".stale-clock").textContent = clock(now());
  }

  function changed(revision) {
    const first = live.revision === null;
    live.revision = revision;
    if (first) return;
    if (window.dash_clientside && document.getElementById("pulse")) {
      window.dash_clientside.set_props("revision", { data: revision });
    }
    document.dispatchEvent(new CustomEvent("onemap:revision", { detail: revision }));
  }

  async function poll() {
    let wait = EVERY + Math.random() * JITTER;
    if (live.revision === null) {
      const made = document.getElementById("pulse");
      if (made) live.revision = made.dataset.revision || null;
    }
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const headers = live.revision ? { "If-None-Match": '"' + live.revision + '"' } : {};
      const answer = await fetch("/revision", { headers, cache: "no-store", signal: stop.signal });
      if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
      const told = Date.parse(answer.headers.get("X-Onemap-Now"));
      if (!Number.isNaN(told)) live.offset = told - Date.now();
      const cameBack = live.misses >= MISSES_BEFORE_BANNER;
      live.misses = 0;
      live.lastGood = now();
      if (answer.status === 200) {
        const revision = await answer.text();
        if (revision !== live.revision) changed(revision);
      } else if (cameBack) {
        changed(live.revision);
      }
    } catch (error) {
      live.misses += 1;
      wait = RETRY;
      if (live.misses < MISSES_BEFORE_BANNER) wait = 500;
    } finally {
      clearTimeout(patience);
    }
    live.polls += 1;
    banner();
    setTimeout(poll, wait);
  }

  window.onemap = window.onemap || {};
  window.onemap.live = live;
  window.onemap.now = now;
  setTimeout(poll, 300);
})();
