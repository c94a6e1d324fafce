"""需要了解的巡查情况: the supervisor's private list; each entry with what may explain it and its visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard import number_text
from dashboard.marks import body, day, listed, nothing, records, words_that_open
from dashboard.panels import Panel
from data_access.patrol_quality import may_supervise, patrol_questions
from rules.language import N_
from rules.patrol_quality import EXPLAINED, KINDS

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

MOST_SHOWN = 8
MEASURES = {
    "same_minute": N_("相距 {n} 公里"), "quarter_end": N_("占全季 {n}%"), "copied_note": N_("{n} 处相同"), "outside": N_("在网格外 {n} 米"),
}  # fmt: skip


def content(ask: Ask) -> tuple[Component, object]:
    """The entries of the period; whoever does not supervise is told so."""
    if not may_supervise(ask.database, ask.filters, ask.scope):
        return nothing(ask.t("这一栏只供区打非办和监察部门使用"), ask.t("街镇和其他部门看不到这里的记录")), ""
    t = ask.t
    frame = ask.get(patrol_questions)
    note = html.P(t("以下只说明需要了解，不说明有问题；请先听取说明。"), className="hint")
    if frame.empty:
        return nothing(t("本期没有需要了解的巡查情况")), t("{n} 项", n=0)
    lines = [_line(ask, row) for row in records(frame.head(MOST_SHOWN))]
    rest = html.P(t("另有 {n} 项未列出", n=number_text.count(len(frame) - MOST_SHOWN, ask.lang)), className="hint") if len(frame) > MOST_SHOWN else None
    return body(note, *lines, rest), t("{n} 项", n=number_text.count(len(frame), ask.lang))


def _line(ask: Ask, row: dict) -> Component:
    t, kind = ask.t, row["kind"]
    met = row["measure"]
    shown = f"{met:.1f}" if kind == "same_minute" else f"{met * 100:.0f}" if kind == "quarter_end" else f"{met:.0f}"
    visits = words_that_open(t("{n} 条记录", n=number_text.count(row["count"], ask.lang)), "patrol_evidence", {"matter": row["matter"]})
    what = listed((ask.short_name(row["agency_code"]), day(ask, row["day"]), t(MEASURES[kind], n=shown)))
    return html.Div(
        [html.P([html.Strong(t(KINDS[kind])), " ", visits]), html.P(what), html.P(t(EXPLAINED[kind]), className="hint")],
        className="ask-about",
    )


PANEL = Panel(
    name="patrol_quality",
    title=N_("需要了解的巡查情况"),
    side="agency",
    tab="supervision",
    order=60,
    content=content,
    questions=("patrol_questions",),
)
