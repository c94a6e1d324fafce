"""未上图清单: rows that count in every figure but stand on no grid or no point, by what they are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dashboard.figures_view import number
from dashboard.marks import bar_row, body, codes, nothing
from dashboard.panels import Panel
from data_access.unlocated import unlocated
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 3
TABLES = {
    "site": N_("历史点位"), "lead": N_("线索"), "case": N_("案件"), "construction_site": N_("建筑工地"),
    "patrol_visit": N_("巡查记录"), "activity": N_("活动与行动"), "subject": N_("名单人员"),
    "list_check": N_("名单清查"), "decision": N_("会议决定"), "adverse_event": N_("负面事件"),
}  # fmt: skip


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    frame = ask.get(unlocated)
    if frame.empty:
        return nothing(t("全部记录都已上图")), t("{n} 条", n=0)
    counts = Counter(codes(frame["table"])).most_common(MOST)
    rows = [
        bar_row(
            t(TABLES.get(table, table)), count / counts[0][1],
            number(ask, count, N_("条"), rows="unlocated", narrow={"table": table}, size="row"),
        )
        for table, count in counts
    ]
    return body(*rows), [number(ask, len(frame), N_("条"), rows="unlocated")]


PANEL = Panel(
    name="unlocated",
    title=N_("未上图清单"),
    side="street",
    tab="sites",
    order=40,
    content=content,
    questions=("unlocated",),
)
