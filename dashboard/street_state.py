"""Reads what the street screen shows from the URL: which street, which tab, which part of the list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from data_access.areas import path_to
from data_access.narrowing import OWN_AGENCIES
from data_access.organisations import agency_names
from rules.language import N_
from rules.request import UnreadableRequest
from rules.worklist_order import GROUPS

if TYPE_CHECKING:
    from dashboard.question import Ask

TABS = (
    ("grids", N_("我的网格"), ""),
    ("sites", N_("点位"), "sites"),
    ("construction", N_("工地"), "construction_sites"),
    ("cases", N_("案件"), "cases"),
    ("figures", N_("统计"), ""),
)
"""Name, title and the row set of each tab of the header; the first is the map with its worklist."""

HORIZONS = (0, 1, 7)
"""Days ahead that the worklist may look: today alone, with tomorrow, with the week."""

_ASKED = ("from", "to", "as_of", "known_at", "area", "system", "agency", "category", "premises", "cycle", "by", "lang")
KEPT = {
    "work": (*_ASKED, "group", "owner", "horizon", "reference", "route", "start", "travel"),
    "detail": (*_ASKED, "select"),
    "over": (*_ASKED, "tab", "rows", "narrow", "card"),
}
"""Keys of the query that a part of the screen depends on (assets/onemap/street.js has the same table)."""

LOCAL = ("street", "neighbourhood")
"""Levels of agencies that belong to a place smaller than the district."""

_CODE = re.compile(r"[\w.\-]{1,64}")
_POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,8})?),(-?\d{1,2}(?:\.\d{1,8})?)")


@dataclass(frozen=True, slots=True)
class StreetState:
    """How the street screen is looked at; nothing in it changes a figure.

    Attributes:
        tab: the open tab of ``TABS``.
        group: the group of the worklist that is shown, or "" for all.
        horizon: days ahead that the worklist looks.
        route: whether the worklist is in the order of a route.
        owner: code of the team, neighbourhood or agency whose places are shown, or "" for everybody.
        reference: whether places are listed whose rules nobody adopted yet (参考).
        start: (lon, lat) where the route begins; None begins at the most urgent place.
        travel: ``drive`` or ``walk``: which roads the route may take, and whether one-way streets bind.
    """

    tab: str = "grids"
    group: str = ""
    horizon: int = 1
    route: bool = False
    start: tuple[float, float] | None = None
    owner: str = ""
    reference: bool = False
    travel: str = "drive"


def read_street(search: str) -> StreetState:
    """Read the screen's own keys of a query.

    Raises:
        UnreadableRequest: a value is none of those known; names the key.
    """
    query = dict(parse_qsl(search.removeprefix("?")))
    return StreetState(
        tab=_one_of("tab", query.get("tab", "grids"), [name for name, _, _ in TABS]),
        group=_one_of("group", query.get("group", ""), ["", *GROUPS]),
        horizon=int(_one_of("horizon", query.get("horizon", "1"), [str(days) for days in HORIZONS])),
        route=_one_of("route", query.get("route", ""), ["", "1"]) == "1",
        start=_point(query.get("start")),
        reference=_one_of("reference", query.get("reference", ""), ["", "1"]) == "1",
        owner=_code(query.get("owner", "")),
        travel=_one_of("travel", query.get("travel", "drive"), ["drive", "walk"]),
    )


def part(search: str, name: str) -> str:
    """What of the query one part of the screen depends on, keys sorted; "" for a part that is shut.

    Args:
        name: ``work``, ``detail`` (shut without a selection) or ``over`` (shut over the map).
    """
    pairs = dict(parse_qsl(search.removeprefix("?")))
    if (name == "detail" and "select" not in pairs) or (name == "over" and not pairs.keys() & {"tab", "rows", "card"}):
        return ""
    return "?" + urlencode({key: pairs[key] for key in sorted(pairs) if key in KEPT[name]})


def home(ask: Ask) -> str | None:
    """The area that the screen is about: the one asked for, else the smallest that holds all of the person's own, else None.

    Several streets are one list over the district; an agency's own is its street's, or the district: nobody there has to choose a street.
    """
    if ask.filters.area:
        return ask.filters.area
    if ask.scope.areas:
        return _around(ask, ask.scope.areas)
    own = office(ask)
    if own is None:
        return None
    mine = ask.scope.agencies if own == OWN_AGENCIES else (own,)
    agencies = agency_names(ask.database, ask.scope, ask.filters.as_of, known_at=ask.filters.known_at)
    lies = agencies.loc[agencies["code"].isin(mine) & agencies["level"].isin(LOCAL), "area_code"].dropna()
    return _around(ask, tuple(lies)) if len(lies) == len(mine) else ask.scope.district


def office(ask: Ask) -> str | None:
    """The agency whose work is a person's own: the only one of their scope, the one of several asked for, else ``OWN_AGENCIES``; None for anybody else."""
    own = () if ask.scope.areas else ask.scope.agencies
    if len(own) > 1:
        return ask.filters.agency if ask.filters.agency in own else OWN_AGENCIES
    return own[0] if own else None


def several(ask: Ask) -> tuple[str, ...]:
    """The person's own areas, else agencies, where they have more than one: the lists they may go between."""
    own = ask.scope.areas or ask.scope.agencies
    return own if len(own) > 1 else ()


def street_of(ask: Ask, code: str) -> str:
    """The street that an area lies in; the area itself where it lies in none."""
    return dict(ask.look_up(path_to, code)).get("street", code)


def _around(ask: Ask, codes: tuple[str, ...]) -> str:
    """The smallest of area, street and district that holds all of the areas."""
    for held in (set(codes), {street_of(ask, code) for code in codes}):
        if len(held) == 1:
            return held.pop()
    return ask.scope.district


def at_home(ask: Ask) -> Ask:
    """The question about the screen's area."""
    code = home(ask)
    return ask if code in (None, ask.filters.area, ask.scope.district) else ask.with_(area=code)


def own_work(ask: Ask) -> Ask:
    """The question about the screen's area, and for a person of an agency about what it owes there."""
    own, asked = office(ask), at_home(ask)
    if own is None or ask.filters.agency is not None or ask.filters.system is not None:
        return asked
    return asked.with_(agency=own)


def _one_of(key: str, value: str, known: list[str]) -> str:
    if value not in known:
        raise UnreadableRequest(f"{key}: expected one of {', '.join(filter(None, known))}; found {value[:40]!r}")
    return value


def _code(text: str) -> str:
    if text and not _CODE.fullmatch(text):
        raise UnreadableRequest(f"owner: expected a code, found {text[:40]!r}")
    return text


def _point(text: str | None) -> tuple[float, float] | None:
    if not text:
        return None
    found = _POINT.fullmatch(text)
    if found is None or abs(float(found[1])) > 180 or abs(float(found[2])) > 90:
        raise UnreadableRequest(f"start: expected lon,lat; found {text[:40]!r}")
    return float(found[1]), float(found[2])
