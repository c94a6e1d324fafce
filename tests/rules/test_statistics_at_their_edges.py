"""What no statistic may do with degenerate input: crash, warn, or give a p that is none."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from rules.compare import two_periods
from rules.emerging import NONE, PERSISTENT, classify
from rules.local_statistics import false_discovery_rate, getis_ord, local_moran
from rules.near_repeat import knox
from rules.scan import scan_bernoulli, scan_poisson, scan_space_time
from rules.smoothing import empirical_bayes, local_empirical_bayes

FOUR = [0, 1, 2, 3]
RING = {i: [(i - 1) % 6, (i + 1) % 6] for i in range(6)}


def test_a_scan_of_cases_and_controls_gives_the_ratios_that_satscan_prints():
    # SaTScan 9.3.1, Bernoulli, on the 143 graves of Alt & Vach 1991, 30 of them affected: 11 of 19, 3 of 3, 2 of 2 within the
    # three circles; the same counts within the same number of graves, at places of our own (docs/decisions/statistics.md)
    rest = [[start + 50 * i for i in range(many)] for start, many in ((100, 40), (2600, 40), (5100, 39))]
    x = [*range(19), *rest[0], 2500, 2501, 2502, *rest[1], 5000, 5001, *rest[2]]
    spread = [[i % 8 == 4 for i in range(len(one))] for one in rest]
    spread[2][36] = False
    affected = [*(i % 2 == 0 or i == 9 for i in range(19)), *spread[0], *[True] * 3, *spread[1], *[True] * 2, *spread[2]]
    assert (len(x), sum(affected)) == (143, 30)
    found = scan_bernoulli(x, [0] * 143, affected, simulations=9)[:3]
    assert [f"{one.log_likelihood_ratio:.6f}" for one in found] == ["7.419340", "4.808517", "3.177442"]
    assert [(one.observed, len(one.members)) for one in found] == [(11, 19), (3, 3), (2, 2)]
    assert [f"{one.expected:.2f}" for one in found] == ["3.99", "0.63", "0.42"]
    assert [f"{one.relative_risk:.2f}" for one in found] == ["3.78", "5.19", "5.04"]


@pytest.mark.parametrize(
    ("cases", "population", "said"),
    [
        ([2**62, 1, 1, 1], [1] * 4, "at most 10000000 in all"),
        ([1] * 4, [1e308] * 4, "at most 1e\\+100"),
        ([1] * 4, [1e-320] * 4, "at least 1e-100"),
        ([1j, 1, 1, 1], [1] * 4, "complex"),
        ((i for i in FOUR), [1] * 4, "generator"),
    ],
)
def test_a_scan_refuses_what_is_no_count_and_no_population(cases, population, said):
    with pytest.raises(ValueError, match=said):
        scan_poisson(FOUR, FOUR, cases, population, simulations=9)


@pytest.mark.parametrize("simulations", ["9", None, math.nan, math.inf, 1.5, -1])
def test_simulations_are_a_whole_number(simulations):
    for scan in (lambda: scan_bernoulli(FOUR, FOUR, [1, 1, 0, 0], simulations=simulations), lambda: scan_space_time(FOUR, FOUR, FOUR, [9, 1, 1, 1], simulations=simulations)):
        with pytest.raises(ValueError, match="simulations: expected a whole number from 0"):
            scan()


@pytest.mark.parametrize("max_days", [0, 1.5, math.inf, "a"])
def test_the_longest_run_of_days_is_a_whole_number(max_days):
    with pytest.raises(ValueError, match="max_days: expected a whole number from 1"):
        scan_space_time(FOUR, FOUR, FOUR, [9, 1, 1, 1], max_days=max_days, simulations=9)


@pytest.mark.parametrize("population", [None, [10] * 4])
def test_a_date_a_million_years_away_is_refused_and_no_memory_is_asked_for(population):
    with pytest.raises(ValueError, match="at most 100000 apart, found 1000000000000"):
        scan_space_time(FOUR, FOUR, [10**12, 0, 1, 2], [9, 1, 1, 1], population, simulations=9)


def test_days_are_dates_or_numbers_not_both():
    with pytest.raises(ValueError, match="either dates or whole numbers"):
        knox([0, 1], [0, 0], [pd.Timestamp("2023-01-01").date(), 5], [1], [1], permutations=9)


def test_without_simulations_p_is_1():
    assert [one.p for one in scan_poisson(FOUR, FOUR, [9, 1, 1, 1], [10] * 4, simulations=0)] == [1.0]


@pytest.mark.parametrize("permutations", [0, 1.5, math.nan, "9"])
def test_permutations_are_a_whole_number(permutations):
    with pytest.raises(ValueError, match="permutations: expected a whole number from 1"):
        knox([0, 1], [0, 0], [0, 1], [5], [5], permutations=permutations)
    with pytest.raises(ValueError, match="permutations: expected a whole number from 1"):
        local_moran([1, 2, 3, 4, 5, 9], RING, permutations=permutations)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_local_statistics_do_not_depend_on_the_unit(size):
    values = np.array([1.0, 2, 3, 4, 5, 10])
    for statistic in (getis_ord, lambda y, w: local_moran(y, w, permutations=19)):
        for mine, same in zip(statistic(values * size, RING), statistic(values, RING), strict=True):
            assert mine == pytest.approx(same)


def test_a_p_too_small_for_a_float_is_not_0():
    assert 0 < two_periods(0, 5000, 1, 1).p < 1e-300
    # one of 2,000 areas far above: its z is some 44 deviations from 0
    z, p = getis_ord([1e6] + [0] * 1999, [[] for _ in range(2000)])
    assert z[0] == pytest.approx(math.sqrt(1999))
    assert 0 < p[0] < 1e-300


def test_a_missing_p_is_no_test_but_an_infinite_one_is_wrong():
    assert false_discovery_rate([math.nan, 0.01], 0.05).tolist() == [False, True]
    with pytest.raises(ValueError, match="p: expected 0 to 1"):
        false_discovery_rate([math.inf], 0.05)


@pytest.mark.parametrize("alpha", [0, 1, math.nan])
def test_a_share_of_false_alarms_is_between_0_and_1(alpha):
    with pytest.raises(ValueError, match="alpha"):
        false_discovery_rate([0.01], alpha)


@pytest.mark.parametrize("exposure", [1e-320, 1e308])
def test_smoothing_refuses_an_exposure_in_no_unit(exposure):
    for smooth in (empirical_bayes, lambda e, n: local_empirical_bayes(e, n, [[1], [0]])):
        with pytest.raises(ValueError, match="exposure: expected 0 or 1e-100 to 1e"):
            smooth([1, 2], [exposure, 1])


def test_neighbours_are_given_and_have_a_weight():
    with pytest.raises(ValueError, match="expected weights or a list"):
        local_empirical_bayes([1, 2], [1, 1], None)
    with pytest.raises(ValueError, match="a weight that is none"):
        getis_ord([1, 2, 3], np.array([[0, math.nan, 0], [1, 0, 1], [0, 1, 0]]))


def test_an_infinite_z_is_hot_and_nothing_more():
    assert classify([[math.inf] * 3, [-math.inf] * 3, [math.nan] * 3]).tolist() == [PERSISTENT, NONE, NONE]


@pytest.mark.parametrize(("before", "after"), [(None, 1), (1, "3"), (math.nan, 1), (10**18, 1)])
def test_a_period_is_compared_by_a_count(before, after):
    with pytest.raises(ValueError, match="expected"):
        two_periods(before, after, 1, 1)


@pytest.mark.parametrize("exposure", [0, None, math.inf, 5e-324, "1"])
def test_a_period_is_compared_by_an_exposure_above_0(exposure):
    with pytest.raises(ValueError, match="exposure_before: expected a number above 0"):
        two_periods(3, 4, exposure, 1)


def test_the_prospective_permutation_scan_gives_what_satscan_gives_for_the_counts_of_its_new_york_fever_sample():
    # SaTScan 10.1.2 on its sample NYCfever: 4 cases of the 5 of four neighbourhoods fell on 22 to 24 November, as did 26 of all 194:
    # expected 0.67, observed / expected 5.97; the same counts at two places of our own (docs/decisions/statistics.md).
    november = [dt.date(2001, 11, day) for day in range(1, 25)]
    here = [november[9], november[21], november[21], november[22], november[23]]
    there = [*(november[at % 21] for at in range(167)), *([november[21]] * 7), *([november[22]] * 7), *([november[23]] * 8)]
    found = scan_space_time(
        [0.0] * 5 + [9.0] * 189, [0.0] * 194, [*here, *there], np.ones(194, dtype=int), max_days=7, prospective=True, simulations=9, seed=1,
    )  # fmt: skip
    assert len(found) == 1
    assert (found[0].observed, round(found[0].expected, 2), round(found[0].observed / found[0].expected, 2)) == (4, 0.67, 5.97)
    assert found[0].log_likelihood_ratio == pytest.approx(4 * math.log(4 / (5 * 26 / 194)) + 190 * math.log(190 / (194 - 5 * 26 / 194)))
    assert round(found[0].log_likelihood_ratio, 6) == 3.845418
    assert (found[0].first_day, found[0].last_day) == (november[21], november[23])


@pytest.mark.parametrize(("radius", "members"), [(None, (0, 1)), (1.0, (0, 1)), (0.99, (0,)), (0, (0,))])
def test_a_circle_reaches_no_farther_than_the_largest_radius(radius, members):
    found = scan_poisson([0.0, 1.0, 9.0, 10.0], [0.0] * 4, [9, 8, 1, 1], [10.0] * 4, simulations=0, max_radius=radius)
    assert found[0].members == members


@pytest.mark.parametrize("radius", [-1, math.nan, "far"])
def test_a_largest_radius_that_is_none_is_refused(radius):
    with pytest.raises(ValueError, match="max_radius"):
        scan_poisson([0.0, 1.0], [0.0, 0.0], [1, 2], [5.0, 5.0], simulations=0, max_radius=radius)


def test_the_largest_radius_is_in_metres_on_the_sphere():
    # 0.01 degrees of latitude are 1,111.95 m.
    def circle(metres):
        return scan_poisson([121.0, 121.0, 121.0], [31.0, 31.01, 32.0], [9, 8, 1], [10.0] * 3, 0.7, 0, great_circle=True, max_radius=metres)[0].members

    assert (circle(1111.0), circle(1112.0)) == ((0,), (0, 1))
