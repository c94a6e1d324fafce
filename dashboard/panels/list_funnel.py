"""名单清查: the historic list as a funnel, each step n of N, who waits and who is late; by street beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.marks import (
    body,
    cell,
    day,
    meter,
    nothing_found,
    rate_cell,
    records,
    words_that_open,
)
from dashboard.panels import Panel
from dashboard.place import place
from dashboard.view_state import go
from data_access.list_funnel import list_funnel
from rules.language import N_
from rules.list_stage import BASES, STAGES

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

STREETS_SHOWN = {"field_checked": N_("实地"), "graded": N_("研判"), "controlled": N_("管控"), "joint_action": N_("联合")}
"""Stages of the table of streets, with their short heads."""


def content(ask: Ask) -> tuple[Component, object]:
    """The funnel of the area; in the district also a line a street."""
    t = ask.t
    steps = records(ask.get(list_funnel, by="district"))
    total = steps[0]["N"]
    if not total:
        return nothing_found(ask, t("历史名单")), t("{n} 人", n=0)
    lines = [_step(ask, step) for step in steps if step["stage"] != "listed"]
    table = html.Table(html.Tbody(lines), className="table is-steps")
    aside = words_that_open(t("{n} 人", n=number_text.count(total, ask.lang)), "listed_checks")
    return body(table, _days(ask, steps), _streets(ask) if place(ask).level == "district" else None), aside


def _step(ask: Ask, step: dict) -> Component:
    """One step: its name, how long its bar is, n of N."""
    stage, t = step["stage"], ask.t
    name = html.Th(t(STAGES[stage]), scope="row", title=t("分母：{base}", base=t(BASES[stage])))
    return html.Tr([name, html.Td(meter(step["share"])), rate_cell(step["n"], step["N"], "listed_checks", {f"asked_{stage}": "true"})])


def _days(ask: Ask, steps: list[dict]) -> Component | None:
    """Who is past the due day, by step, and the next due day of those who are not."""
    t = ask.t
    told = [
        html.Span([
            html.Span(t(STAGES[step["stage"]])),
            html.Span(words_that_open(t("逾期 {n} 人", n=number_text.count(step["overdue"], ask.lang)), "listed_checks",
                                      {"pending": step["stage"], "overdue": "true"}), className="tone-bad"),
        ], className="key-part")
        for step in steps if step["overdue"]
    ]  # fmt: skip
    ahead = [step["next_due"] for step in steps if step["next_due"] is not None]
    if ahead:
        told.append(html.Span(t("最近期限 {day}", day=day(ask, min(ahead))), className="key-part"))
    return html.Div(told, className="key is-wrapped") if told else None


def _streets(ask: Ask) -> Component:
    found: dict[str, dict[str, dict]] = {}
    for step in records(ask.get(list_funnel, by="street")):
        found.setdefault(step["code"], {})[step["stage"]] = step
    head = [html.Th(ask.t("街镇"), scope="col"), html.Th(ask.t("名单"), scope="col", className="num")]
    head += [html.Th(ask.t(short), scope="col", className="num", title=ask.t(STAGES[stage])) for stage, short in STREETS_SHOWN.items()]
    head.append(html.Th(ask.t("逾期"), scope="col", className="num"))
    lines = []
    for code, steps in found.items():
        if not steps["listed"]["N"]:
            continue
        name = html.Th(html.Button(ask.short_name(code), type="button", className="row-name", title=ask.name(code), **go(area=code)), scope="row")
        late = sum(step["overdue"] for step in steps.values())
        rates = [rate_cell(steps[stage]["n"], steps[stage]["N"], "listed_checks", {f"asked_{stage}": "true", "area": code}) for stage in STREETS_SHOWN]
        lines.append(html.Tr([name, cell(ask, steps["listed"]["N"], "listed_checks", {"area": code}), *rates,
                              cell(ask, late, "listed_checks", {"overdue": "true", "area": code}, tone="bad")]))
    return html.Table([html.Thead(html.Tr(head)), html.Tbody(lines)], className="table is-list")


PANEL = Panel(
    name="list_funnel",
    title=N_("名单清查"),
    side="street",
    tab="list",
    order=40,
    content=content,
    questions=("list_funnel",),
)
