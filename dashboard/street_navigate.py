"""导航: hands a place to the map of the phone that the person picks; the page itself asks no map anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dash import html

from dashboard.figures_view import icon
from data_access.areas import areas
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MAPS = (
    ("geo", N_("手机默认地图"), "geo:{lat},{lon}?q={lat},{lon}({name})", "maps:?daddr={lat},{lon}"),
    ("amap", N_("高德地图"), "amapuri://route/plan/?dlat={lat}&dlon={lon}&dname={name}&dev=1&t=0",
     "iosamap://path?sourceApplication=onemap&dlat={lat}&dlon={lon}&dname={name}&dev=1&t=0"),
    ("baidu", N_("百度地图"), "bdapp://map/direction?destination=name:{name}|latlng:{lat},{lon}&coord_type=wgs84&mode=driving&src=onemap",
     "baidumap://map/direction?destination=name:{name}|latlng:{lat},{lon}&coord_type=wgs84&mode=driving&src=onemap"),
)
"""Maps of a phone: code, name, address for Android and others, address for iOS. Sources: RFC 5870 (geo), the URI
documents of the two map makers; ``dev=1`` and ``coord_type=wgs84`` say that the coordinates are WGS 84."""


def navigate(ask: Ask, place: tuple[float, float] | None, grid: str | None, name: str) -> Component | None:
    """The button with the choice of maps; None where nothing is known of the place.

    Args:
        place: (lon, lat) of the place itself, or None.
        grid: code of its grid, whose middle is led to where the place is not known.
        name: what the map may call it; no personal data.
    """
    near = place is None
    there = _middle(ask, grid) if near else place
    if there is None:
        return None
    t, (lon, lat) = ask.t, (f"{there[0]:.6f}", f"{there[1]:.6f}")
    links: list[Any] = [
        html.A([icon("navigation"), t(words)], className="menu-item", href=_address(android, lon, lat, name), **{"data-navigate": code, "data-ios": _address(ios, lon, lat, name)})
        for code, words, android, ios in MAPS
    ]
    links.append(html.Button([icon("map-pin"), t("复制坐标"), html.Small(f"{lat}, {lon}", className="num quiet")], type="button", className="menu-item",
                             **{"data-copy": f"{lat},{lon}", "data-done": t("已复制")}))
    links.append(html.P(t("位置为网格中心，不是点位本身。") if near else t("由所选的地图应用打开，坐标为 WGS84。"), className="hint"))
    return html.Details([html.Summary([icon("navigation"), t("导航")], className="btn"), html.Div(links, className="menu navigate-menu")], className="pop navigate")


def _address(pattern: str, lon: str, lat: str, name: str) -> str:
    return pattern.format(lon=lon, lat=lat, name=quote(name, safe=""))


def _middle(ask: Ask, grid: str | None) -> tuple[float, float] | None:
    """The label point of a grid; None for none, or one that was never drawn."""
    every = ask.look_up(areas)
    found = every[(every["code"] == grid) & every["label_lon"].notna()] if grid else every.iloc[:0]
    return (float(found["label_lon"].iloc[0]), float(found["label_lat"].iloc[0])) if len(found) else None
