"""The rulebook of a district: versions, adoption, the calendar; audited, undone, as of any day and instant."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import func, select

from data_access.epochs import change_days
from data_access.importing import ImportRefused, undo
from data_access.later_versions import next_version_on
from data_access.rulebooks import (
    RuleRefused,
    adopt,
    adoptions,
    calendar_days,
    change_rule,
    changed_rulebook,
    end_adoption,
    rule_history,
    rulebook_of,
    set_calendar_days,
    undo_change,
    working_days,
)
from data_access.schema import adoption as adoption_table
from data_access.schema import audit_event, calendar_day, import_batch, rule_version
from data_access.versions import versions
from rules.language import Refusal
from rules.request import Actor
from rules.rulebook import shipped
from tests.town import CHINA, DISTRICT, JULY, ONLY_A, STREET_A, STREET_B, WHOLE, build_town

OFFICE = Actor("office", "示例员", "leading", WHOLE)
STREET = Actor("street", "示例员", "street", ONLY_A)
NOW = dt.datetime(2023, 7, 31, 9, 0, tzinfo=CHINA)
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def town(database):
    """The small town in a database of its own: these tests write."""
    build_town(database)
    return database


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_nothing_binds_before_it_is_adopted(town):
    book = rulebook_of(town, JULY, WHOLE)
    assert book.adopted == frozenset()
    assert book["visit.site_closed"].amount == 1
    assert adoptions(town, WHOLE).empty


def test_a_rule_binds_from_the_day_of_its_adoption_until_its_last_day(town):
    adopt(town, ["visit.site_closed"], adopter="示例区打非办", document="示例文件1号", valid_from=day("2023-03-01"), valid_to=day("2023-07-31"), actor=OFFICE, now=NOW)
    bound = [rulebook_of(town, JULY.with_(as_of=day(on), start=day("2023-01-01")), WHOLE).is_adopted("visit.site_closed")
             for on in ("2023-02-28", "2023-03-01", "2023-07-31")]
    assert bound == [False, True, True]
    assert not rulebook_of(town, JULY.with_(as_of=day("2023-08-01"), end=day("2023-08-01")), WHOLE).is_adopted("visit.site_closed")
    found = adoptions(town, ONLY_A).iloc[0]
    assert (found["adopter"], found["document"]) == ("示例区打非办", "示例文件1号")


def test_one_street_adopts_for_itself(town):
    adopt(town, ["visit.construction"], adopter="东街道", document="", valid_from=day("2023-01-01"), area_code=STREET_A, actor=OFFICE, now=NOW)
    book = rulebook_of(town, JULY, WHOLE)
    assert "visit.construction" not in book.adopted
    assert book.binds("visit.construction", pd.Series([STREET_A, STREET_B, STREET_A])).tolist() == [True, False, True]
    assert "visit.construction" in rulebook_of(town, JULY.with_(area=STREET_A), WHOLE).adopted


def test_an_adoption_can_be_ended_and_renewed(town):
    adopt(town, ["visit.grid"], adopter="示例区打非办", document="", valid_from=day("2023-01-01"), actor=OFFICE, now=NOW)
    end_adoption(town, "visit.grid", day("2023-06-30"), actor=OFFICE, now=LATER)
    assert not rulebook_of(town, JULY, WHOLE).is_adopted("visit.grid")
    assert rulebook_of(town, JULY.with_(known_at=NOW), WHOLE).is_adopted("visit.grid")
    with pytest.raises(RuleRefused):
        end_adoption(town, "visit.grid", day("2023-07-31"), actor=OFFICE, now=LATER)
    adopt(town, ["visit.grid"], adopter="示例区打非办", document="", valid_from=day("2023-07-15"), actor=OFFICE, now=LATER)
    assert rulebook_of(town, JULY, WHOLE).is_adopted("visit.grid")
    assert len(adoptions(town, WHOLE)) == 2


def test_a_change_holds_from_its_day_on_and_a_past_day_keeps_the_version_of_then(town):
    change_rule(town, "visit.site_high", {"amount": 10}, day("2023-07-10"), "频次不足", actor=OFFICE, now=NOW)
    change_rule(town, "visit.site_high", {"amount": "7"}, day("2023-07-20"), "再加密", actor=OFFICE, now=LATER)
    amounts = [rulebook_of(town, JULY.with_(as_of=day(on)), WHOLE)["visit.site_high"].amount for on in ("2023-07-09", "2023-07-10", "2023-07-19", "2023-07-20")]
    assert amounts == [14, 10, 10, 7]
    assert rulebook_of(town, JULY.with_(known_at=NOW), WHOLE)["visit.site_high"].amount == 10
    assert rulebook_of(town, JULY.with_(known_at=NOW - dt.timedelta(seconds=1)), WHOLE)["visit.site_high"].amount == 14


def test_a_number_that_the_district_decided_is_no_longer_ours(town):
    assert rulebook_of(town, JULY, WHOLE)["visit.site_high"].ours
    change_rule(town, "visit.site_high", {"amount": 10}, day("2023-07-10"), "频次不足", actor=OFFICE, now=NOW)
    assert not rulebook_of(town, JULY, WHOLE)["visit.site_high"].ours


def test_a_change_of_the_same_day_replaces_the_earlier_one_and_both_stay_in_the_history(town):
    change_rule(town, "visit.grid", {"amount": 20}, day("2023-07-01"), "一", actor=OFFICE, now=NOW)
    change_rule(town, "visit.grid", {"amount": 15}, day("2023-07-01"), "二", actor=OFFICE, now=LATER)
    assert rulebook_of(town, JULY, WHOLE)["visit.grid"].amount == 15
    history = rule_history(town, WHOLE, "visit.grid")
    assert history["reason"].tolist() == ["二", "一"]
    assert history["superseded_at"].isna().tolist() == [True, False]
    assert history["actor_name"].tolist() == ["示例员", "示例员"]


def test_a_change_is_audited_raises_the_counter_and_is_undone_through_its_batch(town):
    before = versions(town, DISTRICT)["rule"]
    batch = change_rule(town, "visit.grid", {"amount": 20}, day("2023-07-01"), "试行", actor=OFFICE, now=NOW)
    assert versions(town, DISTRICT)["rule"] == before + 1
    with town.read() as connection:
        audited = connection.execute(select(audit_event).where(audit_event.c.subject_id == batch)).one()
        noted = connection.execute(select(import_batch).where(import_batch.c.id == batch)).one()
    assert (audited.action, audited.actor_id) == ("rule_change", "office")
    assert audited.detail["changes"] == {"amount": 20}
    assert (noted.kind, noted.rows_new, noted.rows_changed) == ("rule_change", 1, 0)
    undo(town, batch, actor=OFFICE, now=LATER)
    assert rulebook_of(town, JULY, WHOLE)["visit.grid"].amount == 30
    assert rulebook_of(town, JULY.with_(known_at=NOW), WHOLE)["visit.grid"].amount == 20


def test_undoing_a_replacement_brings_the_replaced_version_back(town):
    change_rule(town, "visit.grid", {"amount": 20}, day("2023-07-01"), "一", actor=OFFICE, now=NOW)
    second = change_rule(town, "visit.grid", {"amount": 15}, day("2023-07-01"), "二", actor=OFFICE, now=LATER)
    undo(town, second, actor=OFFICE, now=LATER + dt.timedelta(hours=1))
    assert rulebook_of(town, JULY, WHOLE)["visit.grid"].amount == 20


def test_an_earlier_version_is_not_taken_back_while_a_later_one_has_its_values(town):
    first = change_rule(town, "score.R2.4", {"options.reading": "site", "points": 2}, day("2023-07-01"), "按户计", actor=OFFICE, now=NOW)
    second = change_rule(town, "score.R2.4", {"points": 3}, day("2023-07-20"), "加重", actor=OFFICE, now=LATER)
    with pytest.raises(ImportRefused, match=r"2023-07-20 起的版本（示例员：加重）沿用了这次修改的 读法：") as told:
        undo_change(town, first, actor=OFFICE, now=LATER + dt.timedelta(hours=1))
    assert "reading" not in str(told.value)
    undo_change(town, second, actor=OFFICE, now=LATER + dt.timedelta(hours=2))
    undo_change(town, first, actor=OFFICE, now=LATER + dt.timedelta(hours=3))
    assert rulebook_of(town, JULY, WHOLE)["score.R2.4"] == shipped()["score.R2.4"]


def test_a_later_version_that_says_all_itself_lets_the_earlier_one_go(town):
    first = change_rule(town, "score.R2.4", {"points": 2}, day("2023-07-01"), "试行", actor=OFFICE, now=NOW)
    change_rule(town, "score.R2.4", {"points": 3}, day("2023-07-20"), "加重", actor=OFFICE, now=LATER)
    undo_change(town, first, actor=OFFICE, now=LATER + dt.timedelta(hours=1))
    assert [rulebook_of(town, JULY.with_(as_of=day(on)), WHOLE)["score.R2.4"].points for on in ("2023-07-19", "2023-07-20")] == [1, 3]


def test_a_version_written_before_is_not_held_to_have_the_values_of_one_written_after_it(town):
    change_rule(town, "visit.grid", {"amount": 20}, day("2023-07-20"), "先写", actor=OFFICE, now=NOW)
    assert next_version_on(town, WHOLE, "visit.grid", day("2023-07-01")) == day("2023-07-20")
    second = change_rule(town, "visit.grid", {"amount": 20}, day("2023-07-01"), "后写", actor=OFFICE, now=LATER)
    undo_change(town, second, actor=OFFICE, now=LATER + dt.timedelta(hours=1))
    assert [rulebook_of(town, JULY.with_(as_of=day(on)), WHOLE)["visit.grid"].amount for on in ("2023-07-19", "2023-07-20")] == [30, 20]
    assert next_version_on(town, WHOLE, "visit.grid", day("2023-07-20")) is None


def test_the_end_of_a_rule_ends_every_adoption_that_reaches_beyond_it(town):
    for since, document in (("2023-01-01", "1号"), ("2023-05-01", "2号"), ("2023-09-01", "3号")):
        adopt(town, ["visit.grid"], adopter="示例区打非办", document=document, valid_from=day(since), actor=OFFICE, now=NOW)
    batch = end_adoption(town, "visit.grid", day("2023-06-30"), actor=OFFICE, now=LATER)

    def bound(*days: str) -> list[bool]:
        return [rulebook_of(town, JULY.with_(start=day(on), end=day(on), as_of=day(on)), WHOLE).is_adopted("visit.grid") for on in days]

    assert bound("2023-06-30", "2023-07-01", "2023-08-31", "2023-09-01") == [True, False, False, True]
    with pytest.raises(RuleRefused, match="已经在 2023-06-30 截止"):
        end_adoption(town, "visit.grid", day("2023-06-30"), actor=OFFICE, now=LATER)
    undo_change(town, batch, actor=OFFICE, now=LATER + dt.timedelta(hours=1))
    assert bound("2023-07-01") == [True]
    assert len(adoptions(town, WHOLE)) == 3


def test_only_the_district_changes_rules_and_every_street_sees_them(town):
    for write in (
        lambda: change_rule(town, "visit.grid", {"amount": 20}, day("2023-07-01"), "试行", actor=STREET, now=NOW),
        lambda: adopt(town, ["visit.grid"], adopter="东街道", document="", valid_from=day("2023-07-01"), actor=STREET, now=NOW),
        lambda: set_calendar_days(town, {day("2027-02-08"): False}, "春节", actor=STREET, now=NOW),
    ):
        with pytest.raises(RuleRefused):
            write()
    change_rule(town, "visit.grid", {"amount": 20}, day("2023-07-01"), "试行", actor=OFFICE, now=NOW)
    assert rulebook_of(town, JULY, ONLY_A)["visit.grid"].amount == 20


@pytest.mark.parametrize(
    ("rule", "changes"),
    [("visit.grid", {"amount": 0}), ("visit.grid", {"amount": "三十"}), ("visit.grid", {"amount": 3661}), ("visit.grid", {"unit": "week"}),
     ("visit.grid", {"source": "自拟"}), ("visit.grid", {"amount": True}), ("visit.grid", {"owner_system": "nobody"}), ("no.such", {"amount": 1}),
     ("report.first_half", {"options.month": 0}), ("report.first_half", {"options.month": 13}), ("report.first_half", {"options.first_month": 13}),
     ("report.first_half", {"options.last_month": 0}), ("report.first_half", {"options.day": 0}), ("report.monthly", {"options.day": 32}),
     ("visit.grid", {"amount": 11, "unit": "year"}), ("visit.grid", {"amount": "1_0"}), ("visit.grid", {"amount": "٣٠"}), ("visit.grid", {"amount": "10.5"}),
     ("count.training", {"unit": "day"}), ("count.training", {"amount": 367}), ("task.quarter", {"amount": 2}), ("task.quarter", {"options.completion_percent": 90}),
     ("score.R2.4", {"points_unit": "once"}), ("score.base", {"cap": 1}), ("plan.repeat_complaints", {"options.within_months": 0}), ("visit.grid", {"options": [1]}),
     ("score.R2.4", {"points": "1_0"}), ("score.R2.4", {"points": "inf"}), ("clock.case", {"options.days_by_system": {"health": 10**9}}),
     ("score.R2.4", {"points": -1}), ("score.R2.4", {"options.reading": "weekly"}), ("score.R2.4", {"points": float("nan")})],
)  # fmt: skip
def test_a_value_that_a_rule_cannot_take_is_refused_and_nothing_is_written(town, rule, changes):
    before = versions(town, DISTRICT)
    with pytest.raises(Refusal):
        change_rule(town, rule, changes, day("2023-07-01"), "试行", actor=OFFICE, now=NOW)
    assert versions(town, DISTRICT) == before


def test_a_change_needs_a_reason_and_an_adoption_an_adopter(town):
    with pytest.raises(RuleRefused):
        change_rule(town, "visit.grid", {"amount": 20}, day("2023-07-01"), "  ", actor=OFFICE, now=NOW)
    with pytest.raises(RuleRefused):
        adopt(town, ["visit.grid"], adopter=" ", document="", valid_from=day("2023-07-01"), actor=OFFICE, now=NOW)
    with pytest.raises(RuleRefused):
        adopt(town, ["visit.grid"], adopter="区打非办", document="", valid_from=day("2023-07-02"), valid_to=day("2023-07-01"), actor=OFFICE, now=NOW)


@pytest.mark.parametrize("wrong", [dt.date(23, 7, 1), dt.date(9999, 12, 31)])
def test_a_day_that_nobody_means_is_refused(town, wrong):
    before = versions(town, DISTRICT)
    for write in (
        lambda: change_rule(town, "visit.grid", {"amount": 20}, wrong, "试行", actor=OFFICE, now=NOW),
        lambda: adopt(town, ["visit.grid"], adopter="区打非办", document="", valid_from=wrong, actor=OFFICE, now=NOW),
        lambda: adopt(town, ["visit.grid"], adopter="区打非办", document="", valid_from=day("2023-07-01"), valid_to=wrong, actor=OFFICE, now=NOW),
        lambda: end_adoption(town, "visit.grid", wrong, actor=OFFICE, now=NOW),
    ):
        with pytest.raises(RuleRefused):
            write()
    assert versions(town, DISTRICT) == before


def test_a_book_with_one_rule_changed_is_made_without_writing(town):
    before = versions(town, DISTRICT)
    book = rulebook_of(town, JULY, WHOLE)
    assert changed_rulebook(book, "visit.grid", {"amount": 20})["visit.grid"].amount == 20
    assert book["visit.grid"].amount == 30
    assert versions(town, DISTRICT) == before


def test_points_of_a_duty_follow_the_item_of_the_rubric(town):
    change_rule(town, "score.R2.4", {"points": 2.5}, day("2023-07-01"), "按本区细则", actor=OFFICE, now=NOW)
    assert rulebook_of(town, JULY, WHOLE)["visit.site_closed"].points == 2.5


def test_a_change_keeps_what_it_does_not_name(town):
    first, later = day("2023-07-01"), day("2023-07-20")
    change_rule(town, "score.R2.4", {"options.reading": "site"}, first, "按户计", actor=OFFICE, now=NOW)
    assert changed_rulebook(rulebook_of(town, JULY, WHOLE), "score.R2.4", {"cap": 3})["score.R2.4"].options["reading"] == "site"
    for valid_from in (first, later):
        change_rule(town, "score.R2.4", {"cap": 3}, valid_from, "设上限", actor=OFFICE, now=LATER)
        book = rulebook_of(town, JULY.with_(as_of=valid_from, end=valid_from), WHOLE)
        assert (book["score.R2.4"].cap, book["score.R2.4"].options["reading"]) == (3, "site")


def test_the_shipped_value_gives_one_field_back_and_leaves_the_others(town):
    first, original = day("2023-07-01"), shipped()["score.R2.4"]
    change_rule(town, "score.R2.4", {"cap": 3, "points": 2.5}, first, "试行", actor=OFFICE, now=NOW)
    change_rule(town, "score.R2.4", {"points": original.points}, first, "恢复", actor=OFFICE, now=LATER)
    rule = rulebook_of(town, JULY, WHOLE)["score.R2.4"]
    assert (rule.cap, rule.points) == (3, original.points)


def test_the_district_s_own_days_stand_over_the_calendar(town):
    assert working_days(town, WHOLE).is_working(day("2027-02-08"))
    set_calendar_days(town, {day("2027-02-08"): False, day("2027-02-13"): True}, "春节", actor=OFFICE, now=NOW)
    calendar = working_days(town, ONLY_A)
    assert not calendar.is_working(day("2027-02-08"))
    assert calendar.is_working(day("2027-02-13"))
    assert calendar.known_until == day("2026-12-31")  # one day off is not the holidays of a year
    set_calendar_days(town, {day("2027-02-08"): True}, "更正", actor=OFFICE, now=LATER)
    assert working_days(town, WHOLE).is_working(day("2027-02-08"))
    assert len(calendar_days(town, WHOLE)) == 2


def test_another_district_s_rules_are_not_seen(town):
    change_rule(town, "visit.grid", {"amount": 20}, day("2023-07-01"), "试行", actor=OFFICE, now=NOW)
    assert rulebook_of(town, JULY, replace(WHOLE, district="990198"))["visit.grid"].amount == 30


def at_once(act) -> list:
    """What four people get who do the same at the same moment; a refusal stands for itself."""
    together = threading.Barrier(4)

    def one(number: int):
        together.wait(20)
        try:
            return act(number)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(4) as people:
        return list(people.map(one, range(4)))


def current(database, table) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(table).where(table.c.superseded_at.is_(None))).scalar()


def test_people_who_decide_at_the_same_moment_take_turns(town):
    first = dt.date(2023, 7, 1)
    adopted = at_once(lambda n: adopt(town, ["visit.grid"], adopter=f"第{n}人", document="", valid_from=first, actor=OFFICE, now=NOW))
    changed = at_once(lambda n: change_rule(town, "visit.grid", {"amount": 10 + n}, first, "加密", actor=OFFICE, now=NOW))
    listed = at_once(lambda n: set_calendar_days(town, {dt.date(2023, 8, 1): n % 2 == 0}, "", actor=OFFICE, now=NOW))
    assert [len(set(batches)) for batches in (adopted, changed, listed)] == [4, 4, 4]
    assert [current(town, table) for table in (adoption_table, rule_version, calendar_day)] == [1, 1, 1]


def test_one_of_those_who_undo_a_change_at_the_same_moment_does_it(town):
    change_rule(town, "visit.grid", {"amount": 10}, dt.date(2023, 7, 1), "加密", actor=OFFICE, now=NOW)
    batch = change_rule(town, "visit.grid", {"amount": 7}, dt.date(2023, 7, 1), "加密", actor=OFFICE, now=LATER)
    told = at_once(lambda _: undo_change(town, batch, actor=OFFICE, now=LATER + dt.timedelta(hours=1)))
    assert sorted(isinstance(one, Refusal) for one in told) == [False, True, True, True]
    assert current(town, rule_version) == 1


def test_a_row_that_holds_for_ever_ends_on_no_day():
    rows = pd.DataFrame({"valid_from": pd.to_datetime(["2023-01-01", "2023-05-01"]), "valid_to": pd.Series(["9999-12-31", "2023-06-30"], dtype="datetime64[s]")})
    assert change_days(rows) == [day("2023-01-01"), day("2023-05-01"), day("2023-07-01")]
