"""How a row of the worklist is said."""

from dataclasses import replace

import pandas as pd
import pytest

from rules.cycles import cycles
from rules.language import translator
from rules.rulebook import whole_rulebook, with_changes, with_rule
from rules.worklist_words import clauses_said, state_said, term_said, why_said

T = translator("zh_CN")
BOOK = whole_rulebook()


@pytest.mark.parametrize(
    ("state", "left", "hours", "said"),
    [
        ("over", -27, None, "逾期 27 天"), ("due", 0, None, "今天到期"), ("due", 1, float("nan"), "明天到期"), ("due", 2, None, "剩 2 天"),
        ("never", pd.NA, None, "从未巡查"), ("never", -5, None, "从未巡查"), ("due", 0, 22.9, "剩 22 小时"), ("due", 1, 24.0, "明天到期"),
        ("over", -1, -3.0, "逾期 1 天"), ("ok", pd.NA, None, ""),
    ],
)  # fmt: skip
def test_the_state_is_said_in_days_or_hours(state, left, hours, said):
    assert state_said({"state": state, "days_left": left, "hours_left": hours}, T) == said


def test_the_reason_is_one_line():
    plain = {"category": None, "premises": None, "last_on": pd.NaT, "facts": {}}
    last = {"last_on": pd.Timestamp(2023, 6, 4)}
    assert why_said({**plain, **last, "target_kind": "grid", "rule_ids": ("visit.grid",)}, BOOK, T) == "上次 2023-06-04 · 每 30 天一访"
    assert why_said({**plain, "target_kind": "grid", "rule_ids": ("visit.grid",)}, BOOK, T) == "没有巡查记录 · 每 30 天一访"
    site = {**plain, **last, "target_kind": "site", "category": "infusion", "premises": "rental", "rule_ids": ("visit.site_closed",)}
    assert why_said(site, BOOK, T) == "出租房屋 · 静脉输液 · 上次 2023-06-04 · 每月一访"
    lead = {**plain, "target_kind": "lead", "category": "dental", "facts": {"source": "hotline_12345"}, "rule_ids": ("lead.contact",)}
    assert why_said(lead, BOOK, T) == "12345热线 · 口腔诊疗 · 1 个工作日内"
    work = {**plain, **last, "target_kind": "construction", "facts": {"workers": 320}, "rule_ids": ("visit.construction",)}
    assert why_said(work, BOOK, T) == "工人约 320 人 · 上次 2023-06-04 · 每周一访"


def test_the_clause_names_its_source_and_an_unknown_rule_says_nothing():
    assert clauses_said(("visit.site_closed", "nothing"), BOOK, T) == "已取缔或自行歇业的点位每月巡查（S3 附件3 二.4）"
    assert term_said("nothing", BOOK, T) == ""


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        (10, "day", "每 10 天一访"), (7, "day", "每周一访"), (14, "day", "半月一访"), (1, "month", "每月一访"), (2, "month", "每 2 个月一访"),
        (1, "quarter", "每季一访"), (2, "quarter", "每 2 个季度一访"), (5, "working_day", "每 5 个工作日一访"), (1, "year", "每 1 年一访"),
    ],
)  # fmt: skip
def test_a_changed_cycle_is_said_with_its_own_number(amount, unit, said):
    changed = with_rule(BOOK, replace(BOOK["visit.grid"], amount=amount, unit=unit))
    assert term_said("visit.grid", changed, T) == said


def test_a_changed_source_is_told_in_the_clause():
    changed = with_rule(BOOK, replace(BOOK["visit.grid"], name="每周网格巡查", source="本区通知"))
    assert clauses_said(("visit.grid",), changed, T) == "每周网格巡查（本区通知）"


def test_a_rule_that_follows_another_is_said_with_its_number_until_it_has_its_own():
    changed = with_rule(BOOK, replace(BOOK["visit.grid"], amount=21))
    assert term_said("visit.site", changed, T) == "每 21 天一访"
    own = with_rule(changed, with_changes(BOOK["visit.site"], {"amount": 10}))
    assert term_said("visit.site", own, T) == "每 10 天一访"
    assert cycles(own)["site"].amount == 10
    assert cycles(own)["subject"].amount == 21
