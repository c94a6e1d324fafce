"""制度时钟: every duty of the place asked about, how many are due and late, the next day, its clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.marks import body, day, nothing, records
from dashboard.panels import Panel
from data_access.obligations import duty_counts
from data_access.rulebooks import rulebook_of
from rules.language import N_

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask
    from rules.rulebook import Rulebook

STATES = ("due", "over", "never")
MOST = 8
"""Rules shown at once: the most urgent."""


def content(ask: Ask) -> tuple[Component, object]:
    t, rules = ask.t, ask.get(duty_counts)
    if rules.empty:
        return nothing(t("这里现在没有要履行的事项")), ""
    return body(*_nothing_binds(ask, rules), *tables(ask, rules, ask.get(rulebook_of), MOST)), t("逾期或从未 {n} 项", n=int(rules["late"].sum()))


def table(ask: Ask, book: Rulebook) -> Component:
    """One line a rule: its name and clause, how many stand how, the next due day."""
    rules = ask.get(duty_counts)
    return tables(ask, rules, book, len(rules))[0]


def tables(ask: Ask, rules: pd.DataFrame, book: Rulebook, most: int) -> list[Component]:
    """The most urgent rules as a table; the rest folds out under it.

    Args:
        rules: answer of ``duty_counts``.
        most: lines shown at once.
    """
    t = ask.t
    head = html.Thead(html.Tr([html.Th(t(name), scope="col") for name in (N_("事项"), N_("临期"), N_("逾期"), N_("从未"), N_("全部"), N_("最近到期"))]))
    rows = [_row(ask, book, row) for row in records(rules)]
    shown = [html.Table([head, html.Tbody(rows[:most])], className="duty-table")]
    if rows[most:]:
        further = html.Table([head, html.Tbody(rows[most:])], className="duty-table")
        shown.append(html.Details([html.Summary(t("其余 {n} 项", n=len(rows) - most)), further], className="further"))
    return shown


def _nothing_binds(ask: Ask, rules: pd.DataFrame) -> list[Component]:
    """Where no rule is adopted: that nothing here counts as late, and where to change it."""
    if rules["adopted"].any():
        return []
    t = ask.t
    return [html.P([t("还没有采纳任何规则，以下只作参考。"), " ", html.A(t("查看规则"), href="/rules?lang=en" if ask.lang == "en" else "/rules")], className="hint")]


def _row(ask: Ask, book: Rulebook, row: dict) -> Component:
    t, rule = ask.t, book[row["rule_id"]]
    marks = [t(N_("参考"))] if not row["adopted"] else []
    marks += [t(N_("本系统默认"))] if rule.ours else []
    name = html.Th([html.Span(t(rule.name)), html.Small(" · ".join([t(rule.source), *marks]), className="quiet", title=t(rule.clause))], scope="row")
    numbers = [html.Td(str(row[state]), className=f"num{' state-' + state if row[state] and row['adopted'] else ' is-quiet' if not row[state] else ''}") for state in STATES]
    return html.Tr([name, *numbers, html.Td(str(row["every"]), className="num"), html.Td(day(ask, row["next_on"]), className="num")])


PANEL = Panel(
    name="duties",
    title=N_("制度时钟"),
    side="street",
    tab="duties",
    order=60,
    content=content,
    questions=("duty_counts",),
)
