"""带走的地图: the meeting's map as one HTML file that opens from a stick, with layers, pop-ups, legend and search."""

from __future__ import annotations

import html
import json
import math
from typing import Any

import folium
import numpy as np
import shapely

from briefing.documents import Facts, Paper, PaperSettings
from briefing.folium_map import HATCH_ID, SEARCH, STYLE
from briefing.folium_page import LEAFLET, POLICY, SCRIPTS, plain, rendered
from briefing.paper_words import CLASSES, Reader, count, estimate, number, percent
from briefing.static_map import (
    COVERAGE,
    COVERAGE_BREAKS,
    INK,
    LAND,
    LIGHT,
    PATROL,
    SIGNIFICANCE,
    STREET_LINE,
)
from layers import COLORS
from rules.language import N_, Refusal, Translate
from rules.vocabulary import name_of

ON_SCHEDULE = "ok"
LEAST_M, M_A_DEGREE, MOST_NAMES = 300.0, 111_320.0, 60
DEGREES = 6
"""Decimals of a degree that are kept: a tenth of a metre."""

ROOM_ABOVE, ROOM_BELOW = (10, 165), (10, 130)
"""Pixels that head and legend take of the map at first."""

DASHES = {"tending_high": "8 5", "under_patrolled": "2 5"}


def make(facts: Facts, settings: PaperSettings, t: Translate) -> bytes:
    """The file. True coordinates of sites and cases are not in it: hotspots stand as rings, cases as a count a street.

    Raises:
        Refusal: no outline was handed in, or Leaflet was never built.
    """
    if not (LEAFLET / "leaflet.js").exists():
        raise Refusal(N_("缺少 assets/vendor（地图引擎与字体）：请先运行 make setup。"))
    if settings.outlines is None or settings.outlines.geometry.isna().all():
        raise Refusal(N_("还没有区域边界，画不了地图：请先导入街镇边界。"))
    reader = Reader(facts, settings, t)
    areas = settings.outlines[settings.outlines.geometry.notna()]
    if reader.own_street is not None:
        areas = areas[areas["street_code"] == reader.own_street["code"]]
    west, south, east, north = areas.total_bounds
    made = folium.Map(tiles=None, zoom_control=True, zoom_snap=0.25, attribution_control=False)
    made.default_js = [(name, f"inline:{name}") for name in SCRIPTS]
    made.default_css = [("leaflet_css", "inline:leaflet.css")]
    made.fit_bounds([[south, west], [north, east]], padding_top_left=ROOM_ABOVE, padding_bottom_right=ROOM_BELOW)
    shapes = {code: _outline(shape) for code, shape in zip(areas["code"], areas.geometry, strict=True)}
    names = {row["code"]: reader.name(row) for row in areas[["code", "name", "name_en"]].fillna("").to_dict("records")}
    legends = [_hotspot_paint(made, reader, areas, shapes, names), _patrol_paint(made, reader, areas, shapes, names), _street_paint(made, reader, areas, shapes)]
    _outlines(made, areas, shapes)
    _names(made, reader, areas)
    legends += [_rings(made, reader, areas), _cases(made, reader, areas)]
    folium.LayerControl(collapsed=False, position="topright").add_to(made)
    _furniture(made, reader, areas, names, [one for one in legends if one])
    return rendered(made, t("打非一张图")).encode()


def _paint(made: folium.Map, title: str, features: list[dict[str, Any]], *, show: bool) -> None:
    if not features:
        return
    group = folium.FeatureGroup(name=title, overlay=False, show=show)
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: {"fillColor": feature["properties"]["fill"], "fillOpacity": 1, "color": "#FFFFFF", "weight": 1},
        highlight_function=lambda _feature: {"weight": 3, "color": INK},
        popup=folium.GeoJsonPopup(fields=["card"], labels=False),
    ).add_to(group)
    group.add_to(made)


def _feature(code: str, shape: dict[str, Any], fill: str, head: str, lines: list[tuple[str, str]]) -> dict[str, Any]:
    return {"type": "Feature", "id": code, "geometry": shape, "properties": {"fill": fill, "card": _card(head, lines)}}


def _card(head: str, lines: list[tuple[str, str]]) -> str:
    told = "".join(f"<tr><th>{plain(name)}</th><td>{plain(value)}</td></tr>" for name, value in lines)
    return f"<b>{plain(head)}</b><table>{told}</table>"


def _hotspot_paint(made: folium.Map, reader: Reader, areas: Any, shapes: dict, names: dict) -> str:
    t = reader.t
    at = {code: one for one in reader.facts["hotspots"] for code in one["members"]}
    features = []
    for code in areas.loc[areas["level"] == "grid", "code"]:
        key = reader.facts["grid_classes"].get(code, "none")
        spot = at.get(code)
        lines = [(t("片区"), reader.name(spot)), (t("件数"), number(spot["observed"])), (t("预期"), estimate(spot["expected"]))] if spot else []
        fill = f"url(#{HATCH_ID})" if key == "under_patrolled" else SIGNIFICANCE[key]
        features.append(_feature(code, shapes[code], fill, f"{names[code]} · {t(CLASSES[key])}", lines))
    _paint(made, t("热点研判"), features, show=True)
    entries = [(SIGNIFICANCE[key], t(CLASSES[key]), key == "under_patrolled") for key in SIGNIFICANCE]
    return _legend(t("热点研判"), entries, shown=True) if features else ""


def _patrol_paint(made: folium.Map, reader: Reader, areas: Any, shapes: dict, names: dict) -> str:
    t = reader.t
    known = reader.grid_streets
    late = {grid["code"]: grid for one in reader.own_streets for grid in one.get("overdue_grids") or ()}
    features = []
    for code, street in areas.loc[areas["level"] == "grid", ["code", "street_code"]].itertuples(index=False):
        if street not in known:
            continue
        grid = late.get(code)
        key = grid["state"] if grid else ON_SCHEDULE
        word = t(name_of("grid_state", key)) if grid else t("按期或临期")
        lines = [(t("距上次巡查"), t("{n}天", n=grid["days"]) if grid["days"] is not None else t("建格以来没有巡查记录"))] if grid else []
        fill = f"url(#{HATCH_ID})" if key == "never" else PATROL[key][1] if grid else COLORS["cov-ok"][LIGHT]
        features.append(_feature(code, shapes[code], fill, f"{names[code]} · {word}", lines))
    _paint(made, t("网格巡查状态"), features, show=False)
    entries = [(COLORS["cov-ok"][LIGHT], t("按期或临期"), False), *((color, t(word), key == "never") for key, (word, color) in PATROL.items())]
    return _legend(t("网格巡查状态"), entries) if features else ""


def _street_paint(made: folium.Map, reader: Reader, areas: Any, shapes: dict) -> str:
    t = reader.t
    features = []
    for one in reader.facts["streets"]:
        if one["code"] not in shapes:
            continue
        fill = LAND if one["coverage"] is None else COVERAGE[int(np.searchsorted(COVERAGE_BREAKS, one["coverage"], side="right"))]
        verdict = t(one["verdict"]) if one.get("verdict") else "—"
        lines = [
            (t("网格按期巡查率"), percent(one["coverage"])), (t("逾期"), count(one, "over")), (t("从未巡查"), count(one, "never")), (t("巡排查"), t("{n}户次", n=count(one, "visits"))),
            (t("前期／本期事件"), f"{count(one, 'events_before')}{reader.slash}{count(one, 'events_after')}"), (t("判断"), verdict),
        ]  # fmt: skip
        features.append(_feature(one["code"], shapes[one["code"]], fill, reader.name(one), lines))
    _paint(made, t("街镇网格按期巡查率"), features, show=not (areas["level"] == "grid").any())
    edges = ["<80%", "80%–85%", "85%–90%", "90%–95%", "≥95%"]
    return _legend(t("街镇网格按期巡查率"), [(color, edge, False) for color, edge in zip(COVERAGE, edges, strict=True)]) if features else ""


def _outlines(made: folium.Map, areas: Any, shapes: dict) -> None:
    streets = [{"type": "Feature", "properties": {}, "geometry": shapes[code]} for code in areas.loc[areas["level"] == "street", "code"]]
    if streets:
        style = {"color": STREET_LINE, "weight": 1.8, "opacity": 0.75, "fill": False, "interactive": False}
        folium.GeoJson({"type": "FeatureCollection", "features": streets}, style_function=lambda _feature: style, control=False).add_to(made)


def _rings(made: folium.Map, reader: Reader, areas: Any) -> str:
    t = reader.t
    own = reader.own_street
    spots = [one for one in reader.facts["hotspots"] if one.get("lon") is not None and (own is None or own["code"] in one["street_codes"])]
    if not spots:
        return ""
    group = folium.FeatureGroup(name=t("热点"), show=True)
    for one in spots:
        where, radius = _round(one, areas)
        lines = [
            (t("判断"), reader.class_said(one)), (t("牵头"), reader.system(one["lead_system"])), (t("历史点位"), t("{n}户", n=count(one, "sites"))),
            (t("逾期网格"), t("{n}个", n=count(one, "overdue_grids"))),
        ]  # fmt: skip
        head = t("热点{rank} {name}", rank=one["rank"], name=reader.name(one))
        card = f"{_card(head, lines)}<p>{plain(reader.say(one['sentence']))}</p>"
        popup = folium.Popup(card, max_width=340)
        for factor in (1.0, 1.1) if one["class"] == "very_high" else (1.0,):
            folium.Circle(where, radius=radius * factor, color=INK, weight=2, fill=False, dash_array=DASHES.get(one["class"]), popup=popup if factor == 1.0 else None).add_to(group)
        mark = f'<svg viewBox="0 0 28 28" width="28" height="28"><circle cx="14" cy="14" r="11" fill="{INK}" stroke="#FFFFFF" stroke-width="1.5"/><text x="14" y="18.5" font-size="13" font-weight="700" text-anchor="middle" fill="#FFFFFF">{one["rank"]}</text></svg>'
        folium.Marker(where, icon=folium.DivIcon(html=mark, icon_size=(28, 28), icon_anchor=(14, 14), class_name="onemap-symbol"), popup=folium.Popup(card, max_width=340)).add_to(group)
    group.add_to(made)
    head, told = t("热点"), t("双线圈：极显著；实线圈：显著；虚线圈：倾向；点线圈：疑似漏查")
    return f"<p><b>{html.escape(head)}</b><span>{html.escape(told)}</span></p>"


def _round(spot: dict[str, Any], areas: Any) -> tuple[list[float], float]:
    """Middle (lat, lon) and radius in metres of the ring around a hotspot's areas; its own point where none is drawn."""
    shapes = areas.loc[areas["code"].isin(spot["members"]), "geometry"]
    if shapes.empty:
        return [spot["lat"], spot["lon"]], LEAST_M
    west, south, east, north = shapes.total_bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    metres = np.array([M_A_DEGREE * math.cos(math.radians(lat)), M_A_DEGREE])
    corners = np.concatenate([shapely.get_coordinates(shape) for shape in shapes])
    return [lat, lon], max(LEAST_M, float(np.hypot(*((corners - (lon, lat)) * metres).T).max()))


def _names(made: folium.Map, reader: Reader, areas: Any) -> None:
    """The names of the streets, where they are few enough to stand side by side."""
    streets = areas[areas["level"] == "street"]
    if len(streets) > MOST_NAMES:
        return
    # In a group: a marker that is added to the map itself first asks for Leaflet's own picture.
    group = folium.FeatureGroup(control=False)
    size = 10 if reader.is_latin else 12
    for row in streets.to_dict("records"):
        name = reader.short_name(row)
        words = f'<span style="position:absolute;transform:translate(-50%,-50%);white-space:nowrap;font:600 {size}px sans-serif;color:{INK};text-shadow:0 0 3px #fff,0 0 3px #fff,0 0 3px #fff;pointer-events:none">{html.escape(name)}</span>'
        folium.Marker([float(row["label_lat"]), float(row["label_lon"])], icon=folium.DivIcon(html=words, icon_size=(0, 0), class_name="onemap-name"), interactive=False, keyboard=False).add_to(group)
    group.add_to(made)


def _cases(made: folium.Map, reader: Reader, areas: Any) -> str:
    t = reader.t
    at = areas[areas["level"] == "street"].set_index("code")
    group = folium.FeatureGroup(name=t("在办案件（按街镇）"), show=False)
    found: dict[str, list[dict]] = {}
    for one in reader.facts["cases"]:
        found.setdefault(one["street_code"], []).append(one)
    for code, rows in found.items():
        if code not in at.index:
            continue
        lines = [(one["number"] or "—", reader.days_left(one["days_left"])) for one in rows]
        mark = f'<svg viewBox="0 0 28 28" width="28" height="28"><path d="M14 1.5 26.5 14 14 26.5 1.5 14Z" fill="#FFFFFF" stroke="{INK}" stroke-width="1.8"/><text x="14" y="18" font-size="11" font-weight="600" text-anchor="middle" fill="{INK}">{len(rows)}</text></svg>'
        popup = folium.Popup(_card(t("{street}在办案件{n}件", street=reader.street(code), n=len(rows)), lines), max_width=320)
        where = [float(at.at[code, "label_lat"]), float(at.at[code, "label_lon"])]
        folium.Marker(where, icon=folium.DivIcon(html=mark, icon_size=(28, 28), icon_anchor=(14, 14), class_name="onemap-symbol"), popup=popup).add_to(group)
    group.add_to(made)
    head, told = t("在办案件（按街镇）"), t("案件数")
    return f"<p><b>{html.escape(head)}</b><span>◇ {html.escape(told)}</span></p>"


def _legend(title: str, entries: list[tuple[str, str, bool]], *, shown: bool = False) -> str:
    marks = "".join(f'<span><i class="{"hatch" if hatched else ""}" style="background-color:{color}"></i>{html.escape(word)}</span>' for color, word, hatched in entries)
    return f'<p data-paint="{html.escape(title)}"{"" if shown else " hidden"}><b>{html.escape(title)}</b>{marks}</p>'


def _furniture(made: folium.Map, reader: Reader, areas: Any, names: dict[str, str], legends: list[str]) -> None:
    t = reader.t
    places = {
        (names[row.code] if names[row.code] == row.code else f"{names[row.code]} {row.code}"): [round(float(row.label_lat), DEGREES), round(float(row.label_lon), DEGREES), row.level]
        for row in areas[areas["level"].isin(["street", "neighbourhood", "grid"])].itertuples()
    }  # fmt: skip
    listed = "".join(f'<option value="{html.escape(one)}"></option>' for one in places)
    look = html.escape(t("查找街镇、村居、网格"))
    said = " · ".join(filter(None, (reader.mark, reader.map_notice)))
    title, legend = t("{place}打击非法行医会议地图", place=reader.place), t("图例")
    never = COLORS["cov-never"][LIGHT]
    root = made.get_root()
    root.header.add_child(folium.Element(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'))
    root.header.add_child(folium.Element(f"<style>{STYLE}</style>"))
    root.html.add_child(folium.Element(
        f'<header class="onemap-head"><h1>{html.escape(title)}</h1><p>{html.escape(reader.stamp)}</p><p class="said">{html.escape(said)}</p>'
        f'<input id="onemap-search" type="search" list="onemap-places" placeholder="{look}" aria-label="{look}"><datalist id="onemap-places">{listed}</datalist></header>'
        f'<aside class="onemap-legend"><details open><summary>{html.escape(legend)}</summary>{"".join(legends)}</details></aside>'
        f'<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><pattern id="{HATCH_ID}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{never}" fill-opacity=".28"/><rect width="2.2" height="6" fill="{never}"/></pattern></defs></svg>'
    ))  # fmt: skip
    text = json.dumps(places, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "").replace("\u2029", "")
    root.script.add_child(folium.Element(SEARCH.replace("MAP", made.get_name()).replace("PLACES", text)))


def _outline(shape: shapely.Geometry) -> dict[str, Any]:
    return json.loads(shapely.to_geojson(shapely.transform(shape, lambda xy: np.round(xy, DEGREES))))


PAPER = Paper("map", N_("会议地图（可带走）"), "html", make, ("district", "street", "agency"), order=80)
