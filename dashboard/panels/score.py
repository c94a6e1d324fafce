"""考核得分: a street's score now, what it lost by which clause, what it can still avoid and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.marks import body, day, fact, facts, list_row, nothing, records
from dashboard.panels import Panel
from dashboard.place import place
from dashboard.view_state import write
from data_access.rulebooks import rulebook_of
from data_access.scores import score_totals, scores
from rules.language import N_
from rules.rubric import BASE

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 6


def content(ask: Ask) -> tuple[Component, object] | None:
    t = ask.t
    totals = ask.get(score_totals)
    if totals.empty:
        return None
    book = ask.get(rulebook_of)
    named = t(book[BASE].options.get("rubric", "")) if BASE in book.rules else ""
    if place(ask).level == "district" and len(totals) > 1:
        order = totals.sort_values(["score", "at_risk"], kind="stable")
        rows = [
            list_row(ask.short_name(row["street_code"]), t("还可避免 {n} 分", n=f"{row['at_risk']:g}") if row["at_risk"] else "",
                     t("{n} 分", n=f"{row['score']:g}"), tone="bad" if row["lost"] else "", changes={"area": row["street_code"]})
            for row in records(order.head(MOST))
        ]  # fmt: skip
        return body(*rows, _page(ask)), named
    total = records(totals)[0]
    found = ask.get(scores)
    if found.empty:
        return nothing(t("没有扣分项")), named
    top = facts(
        fact(t("现在得分"), html.B(f"{total['score']:g}", className="num size-stat"), t("基础分 {n}", n=f"{total['base']:g}")),
        fact(t("已扣"), html.B(f"{total['lost']:g}", className="num size-stat")),
        fact(t("还可避免"), html.B(f"{total['at_risk']:g}", className="num size-stat")),
    )
    return body(top, *(_demerit(ask, book[row["item"]].name, row) for row in records(found)), _page(ask)), named


def _demerit(ask: Ask, name: str, row: dict) -> Component:
    t = ask.t
    state = t("可避免，至 {day}", day=day(ask, row["until"])) if row["avoidable"] else t("已扣")
    what = [t(name), html.Small(t("参考"), className="quiet")] if not row["adopted"] else t(name)
    return list_row(what, state, f"−{row['points']:g}", tone="warn" if row["avoidable"] else "bad")


def _page(ask: Ask) -> Component:
    return html.A(ask.t("打开考核沙盘"), href="/score" + write(ask.filters, ask.view), className="more")


PANEL = Panel(
    name="score",
    title=N_("考核得分"),
    side="agency",
    tab="supervision",
    order=10,
    content=content,
    questions=("scores", "score_totals"),
)
