"""The pages that are measured: the product, our module alone, bare feature-state, and Plotly's map."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dash import Dash, Input, Output, Patch, dcc, html
from flask import Blueprint, Response, request
from werkzeug.serving import make_server

from benchmarks.made_district import DISTRICT
from dashboard import map_view
from dashboard.answers import Answers
from dashboard.application import create_app
from dashboard.charts import CONFIG
from dashboard.plotly_map import figure
from dashboard.question import Context
from data_access.database import Database
from rules.request import Actor, Filters, Scope

NOW = dt.datetime(2023, 7, 31, 10, 46, tzinfo=dt.timezone(dt.timedelta(hours=8)))
PAINT = "patrol_visits"
LAYERS = (PAINT, "days_since_visit")
"""The change of layer that is measured, to and fro."""
PERIODS = (("2023-07-01", "2023-07-31"), ("2023-06-01", "2023-06-30"))
"""The change of period that is measured, to and fro."""
OPEN = {"Content-Security-Policy": "default-src 'self' 'unsafe-inline' blob: data:"}

HTML = """<!doctype html><html lang="zh-CN" data-theme="dark"><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/assets/vendor/fonts.css"><link rel="stylesheet" href="/assets/onemap/tokens.css">
<link rel="stylesheet" href="/assets/onemap/map.css">
<style>html,body{{margin:0;height:100%;font-size:16px}}#place{{position:absolute;inset:0}}</style><div id="place">{body}</div>
{scripts}</html>"""

BARE = """<script type="module">
import * as engine from "/assets/vendor/maplibre-gl/dist/maplibre-gl.mjs";
import { unpack } from "/assets/onemap/map/wire.js";
engine.setWorkerUrl("/assets/vendor/maplibre-gl/dist/maplibre-gl-worker.mjs");
const [colors, tiles, box] = [%(colors)s, "%(tiles)s", %(box)s];
const map = new engine.Map({ container: "place", fadeDuration: 0, attributionControl: false,
  bounds: [[box[0], box[1]], [box[2], box[3]]], style: { version: 8,
    sources: { areas: { type: "vector", tiles: [location.origin + tiles], minzoom: %(low)s, maxzoom: %(high)s, promoteId: "fid" } },
    layers: [{ id: "fill", type: "fill", source: "areas", "source-layer": "grid",
      paint: { "fill-color": ["match", ["feature-state", "c"], ...Object.values(colors).flat().flatMap((c, i) => [i, c]), "#14222B"] } }] } });
const firsts = {};
let count = 0;
for (const [layer, own] of Object.entries(colors)) { firsts[layer] = count; count += own.length; }
const idle = () => new Promise((done) => { map.once("idle", done); map.triggerRepaint(); });
async function show(query, layer, onlyChanged) {
  const { head, arrays } = unpack(await (await fetch(`/map/state/${layer}?${query}`)).arrayBuffer());
  const [classes, before] = [arrays["class"].map((one) => (one === 255 ? one : one + firsts[layer])), window.before];
  for (let at = 0; at < classes.length; at += 1) {
    if (onlyChanged && before && before[at] === classes[at]) continue;
    map.setFeatureState({ source: "areas", sourceLayer: "grid", id: head.first + at }, { c: classes[at] });
  }
  window.before = classes;
  await idle();
}
map.once("load", async () => { await show("%(query)s", "%(paint)s"); window.bench = { show }; });
</script>"""

PLOTLY = """<script src="/bench/plotly.min.js"></script><script>
fetch("/bench/figure.json").then((answer) => answer.json()).then(async (figure) => {
  const place = document.getElementById("place");
  await Plotly.newPlot(place, figure.data, { ...figure.layout, autosize: true }, %(config)s);
  const map = place._fullLayout.map._subplot.map;
  map.once("idle", () => { window.bench = {}; });
  map.triggerRepaint();
});
</script>"""


def context_of(database: Database, folder: Path) -> Context:
    """The product's context over a made district."""
    actor = Actor("bench", "量测", "office", Scope(DISTRICT))
    return Context(
        database=database, answers=Answers(), clock=lambda: NOW, actor_of=lambda: actor, folder=folder, demo=True
    )


def query_of(period: int) -> str:
    start, end = PERIODS[period]
    return f"from={start}&to={end}"


@contextmanager
def served(database: Database, folder: Path) -> Iterator[tuple[str, str]]:
    """Serve the product with the measuring pages, and Plotly's map as a Dash page; give both addresses."""
    context = context_of(database, folder)
    product = create_app(context)
    product.server.register_blueprint(_pages(context))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    servers = [make_server("127.0.0.1", 0, app, threaded=True) for app in (product.server, _patched(context).server)]
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield tuple(f"http://127.0.0.1:{server.server_port}" for server in servers)
    finally:
        for server in servers:
            server.shutdown()


def _pages(context: Context) -> Blueprint:
    pages = Blueprint("bench", __name__, url_prefix="/bench")

    def page(title: str, body: str = "", scripts: str = "") -> Response:
        return Response(HTML.format(title=title, body=body, scripts=scripts), mimetype="text/html", headers=OPEN)

    @pages.get("/module")
    def module() -> Response:
        import html as markup

        import orjson

        settings = map_view.map_settings(context.ask(request.query_string.decode()))
        body = f'<section class="map" id="map" data-map="{markup.escape(orjson.dumps(settings).decode())}"></section>'
        script = 'import { start } from "/assets/onemap/map/map.js"; start(document.getElementById("map"));'
        return page("module", body, f'<script type="module">{script}</script>')

    @pages.get("/bare")
    def bare() -> Response:
        import json

        from layers import COLORS, layers

        ask = context.ask("")
        settings = map_view.map_settings(ask)
        colors = {name: [COLORS[one.color][0] for one in layers()[name].classes] for name in LAYERS}
        filled = BARE % {
            "colors": json.dumps(colors), "tiles": f"/map/tiles/{settings['geometry']}/{{z}}/{{x}}/{{y}}.pbf",
            "box": json.dumps(settings["bounds"]), "paint": PAINT, "query": query_of(0),
            "low": settings["zooms"][0], "high": settings["zooms"][1],
        }  # fmt: skip
        return page("bare", "", filled)

    @pages.get("/plotly")
    def plotly() -> Response:
        import json

        return page("plotly", "", PLOTLY % {"config": json.dumps(dict(CONFIG))})

    @pages.get("/figure.json")
    def plotly_figure() -> Response:
        import orjson

        return Response(orjson.dumps(_figure(context, 0)), mimetype="application/json")

    @pages.get("/plotly.min.js")
    def plotly_script() -> Response:
        import plotly

        script = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
        return Response(script.read_bytes(), mimetype="text/javascript")

    return pages


def _filters(period: int) -> Filters:
    start, end = (dt.date.fromisoformat(day) for day in PERIODS[period])
    return Filters(start, end, NOW.date())


def _figure(context: Context, period: int) -> dict:
    scope = context.actor_of().scope
    return figure(context.database, _filters(period), scope, paint=PAINT)


def _patched(context: Context) -> Dash:
    """Plotly's map in a Dash page whose colours change by Patch: its best case."""
    figures = [_figure(context, period) for period in (0, 1)]
    app = Dash("patched", update_title=None, add_log_handler=False, assets_folder="none")
    app.layout = html.Div([
        dcc.Location(id="url"),
        dcc.Graph(id="map", figure=_absolute(context, figures[0]), config=dict(CONFIG), style={"height": "100vh"}),
        html.Button("0", id="period", n_clicks=0),
    ])  # fmt: skip

    @app.callback(Output("map", "figure"), Input("period", "n_clicks"), prevent_initial_call=True)
    def recolour(clicks: int) -> Patch:
        patch = Patch()
        patch["data"][0]["z"] = figures[clicks % 2]["data"][0]["z"]
        return patch

    return app


def _absolute(context: Context, found: dict) -> dict:
    """The outlines inline, as a page on another port needs them; they stay on later patches."""
    import gzip

    import orjson

    from dashboard.plotly_map import outlines

    _, body = outlines(context.database, context.actor_of().scope, NOW.date(), "grid")
    first = {**found["data"][0], "geojson": orjson.loads(gzip.decompress(body))}
    return {**found, "data": [first, *found["data"][1:]]}
