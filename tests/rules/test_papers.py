"""Papers that are owed by a day, and what hands them in; by hand, on both sides of every boundary."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from rules.duties.papers import LOOK, level_of
from rules.obligations import Evidence, obligations
from rules.rulebook import Rulebook, shipped, whole_rulebook
from rules.working_days import WorkingCalendar

BOOK = whole_rulebook()
BODIES = pd.DataFrame({"code": ["S1", "S2", "D"], "level": ["street", "street", "district"], "label": ["东街", "西镇", "区"], "street_code": ["S1", "S2", None]})
CALENDAR = WorkingCalendar()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def given(*rows: tuple) -> pd.DataFrame:
    """(day, name, code, number)."""
    full = [(*row, *("", "S1", None)[len(row) - 1 :]) for row in rows]
    found = pd.DataFrame(full, columns=["day", "name", "code", "number"])
    return found.assign(id=[f"a{place}" for place in range(len(found))], day=pd.to_datetime(found["day"]).astype("datetime64[s]"))


def stage(start: str, end: str, name: str = "集中整治") -> pd.DataFrame:
    return pd.DataFrame({"name": [name], "start_on": pd.to_datetime([start]), "end_on": pd.to_datetime([end])})


def stand(rule: str, as_of: str, *rows: tuple, code: str = "S1", book: Rulebook = BOOK, stages: pd.DataFrame | None = None) -> list[tuple]:
    """[(last day reported on, state, days left)] of the papers of a rule that one body owes."""
    known = Evidence(bodies=BODIES, given=given(*rows), **({} if stages is None else {"stages": stages}))
    found = obligations(known, book, day(as_of), calendar=CALENDAR)
    mine = found[(found["rule_id"] == rule) & found["target_id"].str.startswith(code + ".")]
    return [(each.target_id.partition(".")[2], each.state, int(each.days_left)) for each in mine.itertuples()]


@pytest.mark.parametrize(
    ("rule", "code", "as_of", "stands"),
    [
        # 1-6月考核资料 by 15 July: owed once June is over.
        ("report.first_half", "S1", "2023-07-01", [("2023-06-30", "ok", 14)]),
        ("report.first_half", "S1", "2023-07-12", [("2023-06-30", "ok", 3)]), ("report.first_half", "S1", "2023-07-13", [("2023-06-30", "due", 2)]),
        ("report.first_half", "S1", "2023-07-15", [("2023-06-30", "due", 0)]), ("report.first_half", "S1", "2023-07-16", [("2023-06-30", "over", -1)]),
        # 7-11月 by 30 November, the last day of what it reports on.
        ("report.second_half", "S1", "2023-11-24", [("2023-11-30", "ok", 6)]), ("report.second_half", "S1", "2023-11-30", [("2023-11-30", "due", 0)]),
        ("report.second_half", "S1", "2023-12-01", [("2023-11-30", "over", -1)]),
        # 月报 by the 25th: July's is the next one on 26 June's morrow only from 1 July.
        ("report.monthly", "D", "2023-07-25", [("2023-07-31", "due", 0)]), ("report.monthly", "D", "2023-07-26", [("2023-07-31", "over", -1)]),
        ("report.monthly", "D", "2024-02-25", [("2024-02-29", "due", 0)]), ("report.monthly", "D", "2024-02-26", [("2024-02-29", "over", -1)]),
        ("report.monthly", "D", "2023-12-26", [("2023-12-31", "over", -1)]),
        # The day of 2020 and of 2005 is kept in every year.
        ("report.year_district", "D", "2023-10-23", [("2023-09-30", "due", 0)]), ("report.year_district", "D", "2023-10-24", [("2023-09-30", "over", -1)]),
        ("report.year_end", "D", "2023-12-15", [("2023-12-31", "due", 0)]), ("report.september", "D", "2023-10-01", [("2023-08-31", "over", -1)]),
        ("report.final", "D", "2024-06-15", [("2024-05-31", "due", 0)]),
    ],
)  # fmt: skip
def test_a_paper_of_the_calendar_is_owed_to_its_day(rule: str, code: str, as_of: str, stands: list) -> None:
    found = stand(rule, as_of, code=code)
    assert [one for one in found if one[0] == stands[0][0]] == stands


def test_a_missed_paper_is_owed_until_the_next_of_its_rule_falls_due() -> None:
    assert stand("report.monthly", "2023-08-25", code="D") == [("2023-07-31", "over", -31), ("2023-08-31", "due", 0)]
    assert stand("report.monthly", "2023-08-26", code="D") == [("2023-08-31", "over", -1)]
    # A yearly one is asked for half a year: 15 July and 183 days is 14 January.
    assert stand("report.first_half", "2024-01-14") == [("2023-06-30", "over", -183)]
    assert stand("report.first_half", "2024-01-15") == []


def test_a_stage_is_reported_on_within_five_working_days_of_its_end() -> None:
    """Ended on Friday 2023-06-30: the fifth working day is Friday 7 July."""
    ended = stage("2023-06-01", "2023-06-30")
    assert stand("report.stage", "2023-06-30", stages=ended) == []
    assert stand("report.stage", "2023-07-07", stages=ended) == [("2023-06-30", "due", 0)]
    assert stand("report.stage", "2023-07-08", stages=ended) == [("2023-06-30", "over", -1)]
    # Before Spring Festival 2023 (21 to 27 January; 28 and 29 January were worked): 20 January, then 28, 29, 30, 31 and 1 February.
    festival = stage("2023-01-01", "2023-01-20")
    assert stand("report.stage", "2023-02-01", stages=festival) == [("2023-01-20", "due", 0)]
    assert stand("report.stage", "2023-02-02", stages=festival) == [("2023-01-20", "over", -1)]
    # Over New Year: 29 December 2023 is a Friday, 1 January a holiday; 2, 3, 4, 5, 8 January.
    assert stand("report.stage", "2024-01-08", stages=stage("2023-12-01", "2023-12-29")) == [("2023-12-29", "due", 0)]
    # To the leap day: 22 February 2024 is a Thursday; 23, 26, 27, 28, 29.
    assert stand("report.stage", "2024-02-29", stages=stage("2024-02-01", "2024-02-22")) == [("2024-02-22", "due", 0)]
    assert stand("report.stage", "2024-03-01", stages=stage("2024-02-01", "2024-02-22")) == [("2024-02-22", "over", -1)]


def test_two_stages_that_end_together_are_one_paper() -> None:
    both = pd.concat([stage("2023-06-01", "2023-06-30"), stage("2023-05-01", "2023-06-30", "巡查复查")], ignore_index=True)
    known = Evidence(bodies=BODIES, stages=both)
    found = obligations(known, BOOK, day("2023-07-05"), calendar=CALENDAR)
    mine = found[found["rule_id"] == "report.stage"]
    assert mine["label"].tolist() == ["巡查复查、集中整治"] * 2


@pytest.mark.parametrize(("name", "on"), [("7月月报", "2023-08-02"), ("2023年7月月报", "2023-08-20"), ("东街打非工作月报", "2023-07-20")])
def test_a_monthly_paper_is_handed_in_by_the_month_it_names_or_its_day(name: str, on: str) -> None:
    late = ("2023-07-31", "over", -27)
    assert late in stand("report.monthly", "2023-08-21", code="D")
    assert late not in stand("report.monthly", "2023-08-21", (on, name, "D"), code="D")


def test_a_paper_in_time_stands_as_done_until_its_day_and_is_gone_after_it() -> None:
    assert stand("report.first_half", "2023-07-14", ("2023-07-10", "1—6月考核资料")) == [("2023-06-30", "ok", 1)]
    assert stand("report.first_half", "2023-07-16", ("2023-07-10", "1－6月份考核资料")) == []
    assert stand("report.first_half", "2023-07-16", ("2023-07-10", "1—6月考核资料", "S2")) == [("2023-06-30", "over", -1)]
    # Handed in late: over until then.
    assert stand("report.first_half", "2023-07-17", ("2023-07-18", "1—6月考核资料")) == [("2023-06-30", "over", -2)]
    assert stand("report.first_half", "2023-07-18", ("2023-07-18", "1—6月考核资料")) == []


def test_a_record_that_names_its_paper_counts_whatever_it_is_called_and_no_other_does() -> None:
    assert stand("report.first_half", "2023-07-16", ("2023-07-10", "材料", "S1", "report.first_half/S1.2023-06-30")) == []
    assert stand("report.first_half", "2023-07-16", ("2023-07-10", "1—6月考核资料", "S1", "report.first_half/S1.2022-06-30")) == [("2023-06-30", "over", -1)]
    assert stand("report.first_half", "2023-07-16", ("2023-07-10", "宣传月活动小结")) == [("2023-06-30", "over", -1)]


def test_a_stage_paper_is_read_by_the_name_of_its_stage_or_its_day() -> None:
    two = pd.concat([stage("2023-06-01", "2023-06-30", "巡查复查"), stage("2023-06-15", "2023-07-03", "集中打击")], ignore_index=True)
    # On 6 July both are owed; the day alone says the later one.
    assert stand("report.stage", "2023-07-06", ("2023-07-05", "阶段总结"), stages=two) == [("2023-06-30", "due", 1), ("2023-07-03", "ok", 4)]
    assert stand("report.stage", "2023-07-10", ("2023-07-05", "巡查复查阶段总结"), stages=two) == [("2023-07-03", "due", 0)]


def test_nothing_is_owed_of_before_the_rule_was_adopted() -> None:
    later = replace(BOOK, since={"report.first_half": day("2023-07-16"), "report.monthly": day("2023-07-25")})
    assert stand("report.first_half", "2023-07-20", book=later) == []
    assert stand("report.monthly", "2023-07-26", code="D", book=later) == [("2023-07-31", "over", -1)]


def test_the_district_owes_its_own_papers_and_the_city_s_only_where_the_city_has_an_office() -> None:
    found = obligations(Evidence(bodies=BODIES), BOOK, day("2023-11-05"), calendar=CALENDAR)
    owed = {rule: sorted(set(rows["target_id"].str.partition(".")[0])) for rule, rows in found.groupby("rule_id")}
    assert owed["report.second_half"] == ["S1", "S2"]
    assert owed["report.year_district"] == ["D"]
    assert "report.year_city" not in owed
    city = pd.concat([BODIES, BODIES.iloc[2:].assign(level="city")], ignore_index=True)
    found = obligations(Evidence(bodies=city), BOOK, day("2023-11-05"), calendar=CALENDAR)
    assert found.loc[found["rule_id"] == "report.year_city", "state"].tolist() == ["due"]


def test_every_paper_comes_again_within_the_days_that_are_looked_at_and_says_who_owes_it() -> None:
    assert LOOK.days > 366
    for rule in shipped().values():
        if rule.kind == "report":
            assert level_of(rule) in {"street", "district", "city"}
            assert rule.options["papers"], rule.id


def test_a_stage_of_some_streets_is_reported_on_by_them_alone() -> None:
    known = Evidence(bodies=BODIES, stages=stage("2023-06-01", "2023-06-30").assign(areas=[("S2",)]))
    found = obligations(known, BOOK, day("2023-07-05"), calendar=CALENDAR)
    assert found.loc[found["rule_id"] == "report.stage", "target_id"].tolist() == ["S2.2023-06-30"]
