"""网格分工: who looks after how many grids of a street and how they stand; what was handed on or given back, and why."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import number_text
from dashboard.figures_view import number
from dashboard.marks import day, listed, records
from dashboard.street_worklist import owner_name, rules_of
from dashboard.view_state import go
from data_access.assignments import ACTIONS, grid_owners, handovers
from data_access.coverage import grid_states
from data_access.worklist import worklist

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST_HANDED = 20


def division(ask: Ask) -> Component:
    """Each owner with its grids by state and its places of the day; grids of nobody stand last."""
    t = ask.t
    owners = grid_owners(ask.database, ask.filters, ask.scope)
    owners = owners.merge(ask.get(grid_states)[["code", "state"]], on="code", how="left")
    to_go = ask.get(worklist, horizon_days=1)["owner_code"].value_counts()
    heads = (t("责任方"), t("网格"), t("逾期"), t("未巡"), t("今日要去"))
    rows = []
    for (kind, code), mine in sorted(owners.groupby(["owner_kind", "owner_code"]), key=lambda pair: (pair[0][1] == "", -len(pair[1]), pair[0][1])):
        here = functools.partial(_grids, ask, code)
        name = html.Button(owner_name(ask, kind, code), type="button", className="link", **_work_of(code)) if code else t("没有指派（由街镇负责）")
        due = number_text.count(int(to_go.get(code, 0)), ask.lang)
        rows.append(html.Tr([
            html.Th(name, scope="row"),
            html.Td(here(len(mine))), html.Td(here(int((mine["state"] == "over").sum()), "over")),
            html.Td(here(int((mine["state"] == "never").sum()), "never")),
            html.Td([html.Button(due, type="button", className="number-value num", **_work_of(code))] if code else number_text.NONE, className="num"),
        ]))
    table = html.Table([html.Thead(html.Tr([html.Th(words, scope="col") for words in heads])), html.Tbody(rows)], className="street-table")
    return html.Section(
        [html.H3(t("网格分工")), html.P(t("指派在网格详情里：点地图上的网格，再点“指派”。"), className="hint"),
         html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": t("网格分工")}), _handed(ask)],
        className="sheet-part",
    )


def _grids(ask: Ask, owner: str, count: int, state: str = "") -> Component:
    tone = {"over": "bad", "never": "never"}.get(state) if count else None
    return number(ask, count, rows="grids", narrow={**({"state": state} if state else {}), "owner_code": owner}, tone=tone)


def _work_of(owner: str) -> dict[str, str]:
    """What opens the worklist of an owner."""
    return go(owner=owner, tab=None, group=None)


def _handed(ask: Ask) -> Component | None:
    """The latest handovers with their reasons; None where nothing was handed on."""
    found = records(handovers(ask.database, ask.filters, ask.scope).head(MOST_HANDED))
    if not found:
        return None
    known = rules_of(ask)

    def item(row: dict[str, Any]) -> Component:
        rule = known.get(row["rule_id"])
        what = listed((ask.t(rule.name) if rule else row["rule_id"], ask.name(row["grid_code"]) or ask.short_name(row["street_code"])))
        between = f"{owner_name(ask, row['from_kind'], row['from_code']) if row['from_code'] else number_text.NONE} → {owner_name(ask, row['to_kind'], row['to_code'])}"
        return html.Li(html.Button(
            [html.Span([html.B(f"{ask.t(ACTIONS[row['action']])} · {what}"), html.Small(listed((between, ask.t("理由：{reason}", reason=row["reason"]))))], className="item-what"),
             html.Span(html.Small(day(ask, row["day"]), className="num"), className="item-when")],
            type="button", className="note", **go(select=f"{row['target_kind']}:{row['target_id']}", tab=None),
        ))

    return html.Div([html.H3(ask.t("转派与退回")), html.Ul([item(row) for row in found], className="note-list")])
