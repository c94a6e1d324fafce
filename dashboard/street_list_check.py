"""名单清查 of a street: each step n of N, who is still to do and by when; every number opens its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.figures_view import number, ratio
from dashboard.marks import day, records
from data_access.list_funnel import list_funnel
from rules.list_stage import BASES, STAGES, STEPS

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

ROWS = "listed_checks"


def list_check(ask: Ask) -> Component:
    """The funnel of the screen's area; a sentence where nobody is on its list."""
    t, steps = ask.t, records(ask.get(list_funnel, by="district"))
    listed = steps[0]["N"] if steps else 0
    if not listed:
        return html.Section([html.H3(t("名单清查")), html.P(t("本区域没有列入历史名单的人员。"), className="quiet")], className="sheet-part")
    heads = (t("步骤"), t("完成"), t("待办"), t("逾期"), t("最近期限"), t("分母"))
    rows = [_step(ask, step) for step in steps if step["stage"] != "listed"]
    table = html.Table([html.Thead(html.Tr([html.Th(words, scope="col") for words in heads])), html.Tbody(rows)], className="street-table")
    return html.Section(
        [html.H3([t("名单清查"), " ", number(ask, listed, "人", rows=ROWS)]),
         html.P(t("待办按每人第一个没有完成的步骤计。"), className="hint"),
         html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": t("名单清查")})],
        className="sheet-part",
    )


def _step(ask: Ask, step: dict) -> Component:
    stage, t = step["stage"], ask.t
    owed = stage in STEPS
    pending = number(ask, step["pending"], "人", rows=ROWS, narrow={"pending": stage}) if owed else number_text.NONE
    late = number(ask, step["overdue"], "人", rows=ROWS, narrow={"pending": stage, "overdue": "true"}, tone="bad" if step["overdue"] else None) if owed else number_text.NONE
    return html.Tr([
        html.Th(t(STAGES[stage]), scope="row"),
        html.Td(ratio(ask, step["n"], step["N"], rows=ROWS, narrow={f"asked_{stage}": "true"})),
        html.Td(pending), html.Td(late), html.Td(day(ask, step["next_due"]) if owed and step["next_due"] is not None else number_text.NONE, className="num"),
        html.Td(t(BASES[stage]), className="quiet"),
    ])
