"""诊疗类别: leads, cases and sites by category, the six 重点专业 marked; a press filters the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.breakdown import breakdown_table
from dashboard.marks import body
from dashboard.panels import Panel
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 4


def content(ask: Ask) -> tuple[Component, object]:
    return body(breakdown_table(ask, "category", ask.t("诊疗类别"), MOST)), ask.t("点选即筛选")


PANEL = Panel(
    name="categories",
    title=N_("诊疗类别"),
    side="street",
    tab="leads",
    order=20,
    content=content,
    questions=("leads", "cases", "sites"),
)
