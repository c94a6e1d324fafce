"""应移送公安: who must be handed to the police by the rule of two penalties, and of whom the qualification is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.marks import body, day, list_row, nothing, records
from dashboard.panels import Panel
from data_access.police_transfer import RULE, harm_events, police_transfers
from data_access.rulebooks import rulebook_of
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST = 5
STATES = {"must_transfer": N_("应移送"), "check_qualification": N_("待核资格")}
REASONS = {
    "again": N_("{n} 次处罚后再次行医 {day}"), "second_penalty": N_("第 {n} 次处罚 {day}"), "ground": N_("其他情节严重 {day}"),
    "unknown_qualification": N_("{n} 次处罚后再次行医 {day}"),
}  # fmt: skip


def content(ask: Ask) -> tuple[Component, object]:
    t = ask.t
    bound = ask.get(rulebook_of).is_adopted(RULE, ask.filters.area)
    found = ask.get(police_transfers)
    due = found[found["state"].isin(STATES)]
    watched = int((found["state"] == "watch").sum())
    aside = t("按人计 · 已采纳") if bound else t("按人计 · 参考")
    told = html.P(t("另有 {n} 人再犯即应移送", n=watched), className="note") if watched else None
    harm = _harm(ask)
    if due.empty:
        return body(nothing(t("没有应移送公安的人员")) if harm is None else None, harm, told), aside
    rest = html.P(t("另有 {n} 人", n=len(due) - MOST), className="note") if len(due) > MOST else None
    return body(*(_row(ask, row) for row in records(due.head(MOST))), rest, harm, told), aside


def _harm(ask: Ask) -> Component | None:
    """Deaths and disabilities, to be transferred whatever the count (法释〔2016〕27号); None where none is known."""
    found = ask.get(harm_events)
    if found.empty:
        return None
    last = records(found.tail(1))[0]
    what = ask.t("致人死亡或残疾 {n} 起，不计次数应移送；最近 {day} {street}", n=len(found), day=day(ask, last["day"]), street=ask.short_name(last["street_code"]))
    return html.P(what, className="note tone-bad")


def _row(ask: Ask, row: dict[str, object]) -> Component:
    what = [html.Span(row["number"], className="num"), html.Small(ask.short_name(row["street_code"]), className="where")]
    why = ask.t(REASONS[row["reason"]], n=int(row["penalties"]), day=day(ask, row["again_on"]))
    return list_row(what, why, ask.t(STATES[row["state"]]), tone="bad" if row["state"] == "must_transfer" else "warn")


PANEL = Panel(
    name="police_transfers",
    title=N_("应移送公安"),
    side="agency",
    tab="transfers",
    order=15,
    content=content,
    questions=("police_transfers", "harm_events", "rulebook_of"),
)
