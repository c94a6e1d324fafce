"""The states of a grid hold on both sides of every boundary, for every cycle."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cycles import warning_days
from rules.grid_state import grid_state, inherited


def states(days: list[int | None], cycle: int) -> list[str]:
    return grid_state(pd.Series(days, dtype="Int64"), cycle).tolist()


@pytest.mark.parametrize(
    ("cycle", "warning", "last_ok", "last_due"),
    [(7, 1, 5, 7), (14, 2, 11, 14), (30, 5, 24, 30), (1, 1, -1, 1), (4, 1, 2, 4), (10, 2, 7, 10), (25, 5, 19, 25), (90, 5, 84, 90)],
)
def test_a_grid_changes_its_state_exactly_at_the_boundaries(cycle: int, warning: int, last_ok: int, last_due: int) -> None:
    assert warning_days(cycle) == warning
    if last_ok >= 0:
        assert states([0, last_ok], cycle) == ["ok", "ok"]
    assert states([last_ok + 1, last_due], cycle) == ["due", "due"]
    assert states([last_due + 1, last_due + 400], cycle) == ["over", "over"]


def test_a_grid_without_a_visit_is_never_not_over() -> None:
    assert states([None], 30) == ["never"]


def test_no_grids_have_no_states() -> None:
    assert states([], 30) == []


def test_a_cycle_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        states([1], 0)


def test_a_visit_after_the_day_is_refused() -> None:
    with pytest.raises(ValueError, match="after the day"):
        states([-1], 30)


@given(st.lists(st.one_of(st.none(), st.integers(0, 800)), max_size=40), st.integers(1, 366))
def test_kept_in_time_means_visited_within_the_cycle(days: list[int | None], cycle: int) -> None:
    kept = [state in {"ok", "due"} for state in states(days, cycle)]
    assert kept == [day is not None and day <= cycle for day in days]


@given(st.lists(st.integers(0, 400), min_size=2, max_size=30), st.integers(1, 100))
def test_a_later_visit_never_gives_a_worse_state(days: list[int], cycle: int) -> None:
    order = {"ok": 0, "due": 1, "over": 2}
    ranks = [order[state] for state in states(sorted(days), cycle)]
    assert ranks == sorted(ranks)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def test_a_successor_inherits_the_last_visit_over_two_cuts() -> None:
    visits = pd.Series({"new": pd.NaT, "middle": pd.NaT, "old": day("2022-05-01"), "other": day("2023-01-02")})
    found = inherited(visits, {"new": ("middle",), "middle": ("old",)})
    assert found["new"] == day("2022-05-01")
    assert found["middle"] == day("2022-05-01")
    assert found["other"] == day("2023-01-02")


def test_a_merged_grid_inherits_the_latest_visit_and_its_own_wins_when_later() -> None:
    visits = pd.Series({"merged": pd.NaT, "a": day("2023-01-01"), "b": day("2023-02-01"), "c": day("2023-03-01")})
    assert inherited(visits, {"merged": ("a", "b")})["merged"] == day("2023-02-01")
    assert inherited(visits, {"c": ("a", "b")})["c"] == day("2023-03-01")


def test_a_successor_of_grids_never_visited_is_never_visited() -> None:
    visits = pd.Series({"new": pd.NaT, "old": pd.NaT}, dtype="datetime64[s]")
    assert pd.isna(inherited(visits, {"new": ("old",)})["new"])


def test_grids_that_name_each_other_do_not_hang() -> None:
    visits = pd.Series({"a": pd.NaT, "b": day("2023-02-01")})
    assert inherited(visits, {"a": ("b",), "b": ("a",)})["a"] == day("2023-02-01")
