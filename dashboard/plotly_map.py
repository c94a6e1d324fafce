"""The same layers on Plotly's own map (``?map=plotly``): the reference, and the benchmark's opponent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import orjson
import pandas as pd
from dash import ClientsideFunction, Input, Output, State, dcc, html, no_update
from flask import Blueprint, Response

from dashboard.charts import CONFIG
from dashboard.map_answers import box_of, day_asked, packed
from data_access.areas import areas
from data_access.tiles import tiles_version
from layers import COLORS, GEOMETRIES, NEUTRAL, NEUTRAL_CLASS, Layer, LayerClass, layers, placed
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context
    from data_access.database import Database
    from rules.language import Translate
    from rules.request import Filters, Scope

GRAPH = "plotly-map"
THEMES = ("dark", "light")
POINT_PX = {"dot": 7, "diamond": 15, "triangle": 11}
"""Diameter by shape; without a picture sheet Plotly's map draws circles only."""

NO_SOURCE = {"type": "geojson", "data": {"type": "FeatureCollection", "features": []}}

Figure = dict[str, Any]


def graph_area(ask: Ask) -> Component:
    """The map as one graph; the callback of ``register`` changes it."""
    graph = dcc.Graph(id=GRAPH, figure=figure_of(ask), config={**CONFIG, "scrollZoom": True}, className="map-plotly")
    return html.Section(graph, className="map is-plotly", **{"aria-label": ask.t("地图")})


def figure_of(ask: Ask) -> Figure:
    """The figure for a question of the page."""
    return ask.get(
        figure, paint=paint_of(ask), points=ask.view.layers, theme=ask.view.theme, language=ask.lang
    )


def paint_of(ask: Ask) -> str:
    """The area layer that the URL asks for, by the rules of the module (assets/onemap/map/view.js)."""
    named = {layer.name: layer for layer in layers().values() if not layer.is_point}
    paint = named.get(ask.view.paint, named["grid_state"])
    if ask.filters.area and paint.geometry == "street":
        paint = named["grid_state"]
    if ask.filters.by == "neighbourhood" and paint.geometry == "grid":
        paint = named["neighbourhood_state"]
    return paint.name


def figure(
    database: Database,
    filters: Filters,
    scope: Scope,
    *,
    paint: str,
    points: tuple[str, ...] | None = None,
    theme: str = "dark",
    language: str = "zh_CN",
) -> Figure:
    """A Plotly figure (plain dict) of one area layer and the point layers.

    Args:
        paint: name of the area layer.
        points: names of the point layers; None takes those shown by default.
        theme: ``dark`` or ``light``.
        language: of legend and hover.
    """
    from rules.language import translator

    t = translator(language)
    named = layers()
    shown = [one for one in named.values() if one.is_point and (one.shown if points is None else one.name in points)]
    traces = area_traces(database, filters, scope, named[paint], theme, t)
    for layer in shown:
        traces += point_traces(database, filters, scope, layer, theme, t)
    box = (filters.area and box_of(database, scope, filters.as_of, filters.area)) or box_of(
        database, scope, filters.as_of, None
    )
    return {"data": traces, "layout": _layout(box, filters.area, theme)}


def area_traces(
    database: Database, filters: Filters, scope: Scope, layer: Layer, theme: str, t: Translate
) -> list[Figure]:
    """The choropleth, every area of the level in code order, and one empty trace a class for the legend."""
    known = areas(database, scope, filters.as_of, layer.geometry, known_at=filters.known_at)
    known = known[known.geometry.notna()]
    frame = layer.ask(database, filters, scope).set_index("feature_id").reindex(known["code"])
    classes = [*layer.classes, NEUTRAL_CLASS]
    number = {one.key: at for at, one in enumerate(classes)}
    z = frame["class"].fillna(NEUTRAL).map(number).astype(int)
    steps = len(classes)
    scale = [[edge / steps, _color(one, theme)] for at, one in enumerate(classes) for edge in (at, at + 1)]
    named = [name if name == code else f"{name} {code}" for name, code in zip(known["name"], known["code"], strict=True)]
    choropleth = {
        "type": "choroplethmap", "name": t(layer.title), "geojson": outlines_address(database, scope, filters, layer.geometry),
        "featureidkey": "id", "locations": known["code"].tolist(), "z": z.tolist(), "zmin": -0.5, "zmax": steps - 0.5,
        "colorscale": scale, "showscale": False, "text": named,
        "customdata": [[f"{layer.kind}:{code}", t(classes[at].label), _number(value)]
                       for code, at, value in zip(known["code"], z, frame["value"], strict=True)],
        "hovertemplate": f"%{{text}}<br>%{{customdata[1]}}<br>{t(layer.title)} %{{customdata[2]}} {t(layer.unit)}<extra></extra>",
        "marker": {"line": {"width": 0.6, "color": _token("paper", theme)}}, "showlegend": False,
        "meta": {"layer": layer.name, "classes": [one.key for one in classes]},
    }  # fmt: skip
    return [choropleth, *(_legend(one, theme, t) for one in layer.classes if one.in_legend)]


def point_traces(
    database: Database, filters: Filters, scope: Scope, layer: Layer, theme: str, t: Translate
) -> list[Figure]:
    """One trace a class that has points; without exact points in the scope one point an area."""
    frame = placed(layer, database, filters, scope)
    made = []
    for one in layer.classes:
        mine = frame[frame["class"] == one.key]
        if mine.empty:
            continue
        color = _token(one.color, theme) if one.filled else _token("paper" if one.color == "ink" else one.color, theme)
        made.append({
            "type": "scattermap", "mode": "markers", "name": f"{t(layer.title)} {t(one.label)}", "showlegend": one.in_legend,
            "lon": mine["lon"].tolist(), "lat": mine["lat"].tolist(),
            "marker": {"size": POINT_PX[layer.shape] * one.size, "color": color},
            "text": mine["name"].tolist(),
            "customdata": [[f"{layer.kind}:{feature}", t(one.label), _number(value)]
                           for feature, value in zip(mine["feature_id"], mine["value"], strict=True)],
            "hovertemplate": "%{text}<br>%{customdata[1]} %{customdata[2]}<extra></extra>",
            "meta": {"layer": layer.name, "class": one.key},
        })  # fmt: skip
    return made


def outlines_address(database: Database, scope: Scope, filters: Filters, level: str) -> str:
    """Where the outlines of a level are fetched once a geometry version."""
    return f"/map/outlines/{tiles_version(database, scope, filters.as_of, known_at=filters.known_at)}/{level}.geojson?as_of={day_asked(filters)}"


def outlines(
    database: Database, scope: Scope, day: Any, level: str, *, known_at: Any = None
) -> tuple[str, bytes]:
    """The outlines of a level as GeoJSON whose feature ids are the codes: ETag and gzipped body."""
    known = areas(database, scope, day, level, known_at=known_at)
    known = gpd.GeoDataFrame(known[known.geometry.notna()][["code", "geometry"]])
    features = [
        {"type": "Feature", "id": code, "properties": {}, "geometry": shape.__geo_interface__}
        for code, shape in zip(known["code"], known.geometry, strict=True)
    ]
    return packed(orjson.dumps({"type": "FeatureCollection", "features": features}))


def register(app: Dash, context: Context) -> None:
    """The outlines' route, the figure's callback, and clicks that change the URL."""
    routes = Blueprint("plotly_map", __name__)

    @routes.get("/map/outlines/<version>/<level>.geojson")
    def level_outlines(version: str, level: str) -> Response:
        from flask import request

        if level not in GEOMETRIES[:3]:
            raise UnreadableRequest(f"level: expected one of {', '.join(GEOMETRIES[:3])}; found {level[:40]!r}")
        asked = context.ask(request.query_string.decode("utf-8", "replace"))
        etag, body = asked.look_up(outlines, level)
        current = asked.look_up(tiles_version) == version
        response = Response(body, mimetype="application/geo+json", headers={"Content-Encoding": "gzip"})
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable" if current else "no-store"
        response.set_etag(etag)
        return response.make_conditional(request)

    app.server.register_blueprint(routes)

    @app.callback(
        Output(GRAPH, "figure"), Input("url", "search"), Input("revision", "data"), State(GRAPH, "id"),
        prevent_initial_call=True,
    )
    def draw(search: str | None, _revision: object, _graph: str) -> Any:
        ask = context.ask(search or "")
        return figure_of(ask) if ask.view.map == "plotly" else no_update

    app.clientside_callback(
        ClientsideFunction("onemap_plotly", "clicked"), Output(GRAPH, "className"), Input(GRAPH, "clickData"),
        prevent_initial_call=True,
    )


def _layout(box: list[float] | None, area: str | None, theme: str) -> Figure:
    west, south, east, north = box or [73, 18, 135, 54]
    return {
        "map": {
            # Plotly loads a style again whenever its id changes, and drops an empty "sources".
            "style": {"id": f"ground-{theme}", "version": 8, "sources": {"none": NO_SOURCE}, "layers": [
                {"id": "ground", "type": "background", "paint": {"background-color": _token("paper", theme)}}]},
            "bounds": None, "center": {"lon": (west + east) / 2, "lat": (south + north) / 2}, "zoom": _zoom(west, south, east, north),
        },
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "uirevision": area or "district",
        "paper_bgcolor": "rgba(0,0,0,0)", "font": {"color": _token("ink", theme)},
        "legend": {"x": 0.01, "y": 0.01, "xanchor": "left", "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"},
    }  # fmt: skip


def _zoom(west: float, south: float, east: float, north: float) -> float:
    """A zoom that shows the box in about 900 x 800 px (a world of 512 px at zoom 0)."""
    from math import log2

    return round(min(log2(900 / 512 * 360 / max(east - west, 1e-4)), log2(800 / 512 * 300 / max(north - south, 1e-4))) - 0.2, 2)


def _legend(one: LayerClass, theme: str, t: Translate) -> Figure:
    return {
        "type": "scattermap", "mode": "markers", "lon": [None], "lat": [None], "name": t(one.label),
        "marker": {"size": 10, "color": _token(one.color, theme)}, "hoverinfo": "skip", "meta": {"legend": one.key},
    }  # fmt: skip


def _color(one: LayerClass, theme: str) -> str:
    return _token(one.color, theme)


def _token(name: str, theme: str) -> str:
    return COLORS[name][THEMES.index(theme)]


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
