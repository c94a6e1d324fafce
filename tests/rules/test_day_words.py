"""Days are said as people write them, in both languages."""

import datetime as dt

import pytest

from rules.day_words import day_words, days_words, months_words, short_day_words
from rules.language import translator

ZH, EN = translator("zh_CN"), translator("en")


@pytest.mark.parametrize(("day", "zh", "en"), [
    (dt.date(2023, 7, 31), "2023年7月31日", "31 July 2023"), (dt.date(2024, 1, 1), "2024年1月1日", "1 January 2024"), (dt.date(2022, 12, 9), "2022年12月9日", "9 December 2022"),
])  # fmt: skip
def test_a_day_is_said_in_full(day, zh, en):
    assert (day_words(day, ZH), day_words(day, EN)) == (zh, en)


def test_a_short_day_has_no_year():
    assert (short_day_words(dt.date(2023, 8, 3), ZH), short_day_words(dt.date(2023, 8, 3), EN)) == ("8月3日", "3 August")


@pytest.mark.parametrize(("first", "last", "zh", "en"), [
    (dt.date(2023, 7, 1), dt.date(2023, 7, 31), "2023年7月1日至7月31日", "1 July to 31 July 2023"),
    (dt.date(2022, 12, 1), dt.date(2023, 2, 28), "2022年12月1日至2023年2月28日", "1 December 2022 to 28 February 2023"),
    (dt.date(2023, 7, 1), dt.date(2023, 7, 1), "2023年7月1日", "1 July 2023"),
])  # fmt: skip
def test_a_period_says_its_year_once(first, last, zh, en):
    assert (days_words(first, last, ZH), days_words(first, last, EN)) == (zh, en)


@pytest.mark.parametrize(("first", "last", "zh", "en"), [
    (dt.date(2024, 2, 1), dt.date(2024, 2, 29), "2024年2月", "February 2024"), (dt.date(2023, 1, 1), dt.date(2023, 3, 31), "2023年1月至3月", "January to March 2023"),
    (dt.date(2024, 2, 1), dt.date(2024, 2, 28), "2024年2月1日至2月28日", "1 February to 28 February 2024"),
    (dt.date(2022, 12, 1), dt.date(2023, 1, 31), "2022年12月1日至2023年1月31日", "1 December 2022 to 31 January 2023"),
])  # fmt: skip
def test_a_title_says_whole_months_by_their_names(first, last, zh, en):
    assert (months_words(first, last, ZH), months_words(first, last, EN)) == (zh, en)
