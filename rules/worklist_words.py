"""Says in one line how late a place of the worklist is, why it must be seen, and by which clause."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from rules.language import N_, Translate
from rules.repeat_offence import GROUNDS
from rules.rulebook import Rulebook
from rules.vocabulary import name_of

SHORT_HOURS = 24
"""A complaint with less than this is told in hours."""
SOON = (N_("今天到期"), N_("明天到期"))
"""By days left."""
NO_PLACES = ("police_transfer", "report")
"""Kinds of target that nobody goes to."""
CYCLES: dict[tuple[int | None, str | None], str] = {(1, "month"): N_("每月一访"), (7, "day"): N_("每周一访"), (14, "day"): N_("半月一访"), (1, "quarter"): N_("每季一访")}
"""How a cycle is said; any other by its number."""
EVERY = {
    "day": N_("每 {n} 天一访"), "working_day": N_("每 {n} 个工作日一访"), "month": N_("每 {n} 个月一访"), "quarter": N_("每 {n} 个季度一访"), "year": N_("每 {n} 年一访"),
}  # fmt: skip
TERMS = {"day": N_("{n} 天内"), "working_day": N_("{n} 个工作日内"), "month": N_("{n} 个月内")}


def state_said(row: Mapping[str, Any], t: Translate) -> str:
    """逾期 27 天, 剩 22 小时, 今天到期, 明天到期, 剩 3 天, 从未巡查; "" where nothing is due.

    Args:
        row: state, days_left, hours_left of a worklist.
    """
    left, hours = row["days_left"], row["hours_left"]
    if hours is not None and not pd.isna(hours) and 0 <= hours < SHORT_HOURS:
        return t("剩 {n} 小时", n=math.floor(hours))
    if row["state"] == "never" and (pd.isna(left) or left < 0):
        return t("从未巡查")
    if pd.isna(left):
        return ""
    if left < 0:
        return t("逾期 {n} 天", n=-int(left))
    return t(SOON[int(left)]) if left < 2 else t("剩 {n} 天", n=int(left))


def why_said(row: Mapping[str, Any], book: Rulebook, t: Translate) -> str:
    """The facts behind a row: 上次 2023-06-04 · 每月一访; 12345热线 · 静脉输液; 工人约 320 人.

    Args:
        book: the rules of the day; a changed rule is said with its own number.
        row: target_kind, facts, last_on, category, premises, rule_ids of a worklist, priority where known.
    """
    facts = row["facts"] if isinstance(row["facts"], dict) else {}
    if row["target_kind"] in NO_PLACES:
        return matter_said(row, t)
    parts: list[str] = [t("重点村居")] if row.get("priority") else []
    if row["target_kind"] == "lead":
        parts.append(t(name_of("lead_source", facts.get("source"))))
    if row["target_kind"] in {"lead", "site"}:
        parts += [t(name_of(table, row[table])) for table in ("premises", "category") if isinstance(row[table], str)]
    if facts.get("workers"):
        parts.append(t("工人约 {n} 人", n=facts["workers"]))
    if row["target_kind"] not in {"lead", "decision"}:
        last = row["last_on"]
        parts.append(t("没有巡查记录") if pd.isna(last) else t("上次 {day}", day=f"{_day(last):%Y-%m-%d}"))
    parts.append(term_said(row["rule_ids"][0], book, t))
    return " · ".join(part for part in parts if part)


def matter_said(row: Mapping[str, Any], t: Translate) -> str:
    """Why somebody must be handed over, or what a paper reports on: 两次处罚后再次行医 · 2 次处罚; 报告期 2023-01-01 至 2023-06-30."""
    facts = row["facts"] if isinstance(row["facts"], dict) else {}
    if row["target_kind"] == "report":
        span = t("报告期 {first} 至 {last}", first=facts.get("first_day", ""), last=facts.get("last_day", ""))
        return " · ".join(part for part in (facts.get("stage"), span) if part)
    ground, penalties = GROUNDS.get(facts.get("ground", "")), facts.get("penalties")
    said = [t(ground.name), t(ground.article)] if ground else []
    return " · ".join([*said, t("{n} 次处罚", n=penalties)] if penalties else said)


def term_said(rule_id: str, book: Rulebook, t: Translate) -> str:
    """每月一访, 每 30 天一访, 15 个工作日内; "" for a rule without a number, or that there is not."""
    rule = book.rules.get(rule_id)
    if rule is None or not rule.amount:
        return ""
    if rule.kind == "cycle" and (rule.amount, rule.unit) in CYCLES:
        return t(CYCLES[rule.amount, rule.unit])
    if rule.kind == "cycle":
        return t(EVERY[rule.unit or "day"], n=rule.amount)
    return t(TERMS[rule.unit], n=rule.amount) if rule.unit in TERMS else ""


def clauses_said(rule_ids: tuple[str, ...], book: Rulebook, t: Translate) -> str:
    """Names and sources of the rules: 已取缔或自行歇业的点位每月巡查（S3 附件3 二.4）."""
    known = [rule for rule_id in rule_ids if (rule := book.rules.get(rule_id))]
    return "；".join(t("{name}（{source}）", name=t(rule.name), source=t(rule.source)) for rule in known)


def _day(value: Any) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
