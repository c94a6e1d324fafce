"""What a penalty entails: told to the credit platform, to the committee when rented, looked at again."""

import datetime as dt

import pandas as pd
import pytest

from rules.after_penalty import COLUMNS, after_penalty
from rules.rulebook import Rulebook, shipped, whole_rulebook

BOOK = whole_rulebook()


def penalties(day: str = "2023-01-31", rental: bool = False) -> pd.DataFrame:
    return pd.DataFrame({"id": ["n"], "day": pd.to_datetime([day]), "street_code": ["A"], "rental": [rental]})


def done(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["event", "day"], dtype="str")
    return frame.assign(penalty_id="n", day=pd.to_datetime(frame["day"]))


def state(rule: str, as_of: str, happened: pd.DataFrame, **more) -> str:
    found = after_penalty(penalties(**more), happened, BOOK, dt.date.fromisoformat(as_of)).set_index("rule_id")
    return found["state"][rule] if rule in found.index else ""


def test_the_credit_platform_is_told_within_a_month_clipped_to_its_end():
    assert state("penalty.push_credit", "2023-02-28", done()) == "ok"
    assert state("penalty.push_credit", "2023-03-01", done()) == "over"
    assert state("penalty.push_credit", "2023-03-01", done(("pushed_on", "2023-02-28"))) == "done"
    assert state("penalty.push_credit", "2023-03-05", done(("pushed_on", "2023-03-01"))) == "late_done"
    assert state("penalty.push_credit", "2023-02-27", done(("pushed_on", "2023-02-28"))) == "ok"


def test_days_left_count_down_and_below_none():
    found = [after_penalty(penalties(), done(), BOOK, dt.date.fromisoformat(day)).set_index("rule_id")["days_left"]["penalty.push_credit"] for day in ("2023-02-27", "2023-02-28", "2023-03-02")]
    assert found == [1, 0, -2]


def test_only_rented_premises_are_told_to_committee_and_housing():
    assert state("penalty.notify_committee", "2023-02-01", done()) == ""
    assert state("penalty.notify_committee", "2023-02-07", done(), rental=True) == "ok"
    assert state("penalty.notify_committee", "2023-02-08", done(), rental=True) == "over"
    assert state("penalty.notify_housing", "2023-02-08", done(("transfer_to_housing", "2023-02-01")), rental=True) == "done"


@pytest.mark.parametrize("event", ["revisit", "inspection", "joint", "supervision"])
def test_a_look_back_is_any_visit_of_control_after_the_penalty(event):
    assert state("penalty.look_back", "2023-04-30", done()) == "ok"
    assert state("penalty.look_back", "2023-05-01", done((event, "2023-01-30"))) == "over"
    assert state("penalty.look_back", "2023-05-01", done((event, "2023-01-31"))) == "done"
    assert state("penalty.look_back", "2023-05-01", done(("patrol", "2023-02-15"))) == "over"


def test_the_typical_case_is_a_reminder_and_never_late():
    assert state("penalty.typical_case", "2030-01-01", done()) == "open"


def test_a_penalty_of_a_later_day_entails_nothing_yet():
    assert after_penalty(penalties("2023-02-01"), done(), BOOK, dt.date(2023, 1, 31)).empty


def test_an_unadopted_duty_says_so_and_none_gives_the_columns():
    found = after_penalty(penalties(), done(), Rulebook(shipped(), frozenset({"penalty.look_back"})), dt.date(2023, 2, 1)).set_index("rule_id")
    assert found["adopted"].to_dict() == {"penalty.push_credit": False, "penalty.typical_case": False, "penalty.look_back": True}
    empty = after_penalty(penalties().iloc[:0], done(), Rulebook({}, frozenset()), dt.date(2023, 2, 1))
    assert list(empty.columns) == list(COLUMNS)
