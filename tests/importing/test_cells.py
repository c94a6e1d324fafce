"""Cells are read as people meant them, or refused with what to do."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importing.cells import narrow, parsed, text_of
from data_access.importing.days import CHINA, day_of, instant_of
from data_access.importing.degrees import degrees_of
from data_access.importing.kinds import Column, kinds
from data_access.importing.numbers import chinese_number, number_of
from data_access.importing.problems import CellFault
from tests.importing.hamlet import plain

THIRD_OF_JULY = dt.date(2023, 7, 3)


def refusal(read, *arguments: object) -> str:
    with pytest.raises(CellFault) as caught:
        read(*arguments)
    fault = caught.value.fault
    return f"{plain(fault.message, **fault.values)}；{plain(fault.mend, **fault.values)}"


@pytest.mark.parametrize("text", [
    "2023-07-03", "2023-7-3", "2023/7/3", "2023.7.3", "2023.07.03", "2023年7月3日", "2023年07月03日", "20230703", "45110", "45110.0",
    "2023-07-03 09:30", "2023-07-03 09:30:15", "2023-07-03T09:30:00", "2023-07-03T00:00:00Z", "2023/7/3 9:30", "2023年7月3日 9时30分",
    "2023-7-3 星期一", "2023年7月3日（星期一）", "二〇二三年七月三日", "２０２３－０７－０３", "2023 - 7 - 3", "2023_7_3",
])  # fmt: skip
def test_the_third_of_july_is_read_in_every_form_of_the_field(text: str) -> None:
    assert day_of(narrow(text)) == THIRD_OF_JULY


@pytest.mark.parametrize(("text", "told"), [
    ("2023-7-32", "“2023-7-32”：2023 年 7 月只有 31 天；请写作 2023-07-03"),
    ("2023-02-29", "“2023-02-29”：2023 年 2 月只有 28 天；请写作 2023-07-03"),
    ("2023-13-01", "“2023-13-01”里没有 13 月；请写作 2023-07-03"),
    ("1900-01-00", "“1900-01-00”：1900 年 1 月只有 31 天；请写作 2023-07-03"),
    ("1900-01-01", "“1900-01-01”的年份不合情理；请写作 2023-07-03"),
    ("7月6日", "“7月6日”没有年份；请写作 2023-07-03"),
    ("2023年7月", "“2023年7月”没有日；请写作 2023-07-03"),
    ("23.7.3", "“23.7.3”的年份只有两位；请写作 2023-07-03"),
    ("3/7/2023", "“3/7/2023”分不清哪个是月、哪个是日；请写作 2023-07-03"),
    ("2023-7-101", "“2023-7-101”不是日期；请写作 2023-07-03"),
    ("2023-07-03、2023-07-05", "“2023-07-03、2023-07-05”不是一个日期；一格只填一个日期，如 2023-07-03"),
    ("昨天", "“昨天”不是日期；请写作 2023-07-03"),
])
def test_a_day_that_is_none_is_refused_with_its_mend(text: str, told: str) -> None:
    assert refusal(day_of, text) == told


def test_a_day_of_which_the_month_can_only_be_one_number_is_read() -> None:
    assert day_of("7/31/2023") == dt.date(2023, 7, 31)
    assert day_of("31.7.2023") == dt.date(2023, 7, 31)
    assert day_of("5/5/2023") == dt.date(2023, 5, 5)


@given(st.dates(dt.date(1980, 1, 1), dt.date(2079, 12, 31)))
def test_every_day_survives_every_way_of_writing_it(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    for text in (day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", str(serial)):
        assert day_of(text) == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_is_refused_and_never_breaks_the_reader(text: str) -> None:
    for read in (day_of, instant_of, number_of, lambda value: degrees_of(value, "lon")):
        try:
            read(narrow(text))
        except CellFault as found:
            plain(found.fault.message, **found.fault.values)


@pytest.mark.parametrize(("text", "time"), [
    ("09:12", dt.time(9, 12)), ("9:12:30", dt.time(9, 12, 30)), ("9点12分", dt.time(9, 12)), ("9时", dt.time(9)), ("下午3时5分", dt.time(15, 5)),
    ("3:05 PM", dt.time(15, 5)), ("12:10 am", dt.time(0, 10)), ("0.5", dt.time(12)), ("晚上8:00", dt.time(20)),
])  # fmt: skip
def test_a_time_of_day_alone_is_read(text: str, time: dt.time) -> None:
    assert instant_of(narrow(text)) == time


def test_an_instant_is_beijing_time_unless_it_names_its_zone() -> None:
    assert instant_of("2023-07-31 09:12") == dt.datetime(2023, 7, 31, 9, 12, tzinfo=CHINA)
    assert instant_of("45138.5") == dt.datetime(2023, 7, 31, 12, tzinfo=CHINA)
    assert instant_of("2023-07-31T01:12:00Z") == dt.datetime(2023, 7, 31, 9, 12, tzinfo=CHINA)
    assert refusal(instant_of, "25:00").startswith("“25:00”不是时间")


@pytest.mark.parametrize(("text", "yuan"), [
    ("5000", 5000), ("5,000", 5000), ("¥2,000", 2000), ("2000元", 2000), ("31万元", 310_000), ("31万", 310_000), ("1.5万元", 15_000), ("5千", 5000),
    ("1.5e4", 15_000), ("叁万元整", 30_000), ("三十一万元", 310_000), ("人民币310000元", 310_000), ("530.5", 530.5), ("0", 0), ("１２００", 1200),
])  # fmt: skip
def test_an_amount_of_money_is_read_in_yuan(text: str, yuan: float) -> None:
    assert number_of(narrow(text), money=True)[0] == yuan


@pytest.mark.parametrize("text", ["260余", "300多", "10余", "约20", "近百", "**", "**元", "14万余元", "数十", "20左右", "几", "100以上"])
def test_a_hedged_or_masked_count_is_refused(text: str) -> None:
    assert refusal(number_of, text) == f"“{text}”是约数或有遮盖，不能统计；请填准确的数"


def test_a_comma_in_the_wrong_place_is_no_number() -> None:
    assert refusal(number_of, "1,2") == "“1,2”里的逗号位置不对；请去掉逗号，小数点写作 ."
    assert number_of("1,234,567.5")[0] == 1_234_567.5


def test_chinese_numerals_are_counted_by_their_places() -> None:
    assert [chinese_number(text) for text in ("三", "十", "十二", "二十", "三十一", "一百零五", "二〇二三", "叁万", "一万二千", "两千")] == [
        3, 10, 12, 20, 31, 105, 2023, 30_000, 12_000, 2_000]
    assert chinese_number("甲乙") is None


@given(st.integers(0, 10**9))
def test_grouping_by_commas_never_changes_a_number(number: int) -> None:
    assert number_of(f"{number:,}")[0] == number == number_of(str(number))[0]


@pytest.mark.parametrize(("text", "degrees"), [
    ("121.2345", 121.2345), ("121.24 ", 121.24), ("E121.28", 121.28), ("121.28E", 121.28), ("东经121.3", 121.3), ("１２１．３１", 121.31),
    ("121°15′30″E", 121.25833333), ("121°15'30\"", 121.25833333), ("121度15分30秒", 121.25833333), ("121°15.5′", 121.25833333), ("121.3°", 121.3),
    ("40617105.05", 40617105.05), ("121 15 30", 121.25833333),
])  # fmt: skip
def test_a_longitude_is_read_in_every_form_of_the_field(text: str, degrees: float) -> None:
    assert degrees_of(narrow(text), "lon") == pytest.approx(degrees, abs=1e-8)


def test_a_coordinate_that_could_be_two_things_is_refused() -> None:
    assert refusal(degrees_of, "121,29", "lon") == "“121,29”里的逗号不是小数点；小数点请写作 ."
    assert refusal(degrees_of, "121.3,31.2", "lon") == "“121.3,31.2”一格里有两个坐标；请把经度和纬度分在两列"
    assert refusal(degrees_of, "N31.3", "lon") == "“N31.3”是另一列的坐标；请把经度和纬度换到各自的列"
    assert refusal(degrees_of, "121°75′", "lon").startswith("“121°75′”的分或秒不小于 60")


@given(st.floats(73, 135, allow_nan=False))
def test_degrees_minutes_and_seconds_are_the_same_place_to_a_centimetre(degrees: float) -> None:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = ((degrees - whole) * 60 - minutes) * 60
    if f"{seconds:.6f}" != "60.000000":
        assert degrees_of(f"{whole}°{minutes}′{seconds:.6f}″", "lon") == pytest.approx(degrees, abs=1e-7)


@pytest.mark.parametrize(("cell", "text"), [
    (121.0, "121"), (121.25, "121.25"), (990114001.0, "990114001"), (True, "是"), (dt.date(2023, 7, 3), "2023-07-03"),
    (dt.datetime(2023, 7, 3, 9, 12), "2023-07-03 09:12:00"), (dt.datetime(2023, 7, 3), "2023-07-03"), (None, ""), (float("nan"), ""),
    ("  青禾\u200b街道\u3000 ", "青禾街道"), ("'=1+1", "=1+1"), (dt.time(9, 12), "09:12:00"), (dt.timedelta(hours=9, minutes=12), "09:12:00"),
])  # fmt: skip
def test_a_spreadsheet_cell_is_read_as_a_person_would_write_it(cell: object, text: str) -> None:
    assert text_of(cell) == text


def column(kind: str, field: str) -> Column:
    return kinds()[kind].column(field)


def read(one: Column, *texts: str, **options: object):
    return parsed(one, pd.Series(list(texts), index=range(1, len(texts) + 1), dtype=object), **options)


def test_a_fine_in_ten_thousands_is_multiplied_unless_the_cell_names_its_own_unit() -> None:
    found = read(column("penalties", "fine_yuan"), "31", "5000元", "3万元", "", factor=10_000, unit="万元")
    assert found.values.tolist() == [310_000, 5_000, 30_000, None]


def test_a_fine_of_five_hundred_million_is_doubted_when_the_heading_says_ten_thousands() -> None:
    found = read(column("penalties", "fine_yuan"), "50000", factor=10_000, unit="万元")
    assert found.values.tolist() == [500_000_000]
    assert plain(found.doubts[1].message, **found.doubts[1].values) == "表头单位是万元，50000 即 500,000,000 元"


def test_premises_are_not_visits() -> None:
    found = read(column("visits", "visits"), "3户", "3户次", "3", "")
    assert found.values.tolist() == [3, 3, 3, 1]
    assert list(found.doubts) == [1]


def test_negative_broken_and_huge_counts_are_refused() -> None:
    found = read(column("visits", "visits"), "-5", "1.5", "99999999999", "12", "0")
    assert sorted(found.faults) == [1, 2, 3]
    assert found.values.tolist()[3:] == [12, 0]


def test_words_are_read_by_name_alias_code_and_width_and_else_named() -> None:
    one = column("visits", "finding")
    found = read(one, "无发现", "未发现异常", "none", "ＮＯＮＥ", "疑似发现", "有发现 ", "大概没有")
    assert found.values.tolist()[:6] == ["none", "none", "none", "none", "suspect", "confirmed"]
    assert plain(found.faults[7].mend, names="、".join(found.faults[7].values["names"])) == "请填：无发现、疑似、有发现"


def test_a_misspelt_word_gets_a_suggestion() -> None:
    fault = read(column("leads", "source"), "12345热綫").faults[1]
    assert plain(fault.mend, **fault.values) == "是否为“12345热线”？"


def test_yes_and_no_are_read_in_every_form_of_the_field() -> None:
    one = column("cases", "joint")
    assert read(one, "是", "√", "1", "Y", "有", "否", "×", "0", "无", "", "-").values.tolist() == [True] * 5 + [False] * 4 + [None] * 2
    assert read(one, "可能").faults[1].message == "“{found}”不是“是”或“否”"


def test_an_identity_number_is_checked_by_its_last_digit_and_never_repeated_in_the_message() -> None:
    one = column("persons", "identity")
    found = read(one, "11010519491231002X", "110105194912310021", "1.10105E+17")
    assert found.values.tolist()[0] == "11010519491231002X"
    assert sorted(found.faults) == [2, 3]
    assert all("110105" not in str(fault.values) + fault.message for fault in found.faults.values())


def test_a_text_longer_than_its_column_is_refused() -> None:
    found = read(column("sites", "name"), "长" * 121, max_length=120)
    assert plain(found.faults[1].message, **found.faults[1].values) == "有 121 个字，超过 120 个字的上限"


def test_only_an_empty_cell_takes_the_default() -> None:
    found = read(column("visits", "target_kind"), "", "历史点位", "乱写")
    assert found.values.tolist() == ["grid", "site", None]
    assert list(found.faults) == [3]
