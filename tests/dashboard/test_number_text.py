"""Numbers are written as the design says: thousands, 万 in Chinese only, half rounded up, 0 is not —."""

import datetime as dt

import pandas as pd
import pytest

from dashboard import number_text
from rules.language import translator


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (0, "0", "0"), (3175, "3,175", "3,175"), (99_999, "99,999", "99,999"),
        (100_000, "10 万", "100,000"), (126_400, "12.6 万", "126,400"), (None, "—", "—"),
        (float("nan"), "—", "—"), (pd.NA, "—", "—"), (2.5, "2.5", "2.5"),
    ],
)  # fmt: skip
def test_counts(value, chinese, english):
    assert number_text.count(value) == chinese
    assert number_text.count(value, "en") == english


@pytest.mark.parametrize(
    ("yuan", "shown", "unit"),
    [(530, "530", "元"), (9_999, "9,999", "元"), (10_000, "1", "万元"), (310_000, "31", "万元"),
     (310_500, "31.05", "万元"), (0, "0", "元"), (None, "—", "元"), (530.5, "530.50", "元")],
)  # fmt: skip
def test_money(yuan, shown, unit):
    assert number_text.money(yuan) == (shown, unit)


def test_english_never_uses_wan():
    assert number_text.money(310_000, "en") == ("310,000", "元")


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(None, "—"), (0, "0.0"), (1, "100.0"), (38 / 48, "79.2"), (0.0125, "1.3"), (0.00125, "0.1")],
)
def test_percent_rounds_as_by_hand(ratio, shown):
    assert number_text.percent(ratio) == shown


def test_days_left_are_said_in_words():
    t = translator("zh_CN")
    said = [number_text.days_left(days, t) for days in (3, 0, -25, None)]
    assert said == ["剩 3 天", "今天到期", "逾期 25 天", "—"]


def test_days_and_periods():
    day = dt.date(2023, 7, 31)
    assert number_text.day_text(day) == "7月31日"
    assert number_text.day_text(day, "en") == "31 Jul"
    assert number_text.day_text(pd.NaT) == "—"
    assert number_text.long_day_text(day) == "2023年7月31日 周一"
    assert number_text.period_text(dt.date(2023, 7, 1), day) == "7.1 – 7.31"
    assert number_text.period_text(dt.date(2022, 12, 30), dt.date(2023, 1, 2)) == "2022.12.30 – 2023.1.2"
    assert number_text.period_text(day, day) == "7.31"


def test_english_days_and_periods_follow_the_papers_day_before_month():
    day, spring = dt.date(2023, 7, 31), dt.date(2023, 3, 1)
    assert number_text.long_day_text(day, "en") == "31 Jul 2023, Mon"
    assert number_text.period_text(dt.date(2023, 7, 1), day, "en") == "1–31 Jul 2023"
    assert number_text.period_text(spring, day, "en") == "1 Mar – 31 Jul 2023"
    assert number_text.period_text(dt.date(2022, 12, 30), dt.date(2023, 1, 2), "en") == "30 Dec 2022 – 2 Jan 2023"
    assert number_text.period_text(day, day, "en") == "31 Jul"
    assert number_text.month_text(day, "en") == "Jul 2023"
    assert number_text.months_text(dt.date(2022, 8, 1), day, "en") == "Aug 2022 – Jul 2023"
    assert [number_text.months_text(first, day) for first in (dt.date(2022, 8, 1), spring, day)] == ["2022.8 – 2023.7", "3 – 7", "7"]
