"""街镇工地: construction sites under way and those that wait for a visit, by street or by phase."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dashboard.figures_view import number, ratio
from dashboard.marks import bar_row, body, codes, nothing
from dashboard.panels import Panel
from dashboard.place import place
from data_access.construction import construction_sites
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 12


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(construction_sites)
    if frame.empty:
        return nothing(t("没有在建工地"), t("导入工地名录后显示巡查情况")), t("{n} 处", n=0)
    by = "street_code" if place(ask).level == "district" else "phase"
    there, states = codes(frame[by]), codes(frame["state"])
    every = Counter(there).most_common(MOST)
    kept = Counter(code for code, state in zip(there, states, strict=True) if state in {"ok", "due"})
    bound = Counter(code for code, state in zip(there, states, strict=True) if state)
    rows = []
    for code, count in every:
        name = ask.name(code) if by == "street_code" else ask.words("construction_phase", code)
        changes = {"area": code, "select": None} if by == "street_code" and code else {}
        extra = ratio(ask, kept[code], bound[code], rows="construction_sites", narrow={by: code, "state": "ok,due,over,never"}, size="row")
        value = number(ask, count, "处", rows="construction_sites", narrow={by: code}, size="row")
        rows.append(bar_row(name or t("未注明"), count / every[0][1], value, extra=extra, **changes))
    return body(*rows, kind="is-wide-values"), t("按期巡查率 · 工地数")


PANEL = Panel(
    name="construction_streets",
    title=N_("工地分布"),
    side="agency",
    tab="construction",
    order=20,
    content=content,
    questions=("construction_sites",),
)
