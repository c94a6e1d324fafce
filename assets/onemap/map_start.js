/* Starts the map module when the page has a map, and takes it down when the map leaves the page. */
(function () {
  "use strict";
  let started = null;

  async function look() {
    const element = document.querySelector(".map[data-map]");
    if (started && started.element === element) return;
    if (started) {
      const old = started;
      started = null;
      (await old.map)?.remove();
    }
    if (!element || started) return;
    const module = import(new URL(element.dataset.module, window.location.href).href);
    started = { element, map: module.then(({ start }) => start(element)) };
  }

  let soon = false;
  new MutationObserver(() => {
    if (soon) return;
    soon = true;
    requestAnimationFrame(() => { soon = false; look(); });
  }).observe(document.documentElement, { childList: true, subtree: true });
  look();
})();
