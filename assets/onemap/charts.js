/* Keeps the Plotly charts in the look of the page: its theme, its type size; and turns a click on a
   bar into a change of the address. The server sends the figure once; a theme costs no request. */
(function () {
  "use strict";

  const root = document.documentElement;
  const token = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const coloured = (names) => (Array.isArray(names) ? names.map(token) : token(names));

  /* What the chart must look like now; the same text means that nothing is to be done. */
  const look = () => [root.dataset.theme, parseFloat(getComputedStyle(root).fontSize)].join(" ");

  function dress(chart) {
    if (!window.Plotly || !chart.layout || chart.dataset.look === look()) return;
    chart.dataset.look = look();
    const size = Math.max(12, Math.round(parseFloat(getComputedStyle(root).fontSize) * 1.05));
    const layout = {
      "font.size": size,
      "font.color": token("t2"),
      "hoverlabel.bgcolor": token("raised"),
      "hoverlabel.bordercolor": token("line-2"),
      "hoverlabel.font.color": token("t1"),
      "legend.font.color": token("t2"),
    };
    for (const key of Object.keys(chart.layout)) {
      if (!/^[xy]axis\d*$/.test(key)) continue;
      layout[key + ".tickfont.color"] = token("t3");
      layout[key + ".gridcolor"] = token("line");
      layout[key + ".linecolor"] = token("line-2");
      layout[key + ".tickcolor"] = token("line-2");
    }
    (chart.layout.shapes || []).forEach((shape, i) => {
      if (shape.name) layout["shapes[" + i + "].line.color"] = token(shape.name);
    });
    (chart.layout.annotations || []).forEach((note, i) => {
      if (note.name) layout["annotations[" + i + "].font.color"] = token(note.name);
    });
    const traces = { "marker.color": [], "line.color": [] };
    chart.data.forEach((trace) => {
      const names = trace.meta && trace.meta.colours;
      const colour = names ? coloured(names) : undefined;
      traces["marker.color"].push(colour);
      traces["line.color"].push(trace.type === "scatter" ? colour : undefined);
    });
    window.Plotly.update(chart, traces, layout);
  }

  const dressAll = () => document.querySelectorAll(".chart .js-plotly-plot").forEach(dress);

  function watch(chart) {
    if (chart.dataset.watched || !chart.on) return;
    chart.dataset.watched = "1";
    chart.on("plotly_react", () => {
      chart.dataset.look = "";
      dress(chart);
    });
    dress(chart);
  }

  const found = () => document.querySelectorAll(".chart .js-plotly-plot").forEach(watch);
  new MutationObserver(found).observe(root, { childList: true, subtree: true });
  new MutationObserver(dressAll).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  window.addEventListener("resize", dressAll);

  const namespace = (window.dash_clientside = window.dash_clientside || {});
  namespace.onemap = Object.assign(namespace.onemap || {}, {
    chart_clicked: function () {
      const context = namespace.callback_context;
      const click = context && context.triggered.length ? context.triggered[0].value : null;
      const point = click && click.points && click.points[0];
      if (point && typeof point.customdata === "string") {
        window.onemap.url.with(JSON.parse(point.customdata));
      }
      return namespace.no_update;
    },
  });
})();
