"""Leads, cases and sites side by side by one code list (诊疗类别, 场所类型), whose rows are filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from dash import html

from dashboard.figures_view import icon, number
from dashboard.marks import nothing_found, records
from dashboard.view_state import go
from data_access.cases import cases
from data_access.leads import leads_by
from data_access.sites import sites
from rules.vocabulary import TABLES

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

COUNTED = (("leads", "leads"), ("cases", "cases"), ("sites", "sites"))


def breakdown(ask: Ask, field: str) -> pd.DataFrame:
    """Counts by the codes of ``field``, whatever code the filter is set to now.

    Args:
        field: ``category`` or ``premises``.

    Returns:
        frame[code, leads, cases, sites, marked] in order of the sum, largest first; leads received
        and cases filed in the period, sites as of the day; codes without any are left out, except
        the one the filter is set to. A row without the code counts under ``""``.
    """
    every = ask.with_(**{field: None})
    filters = ask.filters
    leads = every.get(leads_by, by=field).set_index("code")["leads"]
    filed = every.get(cases)
    within = filed["filed_on"].between(pd.Timestamp(filters.start), pd.Timestamp(filters.end))
    by_case = filed.loc[within, field].fillna("").value_counts()
    by_site = every.get(sites)[field].fillna("").value_counts()
    counts = pd.DataFrame({"leads": leads.groupby(leads.index.fillna("")).sum(), "cases": by_case, "sites": by_site})
    counts = counts.fillna(0).astype(int).rename_axis("code").reset_index()
    chosen = getattr(filters, field)
    if chosen and chosen not in set(counts["code"]):
        counts.loc[len(counts)] = [chosen, 0, 0, 0]
    counts = counts[(counts[["leads", "cases", "sites"]].sum(axis=1) > 0) | (counts["code"] == chosen)]
    marked = {word.code for word in TABLES[field] if word.marked}
    counts = counts.assign(marked=counts["code"].isin(marked), total=counts[["leads", "cases", "sites"]].sum(axis=1))
    return counts.sort_values(["total", "code"], ascending=[False, True]).drop(columns="total").reset_index(drop=True)


def breakdown_table(ask: Ask, field: str, heading: str, most: int) -> Component:
    """The counts as a table; pressing a row's name sets the filter, pressing it again unsets it."""
    t, frame = ask.t, breakdown(ask, field)
    if frame.empty:
        return nothing_found(ask.with_(**{field: None}), t("线索、案件或点位"))
    chosen = getattr(ask.filters, field)
    shown = frame.head(most)
    if chosen and chosen not in set(shown["code"]):
        shown = pd.concat([shown.head(most - 1), frame[frame["code"] == chosen]])
    names = [heading, t("线索 件"), t("案件 件"), t("点位 户")]
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in names]))
    rows = [_row(ask, field, row, chosen) for row in records(shown)]
    return html.Table([head, html.Tbody(rows)], className="table is-breakdown")


def _row(ask: Ask, field: str, row: dict[str, object], chosen: str | None) -> Component:
    code, pressed = row["code"], row["code"] == chosen
    words: list[object] = [ask.words(field, code) or ask.t("未注明")]
    if row["marked"]:
        words.append(html.Small(ask.t("重点"), className="mark", title=ask.t("六个重点专业之一")))
    if pressed:
        words.append(icon("x", ask.t("取消筛选")))
    if code:
        state = {"aria-pressed": "true" if pressed else "false"}
        name: object = html.Button(words, type="button", className="row-name", **state, **go(**{field: None if pressed else code}))
    else:
        name = html.Span(words, className="row-name")
    cells = [html.Td(number(ask, row[column], rows=rows, narrow={field: code}, size="row")) for column, rows in COUNTED]
    return html.Tr([html.Th(name, scope="row"), *cells], className="is-set" if pressed else "")
