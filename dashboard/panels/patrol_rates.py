"""巡查率: in time, in the period and key places, of the areas below and of every agency, each n of N."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.marks import body, cell, nothing, rate_cell, records
from dashboard.panels import Panel
from dashboard.place import place
from dashboard.view_state import go
from data_access.patrol_rates import patrol_rates
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

BELOW = {"district": "street", "street": "neighbourhood", "neighbourhood": "grid"}
MOST_AREAS, MOST_AGENCIES = 8, 12
"""Lines shown at once: the areas with the lowest rate, the agencies with the most visits."""
HEADS = (N_("按期"), N_("期内"), N_("重点场所"))


def content(ask: Ask) -> tuple[Component, object] | None:
    """A table of the areas one level below, and one of the agencies that paid visits."""
    t, level = ask.t, place(ask).level
    if level not in BELOW:
        return None
    frame = ask.get(patrol_rates, by=BELOW[level]).sort_values(["in_time", "code"], na_position="last")
    areas = [_area(ask, row) for row in records(frame)]
    if not areas:
        return nothing(t("这个区域还没有网格")), ""
    agencies = records(ask.get(patrol_rates, by="agency").sort_values(["visits", "code"], ascending=[False, True]).head(MOST_AGENCIES))
    by_area, others = _table(ask, t("区域（低的在前）"), areas[:MOST_AREAS]), areas[MOST_AREAS:]
    rest = html.Details([html.Summary(t("其余 {n} 个", n=len(others))), _table(ask, t("区域"), others)]) if others else None
    by_agency = _table(ask, t("部门（只计本部门）"), [_agency(ask, row) for row in agencies]) if agencies else None
    return body(by_area, rest, by_agency), t("周期 {n} 天", n=ask.filters.cycle_days)


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
