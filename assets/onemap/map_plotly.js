/* A click on Plotly's map drills like one on ours: its customdata carries kind:id. */
(function () {
  "use strict";
  function clicked(data) {
    const keep = window.dash_clientside.no_update;
    const what = data && data.points && data.points[0] && data.points[0].customdata && data.points[0].customdata[0];
    if (!what) return keep;
    const kind = what.slice(0, what.indexOf(":")), id = what.slice(what.indexOf(":") + 1);
    const url = window.onemap.url, now = url.read();
    if (kind === "street" || kind === "neighbourhood") url.with({ area: id, select: null });
    else if (kind === "grid" && now.get("select") === what) url.with({ area: id, select: null });
    else url.with({ select: what });
    return keep;
  }
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.onemap_plotly = { clicked };
})();
