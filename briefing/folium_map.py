"""The map that leaves the house: one HTML file with everything in it, opened from a stick without a network."""

from __future__ import annotations

import datetime as dt
import html
import json
from typing import TYPE_CHECKING

import folium
import pandas as pd

from briefing.folium_page import LEAFLET, LIGHT, POLICY, SCRIPTS, plain, rendered
from data_access.areas import areas
from data_access.districts import is_demo
from data_access.organisations import agency_names
from layers import COLORS, HATCH, NEUTRAL_CLASS, Column, Layer, LayerClass, layers, placed
from rules.language import N_, Refusal, Translate, translator
from rules.vocabulary import name_of

if TYPE_CHECKING:
    from pathlib import Path

    from data_access.database import Database
    from rules.request import Filters, Scope

HATCH_ID = "onemap-hatch"
SIZES_PX = {"dot": 4.5, "diamond": 13, "triangle": 6}
FIRST = "grid_state"


def write_map(
    database: Database, filters: Filters, scope: Scope, path: Path, language: str = "zh_CN", *,
    notices: tuple[str, ...] = (N_("界线为示意"),),
) -> Path:
    """Write the file; personal data never is in it.

    Args:
        path: where to; an existing file is replaced when the new one is whole.
        language: ``zh_CN`` or ``en``.
        notices: legal words about boundaries, e.g. 审图号.

    Returns:
        ``path``.

    Raises:
        Refusal: Leaflet was never built, or there is no boundary to draw.
    """
    if not (LEAFLET / "leaflet.js").exists():
        raise Refusal(N_("缺少 assets/vendor（地图引擎与字体）：请先运行 make setup。"))
    page = document(database, filters, scope, language, notices=notices)
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(path.name + ".making")
    making.write_text(page, encoding="utf-8")
    making.replace(path)
    return path


def document(
    database: Database, filters: Filters, scope: Scope, language: str = "zh_CN", *, notices: tuple[str, ...] = ()
) -> str:
    """The whole HTML document; see ``write_map``."""
    t = translator(language)
    known = areas(database, scope, filters.as_of, known_at=filters.known_at)
    drawn = known[known.geometry.notna()]
    if drawn.empty:
        raise Refusal(N_("还没有区域边界，画不了地图：请先导入街镇边界。"))
    words = _Words(database, filters, scope, t, language)
    west, south, east, north = drawn.total_bounds
    made = folium.Map(tiles=None, zoom_control=True, prefer_canvas=False, zoom_snap=0.25, attribution_control=False)
    made.default_js = [(name, f"inline:{name}") for name in SCRIPTS]
    made.default_css = [("leaflet_css", "inline:leaflet.css")]
    made.fit_bounds([[south, west], [north, east]])
    legends: list[str] = []
    for layer in layers().values():
        if layer.is_point:
            _points(made, layer, database, filters, scope, words, legends)
        else:
            _areas(made, layer, drawn, database, filters, scope, words, legends)
    _outlines(made, drawn)
    folium.LayerControl(collapsed=False, position="topright").add_to(made)
    _furniture(made, database, filters, scope, words, drawn, legends, notices)
    return rendered(made, t("打非一张图"))


class _Words:
    """The reader's words for classes, codes and areas."""

    def __init__(self, database: Database, filters: Filters, scope: Scope, t: Translate, language: str) -> None:
        self.t = t
        column = "name_en" if language == "en" else "name"
        self.names: dict[str, str] = {}
        for frame in (areas(database, scope, filters.as_of, known_at=filters.known_at), agency_names(database, scope, filters.as_of, known_at=filters.known_at)):
            chosen = frame[column].where(frame[column].fillna("") != "", frame["name"])
            self.names |= dict(zip(frame["code"], chosen, strict=True))

    def cell(self, layer: Layer, column: Column, value: object) -> str:
        if value is None or value is pd.NA or value != value:
            return "—"
        if column.words == "class":
            return self.t(layer.class_of(str(value)).label)
        if column.words in {"area", "agency"}:
            return self.names.get(str(value), str(value))
        if column.words:
            return self.t(name_of(column.words, str(value)))
        if isinstance(value, (pd.Timestamp, dt.datetime)):
            return f"{value:%Y-%m-%d}"
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        return f"{shown} {self.t(column.unit)}" if column.unit else shown

    def card(self, layer: Layer, head: str, row: dict[str, object]) -> str:
        lines = "".join(
            f"<tr><th>{plain(self.t(column.header))}</th><td>{plain(self.cell(layer, column, row.get(column.field)))}</td></tr>"
            for column in layer.columns
            if column.field in row
        )
        return f"<b>{plain(head)}</b><table>{lines}</table>"


def _color(one: LayerClass) -> str:
    return COLORS[one.color][LIGHT]


def _areas(
    made: folium.Map, layer: Layer, drawn: pd.DataFrame, database: Database, filters: Filters, scope: Scope,
    words: _Words, legends: list[str],
) -> None:
    known = drawn[drawn["level"] == layer.geometry]
    if known.empty:
        return
    frame = layer.ask(database, filters, scope).set_index("feature_id")
    rows = dict(zip(frame.index, frame.reset_index().to_dict("records"), strict=True))
    features = []
    for code, shape in zip(known["code"], known.geometry, strict=True):
        row = rows.get(code)
        key = str(row["class"]) if row else NEUTRAL_CLASS.key
        one = layer.class_of(key) if row else NEUTRAL_CLASS
        name = words.names.get(code, code)
        head = f"{name} · {words.t(one.label)}" if name == code else f"{name} {code} · {words.t(one.label)}"
        card = words.card(layer, head, row) if row else f"<b>{html.escape(head)}</b>"
        features.append({
            "type": "Feature", "id": code, "geometry": shape.__geo_interface__,
            "properties": {"class": key, "value": _number(row["value"]) if row else None, "card": card,
                           "fill": f"url(#{HATCH_ID})" if one.pattern == HATCH else _color(one)},
        })
    group = folium.FeatureGroup(name=words.t(layer.title), overlay=False, show=layer.name == FIRST)
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features}, name=layer.name,
        style_function=lambda feature: {"fillColor": feature["properties"]["fill"], "fillOpacity": 1, "color": "#FFFFFF", "weight": 1},
        highlight_function=lambda _feature: {"weight": 3, "color": COLORS["ink"][LIGHT]},
        popup=folium.GeoJsonPopup(fields=["card"], labels=False),
    ).add_to(group)
    group.add_to(made)
    legends.append(_legend(layer, words))


def _points(
    made: folium.Map, layer: Layer, database: Database, filters: Filters, scope: Scope, words: _Words, legends: list[str]
) -> None:
    frame = placed(layer, database, filters, scope)
    group = folium.FeatureGroup(name=words.t(layer.title), show=layer.shown)
    for row in frame.to_dict("records"):
        one = layer.class_of(str(row["class"]))
        head = f"{row['name']} · {words.t(one.label)}" if row["name"] else words.t(one.label)
        if not scope.exact_points:
            head = f"{row['name']} · {int(row['count'])} {words.t(layer.count_unit)}"
        popup = folium.Popup(words.card(layer, head, row), max_width=320)
        where = [float(row["lat"]), float(row["lon"])]
        color = _color(one)
        if one.ring:
            folium.CircleMarker(where, radius=SIZES_PX["dot"] * 2, weight=1.6, fill=False, color=color, interactive=False).add_to(group)
        if layer.shape == "dot":
            folium.CircleMarker(
                where, radius=SIZES_PX["dot"] * one.size, weight=1.4, fill=True, fill_opacity=1,
                color="#FFFFFF" if one.filled else color, fill_color=color if one.filled else "#FFFFFF", popup=popup,
            ).add_to(group)
        else:
            icon = folium.DivIcon(html=symbol(layer, one, _number(row["value"])), icon_size=(28, 28), icon_anchor=(14, 14), class_name="onemap-symbol")
            folium.Marker(where, icon=icon, popup=popup).add_to(group)
    group.add_to(made)
    legends.append(_legend(layer, words))


def symbol(layer: Layer, one: LayerClass, value: float | None = None) -> str:
    """The symbol of a class as inline SVG, the same as on the screen."""
    color, paper = _color(one), COLORS["paper"][LIGHT]
    fill = color if one.filled else paper
    if layer.shape == "diamond":
        text = "" if value is None else f"{value:g}"
        ink = paper if one.filled else color
        return (f'<svg viewBox="0 0 28 28" width="28" height="28"><path d="M14 1.5 26.5 14 14 26.5 1.5 14Z" fill="{fill}" stroke="{color}" stroke-width="1.8"/>'
                f'<text x="14" y="18" font-size="11" font-weight="600" text-anchor="middle" fill="{ink}">{text}</text></svg>')
    if layer.shape == "triangle":
        return (f'<svg viewBox="0 0 28 28" width="28" height="28"><path d="M14 8 20.5 19.5H7.5Z" fill="{fill}" stroke="{color}" '
                'stroke-width="1.6" stroke-linejoin="round"/></svg>')
    return f'<svg viewBox="0 0 28 28" width="28" height="28"><circle cx="14" cy="14" r="{5 * one.size:g}" fill="{fill}" stroke="{color}" stroke-width="1.6"/></svg>'


def _legend(layer: Layer, words: _Words) -> str:
    entries = []
    for one in layer.classes:
        if not one.in_legend:
            continue
        mark = symbol(layer, one) if layer.is_point else (
            f'<i class="{"hatch" if one.pattern == HATCH else ""}" style="background-color:{_color(one)}"></i>'
        )
        entries.append(f"<span>{mark}{html.escape(words.t(one.label))}</span>")
    paint = "" if layer.is_point else f' data-paint="{html.escape(words.t(layer.title))}"'
    hidden = "" if layer.is_point or layer.name == FIRST else " hidden"
    return f'<p{paint}{hidden}><b>{html.escape(words.t(layer.title))}</b>{"".join(entries)}</p>'


def _outlines(made: folium.Map, drawn: pd.DataFrame) -> None:
    streets = drawn[drawn["level"] == "street"]
    if streets.empty:
        return
    folium.GeoJson(
        {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {}, "geometry": shape.boundary.__geo_interface__} for shape in streets.geometry
        ]},
        style_function=lambda _feature: {"color": "#2A3944", "weight": 1.8, "opacity": 0.75, "fill": False, "interactive": False},
        control=False,
    ).add_to(made)


def _furniture(
    made: folium.Map, database: Database, filters: Filters, scope: Scope, words: _Words, drawn: pd.DataFrame,
    legends: list[str], notices: tuple[str, ...],
) -> None:
    """Title, stamp, legend, search, and what must be said about the data."""
    t = words.t
    said = [t(notice) for notice in notices if notice]
    if is_demo(database, scope.district):
        said.insert(0, t("演示数据 非公文"))
    title = t("{district}打击无证行医态势", district=words.names.get(scope.district, scope.district))
    stamp = t("截至 {day}，期间 {start} 至 {end}", day=filters.as_of, start=filters.start, end=filters.end)
    places = drawn[drawn["level"].isin(["street", "neighbourhood", "grid"])]
    found = [
        [words.names.get(code, code), code, round(float(lat), 6), round(float(lon), 6), level]
        for code, lat, lon, level in zip(places["code"], places["label_lat"], places["label_lon"], places["level"], strict=True)
    ]
    root = made.get_root()
    root.header.add_child(folium.Element(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'))
    root.header.add_child(folium.Element(f"<style>{STYLE}</style>"))
    root.html.add_child(folium.Element(
        f'<header class="onemap-head"><h1>{html.escape(title)}</h1><p>{html.escape(stamp)}</p>'
        f'<p class="said">{html.escape(" · ".join(said))}</p>'
        f'<input id="onemap-search" type="search" list="onemap-places" placeholder="{html.escape(t("查找街镇、村居、网格"))}" aria-label="{html.escape(t("查找街镇、村居、网格"))}">'
        f'<datalist id="onemap-places">{"".join(f"<option value={_quoted(_called(one))}></option>" for one in found)}</datalist></header>'
        f'<aside class="onemap-legend"><details open><summary>{html.escape(t("图例"))}</summary>{"".join(legends)}</details></aside>'
        f'<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><pattern id="{HATCH_ID}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{COLORS["cov-never"][LIGHT]}" fill-opacity=".28"/><rect width="2.2" height="6" fill="{COLORS["cov-never"][LIGHT]}"/></pattern></defs></svg>'
    ))
    root.script.add_child(folium.Element(SEARCH.replace("MAP", made.get_name()).replace("PLACES", _json({_called(one): one[2:] for one in found}))))


def _called(one: list[object]) -> str:
    return str(one[0]) if one[0] == one[1] else f"{one[0]} {one[1]}"


def _quoted(text: str) -> str:
    return f'"{html.escape(text)}"'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "").replace("\u2029", "")


def _number(value: object) -> float | None:
    return None if value is None or value is pd.NA or value != value else float(value)


STYLE = """
body{font-family:'Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:#15202A}
.folium-map.leaflet-container{background:#F3F5F4}
.onemap-head{position:absolute;left:64px;top:12px;z-index:1000;background:rgba(255,255,255,.94);padding:10px 14px;border-radius:8px;box-shadow:0 1px 4px rgba(20,32,42,.2);max-width:min(440px,calc(100vw - 96px))}
.onemap-head h1{font-size:18px;margin:0 0 2px}.onemap-head p{margin:0;font-size:13px;color:#43515C}.onemap-head .said{color:#7C5800;font-weight:600}
.onemap-head input{margin-top:8px;width:100%;box-sizing:border-box;min-height:36px;font:inherit;font-size:14px;padding:0 8px}
.onemap-legend{position:absolute;left:12px;bottom:36px;z-index:1000;background:rgba(255,255,255,.94);padding:8px 12px;border-radius:8px;font-size:12px;max-width:min(560px,calc(100vw - 24px));max-height:40vh;overflow:auto}
.onemap-legend p[hidden]{display:none!important}.onemap-legend p{margin:4px 0;display:flex;flex-wrap:wrap;gap:2px 10px;align-items:center}.onemap-legend span{display:inline-flex;align-items:center;gap:4px}
.onemap-legend i{width:14px;height:14px;border-radius:2px}.onemap-legend i.hatch{background:repeating-linear-gradient(45deg,#7A5BA8 0 2px,rgba(122,91,168,.28) 2px 5px)!important}
.onemap-legend svg{width:18px;height:18px}.onemap-symbol{background:none;border:0}
.leaflet-popup-content table{border-collapse:collapse;font-size:13px;margin-top:4px}.leaflet-popup-content th{text-align:left;font-weight:400;color:#5F6C77;padding:1px 10px 1px 0;white-space:nowrap}
@media (max-width:600px){.onemap-head,.onemap-legend{box-sizing:border-box;left:12px;max-width:calc(100vw - 24px)}.onemap-legend{max-height:24vh}.leaflet-control-layers{max-width:60vw;font-size:12px}}
"""

SEARCH = """
document.addEventListener("DOMContentLoaded", function () {
  var places = PLACES, field = document.getElementById("onemap-search");
  field.addEventListener("change", function () {
    var found = places[field.value];
    if (found) { MAP.setView([found[0], found[1]], found[2] === "street" ? 13 : 15); }
  });
  // On a narrow screen the buttons and layers stand below the head, not over it.
  function below() {
    var head = document.querySelector(".onemap-head"), edge = head && innerWidth <= 600 ? head.offsetTop + head.offsetHeight + "px" : "";
    document.querySelectorAll(".leaflet-top").forEach(function (corner) { corner.style.top = edge; });
  }
  window.addEventListener("resize", below);
  below();
  L.control.scale({imperial: false, position: "bottomright"}).addTo(MAP);
  MAP.on("baselayerchange", function (event) {
    document.querySelectorAll("[data-paint]").forEach(function (legend) { legend.hidden = legend.dataset.paint !== event.name; });
  });
});
"""
"""Runs last: folium writes its own script after everything that was added to the page."""
