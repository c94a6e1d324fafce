/* The address is the page's whole state: reads it, changes it, and cuts it into what each part asks. */
(function () {
  "use strict";

  /* Keys that a part does not depend on; the same table as LEFT_OUT of dashboard/view_state.py. */
  const LOOKS = ["layers", "paint", "theme", "map"], OPEN = ["rows", "narrow", "card"];
  const LEFT_OUT = {
    street: [...LOOKS, ...OPEN, "tab_agency"],
    agency: [...LOOKS, ...OPEN, "tab", "select", "counts"],
    drawer: [...LOOKS, "tab", "tab_agency", "select", "counts"],
  };

  /* Keys that nobody but the map follows. */
  const MAP_ONLY = ["layers", "paint"];

  /* Views that are always shown in one theme. */
  const OWN_THEME = ["wall", "street", "import", "record", "meeting"];

  const read = () => new URLSearchParams(window.location.search);

  /* The query after some changes: null, undefined and "" remove a key. */
  function query(changes) {
    const now = read();
    for (const [key, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === "") now.delete(key);
      else now.set(key, value);
    }
    const text = now.toString().replace(/%3A/g, ":").replace(/%2C/g, ",");
    return text ? "?" + text : "";
  }

  /* Go to the page's state with some keys changed; the browser's back button comes back. */
  function go(changes) {
    const search = query(changes);
    if (search === window.location.search) return false;
    window.history.pushState({}, "", window.location.pathname + search + window.location.hash);
    // Which layer is drawn is the map's alone; telling Dash wakes every component of the page.
    const isMapOnly = Object.keys(changes).every((key) => MAP_ONLY.includes(key)) && !document.querySelector(".map.is-plotly");
    if (!isMapOnly) window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    moved();
    return true;
  }

  /* Whether the address already says all of this. */
  function says(changes) {
    const now = read();
    return Object.entries(changes).every(([key, value]) => (now.get(key) || null) === (value || null));
  }

  function part(search, name) {
    const now = new URLSearchParams(search);
    if (name === "drawer" && !now.has("rows") && !now.has("card")) return "";
    const kept = new URLSearchParams();
    [...new Set(now.keys())].sort().forEach((key) => {
      if (!LEFT_OUT[name].includes(key) && now.get(key) !== "") kept.set(key, now.get(key));
    });
    return "?" + kept.toString();
  }

  /* Called by Dash when the address changes: a part asks again only when what it depends on changed. */
  function split(search, street, agency, drawer) {
    const keep = window.dash_clientside.no_update;
    return [["street", street], ["agency", agency], ["drawer", drawer]].map(([name, before]) => {
      const next = part(search || "", name);
      return next === (before || "") || (next === "?" && !before) ? keep : next;
    });
  }

  /* What follows from the address without asking anybody: theme, pressed buttons. */
  function moved() {
    const root = document.documentElement;
    const theme = read().get("theme") === "light" ? "light" : "dark";
    // Writing the same value again would wake everybody who watches the theme.
    if (!OWN_THEME.includes(root.dataset.view) && root.dataset.theme !== theme) root.dataset.theme = theme;
    document.querySelectorAll("[data-state][data-go]").forEach((button) => {
      const pressed = String(says(JSON.parse(button.dataset.go)));
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    });
    document.dispatchEvent(new CustomEvent("onemap:url"));
  }

  function pressed(event) {
    const button = event.target.closest("[data-go],[data-download],[data-theme-switch],[data-retry],[data-scroll],[data-reload]");
    if (!button || button.disabled || event.defaultPrevented) return;
    const data = button.dataset;
    if (data.reload !== undefined) {
      event.preventDefault();
      window.location.assign(window.location.pathname + (query(JSON.parse(data.reload)) || "?"));
    } else if (data.go !== undefined) {
      const changes = JSON.parse(data.go);
      if (changes.rows || changes.card) window.onemap.opener = data.go;
      go(changes);
      const menu = button.closest("details.pop");
      if (menu) menu.open = false;
    } else if (data.download !== undefined) {
      const link = document.createElement("a");
      link.href = data.download + window.location.search;
      link.download = "";
      link.click();
      const menu = button.closest("details.pop");
      if (menu) menu.open = false;
    } else if (data.themeSwitch !== undefined) {
      go({ theme: document.documentElement.dataset.theme === "light" ? null : "light" });
    } else if (data.retry !== undefined) {
      window.dash_clientside.set_props("revision", { data: "retry " + Date.now() });
      document.dispatchEvent(new CustomEvent("onemap:revision", { detail: "retry" }));
    } else if (data.scroll !== undefined) {
      const place = document.getElementById(data.scroll);
      if (place) place.scrollIntoView({ block: "start" });
    }
  }

  /* The browser's own date fields, put where the server left room for them. */
  function fillDays(menu) {
    menu.querySelectorAll(".day-field").forEach((place) => {
      let field = place.querySelector("input");
      if (!field) {
        field = document.createElement("input");
        field.type = "date";
        field.addEventListener("change", () => chosenDay(field, place.dataset.day));
        place.append(field);
      }
      if (place.dataset.max) field.max = place.dataset.max;
      field.value = place.dataset.value;
    });
  }

  function chosenDay(field, key) {
    if (!/^\d{4}-\d\d-\d\d$/.test(field.value)) return;
    const values = {};
    field.closest("details").querySelectorAll(".day-field").forEach((place) => {
      values[place.dataset.day] = place.querySelector("input").value;
    });
    const changes = { [key]: field.value };
    if (key === "from" || key === "to") {
      changes.from = values.from;
      changes.to = values.to;
      if (changes.from > changes.to) changes[key === "from" ? "to" : "from"] = field.value;
    }
    go(changes);
  }

  document.addEventListener("click", pressed);
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.pop[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches && event.target.matches("details.pop") && event.target.open) {
      document.querySelectorAll("details.pop[open]").forEach((menu) => {
        if (menu !== event.target) menu.open = false;
      });
      fillDays(event.target);
    }
  }, true);
  window.addEventListener("popstate", () => moved());
  new MutationObserver(() => { if (document.querySelector("[data-state]")) moved.soon(); })
    .observe(document.documentElement, { childList: true, subtree: true });
  let waiting = false;
  moved.soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      document.querySelectorAll("[data-state][data-go]").forEach((button) => {
        const now = String(says(JSON.parse(button.dataset.go)));
        if (button.getAttribute("aria-pressed") !== now) button.setAttribute("aria-pressed", now);
      });
    });
  };

  window.onemap = Object.assign(window.onemap || {}, { url: { read, query, with: go, says, part } });
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.onemap = Object.assign(window.dash_clientside.onemap || {}, { split });
})();
