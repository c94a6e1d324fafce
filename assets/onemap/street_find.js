/* Search in the list of the day, on the device alone; opening a place in the phone's map; copying its coordinates. */
(function () {
  "use strict";
  const row = () => document.getElementById("street-find");
  const input = () => document.getElementById("street-find-text");
  let shown = "";

  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

  /* Every word must stand somewhere in the item, in what it shows or in what it is also called. */
  function filter() {
    const place = row();
    if (!place) return;
    const words = place.hidden ? [] : plain(input().value).split(" ").filter(Boolean);
    const items = [...document.querySelectorAll(".street .items > li")];
    let found = 0;
    items.forEach((item) => {
      const button = item.querySelector(".item");
      const text = words.length ? plain(item.textContent + " " + ((button && button.dataset.find) || "")) : "";
      const on = words.every((word) => text.includes(word));
      if (on) found += 1;
      if (item.hidden === on) item.hidden = !on;
    });
    const told = !words.length ? "" : (found ? place.dataset.found : place.dataset.none).replace("{n}", String(found));
    const said = place.querySelector(".find-said");
    if (told !== shown || said.textContent !== told) { said.textContent = told; shown = told; }
  }

  function open() {
    row().hidden = false;
    document.querySelectorAll("[data-find-open]").forEach((one) => one.setAttribute("aria-expanded", "true"));
    input().focus();
    filter();
  }

  function close() {
    const place = row();
    if (!place || place.hidden) return;
    place.hidden = true;
    const openers = [...document.querySelectorAll("[data-find-open]")];
    openers.forEach((one) => one.setAttribute("aria-expanded", "false"));
    filter();
    const back = openers.find((one) => one.offsetParent);
    if (back) back.focus();
  }

  async function copy(button) {
    const field = document.createElement("textarea");
    try { await navigator.clipboard.writeText(button.dataset.copy); } catch (error) {
      // Without HTTPS there is no clipboard to write to; an old command still copies.
      field.value = button.dataset.copy;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    button.lastElementChild.textContent = button.dataset.done;
  }

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-find-open],[data-find-close],[data-copy],[data-navigate]");
    if (!pressed) return;
    if (pressed.dataset.findOpen !== undefined) { if (row() && row().hidden) open(); else close(); }
    if (pressed.dataset.findClose !== undefined) close();
    if (pressed.dataset.copy) copy(pressed);
    if (pressed.dataset.navigate && /iPhone|iPad|iPod/.test(navigator.userAgent)) pressed.href = pressed.dataset.ios;
  });
  document.addEventListener("input", (event) => { if (event.target.id === "street-find-text") filter(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.id === "street-find-text") { event.stopPropagation(); close(); }
  }, true);
  let soon = false;
  new MutationObserver(() => {
    if (soon || !row() || row().hidden) return;
    soon = true;
    requestAnimationFrame(() => { soon = false; filter(); });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
