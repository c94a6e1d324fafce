/* The keyboard of the page, and where the focus goes when something opens over the map. */
(function () {
  "use strict";

  const typing = (element) => element && (element.isContentEditable || /^(input|select|textarea)$/i.test(element.tagName));
  const inGrid = (element) => element && element.closest && element.closest(".ag-root");

  /* Closes the uppermost thing that is open, or goes one level up; says whether there was anything. */
  function back() {
    const menu = document.querySelector("details.pop[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return true;
    }
    const url = window.onemap.url, now = url.read();
    if (now.has("rows") || now.has("card")) return url.with({ rows: null, narrow: null, card: null });
    if (now.has("select")) return url.with({ select: null });
    const up = document.querySelector("[data-up]");
    if (up) up.click();
    return Boolean(up);
  }

  function toggle(key) {
    const place = document.querySelector(`#overview-header [data-key="${CSS.escape(key)}"]`);
    if (!place) return false;
    if (place.matches("details")) {
      place.open = !place.open;
      if (place.open) (place.querySelector(".menu button, .menu input, summary") || place).focus();
    } else if (place.matches(".seg")) {
      const other = [...place.querySelectorAll("button")].find((b) => b.getAttribute("aria-pressed") !== "true");
      if (other) other.click();
    } else {
      place.click();
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (document.fullscreenElement) return;
      if (back()) event.preventDefault();
      return;
    }
    if (typing(event.target) || inGrid(event.target)) return;
    const tab = event.target.closest && event.target.closest("[role=tab]");
    if (tab && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const tabs = [...tab.parentElement.querySelectorAll("[role=tab]")];
      const next = tabs[(tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
      next.focus();
      next.click();
      event.preventDefault();
      return;
    }
    if (document.documentElement.dataset.view === "overview" && toggle(event.key.toLowerCase())) event.preventDefault();
  });

  /* The drawer takes the focus when it opens and gives it back when it closes. */
  let open = false;
  new MutationObserver(() => {
    const drawer = document.querySelector("#drawer .drawer");
    if (Boolean(drawer) === open) return;
    open = Boolean(drawer);
    document.documentElement.toggleAttribute("data-drawer", open);
    if (open) drawer.focus({ preventScroll: true });
    else if (window.onemap.opener) {
      const opener = document.querySelector(`[data-go="${CSS.escape(window.onemap.opener)}"]`);
      if (opener) opener.focus({ preventScroll: true });
      window.onemap.opener = null;
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  /* Tells a screen reader where the drill has come to. */
  let said = "";
  document.addEventListener("onemap:url", () => setTimeout(() => {
    const here = document.querySelector(".crumb-here"), place = document.getElementById("announcer");
    if (here && place && here.textContent !== said) place.textContent = said = here.textContent;
  }, 600));

  window.onemap = Object.assign(window.onemap || {}, { back });
})();
