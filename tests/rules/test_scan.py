"""The scan statistics: hand-computed ratios, every window by brute force, null maps and planted clusters."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from rules.scan import Cluster, scan_bernoulli, scan_poisson, scan_space_time
from rules.scan.inputs import places
from rules.scan.likelihood import Bernoulli, Poisson, critical_cases, critical_cases_of_many
from rules.scan.person_time import person_time


def poisson_ratio(c: float, mu: float, C: float) -> float:
    if c <= mu or c < 2:
        return 0.0
    rest = (C - c) * math.log((C - c) / (C - mu)) if c < C else 0.0
    return c * math.log(c / mu) + rest


def bernoulli_ratio(c: int, n: int, C: int, N: int) -> float:
    if c < 2 or n == N or c / n <= (C - c) / (N - n):
        return 0.0
    parts = [(c, n), (n - c, n), (C - c, N - n), (N - n - C + c, N - n)]
    return sum(k * math.log(k / m) for k, m in parts if k) - C * math.log(C / N) - (N - C) * math.log((N - C) / N)


def circles_by_brute_force(x, y, weight, share=0.5):
    """Every set of places within some distance of a place that holds at most the share."""
    found = set()
    for i in range(len(x)):
        away = [(x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2 for j in range(len(x))]
        for radius in set(away):
            inside = frozenset(j for j in range(len(x)) if away[j] <= radius)
            if sum(weight[j] for j in inside) <= share * sum(weight):
                found.add(inside)
    return found


def town(seed: int, areas: int = 14):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 5, (2, areas))  # whole coordinates: many ties, some at one spot
    return x, y, rng.poisson(3, areas), rng.integers(20, 200, areas)


# Poisson


def test_the_ratio_of_three_places_is_what_a_hand_computes():
    # 8 of 10 cases where 2.5 of 10 are expected: 8 ln 3.2 + 2 ln(2 / 7.5)
    found = scan_poisson([0, 10, 30], [0, 0, 0], [8, 1, 1], [25, 25, 50], simulations=9)
    assert found[0].members == (0,)
    assert (found[0].observed, found[0].expected) == (8, 2.5)
    assert found[0].log_likelihood_ratio == pytest.approx(8 * math.log(3.2) + 2 * math.log(2 / 7.5), abs=1e-12)
    assert found[0].relative_risk == pytest.approx((8 / 2.5) / (2 / 7.5))
    assert (found[0].first_day, found[0].last_day) == (None, None)


@pytest.mark.parametrize("seed", range(12))
def test_the_best_circle_is_the_best_of_all_circles(seed):
    x, y, cases, people = town(seed)
    C, N = cases.sum(), people.sum()
    ratios = {
        members: poisson_ratio(cases[list(members)].sum(), C * people[list(members)].sum() / N, C)
        for members in circles_by_brute_force(x, y, people)
    }
    best = max(ratios.values())
    found = scan_poisson(x, y, cases, people, simulations=0)
    assert found[0].log_likelihood_ratio == pytest.approx(best, abs=1e-9)
    assert ratios[frozenset(found[0].members)] == pytest.approx(best, abs=1e-9)


def test_p_is_the_rank_among_the_simulations():
    x, y, cases, people = town(3)
    found = scan_poisson(x, y, cases, people, simulations=199, seed=5)
    for cluster in found:
        higher = sum(ratio >= cluster.log_likelihood_ratio - 1e-9 for ratio in cluster.simulated)
        assert cluster.p == (1 + higher) / 200


def test_the_highest_ratio_of_a_simulation_is_the_best_of_all_circles():
    x, y, cases, people = town(4)
    found = scan_poisson(x, y, cases, people, simulations=30, seed=9)
    places = sorted(set(zip(x.tolist(), y.tolist(), strict=True)), key=lambda at: [at == one for one in zip(x, y, strict=True)].index(True))
    at = [places.index(one) for one in zip(x.tolist(), y.tolist(), strict=True)]
    population = np.bincount(at, weights=people)
    px, py = np.array(places).T
    drawn = np.random.default_rng(9).multinomial(cases.sum(), population / population.sum(), size=30)
    windows = circles_by_brute_force(px, py, population)
    C, N = cases.sum(), population.sum()
    by_hand = [max(poisson_ratio(run[list(w)].sum(), C * population[list(w)].sum() / N, C) for w in windows) for run in drawn]
    assert found[0].simulated == pytest.approx(by_hand, abs=1e-9)


def test_the_same_seed_gives_the_same_p_and_another_does_not():
    x, y, cases, people = town(1)
    first, again, other = (scan_poisson(x, y, cases, people, seed=seed) for seed in (7, 7, 8))
    assert [one.p for one in first] == [one.p for one in again]
    assert not np.array_equal(first[0].simulated, other[0].simulated)


def test_places_at_the_same_distance_enter_together():
    # a cross: its four arms are equally far from the middle, which holds too little alone
    x, y = [0, 1, -1, 0, 0, 30, 31, 32], [0, 0, 0, 1, -1, 0, 0, 0]
    found = scan_poisson(x, y, [0, 9, 9, 9, 9, 1, 1, 1], [10, 10, 10, 10, 10, 60, 60, 60], simulations=9)
    assert set(found[0].members) == {0, 1, 2, 3, 4}
    assert found[0].members[0] == found[0].centre == 0
    assert found[0].radius == 1


def test_rounding_does_not_part_places_at_the_same_distance():
    # 0.1 * 3 - 0.2 and 0.2 - 0.1 differ in the last bit
    x, y = [0.2, 0.1 * 3, 0.1, 0.2, 0.2, 9.0], [0.2, 0.2, 0.2, 0.1 * 3, 0.1, 9.0]
    assert abs(x[1] - x[0]) != abs(x[2] - x[0])
    found = scan_poisson(x, y, [3, 4, 3, 4, 3, 3], [5, 5, 5, 5, 5, 200], simulations=9)
    assert any(set(one.members) == {0, 1, 2, 3, 4} for one in found)


def test_a_circle_holds_no_more_of_the_population_than_it_may():
    x = [0, 1, 10, 11]
    args = (x, [0] * 4, [5, 5, 1, 1], [30, 30, 30, 30])
    assert set(scan_poisson(*args, max_share=0.5, simulations=9)[0].members) == {0, 1}
    assert all(len(one.members) == 1 for one in scan_poisson(*args, max_share=0.49, simulations=9))
    assert scan_poisson(*args, max_share=0.2, simulations=9) == []


def test_clusters_share_no_member_and_the_highest_ratio_comes_first():
    rng = np.random.default_rng(0)
    x, y = rng.random((2, 200))
    found = scan_poisson(x, y, rng.poisson(2, 200), rng.integers(50, 150, 200), simulations=9)
    members = [row for one in found for row in one.members]
    assert len(found) > 2
    assert len(members) == len(set(members))
    assert [one.log_likelihood_ratio for one in found] == sorted((one.log_likelihood_ratio for one in found), reverse=True)


def test_a_second_cluster_is_the_best_around_some_place_that_leaves_the_first_alone():
    x = [0, 1, 50, 51, 100, 101]
    found = scan_poisson(x, [0] * 6, [20, 20, 12, 12, 1, 1], [10] * 6, max_share=0.34, simulations=99)
    assert [set(one.members) for one in found[:2]] == [{0, 1}, {2, 3}]
    assert found[1].p >= found[0].p


def test_one_case_alone_is_no_cluster():
    assert scan_poisson([0, 1, 2, 3], [0] * 4, [1, 0, 0, 0], [10] * 4, simulations=9) == []


def test_where_all_cases_are_inside_the_relative_risk_is_infinite():
    found = scan_poisson([0, 9, 19, 29], [0] * 4, [6, 0, 0, 0], [10] * 4, simulations=99)[0]
    assert found.members == (0,)
    assert math.isinf(found.relative_risk)
    assert found.log_likelihood_ratio == pytest.approx(6 * math.log(4))


def test_rows_at_one_spot_are_members_together():
    found = scan_poisson([0, 0, 9, 19], [0, 0, 0, 0], [5, 5, 1, 1], [10, 10, 40, 40], simulations=9)[0]
    assert set(found.members) == {0, 1}


def test_on_the_sphere_a_degree_of_longitude_shrinks_towards_the_pole():
    # at 60 degrees north 1.5 degrees of longitude are nearer than 1 degree of latitude
    args = ([0, 1.5, 0, 40, 41, 42], [60, 60, 61, 0, 0, 0], [9, 9, 0, 1, 1, 1], [10, 10, 10, 40, 40, 40])
    assert set(scan_poisson(*args, simulations=9, great_circle=True)[0].members) == {0, 1}
    found = scan_poisson([121.0, 121.0, 50], [31.0, 32.0, 0], [9, 9, 1], [10, 10, 60], simulations=9, great_circle=True)[0]
    assert set(found.members) == {0, 1}
    assert found.radius == pytest.approx(math.pi / 180 * 6_371_008.8)  # a degree of a meridian
    assert set(scan_poisson([179.9, -179.9, 0, 90], [0] * 4, [9, 9, 1, 1], [10, 10, 30, 30], simulations=9, great_circle=True)[0].members) == {0, 1}


def test_lists_arrays_and_series_give_the_same():
    x, y, cases, people = town(2)
    series = pd.Series(cases, index=range(100, 114), dtype="Int64")
    one = scan_poisson(x.tolist(), y.tolist(), cases.tolist(), people.tolist(), simulations=19)
    assert one == scan_poisson(x, y, cases, people, simulations=19) == scan_poisson(pd.Series(x), pd.Series(y), series, pd.Series(people), simulations=19)


@pytest.mark.parametrize(
    ("cases", "population", "said"),
    [
        ([1, math.nan, 2], [5, 5, 5], "cases.*row 1"),
        ([1, -1, 2], [5, 5, 5], "cases.*-1"),
        ([1, 1.5, 2], [5, 5, 5], "whole"),
        ([1, 1, 2], [5, 5, 0], "population.*2 cases in row 2"),
        ([1, 1, 2], [5, -5, 5], "population.*row 1"),
        ([1, 1, 2], [5, math.inf, 5], "population.*row 1"),
        ([1, 1], [5, 5, 5], "cases: expected 3"),
        ([1, 1, 2], [5, 5], "population: expected 3"),
        (pd.Series([1, pd.NA, 2], dtype="Int64"), [5, 5, 5], "cases.*row 1"),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(cases, population, said):
    with pytest.raises(ValueError, match=said):
        scan_poisson([0, 1, 2], [0, 0, 0], cases, population)


@pytest.mark.parametrize("share", [0, -0.1, 1.1, math.nan])
def test_a_share_outside_its_range_is_refused(share):
    with pytest.raises(ValueError, match="max_share"):
        scan_poisson([0, 1], [0, 0], [1, 2], [5, 5], max_share=share)


def test_nothing_is_found_where_there_is_nothing():
    assert scan_poisson([], [], [], []) == []
    assert scan_poisson([0, 1, 2], [0, 0, 0], [0, 0, 0], [5, 5, 5]) == []
    assert scan_poisson([0, 1, 2], [0, 0, 0], [0, 0, 0], [0, 0, 0]) == []
    assert scan_poisson([0], [0], [9], [5]) == []
    assert scan_poisson([0, 0, 0], [1, 1, 1], [9, 9, 9], [5, 5, 5]) == []
    assert scan_poisson([0, 1], [0, 0], [5, 5], [10, 10]) == []


def test_an_empty_place_changes_nothing():
    x, y, cases, people = town(6)
    found = scan_poisson(x, y, cases, people, simulations=9)
    longer = scan_poisson([*x, 2.1], [*y, 2.1], [*cases, 0], [*people, 0], simulations=9)
    assert longer[0].log_likelihood_ratio == pytest.approx(found[0].log_likelihood_ratio)
    assert set(longer[0].members) - {len(x)} == set(found[0].members)


def test_false_alarms_come_at_the_stated_rate():
    # 1,000 maps of 40 areas without any cluster, 99 simulations: p <= 0.05 in 5 % of them (3.0 % to 7.2 %: 3 standard errors)
    rng = np.random.default_rng(20230731)
    alarms = 0
    for number in range(1000):
        x, y = rng.random((2, 40))
        people = rng.integers(200, 3000, 40)
        found = scan_poisson(x, y, rng.multinomial(80, people / people.sum()), people, simulations=99, seed=number)
        alarms += bool(found) and found[0].p <= 0.05
    assert 30 <= alarms <= 72


def test_a_planted_cluster_is_found():
    rng = np.random.default_rng(11)
    hits = 0
    for number in range(40):
        x, y = rng.random((2, 60))
        risk = np.where(np.hypot(x - 0.3, y - 0.3) < 0.2, 5.0, 1.0)
        cases = rng.multinomial(150, risk / risk.sum())
        found = scan_poisson(x, y, cases, np.full(60, 100), simulations=99, seed=number)[0]
        planted = set(np.flatnonzero(risk > 1))
        hits += found.p <= 0.05 and len(planted & set(found.members)) >= 0.6 * len(planted)
    assert hits >= 34


def test_the_fewest_cases_of_a_window_are_those_with_which_its_ratio_rises_above():
    weight = np.array([0.1, 0.5, 3.0, 12.5, 59.0])
    for model in (Poisson(60), Bernoulli(60, 200)):
        base = weight if isinstance(model, Poisson) else np.array([1.0, 2.0, 10.0, 40.0, 199.0])
        for above in (0.0, 0.5, 1.3, 2.7, 9.0):
            found = critical_cases(model, base, np.array([True, True, True, True, False]), above)
            for one, fewest in zip(base[:4], found[:4], strict=True):
                enough = [c for c in range(2, int(model.most(np.array([one]))[0]) + 1) if model.ratio(np.array([c]), np.array([one]))[0] > above]
                assert fewest == (enough[0] if enough else 61)
            assert found[4] == 61
            if isinstance(model, Poisson):
                assert critical_cases_of_many(model, base, np.array([True, True, True, True, False]), above).tolist() == found.tolist()


# Bernoulli


@pytest.mark.parametrize("seed", range(8))
def test_the_best_circle_of_cases_and_controls_is_the_best_of_all(seed):
    rng = np.random.default_rng(seed)
    x, y, is_case = rng.integers(0, 6, 24), rng.integers(0, 6, 24), rng.random(24) < 0.4
    C, N = int(is_case.sum()), 24
    windows = circles_by_brute_force(x, y, [1] * 24)
    best = max(bernoulli_ratio(int(is_case[list(w)].sum()), len(w), C, N) for w in windows)
    found = scan_bernoulli(x, y, is_case, simulations=0)
    assert found[0].log_likelihood_ratio == pytest.approx(best, abs=1e-9)
    inside = list(found[0].members)
    assert bernoulli_ratio(int(is_case[inside].sum()), len(inside), C, N) == pytest.approx(best, abs=1e-9)
    assert found[0].observed == is_case[inside].sum()
    assert found[0].expected == pytest.approx(C * len(inside) / N)


def test_points_that_are_all_cases_or_all_controls_have_no_cluster():
    assert scan_bernoulli([0, 1, 2], [0, 0, 0], [1, 1, 1]) == []
    assert scan_bernoulli([0, 1, 2], [0, 0, 0], [0, 0, 0]) == []
    assert scan_bernoulli([], [], []) == []


def test_a_point_is_a_case_or_a_control():
    with pytest.raises(ValueError, match="is_case"):
        scan_bernoulli([0, 1], [0, 0], [0, 2])
    with pytest.raises(ValueError, match=r"is_case.*row 1"):
        scan_bernoulli([0, 1], [0, 0], [0, None])


def test_false_alarms_of_cases_and_controls_come_at_the_stated_rate():
    rng = np.random.default_rng(5)
    alarms = 0
    for number in range(300):
        x, y = rng.random((2, 50))
        found = scan_bernoulli(x, y, rng.permutation(50) < 15, simulations=99, seed=number)
        alarms += bool(found) and found[0].p <= 0.05
    assert alarms <= 27  # 5 % and 3 standard errors: 26.3


def test_a_planted_cluster_of_cases_is_found():
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(10), np.arange(10)))
    is_case = (x < 3) & (y < 3) | ((x * 7 + y * 3) % 11 == 0)
    found = scan_bernoulli(x, y, is_case, simulations=199)[0]
    assert found.p == 1 / 200
    assert {int(i) for i in np.flatnonzero((x < 2) & (y < 2))} <= set(found.members)


# Space and time


def panel(seed: int, places: int = 7, days: int = 6):
    rng = np.random.default_rng(seed)
    px, py = rng.integers(0, 4, (2, places)) + np.arange(places) / 100
    place, day = (axis.ravel() for axis in np.meshgrid(np.arange(places), np.arange(days), indexing="ij"))
    return px[place], py[place], day, rng.poisson(1.2, places * days), place, px, py


def best_cylinder(px, py, of_place, weight_of, cases, place, day, longest, end=None):
    best = 0.0
    for members in circles_by_brute_force(px, py, of_place):
        for first in range(day.min(), day.max() + 1):
            for last in range(first, min(first + longest, day.max() + 1)):
                if end is not None and last != end:
                    continue
                inside = np.isin(place, list(members)) & (day >= first) & (day <= last)
                best = max(best, poisson_ratio(cases[inside].sum(), weight_of(members, inside, first, last), cases.sum()))
    return best


@pytest.mark.parametrize("prospective", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_cylinder_of_the_permutation_model_is_the_best_of_all(seed, prospective):
    x, y, day, cases, place, px, py = panel(seed)
    C = cases.sum()

    def weight(members, inside, first, last):
        return cases[np.isin(place, list(members))].sum() * cases[(day >= first) & (day <= last)].sum() / C

    of_place = np.bincount(place, weights=cases)
    best = best_cylinder(px, py, of_place, weight, cases, place, day, 3, 5 if prospective else None)
    found = scan_space_time(x, y, day, cases, max_days=3, prospective=prospective, simulations=0)
    assert found[0].log_likelihood_ratio == pytest.approx(best, abs=1e-9)
    assert cases[list(found[0].members)].sum() == found[0].observed
    if prospective:
        assert all(one.last_day == 5 for one in found)


@pytest.mark.parametrize("prospective", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_cylinder_over_a_population_is_the_best_of_all(seed, prospective):
    x, y, day, cases, place, px, py = panel(seed)
    people = np.random.default_rng(seed).integers(5, 50, len(x)).astype(float)
    C = cases.sum()

    def weight(members, inside, first, last):
        return C * people[inside].sum() / people.sum()

    of_place = np.bincount(place, weights=people)
    best = best_cylinder(px, py, of_place, weight, cases, place, day, 3, 5 if prospective else None)
    found = scan_space_time(x, y, day, cases, people, prospective=prospective, simulations=0)  # half of 6 days: 3
    assert found[0].log_likelihood_ratio == pytest.approx(best, abs=1e-9)
    assert found[0].expected == pytest.approx(C * people[list(found[0].members)].sum() / people.sum())
    assert {int(d) for d in day[list(found[0].members)]} == set(range(found[0].first_day, found[0].last_day + 1))


def test_the_simulated_ratios_of_cylinders_are_those_of_scans_of_the_simulated_cases():
    x, y, day, cases, *_ = panel(1)
    people = np.full(len(x), 10.0)
    found = scan_space_time(x, y, day, cases, people, simulations=12, seed=3)
    drawn = np.random.default_rng(3).multinomial(cases.sum(), people / people.sum(), size=12)
    again = [scan_space_time(x, y, day, run, people, simulations=0) for run in drawn]
    assert found[0].simulated == pytest.approx([one[0].log_likelihood_ratio if one else 0.0 for one in again], abs=1e-9)


def test_shuffled_days_keep_what_each_place_and_each_day_has():
    rng = np.random.default_rng(2)
    x, y, day = rng.integers(0, 4, 60), rng.integers(0, 4, 60), rng.integers(0, 8, 60)
    found = scan_space_time(x, y, day, np.ones(60, int), simulations=25, seed=6)
    shuffled = np.random.default_rng(6).permuted(np.broadcast_to(np.unique(day, return_inverse=True)[1], (25, 60)), axis=1)
    again = [scan_space_time(x, y, np.unique(day)[run], np.ones(60, int), simulations=0) for run in shuffled]
    assert found[0].simulated == pytest.approx([one[0].log_likelihood_ratio for one in again], abs=1e-9)


def test_many_batches_give_what_one_gives(monkeypatch):
    x, y, day, cases, *_ = panel(5)
    people = np.full(len(x), 10.0)
    whole = scan_space_time(x, y, day, cases, people, simulations=23), scan_space_time(x, y, day, cases, simulations=23)
    monkeypatch.setattr("rules.scan.space_time.MEMORY_BYTES", 4 * 2000)
    parts = scan_space_time(x, y, day, cases, people, simulations=23), scan_space_time(x, y, day, cases, simulations=23)
    for one, other in zip(whole, parts, strict=True):
        assert np.array_equal(one[0].simulated, other[0].simulated)


def test_dates_come_back_as_dates():
    days = pd.to_datetime(["2023-07-01", "2023-07-02", "2023-07-03", "2023-07-01", "2023-07-08", "2023-07-10"])
    found = scan_space_time([0, 0, 0, 9, 9, 9], [0] * 6, days, [3, 3, 3, 3, 3, 3], max_days=3, simulations=9)
    assert found[0].last_day - found[0].first_day <= dt.timedelta(days=2)
    assert isinstance(found[0].first_day, dt.date)
    as_objects = scan_space_time([0, 0, 0, 9, 9, 9], [0] * 6, [day.date() for day in days], [3] * 6, max_days=3, simulations=9)
    assert as_objects == found


def test_a_day_is_that_of_its_own_place_on_earth():
    late = pd.Series(pd.to_datetime(["2023-07-01 03:00", "2023-07-01 23:30", "2023-07-04 12:00", "2023-07-04 13:00"])).dt.tz_localize("Asia/Shanghai")
    found = scan_space_time([0, 0, 9, 9], [0] * 4, late, [3, 3, 3, 3], max_days=1, simulations=9)
    assert {one.first_day for one in found} == {dt.date(2023, 7, 1), dt.date(2023, 7, 4)}


def test_a_population_without_its_empty_days_is_held():
    # two places, 10 days; rows only where cases fell: the population is the same on the days between
    rows = scan_space_time([0, 0, 9, 9], [0] * 4, [0, 1, 4, 9], [4, 5, 1, 1], [100, 100, 300, 300], simulations=9)
    place, day = (axis.ravel() for axis in np.meshgrid([0, 1], np.arange(10), indexing="ij"))
    cases = np.zeros(20, int)
    cases[[0, 1, 14, 19]] = [4, 5, 1, 1]
    full = scan_space_time(place * 9, place * 0, day, cases, np.where(place == 0, 100, 300), simulations=9)
    assert rows[0].log_likelihood_ratio == pytest.approx(full[0].log_likelihood_ratio)
    assert rows[0].expected == pytest.approx(11 * 200 / 4000)


def test_a_population_is_interpolated_between_counts_and_held_beyond_them():
    where = places([0, 0, 9, 9], [0] * 4, False)
    found = person_time(where, np.array([0, 2, 1, 3]), np.array([10.0, 30, 8, 12]), 5)
    assert found.tolist() == [[10, 20, 30, 30, 30], [8, 8, 10, 12, 12]]


def test_a_place_has_one_population_a_day():
    with pytest.raises(ValueError, match=r"population.*row 1"):
        scan_space_time([0, 0, 5], [0, 0, 0], [1, 1, 1], [1, 1, 1], [10, 20, 10])


@pytest.mark.parametrize(
    ("day", "said"),
    [([1, 2.5, 3], "day"), ([1, math.nan, 3], "day.*row 1"), ([1, 2], "day: expected 3"), (pd.to_datetime(["2023-07-01", None, "2023-07-02"]), "day.*row 1")],
)
def test_a_day_is_a_whole_number_or_a_date(day, said):
    with pytest.raises(ValueError, match=said):
        scan_space_time([0, 1, 2], [0, 0, 0], day, [1, 1, 1])


def test_space_and_time_without_cases_or_rows_have_no_cluster():
    assert scan_space_time([], [], [], []) == []
    assert scan_space_time([0, 1], [0, 0], [1, 2], [0, 0]) == []
    assert scan_space_time([0, 0], [0, 0], [1, 2], [3, 3]) == []
    with pytest.raises(ValueError, match="max_days"):
        scan_space_time([0, 1], [0, 0], [1, 2], [1, 1], max_days=0)


def test_a_burst_in_one_corner_is_found_with_its_days():
    rng = np.random.default_rng(8)
    x, y, day = rng.integers(0, 6, 300), rng.integers(0, 6, 300), rng.integers(0, 60, 300)
    x[:14], y[:14], day[:14] = 0, x[:14] % 2, 20 + day[:14] % 5
    found = scan_space_time(x, y, day, np.ones(300, int), max_share=0.2, max_days=7, simulations=99)[0]
    assert found.p <= 0.05
    assert 20 <= found.first_day <= found.last_day <= 24
    assert len(set(range(14)) & set(found.members)) >= 12


def test_false_alarms_in_space_and_time_come_at_the_stated_rate():
    rng = np.random.default_rng(4)
    alarms = 0
    for number in range(150):
        place = rng.integers(0, 12, 60)
        found = scan_space_time(place % 4, place // 4, rng.integers(0, 10, 60), np.ones(60, int), max_days=3, simulations=39, seed=number)
        alarms += bool(found) and found[0].p <= 0.05
    assert alarms <= 15  # 5 % and 3 standard errors: 15.5


def test_a_cluster_reads_as_promised():
    cluster = Cluster((1, 2), 5, 2.5, 2.0, 1.2, 0.01, None, None)
    assert (cluster.members, cluster.observed, cluster.expected, cluster.p) == ((1, 2), 5, 2.5, 0.01)


def test_the_ratios_are_those_of_tokyos_simulated_clusters():
    # Tango & Takahashi 2005 (International Journal of Health Geographics 4:11), table 1: the circular scan's cluster of 2 regions has
    # a ratio of 20.1 and 3.47 times the cases expected, that of 5 regions 29.7 and 3.41; 235 cases in all
    for observed, expected, ratio, times in (
        ([14, 21], [3.794, 6.283], 20.1, 3.47), ([14, 21, 6, 6, 4], [3.794, 6.283, 1.650, 1.964, 1.257], 29.7, 3.41),
    ):  # fmt: skip
        places = list(range(len(observed)))
        found = scan_poisson([*places, 1000], [0] * (len(places) + 1), [*observed, 235 - sum(observed)], [*expected, 235 - sum(expected)], simulations=0)[0]
        assert set(found.members) == set(places)
        assert round(found.log_likelihood_ratio, 1) == ratio
        assert round(found.observed / found.expected, 2) == times
