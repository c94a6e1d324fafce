"""场所类型: leads, cases and sites by kind of premises; a press filters the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.breakdown import breakdown_table
from dashboard.marks import body
from dashboard.panels import Panel
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 3


def content(ask: Ask) -> tuple[Component, object]:
    return body(breakdown_table(ask, "premises", ask.t("场所类型"), MOST)), ask.t("点选即筛选")


PANEL = Panel(
    name="premises",
    title=N_("场所类型"),
    side="street",
    tab="leads",
    order=30,
    content=content,
    questions=("leads", "cases", "sites"),
)
