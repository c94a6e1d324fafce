"""How a row of the worklist is said."""

import pandas as pd
import pytest

from rules.language import translator
from rules.worklist_words import clauses_said, state_said, term_said, why_said

T = translator("zh_CN")


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
    assert why_said({**plain, **last, "target_kind": "grid", "rule_ids": ("visit.grid",)}, T) == "上次 2023-06-04 · 每 30 天一访"
    assert why_said({**plain, "target_kind": "grid", "rule_ids": ("visit.grid",)}, T) == "没有巡查记录 · 每 30 天一访"
    site = {**plain, **last, "target_kind": "site", "category": "infusion", "premises": "rental", "rule_ids": ("visit.site_closed",)}
    assert why_said(site, T) == "出租房屋 · 静脉输液 · 上次 2023-06-04 · 每月一访"
    lead = {**plain, "target_kind": "lead", "category": "dental", "facts": {"source": "hotline_12345"}, "rule_ids": ("lead.contact",)}
    assert why_said(lead, T) == "12345热线 · 口腔诊疗 · 1 个工作日内"
    work = {**plain, **last, "target_kind": "construction", "facts": {"workers": 320}, "rule_ids": ("visit.construction",)}
    assert why_said(work, T) == "工人约 320 人 · 上次 2023-06-04 · 每周一访"


def test_the_clause_names_its_source_and_an_unknown_rule_says_nothing():
    assert clauses_said(("visit.site_closed", "nothing"), T) == "已取缔或自行歇业的点位每月巡查（S3 附件3 二.4）"
    assert term_said("nothing", T) == ""
