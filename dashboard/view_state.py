"""Reads and writes the page's whole state as one URL query: what is asked and how it is looked at."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from rules.request import Filters, UnreadableRequest

LONGEST_QUERY = 4_000
DEFAULT_PAINT = "grid_state"
DEFAULT_TABS = {"street": "coverage", "agency": "agencies"}
LANGUAGES = {"zh": "zh_CN", "zh_CN": "zh_CN", "en": "en"}
THEMES = ("dark", "light")
MAPS = ("maplibre", "plotly")

_HOW_IT_LOOKS = {"layers", "paint", "theme", "map"}
_WHAT_IS_OPEN = {"rows", "narrow", "card"}
LEFT_OUT = {
    "street": _HOW_IT_LOOKS | _WHAT_IS_OPEN | {"tab_agency"},
    "agency": _HOW_IT_LOOKS | _WHAT_IS_OPEN | {"tab", "select", "counts"},
    "drawer": _HOW_IT_LOOKS | {"tab", "tab_agency", "select", "counts"},
}
"""Keys of the query that a part of the page does not depend on (url.js has the same table)."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_SELECTION = re.compile(r"[a-z_]{1,24}:[A-Za-z0-9_.\-]{1,64}")
_SET = re.compile(r"[A-Za-z][\w()（）]{0,39}")
_NARROWING = re.compile(r"([a-z_]{1,32}):([^,:]{0,200})")


@dataclass(frozen=True, slots=True)
class ViewState:
    """How the answer is looked at; nothing in it changes a figure.

    Attributes:
        layers: names of the point layers shown; None shows each layer as it declares itself.
        paint: name of the area layer that colours the map.
        tab_street, tab_agency: the open tab of each column.
        select: ``kind:id`` of what is selected on the map, or None.
        rows: name of the row set whose drawer is open, or None.
        narrow: further equalities of the open row set, as sorted (column, value) pairs.
        card: key of the definition card that is open, or None.
        lang: ``zh_CN`` or ``en``.
        theme: ``dark`` or ``light``.
        map: ``maplibre`` or ``plotly``.
    """

    layers: tuple[str, ...] | None = None
    paint: str = DEFAULT_PAINT
    tab_street: str = DEFAULT_TABS["street"]
    tab_agency: str = DEFAULT_TABS["agency"]
    select: str | None = None
    rows: str | None = None
    narrow: tuple[tuple[str, str], ...] = ()
    card: str | None = None
    lang: str = "zh_CN"
    theme: str = "dark"
    map: str = "maplibre"

    def with_(self, **changes: Any) -> ViewState:
        return replace(self, **changes)

    def tab(self, side: str) -> str:
        """The open tab of a side, ``street`` or ``agency``."""
        return self.tab_street if side == "street" else self.tab_agency


def read(search: str, today: dt.date, lang: str = "zh_CN") -> tuple[Filters, ViewState]:
    """Read a URL's query (with or without its question mark); keys nobody knows are ignored.

    Args:
        search: the query, at most 4,000 characters.
        today: the product's day; no day asked about is later.
        lang: the language where the query names none.

    Raises:
        UnreadableRequest: a field is not of its form; names the field.
    """
    if not isinstance(search, str) or len(search) > LONGEST_QUERY:
        raise UnreadableRequest(f"query: expected at most {LONGEST_QUERY} characters")
    query = dict(parse_qsl(search.removeprefix("?"), keep_blank_values=False))
    view = ViewState(
        layers=_layers(query.get("layers")),
        paint=_name("paint", query.get("paint")) or DEFAULT_PAINT,
        tab_street=_name("tab", query.get("tab")) or DEFAULT_TABS["street"],
        tab_agency=_name("tab_agency", query.get("tab_agency")) or DEFAULT_TABS["agency"],
        select=_matching("select", query.get("select"), _SELECTION),
        rows=_matching("rows", query.get("rows"), _SET),
        narrow=read_narrowing(query.get("narrow")),
        card=_matching("card", query.get("card"), _SET),
        lang=_one_of("lang", LANGUAGES.get(query.get("lang", lang), "?"), LANGUAGES.values()),
        theme=_one_of("theme", query.get("theme", "dark"), THEMES),
        map=_one_of("map", query.get("map", "maplibre"), MAPS),
    )
    return Filters.from_query(query, today), view


def write(filters: Filters, view: ViewState) -> str:
    """The query, beginning with a question mark, that ``read`` gives both values back from."""
    query = filters.to_query()
    if view.layers is not None:
        query["layers"] = ",".join(view.layers) or "none"
    if view.narrow:
        query["narrow"] = write_narrowing(dict(view.narrow))
    standard = ViewState()
    plain = {
        "paint": "paint", "tab": "tab_street", "tab_agency": "tab_agency", "select": "select",
        "rows": "rows", "card": "card", "lang": "lang", "theme": "theme", "map": "map",
    }
    for key, field in plain.items():
        value = getattr(view, field)
        if value != getattr(standard, field):
            query[key] = value
    return "?" + urlencode(query, safe=":,")


def part(search: str, name: str) -> str:
    """What of the query one part of the page depends on, in one spelling: keys sorted, as a query.

    Args:
        name: ``street``, ``agency`` or ``drawer``; the drawer depends on nothing while it is shut.
    """
    pairs = dict(parse_qsl(search.removeprefix("?")))
    if name == "drawer" and not pairs.keys() & {"rows", "card"}:
        return ""
    kept = {key: pairs[key] for key in sorted(pairs.keys() - LEFT_OUT[name])}
    return "?" + urlencode(kept)


def go(**changes: object) -> dict[str, str]:
    """Properties that make a component change the URL when it is pressed.

    ``html.Button("江桥", **go(area="990114003", select=None))``: each key is a key of the query,
    None removes it. ``narrow`` takes a dict. The browser does the rest (assets/onemap/url.js), so
    that theme, layers and tabs of the moment stay as they are.
    """
    plain = {
        key: None if value is None else write_narrowing(value) if key == "narrow" else str(value)
        for key, value in changes.items()
    }
    return {"data-go": json.dumps(plain, ensure_ascii=False, sort_keys=True)}


def write_narrowing(narrow: dict[str, object]) -> str | None:
    """``{"state": "over,never"}`` as ``state:over|never``; sorted; None when there is nothing."""
    pairs = ((key, str(value).replace(",", "|")) for key, value in sorted(narrow.items()))
    return ",".join(f"{key}:{value}" for key, value in pairs) or None


def read_narrowing(text: str | None) -> tuple[tuple[str, str], ...]:
    """Sorted (column, value) pairs of ``state:over|never,kind:advert``; a list reads ``over,never``.

    Raises:
        UnreadableRequest: not of that form, or more than eight pairs.
    """
    if not text:
        return ()
    pairs = [_NARROWING.fullmatch(part) for part in text.split(",")]
    if len(pairs) > 8 or not all(pairs):
        raise UnreadableRequest("narrow: expected column:value pairs")
    return tuple(sorted((pair[1], pair[2].replace("|", ",")) for pair in pairs if pair))


def _layers(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    if text == "none":
        return ()
    names = [_name("layers", part) for part in text.split(",")[:20]]
    return tuple(name for name in names if name)


def _name(field: str, text: str | None) -> str | None:
    return _matching(field, text, _NAME)


def _matching(field: str, text: str | None, form: re.Pattern[str]) -> str | None:
    if not text:
        return None
    if not form.fullmatch(text):
        raise UnreadableRequest(f"{field}: found {text[:60]!r}")
    return text


def _one_of(field: str, value: str, known: object) -> str:
    if value not in known:  # type: ignore[operator]
        raise UnreadableRequest(f"{field}: found {value[:60]!r}")
    return value
