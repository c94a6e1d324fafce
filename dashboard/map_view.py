"""The map's place in the page: what the module needs to draw, with the words of both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import orjson
from dash import get_asset_url, html

from dashboard import map_server, plotly_map
from dashboard.map_answers import box_of, day_asked
from data_access.areas import areas
from data_access.tiles import MAX_ZOOM, MIN_ZOOM, tiles_version
from layers import COLORS, Column, Layer, LayerClass, layers
from rules.language import LANGUAGES, N_, Translate, translator
from rules.vocabulary import TABLES

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context

PAINT = "grid_state"
"""The area layer that is drawn until somebody chooses another."""
WALL_PADDING = {"left": 0.26, "right": 0.27, "top": 0.235, "bottom": 0.265}
"""Share of the wall that its columns and lines cover. Source: design, wall.html."""
TIANDITU = (
    "https://t0.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
WORDS = {
    "title": N_("地图"), "legend": N_("图例"), "layers": N_("图层"), "paints": N_("网格与街镇"), "points": N_("点位"),
    "table": N_("表格"), "controls": N_("地图工具"), "zoomIn": N_("放大"), "zoomOut": N_("缩小"), "home": N_("回到全貌"),
    "full": N_("全屏"), "close": N_("关闭"), "outside": N_("不在查看范围"), "noAnswer": N_("没有数据"), "open": N_("查看{level}"),
    "rows": N_("共 {n} 行"), "noRows": N_("没有符合条件的内容"), "before": N_("上一页"), "after": N_("下一页"),
    "premises": N_("处"), "failed": N_("地图数据没有取到，正在自动重试。"),
    "noWebgl": N_("这个浏览器不能显示地图（没有 WebGL2）。下面的表格列出同样的内容；也可以换用新版 Chrome、Edge 或 Firefox。"),
}  # fmt: skip
STREET_COLOR_ZOOM = 10.0
"""A street's own screen is small, and what it shows is little: dots have their class colour from farther out."""
LEVELS = {"street": N_("街镇"), "neighbourhood": N_("村居"), "grid": N_("网格")}


def map_area(ask: Ask, *, wall: bool = False, street: bool = False) -> Component:
    """The map for a question.

    The element stays while the URL changes: the module (assets/onemap/map) follows the URL itself.

    Args:
        ask: the question; its area is what the map first looks at.
        wall: a shared screen: no controls, points merged per area, a raised district.
        street: a street's own screen: it stays with the question's area, a press selects, and what is
            selected is told beside the map, not on it.
    """
    if ask.view.map == "plotly" and not wall and not street:
        return plotly_map.graph_area(ask)
    map_server.ready_tiles(ask)
    settings = orjson.dumps(map_settings(ask, wall=wall, street=street)).decode()
    return html.Div(
        role="group",
        className="map is-wall" if wall else "map",
        id="map",
        **{"aria-label": ask.t("地图"), "data-map": settings, "data-module": get_asset_url("onemap/map/map.js")},
    )


def register(app: Dash, context: Context) -> None:
    """Add the map's routes and the callback of Plotly's map."""
    map_server.register(app, context)
    plotly_map.register(app, context)


def map_settings(ask: Ask, *, wall: bool = False, street: bool = False) -> dict[str, Any]:
    """What the module is told once: addresses, first view, declarations, colours, words."""
    found = ask.look_up(areas)
    bounds = ask.look_up(box_of, None)
    shared = wall or not ask.scope.exact_points
    return {
        "base": "/map/shared/" if shared else "/map/",
        "shared": shared,
        "geometry": ask.look_up(tiles_version),
        "zooms": [MIN_ZOOM, MAX_ZOOM],
        "day": day_asked(ask.filters),
        "bounds": bounds,
        "box": (ask.filters.area and ask.look_up(box_of, ask.filters.area)) or bounds,
        "area": ask.filters.area,
        "drawn": sorted(set(found.loc[found.geometry.notna(), "level"])),
        "paint": PAINT,
        "layers": [_drawing(layer) | ({"color_zoom": min(layer.color_zoom, STREET_COLOR_ZOOM)} if street else {}) for layer in layers().values()],
        "colors": COLORS,
        "words": {language: _words(translator(language)) for language in LANGUAGES},
        "notices": {language: notices(ask, translator(language)) for language in LANGUAGES},
        "lang": ask.lang,
        "theme": "dark" if wall else None,
        "wall": wall,
        "home": ask.filters.area if street else None,
        "padding": WALL_PADDING if wall else None,
        "basemap": basemap_address(ask.context.basemap),
        "target": {"high": ask.context.target, "low": ask.context.target_low},
    }


def basemap_address(setting: str) -> str | None:
    """The address pattern of the background map's pictures with {z}, {x}, {y}; None for none.

    Args:
        setting: an XYZ address, ``wmts:ADDRESS`` with the same placeholders, ``tianditu:KEY``
            (天地图 vec_w, the customer's key). A file of tiles is not drawn yet: None.
    """
    kind, _, rest = setting.partition(":")
    if kind == "tianditu":
        return TIANDITU.format(key=quote(rest, safe=""))
    if kind == "wmts":
        return rest
    return setting if "{z}" in setting else None


def basemap_origin(setting: str) -> str:
    """The origin that a background map is fetched from, for the content policy; empty when it is our own."""
    address = urlsplit(basemap_address(setting) or "")
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""


OWN_COLORS = N_("网格按本部门的巡查着色，各街镇比率按所有部门的巡查计算")
"""Said to an agency of a map that has a layer of patrols."""


def notices(ask: Ask, t: Translate) -> list[str]:
    """What must stand beside every map: 审图号, source, 界线为示意, 演示数据."""
    said = ask.context.notices
    return [
        text
        for text in (
            t("审图号：{number}", number=said.approval) if said.approval else "",
            t("底图来源：{source}", source=said.source) if said.source else "",
            t(said.boundary) if said.boundary else "",
            t("演示数据") if ask.context.demo else "",
            t(OWN_COLORS) if ask.scope.agencies else "",
        )
        if text
    ]


def _drawing(layer: Layer) -> dict[str, Any]:
    """What of a declaration is the same in every language."""
    return {
        "name": layer.name, "geometry": layer.geometry, "kind": layer.kind, "unit_is_percent": layer.unit == "%",
        "order": layer.order, "shape": layer.shape, "sizes": layer.sizes, "color_zoom": layer.color_zoom,
        "shown": layer.shown, "min_zoom": layer.min_zoom, "max_zoom": layer.max_zoom,
        "facts": [{"field": fact.field, "words": fact.words} for fact in layer.facts],
        "classes": [_class_drawing(one) for one in layer.classes],
    }  # fmt: skip


def _class_drawing(one: LayerClass) -> dict[str, Any]:
    return {
        "key": one.key, "color": one.color, "pattern": one.pattern, "size": one.size, "filled": one.filled,
        "ring": one.ring, "code": one.code, "weight": one.weight, "in_legend": one.in_legend,
    }  # fmt: skip


def _words(t: Translate) -> dict[str, Any]:
    """Everything that people read on the map, in one language."""
    facts = {fact.words for layer in layers().values() for fact in layer.facts if fact.words}
    return {
        **{name: t(text) for name, text in WORDS.items()},
        "levels": {level: t(text) for level, text in LEVELS.items()},
        "layers": [_layer_words(layer, t) for layer in layers().values()],
        "vocabulary": {table: {word.code: t(word.name) for word in TABLES[table]} for table in sorted(facts)},
    }


def _layer_words(layer: Layer, t: Translate) -> dict[str, Any]:
    return {
        "name": layer.name, "title": t(layer.title), "unit": t(layer.unit), "count_unit": t(layer.count_unit),
        "value_text": t(layer.value_text), "no_value_text": t(layer.no_value_text),
        "classes": [{"label": t(one.label), "badge": t(one.badge)} for one in layer.classes],
        "facts": [_fact_words(fact, t) for fact in layer.facts],
    }  # fmt: skip


def _fact_words(fact: Column, t: Translate) -> dict[str, str]:
    return {"header": t(fact.header), "unit": t(fact.unit)}
