/* Where somebody stands: measured by the device, or tapped on a small map of the area and its neighbours. */
(function () {
  "use strict";
  const EARTH = 111320, NS = "http://www.w3.org/2000/svg";

  const inRing = ([x, y], ring) => ring.reduce((odd, [bx, by], place) => {
    const [ax, ay] = ring[(place + ring.length - 1) % ring.length];
    return (ay > y) !== (by > y) && x < ((bx - ax) * (y - ay)) / (by - ay) + ax ? !odd : odd;
  }, false);

  /* Metres from a point to an outline; 0 inside. On a plane true to scale at the point's latitude. */
  function distance(point, rings) {
    if (rings.some((ring) => inRing(point, ring))) return 0;
    const scale = Math.cos((point[1] * Math.PI) / 180) * EARTH;
    const flat = ([x, y]) => [(x - point[0]) * scale, (y - point[1]) * EARTH];
    let least = Infinity;
    rings.forEach((ring) => ring.slice(1).forEach((end, place) => {
      const [ax, ay] = flat(ring[place]), [bx, by] = flat(end);
      const dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy;
      const along = length ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length)) : 0;
      least = Math.min(least, Math.hypot(ax + along * dx, ay + along * dy));
    }));
    return least;
  }

  function svg(tag, values) {
    const made = document.createElementNS(NS, tag);
    Object.entries(values || {}).forEach(([name, value]) => made.setAttribute(name, value));
    return made;
  }

  /* The small map. choose([lon, lat]) is called for a tap, or for Enter on the cross that the arrow keys move. */
  function smallMap(target, words, choose) {
    const outlines = target.outlines || [];
    const own = outlines.filter((one) => one.here);
    if (!own.length) return null;
    const points = own.flatMap((one) => one.rings.flat());
    const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])];
    const middle = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
    const squeeze = Math.cos((middle[1] * Math.PI) / 180), width = 360, height = 220;
    const span = Math.max((Math.max(...xs) - Math.min(...xs)) * squeeze / width, (Math.max(...ys) - Math.min(...ys)) / height) * 1.5 || 1e-5;
    const onto = ([lon, lat]) => [width / 2 + ((lon - middle[0]) * squeeze) / span, height / 2 - (lat - middle[1]) / span];
    const back = ([x, y]) => [middle[0] + ((x - width / 2) * span) / squeeze, middle[1] - (y - height / 2) * span];
    const map = svg("svg", { viewBox: "0 0 " + width + " " + height, class: "small-map", role: "application", tabindex: "0", "aria-label": words.tap });
    [...outlines].sort((a, b) => a.here - b.here).forEach((one) => {
      const d = one.rings.map((ring) => "M" + ring.map((p) => onto(p).map((n) => n.toFixed(1)).join(",")).join("L") + "Z").join("");
      map.append(svg("path", { d, class: one.here ? "is-here" : "" }));
    });
    [...outlines].forEach((one) => {
      const ring = one.rings[0], at = onto([ring.reduce((s, p) => s + p[0], 0) / ring.length, ring.reduce((s, p) => s + p[1], 0) / ring.length]);
      if (at[0] < 20 || at[0] > width - 20 || at[1] < 12 || at[1] > height - 8) return;
      const label = svg("text", { x: at[0], y: at[1], class: one.here ? "is-here" : "" });
      label.textContent = one.label;
      map.append(label);
    });
    if (target.point) {
      const at = onto(target.point);
      map.append(svg("circle", { cx: at[0], cy: at[1], r: 5, class: "is-site" }));
    }
    const spot = svg("circle", { r: 7, class: "is-spot", visibility: "hidden" });
    const cross = svg("path", { class: "is-cross", visibility: "hidden" });
    map.append(spot, cross);
    let aim = [width / 2, height / 2];
    const drawCross = () => {
      cross.setAttribute("d", "M" + (aim[0] - 12) + "," + aim[1] + "h24M" + aim[0] + "," + (aim[1] - 12) + "v24");
      cross.setAttribute("visibility", "visible");
    };
    map.addEventListener("click", (event) => {
      const box = map.getBoundingClientRect();
      // A press of the keyboard's Enter has no place.
      if (!event.detail && !event.clientX) return;
      choose(back([((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height]));
    });
    map.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 20 : 5;
      const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      if (moves[event.key]) {
        aim = [Math.max(0, Math.min(width, aim[0] + moves[event.key][0])), Math.max(0, Math.min(height, aim[1] + moves[event.key][1]))];
        drawCross();
      } else if (event.key === "Enter" || event.key === " ") choose(back(aim));
      else return;
      event.preventDefault();
    });
    map.addEventListener("blur", () => cross.setAttribute("visibility", "hidden"));
    return {
      element: map,
      show(position) {
        spot.setAttribute("visibility", position ? "visible" : "hidden");
        if (!position) return;
        const at = onto([position.lon, position.lat]);
        spot.setAttribute("cx", at[0]);
        spot.setAttribute("cy", at[1]);
      },
    };
  }

  /* Ask the device once; gives a position or throws "not_allowed" or "no_fix". */
  function measure() {
    return new Promise((done, fail) => {
      if (!window.isSecureContext || !navigator.geolocation) { fail(new Error("no_fix")); return; }
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => done({ lon: coords.longitude, lat: coords.latitude, accuracy_m: Math.round(coords.accuracy * 10) / 10, how: "device" }),
        (error) => fail(new Error(error.code === 1 ? "not_allowed" : "no_fix")),
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 });
    });
  }

  /*
   * Ask the device, and after a pause again: one that has just woken, or is busy, needs longer for its first fix
   * than for any later one. Refused is refused. Gives a position, or null where none came or none is needed any more.
   */
  async function measureUntil({ tries, pauseMs, needed, missed }) {
    for (let left = tries; ; left -= 1) {
      try {
        return await measure();
      } catch (error) {
        missed(error.message);
        if (error.message === "not_allowed" || left <= 1 || !needed()) return null;
        await new Promise((on) => { setTimeout(on, pauseMs); });
        if (!needed()) return null;
      }
    }
  }

  /* What is said about a position: beyond the area named is said, never refused. */
  function sentence(position, target, say) {
    const own = ((target && target.outlines) || []).filter((one) => one.here);
    const away = own.length ? Math.min(...own.map((one) => distance([position.lon, position.lat], one.rings))) : null;
    const values = { area: own.length ? own[0].label : "", n: Math.round(position.accuracy_m || 0), d: Math.round(away || 0) };
    const tapped = position.how === "tapped";
    if (away === null) return { text: say("unknown_area", values), outside: false };
    if (away <= 0) return { text: say(tapped ? "tapped_inside" : "inside", values), outside: false };
    return { text: say(tapped ? "tapped_outside" : "outside", values), outside: true };
  }

  window.onemap = window.onemap || {};
  window.onemap.place = { distance, smallMap, measure, measureUntil, sentence };
})();
