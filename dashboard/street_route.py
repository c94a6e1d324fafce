"""The way round the worklist: how far, from where, along which roads, and what the map draws of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.figures_view import icon
from dashboard.view_state import go
from data_access.areas import areas
from data_access.narrowing import inside
from data_access.roads import road_network, round_of

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask
    from dashboard.street_state import StreetState
    from rules.route import Route

DIGITS = 6
"""Decimals of a degree in the address and on the map: about a decimetre."""


def way_round(ask: Ask, shown: pd.DataFrame, state: StreetState) -> Route:
    """The round through the places shown, from the start chosen, by the roads where the district has any."""
    return round_of(ask.database, ask.filters, ask.scope, shown, state.start, walking=state.travel == "walk")


def in_order(shown: pd.DataFrame, way: Route | None) -> pd.DataFrame:
    """The rows as the route goes; those without a point after it, in the order of urgency."""
    if way is None:
        return shown
    place = {key: at for at, key in enumerate(way.keys)}
    return shown.assign(_place=shown["key"].map(place)).sort_values("_place", kind="stable", na_position="last").drop(columns="_place")


def route_line(ask: Ask, way: Route, state: StreetState) -> Component:
    """How long the round is and how that was measured; where it begins; on foot or by vehicle."""
    t = ask.t
    said = [html.B(t("路线 {n} 处，{km} 公里", n=len(way.keys), km=f"{way.length_km:.1f}")), html.Small(way.said(t))]
    if way.left_out:
        said.append(html.Small(t("{n} 处没有坐标，列在最后", n=len(way.left_out))))
    ways: list[Any] = [_starts(ask, state)]
    if road_network(ask.database, ask.filters, ask.scope) is not None:
        on_foot = state.travel == "walk"
        ways.append(html.Button([icon("footprints"), t("改为车行") if on_foot else t("改为步行")], type="button", className="link",
                                **go(travel=None if on_foot else "walk")))
    return html.Div([html.Div(said, role="status"), html.Div(ways, className="route-starts")], className="route-line")


def _starts(ask: Ask, state: StreetState) -> Component:
    """Where the round may begin: the most urgent place, here, a spot on the map, or a grid."""
    t = ask.t
    grids = _grids(ask)
    chosen = "" if state.start is None else _point(*state.start)
    name = t("最急的一处") if not chosen else grids.get(chosen) or t("选定的点")
    choices: list[Any] = [
        html.Button([icon("list-checks"), t("最急的一处")], type="button", className="menu-item", **({"aria-current": "true"} if not chosen else {}), **go(start=None)),
        html.Button([icon("locate-fixed"), t("我的位置")], type="button", className="menu-item",
                    **{"data-start": "device", "data-no-fix": t("没有定位：请允许定位，或在地图上点选。"), "data-insecure": t("没有使用 HTTPS，浏览器不给位置：请在地图上点选。")}),
        html.Button([icon("map-pin"), t("在地图上点选")], type="button", className="menu-item",
                    **{"data-start": "tap", "data-hint": t("在地图上点一下，选定起点"), "data-cancel": t("取消")}),
        html.Button([icon("map"), t("地图中心")], type="button", className="menu-item", **{"data-start": "centre"}),
    ]
    if grids:
        options = [html.Option(t("选一个网格"), value=""), *(html.Option(words, value=point) for point, words in grids.items())]
        picked = chosen if chosen in grids else ""
        choices.append(html.Label([html.Span(t("网格")), html.Select(
            [html.Option(one.children, value=one.value, selected=True) if one.value == picked else one for one in options], **{"data-start": "grid"})], className="menu-field"))
    choices.append(html.P(className="hint start-said", role="alert"))
    return html.Details(
        [html.Summary([html.Span(t("起点：{name}", name=name)), icon("chevron-down")], className="link", title=t("从哪里出发")), html.Div(choices, className="menu start-menu")],
        className="pop starts",
    )


def _grids(ask: Ask) -> dict[str, str]:
    """The name of each grid of the screen by its label point as the address writes it."""
    every = ask.look_up(areas)
    mine = inside(every[every["level"] == "grid"], ask.filters, ask.scope)
    mine = mine[mine["label_lon"].notna()].sort_values("code")
    return {_point(lon, lat): ask.name(code) for code, lon, lat in zip(mine["code"], mine["label_lon"], mine["label_lat"], strict=True)}


def _point(lon: float, lat: float) -> str:
    return f"{lon:.{DIGITS}f},{lat:.{DIGITS}f}"


def drawn_route(ask: Ask, frame: pd.DataFrame, way: Route | None, state: StreetState) -> Component:
    """What the browser draws: the stops ``[[key, lon, lat], ...]`` in the order to go, the line, the start, and where 重点村居 lie."""
    stops, line = [], []
    if way is not None:
        at = frame.set_index("key")[["lon", "lat"]]
        stops = [[key, round(float(at.loc[key, "lon"]), DIGITS), round(float(at.loc[key, "lat"]), DIGITS)] for key in way.keys]
        line = [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in way.line]
    begins = list(state.start) if way is not None and state.start else None
    return html.Div(id="street-route", hidden=True, **{"data-route": json.dumps(stops), "data-line": json.dumps(line), "data-begins": json.dumps(begins),
                                                         "data-marked": json.dumps(_marked(ask), ensure_ascii=False)})


def _marked(ask: Ask) -> list[list[object]]:
    """Name and label point of each neighbourhood of the screen that is marked (重点村居); none over a whole district, where they hide the map."""
    if ask.filters.area in (None, ask.scope.district):
        return []
    every = ask.look_up(areas)
    mine = inside(every[every["level"] == "neighbourhood"], ask.filters, ask.scope)
    mine = mine[mine["priority"].fillna(False).astype("bool") & mine["label_lon"].notna()].sort_values("code")
    return [[ask.name(code), round(lon, DIGITS), round(lat, DIGITS)] for code, lon, lat in zip(mine["code"], mine["label_lon"], mine["label_lat"], strict=True)]
