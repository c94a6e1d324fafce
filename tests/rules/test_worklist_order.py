"""Which place comes first on a worklist, and what is not on it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.worklist_order import COLUMNS, GROUPS, TITLES, worklist_of

DAY = dt.date(2023, 7, 31)


def duty(kind: str, number: str, left: int | None, *, risk: str | None = None, state: str | None = None, rule: str = "r", **more: object) -> dict:
    due = pd.NaT if left is None else pd.Timestamp(DAY) + pd.Timedelta(days=left)
    state = state or ("never" if left is None else "over" if left < 0 else "due")
    return {
        "rule_id": rule, "target_kind": kind, "target_id": number, "label": number, "street_code": "S", "neighbourhood_code": "N",
        "grid_code": "G", "lon": 121.0, "lat": 31.0, "risk": risk, "category": None, "premises": None, "last_on": pd.NaT,
        "due_on": due, "state": state, "days_left": pd.NA if left is None else left, "owner_kind": "agency", "owner_code": "A",
        "points": 1.0, "ours": False, "adopted": True, "reason": "x", "facts": {}, **more,
    }  # fmt: skip


def frame(*rows: dict) -> pd.DataFrame:
    made = pd.DataFrame(list(rows) or [duty("grid", "g", 9)])
    made["days_left"] = made["days_left"].astype("Int64")
    return made if rows else made.head(0)


def numbers(found: pd.DataFrame) -> list[str]:
    return found["target_id"].tolist()


def test_the_list_of_the_street_picture_has_its_order() -> None:
    duties = frame(
        duty("site", "054", 1), duty("construction", "052", 0), duty("construction", "044", -3), duty("site", "030", -7),
        duty("grid", "059", None), duty("grid", "037", -27), duty("site", "031", -4, risk="high"), duty("lead", "L", 1),
        duty("site", "050", -13),
    )  # fmt: skip
    found = worklist_of(duties, DAY)
    assert numbers(found) == ["L", "031", "059", "037", "050", "030", "044", "052", "054"]
    assert found["rank"].tolist() == list(range(1, 10))
    assert tuple(found.columns) == COLUMNS


def test_complaints_come_first_by_the_time_left_whatever_their_risk() -> None:
    duties = frame(duty("site", "s", -90, risk="high"), duty("lead", "b", 1, risk="high"), duty("lead", "a", 0))
    assert numbers(worklist_of(duties, DAY)) == ["a", "b", "s"]


def test_a_high_risk_goes_before_a_middle_one_and_low_is_no_more_than_none() -> None:
    duties = frame(
        duty("site", "none", -9), duty("site", "low", -8, risk="low"), duty("site", "mid", -1, risk="mid"), duty("site", "high", 1, risk="high"),
    )  # fmt: skip
    assert numbers(worklist_of(duties, DAY)) == ["high", "mid", "none", "low"]


def test_what_is_due_after_the_horizon_is_not_on_the_list() -> None:
    duties = frame(duty("grid", "today", 0), duty("grid", "tomorrow", 1), duty("grid", "after", 2))
    assert numbers(worklist_of(duties, DAY)) == ["today", "tomorrow"]
    assert numbers(worklist_of(duties, DAY, horizon_days=0)) == ["today"]
    assert numbers(worklist_of(duties, DAY, horizon_days=2)) == ["today", "tomorrow", "after"]
    with pytest.raises(ValueError, match="horizon"):
        worklist_of(duties, DAY, horizon_days=-1)


def test_a_place_with_several_duties_is_one_row_that_takes_the_most_urgent() -> None:
    duties = frame(
        duty("site", "s", 1, rule="task", points=0.5), duty("grid", "s", -1),
        duty("site", "s", -3, rule="visit.site_closed", points=1.0, reason="site_closed"),
    )  # fmt: skip
    found = worklist_of(duties, DAY)
    assert found["key"].tolist() == ["site:s", "grid:s"]
    first = found.iloc[0]
    assert first["rule_ids"] == ("visit.site_closed", "task")
    assert (first["state"], first["days_left"], first["points"], first["title"]) == ("over", -3, 1.5, "site_closed")
    assert found["title"].iloc[1] == "grid"


def test_what_nobody_adopted_and_what_is_no_place_is_left_out() -> None:
    duties = frame(duty("site", "reference", -5, adopted=False), duty("case", "c", -5), duty("street", "t", -5), duty("site", "bound", -5))
    assert numbers(worklist_of(duties, DAY)) == ["bound"]


def test_the_clock_of_a_complaint_runs_to_the_end_of_its_due_day() -> None:
    now = dt.datetime(2023, 7, 31, 2, 0, tzinfo=dt.UTC)
    found = worklist_of(frame(duty("lead", "a", 0), duty("lead", "b", -1), duty("grid", "g", 0)), DAY, now=now)
    assert found.set_index("target_id")["hours_left"].to_dict() == {"b": -10.0, "a": 14.0, "g": pytest.approx(float("nan"), nan_ok=True)}
    assert found.equals(worklist_of(frame(duty("lead", "a", 0), duty("lead", "b", -1), duty("grid", "g", 0)), DAY, now=now.astimezone(ZoneInfo("Asia/Shanghai"))))
    with pytest.raises(ValueError, match="time zone"):
        worklist_of(frame(), DAY, now=dt.datetime(2023, 7, 31))


def test_no_duties_are_an_empty_list_with_its_columns() -> None:
    found = worklist_of(frame(), DAY)
    assert found.empty
    assert tuple(found.columns) == COLUMNS


def test_every_group_has_a_title() -> None:
    assert set(GROUPS) <= set(TITLES)


@given(st.permutations(range(8)))
def test_the_order_of_the_duties_does_not_matter(places: list[int]) -> None:
    rows = [duty(kind, f"{kind}-{left}", left, risk=risk) for kind, left, risk in (
        ("site", -4, "high"), ("site", -4, None), ("grid", -4, None), ("grid", None, None), ("lead", 0, None), ("lead", 1, None), ("subject", -4, "mid"), ("construction", 1, None))]
    assert worklist_of(frame(*(rows[place] for place in places)), DAY).equals(worklist_of(frame(*rows), DAY))


def test_what_nobody_adopted_is_listed_only_when_asked_for_and_after_what_binds() -> None:
    duties = frame(duty("site", "late", -90, risk="high", adopted=False), duty("grid", "bound", 0), duty("grid", "bound", -9, rule="s", adopted=False))
    assert numbers(worklist_of(duties, DAY)) == ["bound"]
    found = worklist_of(duties, DAY, reference=True)
    assert numbers(found) == ["bound", "late"]
    assert found["adopted"].tolist() == [True, False]
    assert found["rule_ids"].tolist() == [("r", "s"), ("r",)]
    assert found["days_left"].tolist() == [0, -90]
