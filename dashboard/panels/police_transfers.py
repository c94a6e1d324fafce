"""应移送公安: who must be handed to the police on which ground, of whom something is open first, and what the stricter reading adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.marks import body, day, list_row, nothing, records
from dashboard.number_text import is_missing
from dashboard.panels import Panel
from data_access.police_transfer import (
    RULE,
    SIGNS,
    both_readings,
    harm_events,
    police_transfers,
    transfer_evidence,
)
from data_access.rulebooks import rulebook_of
from rules.language import N_
from rules.repeat_offence import GROUNDS

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask
    from rules.language import Translate

MOST = 5
STATES = {"must_transfer": N_("应移送"), "check_qualification": N_("待核资格"), "check_ground": N_("待认定危害")}
REASONS = {"again": N_("{n} 次处罚后再次行医 {day}"), "second_penalty": N_("第 {n} 次处罚 {day}")}
WHAT = {"penalty": N_("行政处罚"), "again": N_("再次行医：{sign}"), "transferred": N_("已移送")}
"""What a row of evidence is; a ground is told by its own name."""


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
        return body(nothing(t("没有应移送公安的人员")) if harm is None else None, harm, told, _stricter(ask)), aside
    rest = html.P(t("另有 {n} 人", n=len(due) - MOST), className="note") if len(due) > MOST else None
    rows = ask.get(transfer_evidence)
    parts = [part for row in records(due.head(MOST)) for part in (_row(ask, row), _evidence(ask, rows[rows["subject_id"] == row["subject_id"]]))]
    return body(*parts, rest, harm, told, _stricter(ask)), aside


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
    when = since(ask, row["again_on"])
    why = ask.t(REASONS[row["ground"]], n=int(row["penalties"]), day=when) if row["ground"] in REASONS else f"{ask.t(GROUNDS[row['ground']].name)} {when}"
    return list_row(what, why, ask.t(STATES[row["state"]]), tone="bad" if row["state"] == "must_transfer" else "warn")


def since(ask: Ask, again_on: object) -> str:
    """The day that binds; where penalties of before the register decide nobody knows it."""
    return ask.t(N_("建册以前")) if is_missing(again_on) else day(ask, again_on)


def _evidence(ask: Ask, rows: pd.DataFrame) -> Component:
    """The article and the rows on which a person's state rests, to fold out."""
    told = [html.Li([html.Span(day(ask, row["day"]), className="num"), " ", what_said(ask.t, row)]) for row in records(rows)]
    return html.Details([html.Summary(ask.t("依据 {n} 条", n=len(told))), html.Ul(told, className="plain-list")], className="further")


def what_said(t: Translate, row: dict[str, object]) -> str:
    """What a row of ``transfer_evidence`` is, in words: 行政处罚; 再次行医：确认的巡查发现; 致人死亡或残疾（法释〔2016〕27号 第二条（一））."""
    if row["what"] in WHAT:
        return t(WHAT[row["what"]], **({"sign": t(SIGNS[row["table"]])} if row["what"] == "again" else {}))
    ground = GROUNDS[row["what"]]
    said = t("{name}（{source}）", name=t(ground.name), source=t(ground.article))
    return said if row["settled"] else said + " · " + t(STATES["check_ground"])


def _stricter(ask: Ask) -> Component | None:
    """Where the court's reading and S4's stricter one differ: how many people, and who; None where they agree."""
    found = ask.get(both_readings)
    if found.empty:
        return None
    t = ask.t
    rows = [html.Li([html.Span(row["number"], className="num"), " ", t("法释〔2016〕27号：{one}；S4 较严读法：{other}", one=t(STATE_WORDS[row["one"]]), other=t(STATE_WORDS[row["other"]]))])
            for row in records(found)]  # fmt: skip
    return html.Details([html.Summary(t("两种读法不同的 {n} 人", n=len(rows))), html.Ul(rows, className="plain-list")], className="further")


STATE_WORDS = {**STATES, "watch": N_("再犯即应移送"), "transferred": N_("已移送"), "": N_("不涉及")}

PANEL = Panel(
    name="police_transfers",
    title=N_("应移送公安"),
    side="agency",
    tab="transfers",
    order=15,
    content=content,
    questions=("police_transfers", "transfer_evidence", "both_readings", "harm_events", "rulebook_of"),
)
