"""本期工作: what was done in the period, with what is still to be visited beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import number_text
from dashboard.figures_view import number, ratio
from dashboard.marks import body, fact, facts
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


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    found = ask.get(figures)
    known, construction = ask.get(sites), ask.get(construction_sites)
    first = facts(
        fact(t("巡排查"), number(ask, found["K1"].value, found["K1"].unit, rows="K1", card="K1", size="stat"), _share(ask, found["K1"].value)),
        _kept(ask, t("点位回访"), known, "sites", "户", "site_revisits"),
        _kept(ask, t("工地巡查"), construction, "construction_sites", "处", "construction_visits"),
    )
    period = number_text.period_text(ask.filters.start, ask.filters.end)
    if place(ask).level == "district":
        return body(first), period
    second = facts(
        *(
            fact(t(found[key].name), number(ask, found[key].value, found[key].unit, rows=key, card=key, size="stat"))
            for key in ("K12", "K13", "K8")
        )
    )
    return body(first, second), period


def _share(ask: Ask, visits: float | None) -> str:
    """The area's share of the district's visits; empty for the district itself."""
    if place(ask).level == "district":
        return ""
    whole = ask.with_(area=None).get(figures)["K1"].value
    if not whole or number_text.is_missing(visits):
        return ""
    return ask.t("全区 {share}%", share=number_text.percent(visits / whole))


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
