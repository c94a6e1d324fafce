"""Ratios, quarters, leads, due days and definition cards."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from rules.cycles import PLACES, cycles
from rules.indicators import ALWAYS, INDICATORS, figure, figures_json, indicator, ratio_figure
from rules.lead_state import lead_state
from rules.on_time import due_in, kept
from rules.quarter import quarter_days, quarter_of
from rules.ratio import Ratio, missing_to_target, ratio
from rules.rulebook import whole_rulebook


def test_a_ratio_of_nothing_is_no_ratio() -> None:
    assert Ratio(0, 0).value is None
    assert Ratio(0, 4).value == 0
    found = ratio(pd.Series([1, 0, 0]), pd.Series([4, 5, 0]))
    assert found.tolist()[:2] == [0.25, 0.0]
    assert pd.isna(found[2])


@pytest.mark.parametrize(
    ("n", "N", "target", "missing"),
    [(38, 48, 0.9, 6), (9, 10, 0.9, 0), (8, 10, 0.9, 1), (0, 0, 0.9, 0), (10, 10, 0.9, 0), (0, 1, 0.9, 1), (63, 70, 0.9, 0), (62, 70, 0.9, 1)],
)
def test_what_is_missing_to_a_target_reaches_it_and_one_less_does_not(n: int, N: int, target: float, missing: int) -> None:
    assert missing_to_target(n, N, target) == missing


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [("2023Q1", "2023-01-01", "2023-03-31"), ("2024Q1", "2024-01-01", "2024-03-31"), ("2023Q3", "2023-07-01", "2023-09-30"), ("2023Q4", "2023-10-01", "2023-12-31")],
)
def test_a_quarter_has_its_first_and_last_day(quarter: str, first: str, last: str) -> None:
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    assert quarter_days(quarter) == days
    assert [quarter_of(day) for day in days] == [quarter, quarter]


def test_a_quarter_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="2023Q3"):
        quarter_days("2023年三季度")


def lead(**values: object) -> pd.DataFrame:
    days = ("day", "due_on", "contacted_on", "checked_on", "street_notified_on", "feedback_on")
    row = {**dict.fromkeys(days), "result": "confirmed", "day": "2023-07-01", **values}
    frame = pd.DataFrame([row])
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in days})


def test_a_lead_is_pending_until_the_day_of_its_check() -> None:
    checked = lead(checked_on="2023-07-20")
    assert lead_state(checked, dt.date(2023, 7, 19))["result"].tolist() == ["pending"]
    assert lead_state(checked, dt.date(2023, 7, 20))["result"].tolist() == ["confirmed"]
    assert lead_state(lead(), dt.date(2023, 7, 1))["result"].tolist() == ["confirmed"]
    assert lead_state(checked, dt.date(2023, 6, 30)).empty


def test_days_of_a_lead_that_lie_ahead_are_empty() -> None:
    row = lead(checked_on="2023-07-20", feedback_on="2023-07-22", street_notified_on="2023-07-02")
    found = lead_state(row, dt.date(2023, 7, 21)).iloc[0]
    assert pd.isna(found["feedback_on"])
    assert (found["checked"], found["confirmed"], found["notified"], found["answered"]) == (True, True, True, False)


def test_a_matter_counts_as_due_from_the_first_to_the_last_day_but_not_before_it_has_come() -> None:
    due = pd.Series(pd.to_datetime(["2023-06-30", "2023-07-01", "2023-07-15", "2023-07-16", None]))
    found = due_in(due, dt.date(2023, 7, 1), dt.date(2023, 7, 31), dt.date(2023, 7, 15))
    assert found.tolist() == [False, True, True, False, False]


def test_done_on_the_due_day_is_in_time() -> None:
    due = pd.Series(pd.to_datetime(["2023-07-15"] * 3))
    done = pd.Series(pd.to_datetime(["2023-07-15", "2023-07-16", None]))
    assert kept(done, due).tolist() == [True, False, False]


def test_k1_to_k21_and_the_open_cases_are_always_shown() -> None:
    assert {f"K{number}" for number in range(1, 22)} | {"K15_open"} <= set(ALWAYS) <= set(INDICATORS)
    assert all(INDICATORS[key].always for key in ALWAYS)


def test_labels_are_those_of_the_field() -> None:
    named = {"K1": "巡排查", "K6": "出动执法人员", "K12": "检查无证行医点", "K5": "培训人数", "K15_open": "调查中"}
    assert {key: INDICATORS[key].name for key in named} == named
    assert (INDICATORS["K5"].unit, INDICATORS["K3"].unit, INDICATORS["K17"].unit) == ("人", "份", "元")


def test_goods_in_another_unit_keep_their_own_unit() -> None:
    assert indicator("K20_瓶").unit == "瓶"
    assert indicator("K20_瓶").name == INDICATORS["K20"].name
    with pytest.raises(KeyError, match="K99"):
        indicator("K99")


def test_figures_as_json_hold_name_value_and_unit_and_a_ratio_its_base() -> None:
    found = figures_json({"K1": figure("K1", 18.0), "K17": figure("K17", 0.5), "K27": ratio_figure("K27", 0, 0)}, lambda text: text)
    assert found["K1"] == {"name": "巡排查", "value": 18, "unit": "户次"}
    assert isinstance(found["K1"]["value"], int)
    assert found["K17"]["value"] == 0.5
    assert found["K27"] == {"name": "投诉举报查实率", "value": None, "unit": "%", "n": 0, "N": 0}


def test_every_cycle_that_is_ours_says_so() -> None:
    found = cycles(whole_rulebook())
    assert tuple(found) == PLACES
    for rule in found.values():
        assert rule.ours == ("本系统" in rule.note), rule


def test_a_rule_that_follows_another_takes_its_term_and_the_request_stands_over_the_grids() -> None:
    terms = {target: (rule.amount, rule.unit) for target, rule in cycles(whole_rulebook(), 20).items()}
    assert terms == {
        "grid": (20, "day"), "site_closed": (1, "month"), "site_high": (14, "day"), "site": (20, "day"),
        "construction": (7, "day"), "subject_high": (14, "day"), "subject_closed": (1, "month"), "subject": (20, "day"),
    }  # fmt: skip
