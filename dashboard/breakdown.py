"""Leads, cases and sites side by side by one code list (诊疗类别, 场所类型), whose rows are filters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from dash import html

from dashboard.figures_view import icon
from dashboard.marks import cell, codes, nothing_found
from dashboard.view_state import go
from data_access.cases import cases
from data_access.leads import leads
from data_access.sites import sites
from rules.vocabulary import TABLES

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

COUNTED = ("leads", "cases", "sites")
"""Columns of the table; each is also the row set behind its numbers."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one code of a list has: leads received and cases filed in the period, sites as of the day.

    Attributes:
        code: the code; empty for rows that name none.
        leads, cases: in 件; sites: in 户.
        marked: whether it is one of the six 重点专业 (S2).
    """

    code: str
    leads: int
    cases: int
    sites: int
    marked: bool


def breakdown(ask: Ask, field: str) -> list[Line]:
    """Counts by the codes of ``field``, whatever code the filter is set to now; the largest sum first.

    Codes without anything are left out, except the one that the filter is set to.

    Args:
        field: ``category`` or ``premises``.
    """
    every, filters = ask.with_(**{field: None}), ask.filters
    start, end = pd.Timestamp(filters.start), pd.Timestamp(filters.end)
    filed = every.get(cases)
    counts = [
        Counter(codes(every.get(leads)[field])),
        Counter(codes(filed.loc[filed["filed_on"].between(start, end), field])),
        Counter(codes(every.get(sites)[field])),
    ]
    chosen = getattr(filters, field)
    named = {code for counted in counts for code in counted} | ({chosen} if chosen else set())
    marked = {word.code for word in TABLES[field] if word.marked}
    lines = [Line(code, *(counted[code] for counted in counts), code in marked) for code in named]
    return sorted(lines, key=lambda line: (-(line.leads + line.cases + line.sites), line.code))


def breakdown_table(ask: Ask, field: str, heading: str, most: int) -> Component:
    """The counts as a table; pressing a row's name sets the filter, pressing it again unsets it.

    Args:
        most: rows shown; the rest folds out.
    """
    t, lines = ask.t, breakdown(ask, field)
    if not lines:
        return nothing_found(ask.with_(**{field: None}), t("线索、案件或点位"))
    chosen = getattr(ask.filters, field)
    shown = lines[:most]
    if chosen and chosen not in {line.code for line in shown}:
        shown = [*shown[:-1], *(line for line in lines if line.code == chosen)]
    rest = [line for line in lines if line not in shown]
    names = [heading, t("线索 件"), t("案件 件"), t("点位 户")]
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in names]))
    rows = [_row(ask, field, line, chosen) for line in shown]
    table = html.Table([head, html.Tbody(rows)], className="table is-breakdown")
    if not rest:
        return table
    further = html.Table(html.Tbody([_row(ask, field, line, chosen) for line in rest]), className="table is-breakdown is-further")
    return html.Div([table, html.Details([html.Summary(t("其余 {n} 类", n=len(rest))), further], className="further")])


def _row(ask: Ask, field: str, line: Line, chosen: str | None) -> Component:
    code, pressed = line.code, line.code == chosen
    words: list[object] = [html.Span(ask.words(field, code) or ask.t("未注明"))]
    if line.marked:
        words.append(html.Small(ask.t("重点"), className="mark", title=ask.t("六个重点专业之一")))
    if pressed:
        words.append(icon("x", ask.t("取消筛选")))
    if code:
        state = {"aria-pressed": "true" if pressed else "false"}
        name: object = html.Button(words, type="button", className="row-name", **state, **go(**{field: None if pressed else code}))
    else:
        name = html.Span(words, className="row-name")
    filters = ask.filters
    narrow = {"cases": {"filed_on": f"{filters.start}..{filters.end}"}}
    cells = [cell(ask, getattr(line, rows), rows, {field: code, **narrow.get(rows, {})}) for rows in COUNTED]
    return html.Tr([html.Th(name, scope="row"), *cells], className="is-set" if pressed else "")
