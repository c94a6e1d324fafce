"""巡查率: in time, in the period and key places, of the areas below and of every agency, each n of N."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from dash import html

from dashboard.marks import body, cell, nothing, rate_cell, records
from dashboard.panels import Panel
from dashboard.place import place
from dashboard.view_state import go
from data_access.cycles import with_cycle
from data_access.patrol_rates import patrol_rates
from rules.language import N_
from rules.request import UnreadableRequest
from rules.vocabulary import TABLES

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

BELOW = {"district": "street", "street": "neighbourhood", "neighbourhood": "grid"}
MOST_AREAS, MOST_AGENCIES = 8, 12
"""Lines shown at once: the areas with the lowest rate, the agencies with the most visits."""
KEY = "counts"
"""Key of the query: the kind of visit that counts (``vocabulary.VISIT_MODE``)."""
CYCLES = (7, 14, 30, 90)
"""Days offered for the cycle, beside the one that holds."""
HEADS = (N_("按期"), N_("期内"), N_("重点场所"))


def content(ask: Ask) -> tuple[Component, object] | None:
    """A table of the areas one level below, and one of the agencies that paid visits."""
    t, level = ask.t, place(ask).level
    if level not in BELOW:
        return None
    modes = counted_modes(ask.search)
    cycle = with_cycle(ask.database, ask.filters, ask.scope).cycle_days
    frame = ask.get(patrol_rates, by=BELOW[level], **modes).sort_values(["in_time", "code"], na_position="last")
    areas = [_area(ask, row) for row in records(frame)]
    if not areas:
        return nothing(t("这个区域还没有网格")), ""
    agencies = records(ask.get(patrol_rates, by="agency", **modes).sort_values(["visits", "code"], ascending=[False, True]).head(MOST_AGENCIES))
    by_area, others = _table(ask, t("区域（低的在前）"), areas[:MOST_AREAS]), areas[MOST_AREAS:]
    rest = html.Details([html.Summary(t("其余 {n} 个", n=len(others))), _table(ask, t("区域"), others)]) if others else None
    by_agency = _table(ask, t("部门（只计本部门）"), [_agency(ask, row) for row in agencies]) if agencies else None
    return body(_controls(ask, cycle, modes), by_area, rest, by_agency), t("周期 {n} 天", n=cycle)


def counted_modes(search: str) -> dict[str, tuple[str, ...]]:
    """``modes`` as the query names the kind of visit that counts; nothing where every visit does.

    Raises:
        UnreadableRequest: no such kind.
    """
    asked = dict(parse_qsl(search.removeprefix("?"))).get(KEY, "")
    if not asked:
        return {}
    if asked not in {word.code for word in TABLES["visit_mode"]}:
        raise UnreadableRequest(f"{KEY}: expected a kind of visit, found {asked[:40]!r}")
    return {"modes": (asked,)}


def _controls(ask: Ask, cycle: int, modes: dict[str, tuple[str, ...]]) -> Component:
    """Which visits count, and within how many days."""
    t, chosen = ask.t, modes.get("modes", ("",))[0]
    kinds = [("", t("全部方式")), *((word.code, t(word.name)) for word in TABLES["visit_mode"])]
    cycles = sorted({*CYCLES, cycle})
    return html.Div(
        [
            _choice(t("计入"), [(text, code == chosen, {KEY: code or None}) for code, text in kinds]),
            _choice(t("周期"), [(t("{n} 天", n=days), days == cycle, {"cycle": days}) for days in cycles]),
        ],
        className="rate-controls",
    )


def _choice(label: str, options: list[tuple[str, bool, dict]]) -> Component:
    buttons = [html.Button(text, type="button", className="rate-choice", **{"aria-pressed": str(on).lower()}, **go(**changes)) for text, on, changes in options]
    return html.Div([html.Span(label), *buttons], role="group", **{"aria-label": label})


def _table(ask: Ask, first: str, lines: list[Component]) -> Component:
    heads = [html.Th(first, scope="col"), *(html.Th(ask.t(head), scope="col", className="num") for head in HEADS)]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="table is-rates")


def _area(ask: Ask, row: dict) -> Component:
    code = row["code"]
    name = html.Th(html.Button(ask.short_name(code), type="button", className="row-name", title=ask.name(code), **go(area=code)), scope="row")
    if not row["grids"]:
        return html.Tr([name, *(cell(ask, None) for _ in HEADS)])
    return html.Tr([
        name, rate_cell(row["in_time_n"], row["grids"], "grids", {"area": code}), rate_cell(row["in_period_n"], row["grids"], "grids", {"area": code}),
        rate_cell(row["key_n"], row["key_N"], "key_places", {"area": code}),
    ])  # fmt: skip


def _agency(ask: Ask, row: dict) -> Component:
    """The grids are those of the agency's own area: no set of rows stands for them, so nothing opens."""
    pairs = ((row["in_time_n"], row["grids"]), (row["in_period_n"], row["grids"]), (row["key_n"], row["key_N"]))
    return html.Tr([html.Th(html.Span(ask.short_name(row["code"]), className="row-name", title=ask.name(row["code"])), scope="row"), *(_plain_rate(n, N) for n, N in pairs)])


def _plain_rate(n: int, N: int) -> Component:
    return html.Td([f"{n / N:.0%}", html.Small(f"{n}/{N}", className="base")] if N else "—", className="num")


PANEL = Panel(
    name="patrol_rates",
    title=N_("巡查率"),
    side="street",
    tab="blind",
    order=50,
    content=content,
    questions=("patrol_rates",),
)
