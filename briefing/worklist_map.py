"""The worklist as one HTML file for the phone: list and map, opened without a network."""

from __future__ import annotations

import datetime as dt
import html
import json
from typing import TYPE_CHECKING, Any

import folium

from briefing.folium_page import LEAFLET, LIGHT, POLICY, rendered
from briefing.worklist_xlsx import Wanted, places_to_go
from data_access.areas import area_names, areas
from data_access.coverage import grid_states
from data_access.districts import is_demo
from data_access.narrowing import inside
from data_access.rulebooks import rulebook_of
from layers import COLORS
from rules.language import N_, Refusal, Translate, translator
from rules.route import Route
from rules.worklist_order import TITLES
from rules.worklist_words import NO_PLACES, state_said, why_said

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from data_access.database import Database
    from rules.request import Filters, Scope
    from rules.rulebook import Rulebook

FILLS = {"ok": "cov-ok", "due": "cov-due", "over": "cov-over", "never": "cov-never"}
MARKS = {"over": COLORS["cov-over"][LIGHT], "never": COLORS["cov-never"][LIGHT], "due": "#7C5800", "ok": "#1F5560"}
"""Ground of a numbered mark by state: white figures on each keep 4.5:1."""


def document(
    database: Database, filters: Filters, scope: Scope, wanted: Wanted | None = None, language: str = "zh_CN", *,
    now: dt.datetime, notices: tuple[str, ...] = (N_("界线为示意"),),
) -> str:  # fmt: skip
    """The whole HTML document: numbered places in the order of the list (or of a round), each with its reason.

    Grids stand below them in the colours of their state; without grids the neighbourhoods', else the streets' outlines. A place
    without a point is in the list only.
    No personal data; nothing is loaded from anywhere.

    Raises:
        Refusal: Leaflet was never built, or no area has a boundary.
    """
    if not (LEAFLET / "leaflet.js").exists():
        raise Refusal(N_("缺少 assets/vendor（地图引擎与字体）：请先运行 make setup。"))
    t, wanted = translator(language), wanted or Wanted()
    outlines = _outlines(database, filters, scope)
    if outlines.empty:
        raise Refusal(N_("还没有街镇、村居或网格的边界，画不了地图：请先导入边界。"))
    found, way = places_to_go(database, filters, scope, wanted, now)
    made = folium.Map(tiles=None, zoom_control=True, zoom_snap=0.25, attribution_control=False)
    made.default_js = [("leaflet.js", "inline:leaflet.js"), ("jquery.js", "inline:jquery.js")]
    made.default_css = [("leaflet_css", "inline:leaflet.css")]
    west, south, east, north = outlines.total_bounds
    made.fit_bounds([[south, west], [north, east]])
    _draw_outlines(made, outlines, grid_states(database, filters, scope))
    _draw_way(made, way)
    english = language == "en"
    names = {code: (en if english and en else name) for code, (name, en, _) in area_names(database, scope, filters.as_of, known_at=filters.known_at).items()}
    book = rulebook_of(database, filters, scope)
    places = [_place(number, row, names, book, t) for number, row in enumerate(found.to_dict("records"), start=1)]
    said = [t("演示数据 非公文")] if is_demo(database, scope.district) else []
    said += [t(notice) for notice in notices if notice]
    here = filters.area or (scope.areas[0] if len(scope.areas) == 1 else scope.district)
    desk = int(found["group"].isin(NO_PLACES).sum())
    _furniture(made, places, desk, names.get(here, here), filters, way, said, now, t)
    return rendered(made, t("今日要去"))


def _outlines(database: Database, filters: Filters, scope: Scope) -> gpd.GeoDataFrame:
    """The smallest areas that have outlines here, in the scope and the area asked about."""
    every = inside(areas(database, scope, filters.as_of, known_at=filters.known_at), filters, scope)
    drawn = every[every.geometry.notna()]
    level = next((level for level in ("grid", "neighbourhood", "street") if (drawn["level"] == level).any()), "grid")
    return drawn[drawn["level"] == level]


def _draw_outlines(made: folium.Map, grids: gpd.GeoDataFrame, states: pd.DataFrame) -> None:
    state = dict(zip(states["code"], states["state"], strict=True))
    features = [
        {"type": "Feature", "id": code, "geometry": shape.__geo_interface__, "properties": {"state": state.get(code, "")}}
        for code, shape in zip(grids["code"], grids.geometry, strict=True)
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: {
            "fillColor": COLORS[FILLS.get(feature["properties"]["state"], "neutral")][LIGHT], "fillOpacity": 0.55,
            "color": "#FFFFFF" if feature["properties"]["state"] else "#5F6C77", "weight": 1, "interactive": False,
        },
    ).add_to(made)


def _draw_way(made: folium.Map, way: Route | None) -> None:
    if way is not None and len(way.line) > 1:
        dashes = "6 6" if way.by == "straight" else None
        folium.PolyLine([(lat, lon) for lon, lat in way.line], color="#0B5CAD", weight=3, opacity=0.8, dash_array=dashes, interactive=False).add_to(made)


def _place(number: int, row: dict[str, Any], names: dict[str, str], book: Rulebook, t: Translate) -> dict[str, Any]:
    """What the page's script and list need of one place; plain text only."""
    where = names.get(row["grid_code"]) or names.get(row["neighbourhood_code"]) or names.get(row["street_code"]) or ""
    label = "" if row["target_kind"] == "grid" else row["label"]
    there = row["placed"] != ""
    return {
        "number": number, "title": t(TITLES[row["title"]]), "where": " · ".join(part for part in (where, label) if isinstance(part, str) and part),
        "state": state_said(row, t), "tone": row["state"], "why": why_said(row, book, t),
        "lat": round(float(row["lat"]), 6) if there else None, "lon": round(float(row["lon"]), 6) if there else None,
        "near": t("位置为网格中心") if row["placed"] == "grid" and row["target_kind"] != "grid" else "" if there else t("没有坐标"),
    }  # fmt: skip


def _furniture(
    made: folium.Map, places: list[dict[str, Any]], desk: int, here: str, filters: Filters, way: Route | None, said: list[str], now: dt.datetime, t: Translate
) -> None:
    head = t("{area}今日要去 {n} 处", area=here, n=len(places) - desk)
    stamp = [t("另办 {n} 项", n=desk)] if desk else []
    stamp += [t("状态截至 {day}，生成时间 {time}", day=filters.as_of, time=f"{now:%Y-%m-%d %H:%M}")]
    if way is not None:
        stamp.append(t("路线：{n} 处，{km} 公里；{how}", n=len(way.keys), km=f"{way.length_km:.1f}", how=way.said(t)))
    items = "".join(_item(place) for place in places) or f'<li class="none">{html.escape(t("今天没有要去的地方"))}</li>'
    root = made.get_root()
    root.header.add_child(folium.Element(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'))
    root.header.add_child(folium.Element('<meta name="viewport" content="width=device-width, initial-scale=1">'))
    root.header.add_child(folium.Element(f"<style>{STYLE}</style>"))
    root.html.add_child(folium.Element(
        f'<main class="todo"><header><h1>{html.escape(head)}</h1><p>{html.escape(" · ".join(stamp))}</p>'
        f'<p class="said">{html.escape(" · ".join(said))}</p></header><ol>{items}</ol></main>'
    ))
    root.script.add_child(folium.Element(SCRIPT.replace("MAP", made.get_name()).replace("MARKS", _json(MARKS)).replace("PLACES", _json(places))))


def _item(place: dict[str, Any]) -> str:
    shown = {name: html.escape(str(value)) for name, value in place.items()}
    near = f'<span class="near">{shown["near"]}</span>' if place["near"] else ""
    return (
        f'<li><button type="button" data-number="{shown["number"]}"><b class="mark is-{shown["tone"]}">{shown["number"]}</b>'
        f'<span class="what"><strong>{shown["title"]}</strong><span>{shown["where"]}</span><span>{shown["why"]}</span>{near}</span>'
        f'<em class="is-{shown["tone"]}">{shown["state"]}</em></button></li>'
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "").replace("\u2029", "")


STYLE = """
html,body{height:100%;margin:0}
body{display:flex;flex-direction:column;font-family:'Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;color:#15202A;background:#fff}
.folium-map{order:0;position:relative!important;width:100%!important;height:46vh!important;flex:none}
.folium-map.leaflet-container{background:#F3F5F4}
.todo{order:1;overflow:auto;flex:1;-webkit-overflow-scrolling:touch}
.todo header{padding:12px 16px;border-bottom:1px solid #D9E0E3}.todo h1{font-size:18px;margin:0}.todo header p{margin:2px 0 0;font-size:13px;color:#43515C}
.todo header .said{color:#7C5800;font-weight:600}
.todo ol{list-style:none;margin:0;padding:0}.todo li.none{padding:24px 16px;color:#43515C}
.todo li button{display:flex;gap:12px;align-items:flex-start;width:100%;min-height:56px;padding:10px 16px;border:0;border-bottom:1px solid #E4E9EB;background:none;font:inherit;text-align:left;color:inherit}
.todo li button[aria-current]{background:#E3EEF8}
.mark{flex:none;min-width:28px;height:28px;border-radius:14px;color:#fff;text-align:center;line-height:28px;font-size:13px}
.what{flex:1;display:flex;flex-direction:column;gap:2px;font-size:13px;color:#43515C}.what strong{font-size:15px;color:#15202A}.what .near{color:#7C5800}
.todo em{font-style:normal;font-size:13px;font-weight:600;white-space:nowrap}
.mark.is-over{background:#CF4318}.mark.is-never{background:#7A5BA8}.mark.is-due{background:#7C5800}.mark.is-ok{background:#1F5560}
em.is-over{color:#B8330F}em.is-never{color:#6A4B98}em.is-due{color:#7C5800}em.is-ok{color:#1F5560}
.onemap-mark{background:none;border:0}.onemap-mark b{display:block;width:26px;height:26px;border-radius:13px;border:2px solid #fff;color:#fff;text-align:center;line-height:26px;font-size:12px;box-shadow:0 1px 3px rgba(20,32,42,.5)}
.onemap-mark.is-chosen b{outline:3px solid #0B5CAD}
@media (min-width:800px){body{flex-direction:row}.folium-map{height:100%!important;order:1;flex:1}.todo{order:0;max-width:420px}}
"""

SCRIPT = """
document.addEventListener("DOMContentLoaded", function () {
  var places = PLACES, colors = MARKS, marks = {};
  function choose(number, fly) {
    document.querySelectorAll(".todo button").forEach(function (button) {
      var mine = Number(button.dataset.number) === number;
      if (mine) { button.setAttribute("aria-current", "true"); button.scrollIntoView({block: "nearest"}); } else { button.removeAttribute("aria-current"); }
    });
    Object.keys(marks).forEach(function (one) { marks[one].getElement().classList.toggle("is-chosen", Number(one) === number); });
    if (fly && marks[number]) { MAP.setView(marks[number].getLatLng(), Math.max(MAP.getZoom(), 15)); }
  }
  places.slice().reverse().forEach(function (place) {
    if (place.lat === null) { return; }
    var face = document.createElement("b");
    face.textContent = place.number;
    face.style.background = colors[place.tone] || colors.ok;
    marks[place.number] = L.marker([place.lat, place.lon], {
      icon: L.divIcon({className: "onemap-mark", html: face, iconSize: [30, 30], iconAnchor: [15, 15]}), alt: place.number + " " + place.title,
      title: place.title + " " + place.where, zIndexOffset: -place.number
    }).addTo(MAP).on("click", function () { choose(place.number, false); });
  });
  document.querySelectorAll(".todo button").forEach(function (button) {
    button.addEventListener("click", function () { choose(Number(button.dataset.number), true); });
  });
  L.control.scale({imperial: false, position: "bottomleft"}).addTo(MAP);
  MAP.invalidateSize();
});
"""
"""Runs last: folium writes its own script after everything that was added to the page."""
