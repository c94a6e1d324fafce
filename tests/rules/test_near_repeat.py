"""Knox's test: pairs counted by hand, edges, all orders of the days, null and planted near-repeats."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import numpy as np
import pyogrio
import pytest
from libpysal import examples

from rules.near_repeat import COLUMNS, knox


def test_pairs_are_counted_as_a_hand_counts_them():
    # 0 and 1 are 100 m and 1 day apart; 2 is 100 m from 1 and 200 m from 0, 7 and 8 days; 3 is far
    found = knox([0, 100, 200, 9000], [0] * 4, [0, 1, 8, 8], [100, 200], [1, 7, 30])
    assert tuple(found.columns) == COLUMNS
    assert found[["distance_to_m", "days_to", "observed"]].to_numpy().tolist() == [
        [100, 1, 1], [100, 7, 1], [100, 30, 0], [200, 1, 0], [200, 7, 0], [200, 30, 1],
    ]  # fmt: skip
    # of 6 pairs 2 lie within 100 m and 1 within 100 to 200 m; 2 within a day (0-1, 2-3), 2 within a week, 2 more
    assert found["expected"].tolist() == pytest.approx([2 * 2 / 6, 2 * 2 / 6, 2 * 2 / 6, 2 / 6, 2 / 6, 2 / 6])
    assert found["ratio"].tolist() == pytest.approx([1.5, 1.5, 0, 0, 0, 3])
    assert found[["distance_from_m", "days_from"]].to_numpy().tolist() == [[0, 0], [0, 1], [0, 7], [100, 0], [100, 1], [100, 7]]


def test_what_is_expected_is_the_mean_over_all_orders_of_the_days_and_p_their_share():
    x, y, day = [0, 10, 20, 500, 510], [0] * 5, [0, 1, 9, 20, 21]
    found = knox(x, y, day, [15], [2], permutations=4999).iloc[0]
    counts = [
        sum(abs(x[i] - x[j]) <= 15 and abs(order[i] - order[j]) <= 2 for i, j in itertools.combinations(range(5), 2))
        for order in itertools.permutations(day)
    ]
    assert found["observed"] == 2
    assert found["expected"] == pytest.approx(np.mean(counts))
    assert found["p"] == pytest.approx(np.mean(np.array(counts) >= 2), abs=0.025)


def test_burkitts_lymphoma_has_the_published_pairs():
    # Source: pointpats 2.5, docstring of Knox (188 cases, West Nile district of Uganda; 20 units, 5 days); Monte Carlo p 0.21 there
    cases = pyogrio.read_dataframe(examples.get_path("burkitt.shp"), read_geometry=False)
    found = knox(cases["X"], cases["Y"], cases["T"], [20], [5]).iloc[0]
    assert found["observed"] == 13
    assert found["expected"] == pytest.approx(10.1438161, abs=1e-7)
    assert found["p"] == pytest.approx(0.21, abs=0.05)


def test_an_edge_belongs_to_the_cell_below_it():
    found = knox([0, 0.3], [0, 0.4], [0, 7], [0.5, 1], [7, 14])
    assert found["observed"].tolist() == [1, 0, 0, 0]


def test_the_same_spot_and_day_are_near_and_soon():
    assert knox([5, 5], [5, 5], [1, 1], 100, 7)["observed"].tolist() == [1]


def test_dates_are_days():
    days = [dt.date(2023, 7, 1), dt.date(2023, 7, 3), dt.date(2023, 8, 1)]
    assert knox([0, 1, 2], [0] * 3, days, [10], [2, 40])["observed"].tolist() == [1, 2]


def test_too_few_events_have_no_pairs():
    for events in ([], [1]):
        found = knox(events, events, events, [100], [7])
        assert found["observed"].tolist() == [0]
        assert found["expected"].tolist() == [0]
        assert math.isnan(found["ratio"][0])
        assert found["p"].tolist() == [1]


def test_a_seed_repeats_the_result():
    rng = np.random.default_rng(0)
    args = (*rng.random((2, 60)) * 1000, rng.integers(0, 90, 60), [100, 200], [7, 14])
    assert knox(*args, permutations=99, seed=1).equals(knox(*args, permutations=99, seed=1))
    assert not knox(*args, permutations=99, seed=1).equals(knox(*args, permutations=99, seed=2))


def test_without_near_repeats_false_alarms_come_at_the_stated_rate():
    rng = np.random.default_rng(3)
    alarms = sum(
        knox(*rng.random((2, 50)) * 1000, rng.integers(0, 60, 50), [200], [7], permutations=99, seed=number)["p"][0] <= 0.05 for number in range(1000)
    )
    assert 20 <= alarms <= 71  # at most 5 % and 3 standard errors; ties make it fewer


def test_planted_near_repeats_are_found():
    rng = np.random.default_rng(6)
    x, y, day = rng.random(80) * 3000, rng.random(80) * 3000, rng.integers(0, 300, 80)
    x[40:], y[40:], day[40:] = x[:40] + 20, y[:40], day[:40] + 3
    found = knox(x, y, day, [100, 400], [7, 30], permutations=199)
    assert found["p"][0] == 1 / 200
    assert found["observed"][0] >= 40 > 10 * found["expected"][0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([0, 1], [0, math.nan], [1, 2], [10], [7]), "y.*row 1"),
        (([0, 1], [0], [1, 2], [10], [7]), "y: expected 2"),
        (([0, 1], [0, 1], [1], [10], [7]), "day: expected 2"),
        (([0, 1], [0, 1], [1, 2], [10, 5], [7]), "distances_m"),
        (([0, 1], [0, 1], [1, 2], [10], []), "days"),
    ],
)
def test_what_cannot_be_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        knox(*arguments)
