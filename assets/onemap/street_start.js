/* Where the round begins: the device's position, a spot tapped on the map, the map's centre, or a grid. */
(function () {
  "use strict";

  const begin = (lon, lat) => window.onemap.url.with({ start: Number(lon).toFixed(6) + "," + Number(lat).toFixed(6) });

  function say(button, words) {
    const place = button.closest(".menu").querySelector(".start-said");
    if (place) place.textContent = words;
  }

  function fromDevice(button) {
    if (!window.isSecureContext || !navigator.geolocation) { say(button, button.dataset.insecure); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => begin(coords.longitude, coords.latitude),
      () => say(button, button.dataset.noFix),
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  }

  /* One press on the map chooses the spot; a press on the way out, or Escape, chooses nothing. */
  function fromTap(button) {
    const owner = window.onemap.street.engine();
    if (!owner) return;
    button.closest("details").open = false;
    const words = document.createElement("span");
    words.textContent = button.dataset.hint;
    const out = document.createElement("button");
    out.type = "button";
    out.className = "btn";
    out.textContent = button.dataset.cancel;
    const told = document.createElement("div");
    told.className = "start-told";
    told.append(words, out);
    const catcher = document.createElement("div");
    catcher.className = "start-catcher";
    catcher.append(told);
    owner.holder.after(catcher);
    owner.holder.scrollIntoView({ block: "nearest" });
    out.focus({ preventScroll: true });
    const away = () => { catcher.remove(); document.removeEventListener("keydown", escaped, true); };
    const escaped = (event) => { if (event.key === "Escape") { event.stopPropagation(); away(); } };
    document.addEventListener("keydown", escaped, true);
    out.addEventListener("click", (event) => { event.stopPropagation(); away(); });
    catcher.addEventListener("click", (event) => {
      if (told.contains(event.target)) return;
      const box = catcher.getBoundingClientRect();
      const { lng, lat } = owner.map.unproject([event.clientX - box.left, event.clientY - box.top]);
      away();
      begin(lng, lat);
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-start]");
    if (!button) return;
    if (button.dataset.start === "device") fromDevice(button);
    if (button.dataset.start === "tap") fromTap(button);
    if (button.dataset.start === "centre" && window.onemap.street.engine()) {
      const { lng, lat } = window.onemap.street.engine().map.getCenter();
      begin(lng, lat);
    }
  });
  document.addEventListener("change", (event) => {
    const choice = event.target.closest("select[data-start]");
    if (choice && choice.value) begin(...choice.value.split(","));
  });
})();
