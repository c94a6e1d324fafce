// What the URL asks of the map: which layers, which area, what is selected, language and theme.

export function readView(search, config) {
  const query = new URLSearchParams(search);
  const listed = query.get("layers");
  const points = config.layers.filter((layer) => layer.geometry === "point");
  return {
    area: query.get("area") || config.home || null,
    by: query.get("by") || "grid",
    paint: query.get("paint") || config.paint,
    points: points
      .filter((layer) => (listed === null ? layer.shown : listed.split(",").includes(layer.name)))
      .map((layer) => layer.name),
    select: query.get("select") || null,
    lang: (query.get("lang") || config.lang).startsWith("en") ? "en" : "zh_CN",
    theme: config.theme || (document.documentElement.dataset.theme === "light" ? "light" : "dark"),
    cycle: Number(query.get("cycle") || 30),
  };
}

/** The area layer that is drawn: below the district never the streets, by 村居 the neighbourhoods. */
export function paintOf(view, config, areas) {
  const named = (name) => config.layers.find((layer) => layer.name === name && layer.geometry !== "point");
  let paint = named(view.paint) || named(config.paint);
  if (view.area && paint.geometry === "street") paint = named(config.paint);
  if (view.by === "neighbourhood" && paint.geometry === "grid") paint = named("neighbourhood_state") || paint;
  if (areas && !areas.has(paint.geometry)) paint = named("street_state") || paint;
  return paint;
}

/** Change the page's query; `null` removes a key. */
export function go(changes) {
  if (window.onemap?.url?.with) {
    window.onemap.url.with(changes);
    return;
  }
  const query = new URLSearchParams(window.location.search);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === undefined) query.delete(key);
    else query.set(key, value);
  }
  window.history.pushState({}, "", `?${query}`);
  window.dispatchEvent(new PopStateEvent("popstate"));
}
