"""The order of a list and its hit rate, by hand."""

import numpy as np
import pandas as pd
import pytest

from rules.list_order import by_historic_list, expected_matters, hit_rate, places_at_top


def test_the_top_is_the_given_share_and_ties_go_by_what_is_given():
    assert places_at_top([1, 5, 3, 3, 0], 0.4).tolist() == [1, 2]
    assert places_at_top([1, 5, 3, 3, 0], 0.4, ties=[0, 0, 9, 1, 0]).tolist() == [1, 3]
    assert places_at_top([4, 4], 0.01).tolist() == [0]
    assert places_at_top([]).tolist() == []


def test_what_an_area_expects_is_its_smoothed_rate_times_its_people():
    everybody = [[1, 2], [0, 2], [0, 1]]
    # Rates 0.04, 0.01 and 0.02 differ by less than chance alone would make them: each has the overall 8 / 400.
    assert expected_matters([4, 0, 2], [0, 2, 0], [100, 200, 100], everybody).tolist() == pytest.approx([2.0, 4.0, 2.0])
    # These differ by more; the neighbourless have their own rate.
    apart = expected_matters([40, 0, 2], [0, 2, 0], [100, 200, 100], everybody)
    assert 30 < apart[0] < 40 < 40 + apart[2]
    assert expected_matters([40, 0, 2], [0, 2, 0], [100, 200, 100], [[], [], []]).tolist() == pytest.approx([40.0, 2.0, 2.0])


def test_an_area_without_people_expects_nothing():
    assert expected_matters([1, 0, 0], [0, 0, 3], [10, 10, 0], [[1], [0], []])[2] == 0


def test_the_historic_list_puts_most_sites_first_and_the_first_listed_before_others():
    standing = pd.DataFrame({"unit": ["b", "a", "c", "a"], "number": ["S1", "S2", "S3", "S4"]})
    scores, ties = by_historic_list(standing, pd.Series(["a", "b", "c", "d"]))
    assert scores.tolist() == [2, 1, 1, 0]
    assert places_at_top(scores, 0.75, ties).tolist() == [0, 1, 2]
    assert ties.tolist() == [1, 0, 2, 4]


def test_hits_have_exact_intervals_and_an_exact_p():
    ours, theirs = [True] * 8 + [False] * 2, [False] * 6 + [True] * 2 + [False] * 2
    found = hit_rate(ours, theirs)
    assert (found.confirmed, found.ours, found.theirs) == (10, 8, 2)
    # Clopper & Pearson's interval of 8 in 10; sign test of 6 against 0.
    assert found.interval == (pytest.approx(0.4439, abs=1e-4), pytest.approx(0.9748, abs=1e-4))
    assert found.p == pytest.approx(2 / 64)


def test_lists_that_agree_or_hit_nothing_do_not_differ():
    assert hit_rate([True, False], [True, False]).p == 1.0
    found = hit_rate(np.array([], dtype=bool), np.array([], dtype=bool))
    assert (found.confirmed, found.interval, found.p) == (0, (0.0, 1.0), 1.0)
    with pytest.raises(ValueError, match="in_theirs"):
        hit_rate([True], [])
