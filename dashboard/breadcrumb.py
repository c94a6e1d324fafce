"""The way down and up: 全区, street, village or grid, each level pressable, Esc goes up one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.figures_view import icon
from dashboard.view_state import go
from data_access.areas import areas_kept, path_to
from rules.language import N_

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask
    from data_access.database import Database
    from rules.request import Scope

NEXT_LEVEL = {"district": N_("街镇"), "street": N_("村居"), "neighbourhood": N_("网格"), "grid": ""}


def breadcrumb(ask: Ask) -> Component:
    """The levels from the district to the area asked about, and what comes below it."""
    path = way_down(ask)
    level, here = path[-1]
    parts: list[Any] = []
    for step, (_, code) in enumerate(path[:-1]):
        parts += [_crumb(ask, code if step else None, step == len(path) - 2), icon("chevron-right")]
    parts.append(html.B(_title(ask, level, here), className="crumb-here", **{"aria-current": "page"}))
    if len(path) > 1:
        parts.append(_siblings(ask, level, here))
    below = NEXT_LEVEL[level]
    if level == "street" and ask.filters.by == "grid":
        below = NEXT_LEVEL["neighbourhood"]
    if len(path) == 1:
        parts += [icon("chevron-right"), _children(ask, below)]
    elif below:
        parts += [icon("chevron-right"), html.Span(ask.t(below), className="crumb-below")]
    return html.Nav(parts, className="crumbs", **{"aria-label": ask.t("所在层级")})


def way_down(ask: Ask) -> list[tuple[str, str]]:
    """(level, code) from the district to the area asked about; the district alone when it is unknown."""
    top = [("district", ask.scope.district)]
    if ask.filters.area is None:
        return top
    below = [step for step in ask.look_up(path_to, ask.filters.area) if step[0] != "district"]
    return top + below


def _crumb(ask: Ask, code: str | None, is_parent: bool) -> Component:
    mark = {"data-up": "1"} if is_parent else {}
    words = ask.name(code) if code else ask.t("全区")
    return html.Button(words, type="button", className="crumb", **mark, **go(area=code, select=None))


def _title(ask: Ask, level: str, code: str) -> str:
    return ask.t("全区") if level == "district" else ask.name(code)


def _siblings(ask: Ask, level: str, here: str) -> Component:
    """The menu that goes sideways: the other areas under the same parent."""
    parents = dict(ask.look_up(_codes, level))
    beside = [code for code, parent in parents.items() if parent == parents.get(here)]
    return _menu(ask, ask.t("换一个{level}", level=ask.words("area_level", level)), beside, here, "")


def _children(ask: Ask, below: str) -> Component:
    streets = [code for code, _ in ask.look_up(_codes, "street")]
    return _menu(ask, ask.t("选择街镇"), streets, None, ask.t(below))


def _codes(
    database: Database, scope: Scope, day: dt.date, level: str, *, known_at: dt.datetime | None = None
) -> list[tuple[str, str]]:
    """(code, parent's code) of every area of a level on a day, by code."""

    def listed(every: pd.DataFrame) -> list[tuple[str, str]]:
        own = every["level"] == level
        return sorted(zip(every.loc[own, "code"], every.loc[own, "parent_code"].fillna(""), strict=True))

    return areas_kept(database, scope, day, ("codes and parents", level), listed, known_at=known_at)


def _menu(ask: Ask, label: str, codes: list[str], here: str | None, words: str) -> Component:
    rows = [
        html.Button(
            ask.name(code), type="button", className="menu-item",
            **({"aria-current": "true"} if code == here else {}), **go(area=code, select=None),
        )
        for code in codes
    ]
    summary = html.Summary(
        [html.Span(words, className="crumb-below"), icon("chevron-down")] if words else icon("chevron-down"),
        title=label, **({} if words else {"aria-label": label}),
    )
    return html.Details([summary, html.Div(rows, className="menu")], className="crumb-menu pop")
