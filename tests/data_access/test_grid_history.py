"""The history of a grid of the small town, as written there."""

import datetime as dt

import pandas as pd
import pytest

from data_access.grid_history import EVENT_COLUMNS, history, said
from rules.language import translator
from tests.town import JULY, ONLY_A, ONLY_B, POLICE, WHOLE


def test_twelve_months_stand_side_by_side_zeros_included(databases):
    months, _ = history(databases, JULY, WHOLE, "DJ-004")
    assert months["month"].dt.strftime("%Y-%m").tolist() == [f"2022-{m:02}" for m in range(8, 13)] + [f"2023-{m:02}" for m in range(1, 8)]
    # V9 of December 2022 was paid to DJ-030, from which DJ-004 was cut; V2, V3, V4, V14 in July.
    assert months["times"].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4]
    assert months["visits"].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4]
    assert history(databases, JULY, WHOLE, "DJ-001", 1)[0][["visits", "times"]].values.tolist() == [[5, 4]]


def test_the_timeline_holds_visits_leads_cases_site_events_and_activities(databases):
    _, events = history(databases, JULY, WHOLE, "DJ-001")
    told = [(f"{row.day:%m-%d}", row.kind, row.title, row.id) for row in events.itertuples()]
    assert told == [
        ("07-20", "check", "线索核查结果", "lead-L1"),
        ("07-20", "visit", "巡查有发现", "patrol_visit-V11"),
        ("07-20", "visit", "工地巡查", "patrol_visit-V13"),
        ("07-20", "visit", "巡查发现疑似", "patrol_visit-V5"),
        ("07-10", "visit", "重点人员走访", "patrol_visit-V15"),
        ("07-04", "activity", "宣传", "activity-X1"),
        ("07-02", "lead", "新增投诉举报", "lead-L1"),
        ("06-30", "activity", "宣传", "activity-X9"),
        ("05-10", "case", "调查取证", "case-A1"),
        ("05-03", "case", "立案", "case-A1"),
        ("02-05", "site", "风险评级", "site-S1"),
        ("02-01", "site", "发现", "site-S1"),
    ]


def test_details_are_said_in_words_with_personal_text_masked(databases):
    _, events = history(databases, JULY, WHOLE, "DJ-001")
    t = translator("zh_CN")
    words = {(row.kind, row.code): said(row.detail, t) for row in events[::-1].itertuples()}
    assert words["lead", "hotline_12345"] == "12345热线 · 静脉输液 · ＊＊ · 核查期限 2023-07-17"
    assert words["case", "filed"] == "静脉输液 · A1"
    assert words["site", "graded"] == "高风险 · 静脉输液 · S1"
    assert words["visit", "suspect"] == "2 户次 · 执法检查 · 疑似"
    assert words["activity", "publicity"] == "示例活动X1 · 街镇"


def test_what_comes_later_is_not_told(databases):
    day = dt.date(2023, 7, 14)
    _, events = history(databases, JULY.with_(end=day, as_of=day), WHOLE, "DJ-001")
    assert events["day"].max() == pd.Timestamp(2023, 7, 10)
    assert "check" not in set(events["kind"])


def test_another_streets_grid_looks_like_one_that_does_not_exist(databases):
    for scope, code in ((ONLY_B, "DJ-001"), (ONLY_A, "XZ-001"), (WHOLE, "NO-001"), (WHOLE, "DJ-030")):
        months, events = history(databases, JULY, scope, code)
        assert months.empty
        assert events.empty
        assert tuple(events.columns) == EVENT_COLUMNS


def test_an_agency_sees_its_own_part(databases):
    months, events = history(databases, JULY, POLICE, "DJ-004")
    assert months["times"].sum() == 0
    # GAJ took part in the joint action X4, handles A2 and A8 jointly and got L4 handed over.
    assert set(events["kind"]) == {"activity", "case", "site", "lead", "check"}


def test_no_month_is_refused(town):
    with pytest.raises(ValueError, match="months"):
        history(town, JULY, WHOLE, "DJ-001", 0)
