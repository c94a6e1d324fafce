/* The street's screen: follows the address without asking anybody, draws the route over the map, prints. */
(function () {
  "use strict";

  /* Keys of the query that a part depends on; the same table as KEPT of dashboard/street_state.py. */
  const ASKED = ["from", "to", "as_of", "known_at", "area", "system", "agency", "category", "premises", "cycle", "by", "lang"];
  const KEPT = {
    work: [...ASKED, "group", "owner", "horizon", "reference", "route", "start", "travel"],
    detail: [...ASKED, "select"],
    over: [...ASKED, "tab", "rows", "narrow", "card"],
  };
  const OVER = ["tab", "rows", "card"];
  const SVG = "http://www.w3.org/2000/svg";

  const root = () => document.querySelector(".street");

  function part(search, name) {
    const now = new URLSearchParams(search);
    if (name === "detail" && !now.get("select")) return "";
    if (name === "over" && !OVER.some((key) => now.get(key))) return "";
    const kept = new URLSearchParams();
    [...new Set(now.keys())].sort().forEach((key) => {
      if (KEPT[name].includes(key) && now.get(key) !== "") kept.set(key, now.get(key));
    });
    return "?" + kept.toString();
  }

  /* Called by Dash when the address changes: a part asks again only when what it depends on changed. */
  function split(search, work, detail, over) {
    const keep = window.dash_clientside.no_update;
    return [["work", work], ["detail", detail], ["over", over]].map(([name, before]) => {
      const next = part(search || "", name);
      return next === (before || "") ? keep : next;
    });
  }

  let owner = "";

  /* What follows from the address alone: which tab, which pane, what is marked, whether the drawer is open. */
  function follow() {
    const screen = root();
    if (!screen) return;
    const now = window.onemap.url.read();
    // Another street, or none, where this view was made without: make it again.
    const area = now.get("area") || screen.dataset.home || "";
    if (screen.dataset.asked === undefined) screen.dataset.asked = area;
    const fits = screen.classList.contains("is-choosing") ? area === screen.dataset.asked : Boolean(area);
    if (!fits) { window.location.reload(); return; }
    if (screen.classList.contains("is-choosing")) return;
    if (screen.dataset.owner !== owner && window.onemap.offline) {
      owner = screen.dataset.owner;
      window.onemap.offline.belongs(owner).catch(() => { /* no storage: nothing was kept */ });
    }
    const tab = now.get("tab") || "grids", pane = now.get("pane") || "today", select = now.get("select") || "";
    const opened = OVER.some((key) => now.get(key));
    Object.entries({ tab, pane, over: opened ? "open" : "", detail: select ? "open" : "" })
      .forEach(([key, value]) => {
        if (screen.dataset[key] === value) return;
        const before = screen.dataset[key];
        screen.dataset[key] = value;
        if (key === "pane" && before && (value === "map" || before === "map")) setTimeout(refit, 50);
      });
    mark("[data-tab]", "tab", now.get("rows") || now.get("card") ? "" : tab, "page");
    mark("[data-pane]", "pane", opened || select ? "" : pane, "page");
    document.querySelectorAll(".item[data-key]").forEach((item) => {
      const on = item.dataset.key === select;
      if ((item.getAttribute("aria-current") === "true") === on) return;
      if (on) { item.setAttribute("aria-current", "true"); item.scrollIntoView({ block: "nearest" }); } else item.removeAttribute("aria-current");
    });
    const switcher = document.querySelector("[data-route-switch]");
    if (switcher) switcher.setAttribute("aria-pressed", String(now.get("route") === "1"));
    unreached(select);
    draw();
  }

  /* The server is away and the drawer holds nothing, or another place: say so, and let a record be made. */
  function unreached(select) {
    const box = document.getElementById("street-away"), detail = document.querySelector("#street-detail .detail");
    if (!box) return;
    const away = document.documentElement.hasAttribute("data-stale") && select && (!detail || detail.dataset.select !== select);
    if (box.hidden === !away) return;
    box.hidden = !away;
    if (!away) return;
    const link = box.querySelector("[data-away-record]");
    link.hidden = !link.dataset.kinds.split(" ").includes(select.split(":")[0]);
    link.href = "/record?target=" + encodeURIComponent(select).replace("%3A", ":") + link.dataset.awayRecord;
  }

  function mark(selector, key, value, current) {
    document.querySelectorAll(".street " + selector).forEach((one) => {
      if (one.dataset[key] === value) one.setAttribute("aria-current", current);
      else one.removeAttribute("aria-current");
    });
  }

  /* The route and the selected place, drawn over the canvas so that a lost context takes nothing away. */
  let sheet = null, followed = null;

  /* What the server says of the route; a long line is read once, not at every move of the map. */
  const read = new Map();
  function told(name) {
    const holder = document.getElementById("street-route");
    const text = (holder && holder.dataset[name]) || "null", before = read.get(name);
    if (before && before.text === text) return before.value;
    let value = [];
    try { value = JSON.parse(text) || []; } catch (error) { /* nothing to draw */ }
    read.set(name, { text, value });
    return value;
  }
  const stops = () => told("route");

  function engine() {
    const map = window.onemap && window.onemap.map;
    return map && map.map && map.element && map.element.isConnected ? map : null;
  }

  function make(tag, attributes, text) {
    const made = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function draw() {
    const owner = engine();
    if (!owner) return;
    if (!sheet || !sheet.isConnected) {
      sheet = make("svg", { class: "route-sheet", "aria-hidden": "true" });
      owner.holder.after(sheet);
    }
    if (followed !== owner.map) {
      followed = owner.map;
      owner.map.on("move", draw);
      owner.map.on("resize", draw);
    }
    const parts = [];
    // A name that would lie on another one, or on a phone's strip of map, is left out; its star stays.
    const named = [], room = owner.holder.clientHeight >= 300;
    told("marked").forEach(([name, lon, lat]) => {
      const at = owner.map.project([lon, lat]), half = 8 + name.length * 6.5;
      const free = room && named.every((other) => Math.abs(other.x - at.x) > half + other.half || Math.abs(other.y - at.y) > 15);
      if (free) named.push({ x: at.x, y: at.y, half });
      // Above its point: the code of the grid stands on it.
      parts.push(make("text", { class: "marked-area", x: at.x, y: at.y - 14 }, free ? "★ " + name : "★"));
    });
    const way = stops();
    const points = way.map(([, lon, lat]) => owner.map.project([lon, lat]));
    const path = told("line").map((at) => owner.map.project(at));
    if (path.length > 1) {
      const line = path.map((at) => `${at.x.toFixed(1)},${at.y.toFixed(1)}`).join(" ");
      parts.push(make("polyline", { class: "route-casing", points: line }), make("polyline", { class: "route-line-drawn", points: line }));
    }
    const select = window.onemap.url.read().get("select") || "";
    const begins = told("begins");
    if (begins.length) {
      const at = owner.map.project(begins);
      parts.push(make("circle", { class: "route-begins", cx: at.x, cy: at.y, r: 8 }));
    }
    points.forEach((at, place) => {
      const on = way[place][0] === select;
      parts.push(make("circle", { class: on ? "route-stop is-on" : "route-stop", cx: at.x, cy: at.y, r: 11 }),
        make("text", { class: "route-number", x: at.x, y: at.y + 4 }, String(place + 1)));
    });
    const item = select && document.querySelector(`.item[data-key="${CSS.escape(select)}"][data-lon]`);
    if (item && !select.startsWith("grid:") && !way.some(([key]) => key === select)) {
      const at = owner.map.project([Number(item.dataset.lon), Number(item.dataset.lat)]);
      parts.push(make("circle", { class: "picked-ring", cx: at.x, cy: at.y, r: 13 }));
    }
    sheet.replaceChildren(...parts);
  }

  /* The map has another height: show the whole area again. */
  function refit() {
    const owner = engine();
    if (!owner) return;
    owner.map.resize();
    owner.home();
  }

  let fittedTo = "";

  /* Bring the whole route into view when it is new. */
  function fitRoute() {
    const owner = engine(), way = stops(), text = JSON.stringify(way);
    if (!owner || text === fittedTo) return;
    fittedTo = text;
    if (way.length < 2) return;
    const lon = way.map((one) => one[1]), lat = way.map((one) => one[2]);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    owner.map.fitBounds([[Math.min(...lon), Math.min(...lat)], [Math.max(...lon), Math.max(...lat)]],
      { padding: Math.min(60, owner.holder.clientHeight * 0.12), maxZoom: 15, duration: still ? 0 : 600 });
  }

  function pressed(event) {
    const button = event.target.closest("[data-print],[data-route-switch],[data-handover],[data-lead-step],[data-assign]");
    if (!button || !root()) return;
    if (button.dataset.print) window.print();
    if (button.dataset.handover) handOver(button);
    if (button.dataset.leadStep) leadStep(button);
    if (button.dataset.assign) assign(button);
    if (button.dataset.routeSwitch) {
      const on = window.onemap.url.read().get("route") === "1";
      window.onemap.url.with({ route: on ? null : "1", start: null, travel: null });
    }
  }

  /* What was done stays readable while the parts of the screen are drawn again. */
  function toast(words) {
    document.querySelectorAll(".street-toast").forEach((one) => one.remove());
    const made = document.createElement("div");
    made.className = "street-toast";
    made.setAttribute("role", "status");
    made.textContent = words;
    document.body.append(made);
    setTimeout(() => made.remove(), 5000);
  }

  /* Send a change; what the server says stands in the place given, and every part asks again. */
  async function send(button, path, body, said, offline, done) {
    button.disabled = true;
    try {
      const lang = document.documentElement.lang === "en" ? "?lang=en" : "";
      const answer = await fetch(path + lang, {
        method: "POST", headers: { "Content-Type": "application/json", "X-Onemap-Request": "1" }, body: JSON.stringify(body),
      });
      const told = await answer.json();
      said.textContent = told.sentence || told.error;
      said.classList.toggle("tone-bad", !answer.ok);
      if (answer.ok) {
        toast(told.sentence);
        if (done) done();
        window.dash_clientside.set_props("revision", { data: path + " " + Date.now() });
      }
    } catch (error) {
      said.textContent = offline;
      said.classList.add("tone-bad");
    } finally {
      button.disabled = false;
    }
  }

  /* What was done about a complaint without a visit. */
  function leadStep(button) {
    const steps = button.closest(".lead-steps");
    const body = { lead: steps.dataset.lead, step: button.dataset.leadStep, batch: button.dataset.batch || "" };
    send(button, "/street/lead", body, steps.querySelector(".lead-said"), steps.dataset.offline);
  }

  /* Give a grid, or its whole neighbourhood, to somebody. */
  function assign(button) {
    const form = button.closest(".assign");
    const field = (name) => form.querySelector(`[data-field="${name}"]`).value;
    send(button, "/street/assign", { grid: button.dataset.assign, reach: field("reach"), to: field("to") }, form.querySelector(".handover-said"), form.dataset.offline);
  }

  /* Hand a duty on, or back; the answer stands in the form, and every part asks again. */
  function handOver(button) {
    const form = button.closest(".handover");
    const field = (name) => form.querySelector(`[data-field="${name}"]`);
    const body = {
      rule_id: button.dataset.rule || field("rule_id").value, target_kind: form.dataset.targetKind, target_id: form.dataset.targetId,
      action: button.dataset.handover, to: button.dataset.to || field("to").value, reason: field("reason").value,
    };
    send(button, "/street/handover", body, form.querySelector(".handover-said"), form.dataset.offline, () => { field("reason").value = ""; });
  }

  /* The drawer takes the focus when it opens and gives it back to the item it came from. */
  /* How many records wait on this device (offline.js). */
  async function waiting() {
    const places = document.querySelectorAll(".street [data-waiting]");
    if (!places.length || !window.onemap.offline) return;
    const { waiting: n, refused } = await window.onemap.offline.counts();
    places.forEach((place) => {
      const text = n + refused ? (place.dataset.waiting || "{n}").replace("{n}", String(n + refused)) : "";
      if (place.textContent !== text) place.textContent = text;
      place.hidden = !text;
    });
  }
  document.addEventListener("onemap:waiting", waiting);

  let opened = "";
  function focusDetail() {
    const detail = document.querySelector("#street-detail .detail");
    const name = detail ? detail.getAttribute("aria-label") : "";
    if (name === opened) return;
    const before = opened;
    opened = name;
    if (name) {
      const place = document.getElementById("announcer");
      if (place) place.textContent = name;
      if (window.matchMedia("(max-width: 1099px)").matches) detail.focus({ preventScroll: true });
    } else if (before && from) {
      const item = document.querySelector(`.item[data-key="${CSS.escape(from)}"]`);
      if (item && document.activeElement === document.body) item.focus({ preventScroll: true });
    }
  }
  let from = "";
  document.addEventListener("click", (event) => {
    const item = event.target.closest(".item[data-key]");
    if (item) from = item.dataset.key;
  });

  document.addEventListener("click", pressed);
  document.addEventListener("onemap:url", follow);
  let soon = false;
  new MutationObserver((changes) => {
    // What is drawn here is no news.
    if (soon || !root() || changes.every(({ target }) => target === sheet)) return;
    soon = true;
    requestAnimationFrame(() => { soon = false; follow(); fitRoute(); focusDetail(); waiting(); });
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.onemap_street = { split };
  window.onemap = Object.assign(window.onemap || {}, { street: { part, stops, engine } });
})();
