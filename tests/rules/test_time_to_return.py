"""Time to return: Kaplan and Meier's median, and counts that say whom they are of."""

import pytest

from rules.time_to_return import time_to_return


def test_the_median_is_that_of_the_published_remission_times():
    # 6-MP arm of Freireich et al. 1963, as in Cox & Oakes 1984, table 1.1: median 23 weeks; + is censored.
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    found = time_to_return(weeks, ended)
    assert found.median_days == 23
    assert (found.closures, found.returned, found.censored) == (21, 9, 12)


def test_without_censoring_the_median_is_the_middle():
    assert time_to_return([5, 10, 20, 40], [True] * 4).median_days == 10


def test_while_fewer_than_half_returned_there_is_no_median():
    assert time_to_return([5, 100, 100, 100], [True, False, False, False]).median_days is None


def test_a_share_is_of_those_watched_long_enough_or_seen_to_return():
    found = time_to_return([10, 20, 29, 30, 31, 200], [True, False, False, False, True, True], (30, 180))
    # Within 30 days 1 returned; of 6, those watched 20 and 29 days are not known.
    assert found.within == ((30, 1, 4), (180, 2, 3))


def test_a_quick_return_counts_no_sooner_than_its_neighbour_without_one():
    # Closed 5 and 5 days ago (one is back after 2), and 40 and 90 days ago (one is back after 10, one after 60).
    found = time_to_return([2, 5, 10, 60], [True, False, True, True], (30, 90), possible_days=[5, 5, 40, 90])
    assert found.within == ((30, 1, 2), (90, 1, 1))
    with pytest.raises(ValueError, match="possible_days"):
        time_to_return([2], [True], possible_days=[1])


def test_no_closures_say_nothing():
    found = time_to_return([], [])
    assert (found.closures, found.returned, found.median_days, found.longest_days) == (0, 0, None, 0)
    assert set(found.within) == {(30, 0, 0), (90, 0, 0), (180, 0, 0), (365, 0, 0)}


@pytest.mark.parametrize(("days", "came"), [([1, -1], [True, True]), ([1], [True, False]), ([float("nan")], [True])])
def test_impossible_times_are_refused(days, came):
    with pytest.raises(ValueError, match="watched_days"):
        time_to_return(days, came)
