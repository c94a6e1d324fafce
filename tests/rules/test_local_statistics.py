"""Gi*, local Moran and the false discovery rate: published numbers, formulas, null maps and islands."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
import pytest
from esda.getisord import G_Local
from esda.moran import Moran_Local
from libpysal import examples
from libpysal.graph import Graph
from libpysal.weights import W, lat2W

from rules.local_statistics import false_discovery_rate, getis_ord, local_moran

POINTS = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
VALUES = [2, 3, 3.2, 5, 8, 7]


def within_15() -> W:
    away = np.hypot(*(POINTS[:, None] - POINTS[None]).T)
    near = {i: [j for j in range(6) if j != i and away[i, j] <= 15] for i in range(6)}
    return W(near, silence_warnings=True)


def test_z_is_what_esda_publishes():
    # Source: esda 2.9, docstring of G_Local (transform="B")
    published = [-1.0136729, -0.04361589, 1.31558703, -0.31412676, 1.15373986, 1.77833941]
    published_star = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert getis_ord(VALUES, within_15(), star=False)[0] == pytest.approx(published, abs=1e-7)
    assert getis_ord(VALUES, within_15())[0] == pytest.approx(published_star, abs=1e-7)


def test_z_is_the_formula_of_ord_and_getis():
    rng = np.random.default_rng(3)
    y, weights = rng.random(30), lat2W(5, 6)
    near = weights.sparse.toarray() + np.eye(30)
    total, squares = near.sum(axis=1), (near**2).sum(axis=1)
    by_hand = (near @ y - total * y.mean()) / (y.std() * np.sqrt((30 * squares - total**2) / 29))
    z, p = getis_ord(y, weights)
    assert z == pytest.approx(by_hand, abs=1e-12)
    assert p == pytest.approx([math.erfc(abs(one) / math.sqrt(2)) for one in by_hand])


def test_p_is_two_sided():
    z, p = getis_ord(VALUES, within_15())
    assert p[5] == pytest.approx(0.04294, abs=5e-5)  # z = 2.02424331
    assert p[0] == pytest.approx(2 * (1 - 0.91884), abs=5e-5)  # z = -1.39727626
    assert z[0] < 0 < z[5]


def test_a_constant_added_or_a_scale_changes_no_z():
    weights, y = within_15(), np.array(VALUES)
    first = getis_ord(y, weights)[0]
    assert getis_ord(y - y.mean(), weights)[0] == pytest.approx(first)
    assert getis_ord(1e-6 * y - 5e-6, weights)[0] == pytest.approx(first)


def test_weights_count_as_neighbour_or_not_and_are_left_as_they_are():
    weights = within_15()
    first = getis_ord(VALUES, weights)[0]
    weights.transform = "r"
    before = weights.sparse.toarray()
    assert getis_ord(VALUES, weights)[0] == pytest.approx(first)
    assert getis_ord(VALUES, weights, star=False)[0] == pytest.approx(getis_ord(VALUES, within_15(), star=False)[0])
    assert weights.transform == "R"
    assert (weights.sparse.toarray() == before).all()


def test_a_graph_and_weights_give_the_same():
    graph = Graph.from_W(within_15())
    assert getis_ord(VALUES, graph)[0].tolist() == getis_ord(VALUES, within_15())[0].tolist()
    assert local_moran(VALUES, graph, 99)[1].tolist() == local_moran(VALUES, within_15(), 99)[1].tolist()


def test_on_a_larger_map_all_is_as_esda_has_it():
    rng = np.random.default_rng(5)
    weights, y = lat2W(12, 12), rng.gamma(1.0, 3.0, 144)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for star in (True, False):
            assert getis_ord(y, weights, star)[0] == pytest.approx(G_Local(y, lat2W(12, 12), transform="B", permutations=0, star=star).Zs, abs=1e-10)
        esda = Moran_Local(y, lat2W(12, 12), permutations=9999, seed=1)
    statistic, p, quadrant = local_moran(y, weights, permutations=9999, seed=2)
    assert statistic == pytest.approx(esda.Is, abs=1e-12)
    assert quadrant.tolist() == esda.q.tolist()
    # twice esda's one-sided p, to what 9,999 draws leave open (5 standard errors of a doubled p)
    assert np.abs(p - np.minimum(1, 2 * esda.p_sim)).max() < 0.05


def test_the_quadrants_are_those_that_esda_publishes():
    # Source: esda 2.9, docstring of Moran_Local (desmith: ten areas)
    folder = Path(examples.get_path("desmith.txt")).parent
    values = [float(line.split(",")[1]) for line in (folder / "desmith.txt").read_text().split()[2:]]
    lines = (folder / "desmith.gal").read_text().splitlines()[1:]
    near = {int(lines[i].split()[0]) - 1: [int(word) - 1 for word in lines[i + 1].split()] for i in range(0, 20, 2)}
    assert local_moran(values, near)[2].tolist() == [4, 4, 4, 2, 3, 3, 1, 4, 3, 3]


def test_the_quadrants_are_those_of_high_and_low():
    # a row of six: high high high low low low
    y = [9, 8, 9, 1, 2, 1]
    line = [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]]
    statistic, _, quadrant = local_moran(y, line, 99)
    assert quadrant.tolist() == [1, 1, 4, 2, 3, 3]
    z = (np.array(y) - 5) / np.std(y)
    assert statistic[0] == pytest.approx(5 * z[0] * z[1] / (z**2).sum())


def test_the_smallest_p_is_two_of_all_draws_and_a_seed_repeats_it():
    weights = lat2W(10, 10)
    y = np.random.default_rng(1).random(100)
    y[:25] += 5
    state = np.random.get_state()[1].tolist()
    first, again, other = (local_moran(y, weights, 199, seed) for seed in (4, 4, 5))
    assert first[1].min() == 2 / 200
    assert first[1].tolist() == again[1].tolist() != other[1].tolist()
    assert np.random.get_state()[1].tolist() == state


def test_null_maps_raise_false_alarms_at_the_stated_rate():
    rng, weights = np.random.default_rng(7), lat2W(6, 6)
    gi, moran = [], []
    for number in range(400):
        y = rng.normal(size=36)
        gi.append((getis_ord(y, weights)[1] <= 0.05).mean())
        moran.append((local_moran(y, weights, 99, number)[1] <= 0.10).mean())
    # the areas of a map depend on each other, so a map is the unit: 4 standard errors, and what the normal law leaves out
    assert np.mean(gi) == pytest.approx(0.05, abs=4 * np.std(gi) / math.sqrt(400) + 0.006)
    assert np.mean(moran) == pytest.approx(0.10, abs=4 * np.std(moran) / math.sqrt(400))


def test_a_planted_hot_spot_is_found():
    weights, rng = lat2W(10, 10), np.random.default_rng(2)
    planted = np.zeros((10, 10), dtype=bool)
    planted[2:5, 2:5] = True
    found = 0
    for number in range(20):
        y = rng.normal(size=100) + 2.5 * planted.ravel()
        found += getis_ord(y, weights)[1][33] < 0.01 and local_moran(y, weights, 199, number)[2][33] == 1
    assert found >= 18


def test_an_island_is_never_significant():
    weights = W({0: [1], 1: [0], 2: [], 3: [1]}, silence_warnings=True)
    z, p = getis_ord([1, 2, 30, 5], weights, star=False)
    assert math.isnan(z[2])
    assert p[2] == 1
    assert np.isfinite(getis_ord([1, 2, 30, 5], weights)[0]).all()  # Gi*: about the island alone
    statistic, p, quadrant = local_moran([1, 2, 30, 5], weights, 99)
    assert (math.isnan(statistic[2]), p[2], quadrant[2]) == (True, 1, 0)


def test_an_area_whose_neighbours_are_all_others_says_nothing():
    everyone = [[1, 2, 3], [0], [0], [0]]
    assert math.isnan(getis_ord([1, 2, 3, 4], everyone)[0][0])
    assert math.isnan(getis_ord([1, 2, 3, 4], everyone, star=False)[0][0])
    assert getis_ord([1, 2, 3, 4], everyone)[1][0] == 1


@pytest.mark.parametrize("values", [[0, 0, 0, 0], [7.5] * 4, [], [3], [1, 2]])
def test_without_any_difference_nothing_is_significant(values):
    neighbours = [[one for one in (at - 1, at + 1) if 0 <= one < len(values)] for at in range(len(values))]
    z, p = getis_ord(values, neighbours)
    assert np.isnan(z).all()
    assert (p == 1).all()
    statistic, p, quadrant = local_moran(values, neighbours)
    assert np.isnan(statistic).all()
    assert (p == 1).all()
    assert (quadrant == 0).all()


def test_a_missing_value_or_other_areas_are_refused():
    with pytest.raises(ValueError, match="area 1"):
        getis_ord([1, math.nan, 2], [[1], [0], [1]])
    with pytest.raises(ValueError, match="area 2"):
        local_moran([1, 3, math.inf], [[1], [0], [1]])
    with pytest.raises(ValueError, match="expected 2 areas"):
        getis_ord([1, 2], [[1], [0], [1]])
    with pytest.raises(ValueError, match="permutations"):
        local_moran([1, 2, 3], [[1], [0], [1]], permutations=0)


def test_false_discoveries_are_held_as_benjamini_and_hochberg_publish():
    # Source: Benjamini & Hochberg 1995, section 3.2: four of fifteen stand at 0.05
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert false_discovery_rate(p, 0.05).tolist() == [True] * 4 + [False] * 11
    assert false_discovery_rate(p[::-1], 0.05).tolist() == [False] * 11 + [True] * 4


def test_a_later_p_below_its_limit_carries_those_before_it():
    assert false_discovery_rate([0.04, 0.03, 0.045], 0.05).tolist() == [True, True, True]
    assert false_discovery_rate([0.04, 0.03, 0.06], 0.05).tolist() == [False, False, False]
    assert false_discovery_rate([0.05], 0.05).tolist() == [True]


def test_a_missing_p_is_no_test():
    assert false_discovery_rate([0.02, math.nan, 0.9], 0.04).tolist() == [True, False, False]
    assert false_discovery_rate([], 0.05).tolist() == []
    assert false_discovery_rate([math.nan], 0.05).tolist() == [False]


@pytest.mark.parametrize(("p", "alpha"), [([1.2], 0.05), ([-0.1], 0.05), ([0.5], 0), ([0.5], 1)])
def test_a_p_or_alpha_outside_its_range_is_refused(p, alpha):
    with pytest.raises(ValueError, match=r"p|alpha"):
        false_discovery_rate(p, alpha)
