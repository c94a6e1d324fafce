"""建筑工地: the construction sites under way, who was seen within the week and who waits; a press selects."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dash import html

from dashboard.figures_view import number, ratio
from dashboard.marks import (
    GRID_STATES,
    as_day,
    body,
    codes,
    fact,
    facts,
    list_row,
    more,
    nothing,
    records,
    stack,
)
from dashboard.panels import Panel
from data_access.construction import construction_sites
from data_access.cycles import cycle_rules
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 3


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(construction_sites)
    if frame.empty:
        return nothing(t("没有在建工地"), t("导入工地名录后显示巡查情况")), t("{n} 处", n=0)
    bound = frame[frame["state"].isin(list(GRID_STATES))]
    late = bound[bound["state"].isin(["over", "never"])].sort_values("due_on", kind="stable")
    counts = Counter(codes(bound["state"]))
    top = facts(
        fact(t("在建工地"), number(ask, len(frame), "处", rows="construction_sites", size="stat")),
        fact(t("按期巡查"), ratio(ask, len(bound) - len(late), len(bound), rows="construction_sites", narrow={"state": "ok,due,over,never"}, card="construction_visits", size="stat")),
        fact(t("工人"), number(ask, frame["workers"].sum(), "人", rows="construction_sites", size="stat")),
    )
    bar = stack([(f"cov-{state}", counts[state], f"{t(name)} {counts[state]}") for state, name in GRID_STATES.items()])
    rows = []
    for row in records(late.head(MOST)):
        never = row["state"] == "never"
        days = (ask.filters.as_of - as_day(row["due_on"])).days if as_day(row["due_on"]) else 0
        what = html.Span(row["name"], className="clipped", title=row["name"])
        right = t("从未巡查") if never else t("逾期 {n} 天", n=days)
        rows.append(list_row(what, ask.short_name(row["street_code"]), right, tone="never" if never else "bad", changes={"select": f"construction:{row['id']}"}))
    aside = _cycle(ask)
    return body(top, bar, *rows, more(ask, len(rows), len(late), "construction_sites", {"state": "over,never"})), aside


def _cycle(ask: Ask) -> str:
    rule = ask.get(cycle_rules)["construction"]
    if rule.unit != "day":
        return ask.t(rule.name)
    return ask.t("每 {n} 天一巡（本系统默认）", n=rule.amount) if rule.ours else ask.t("每 {n} 天一巡", n=rule.amount)


PANEL = Panel(
    name="construction",
    title=N_("建筑工地"),
    side="agency",
    tab="construction",
    order=10,
    content=content,
    questions=("construction_sites",),
)
