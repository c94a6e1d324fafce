"""本期工作: what was done in the period, with what is still to be visited beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import number_text
from dashboard.figures_view import number, ratio
from dashboard.marks import body, fact, facts, words_that_open
from dashboard.panels import Panel
from dashboard.place import place
from data_access.construction import construction_sites
from data_access.figures import figures
from data_access.sites import sites
from rules.language import N_

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask


def content(ask: Ask) -> tuple[Component, object] | None:
    """The work of a street, a 村居 or a grid; the district has its figures in the strip above."""
    t = ask.t
    if place(ask).level == "district":
        return None
    visits = ask.get(figures, keys=("K1",))["K1"]
    known, construction = ask.get(sites), ask.get(construction_sites)
    shown = facts(
        fact(t("巡排查"), number(ask, visits.value, visits.unit, rows="K1", card="K1", size="stat"), _share(ask, visits.value)),
        _kept(ask, t("点位回访"), known, "sites", "户", "site_revisits"),
        _kept(ask, t("工地巡查"), construction, "construction_sites", "处", "construction_visits"),
    )
    return body(shown), number_text.period_text(ask.filters.start, ask.filters.end, ask.lang)


def _share(ask: Ask, visits: float | None) -> object:
    """The area's share of the district's visits; a press opens all of the district's."""
    whole = ask.with_(area=None).get(figures, keys=("K1",))["K1"].value
    if not whole or number_text.is_missing(visits):
        return ""
    return words_that_open(ask.t("全区 {share}%", share=number_text.percent(visits / whole)), "K1", {"area": ""})


def _kept(ask: Ask, name: str, frame: pd.DataFrame, rows: str, unit: str, card: str) -> Component:
    """How many were seen within their own cycle, of those that one binds, as of the day asked about."""
    bound = frame[frame["state"].isin(["ok", "due", "over", "never"])]
    late = int(bound["state"].isin(["over", "never"]).sum())
    value = ratio(ask, len(bound) - late, len(bound), rows=rows, narrow={"state": "ok,due,over,never"}, card=card, size="stat")
    if not late:
        return fact(name, value, ask.t("全部按期") if len(bound) else "")
    note = number(ask, late, unit, rows=rows, narrow={"state": "over,never"}, prefix=ask.t("逾期"), tone="bad")
    return fact(name, value, note, "bad")


PANEL = Panel(
    name="work",
    title=N_("本期工作"),
    side="street",
    tab="coverage",
    order=30,
    content=content,
    questions=("figures", "sites", "construction_sites"),
)
