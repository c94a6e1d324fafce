"""The rest against the pace, computed by hand."""

import pytest

from rules.catch_up import effort


def test_934_targets_in_62_days_need_15_a_day() -> None:
    found = effort(934, 62, 420, per_officer_day=4)
    assert found.needed_per_day == pytest.approx(15.0645, abs=1e-4)
    assert found.pace_per_day == 15.0
    assert found.person_days == 234
    assert not found.enough


def test_a_pace_that_just_meets_the_need_is_enough() -> None:
    assert effort(62, 62, 28).enough
    assert not effort(63, 62, 28).enough


def test_nothing_left_needs_nothing_even_when_the_end_has_passed() -> None:
    done = effort(0, -3, 0, per_officer_day=2)
    assert (done.needed_per_day, done.days_left, done.person_days, done.enough) == (0.0, 0, 0, True)


def test_after_the_end_no_pace_can_finish_what_is_left() -> None:
    late = effort(5, 0, 1000)
    assert late.needed_per_day is None
    assert not late.enough
    assert late.person_days is None


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="counts"):
        effort(-1, 10, 3)
