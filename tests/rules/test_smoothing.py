"""Empirical Bayes rates: numbers by hand, esda's published ones, and what cannot be."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from libpysal import examples
from libpysal.weights import W

from rules.smoothing import empirical_bayes, local_empirical_bayes

PUBLISHED_GLOBAL = [2.36718950e-05, 4.54539167e-05, 4.78114019e-05, 2.76907146e-05, 6.58989323e-05]
PUBLISHED_LOCAL = [4.01485749e-05, 3.62437513e-05, 4.93034844e-05, 5.09387329e-05, 3.72735210e-05]
"""The first homicide rates of St Louis. Source: esda 2.9, docstrings of Empirical_Bayes and Spatial_Empirical_Bayes."""


def st_louis():
    folder = Path(examples.get_path("stl_hom.csv")).parent
    with (folder / "stl_hom.csv").open() as file:
        rows = list(csv.reader(file))[1:]
    lines = [[int(word) for word in line.split()] for line in (folder / "stl.gal").read_text().splitlines()[1:]]
    around = {lines[i][0]: lines[i + 1] for i in range(0, len(lines), 2) if lines[i]}
    neighbours = [[other - 1 for other in around[area]] for area in range(1, len(rows) + 1)]
    return [float(row[10]) for row in rows], [float(row[13]) for row in rows], neighbours


def test_rates_are_those_that_esda_publishes():
    events, exposure, neighbours = st_louis()
    assert empirical_bayes(events, exposure)[:5] == pytest.approx(PUBLISHED_GLOBAL, rel=1e-7)
    assert local_empirical_bayes(events, exposure, neighbours)[:5] == pytest.approx(PUBLISHED_LOCAL, rel=1e-7)


def test_two_areas_by_hand():
    # m = 6/30 = 0.2; s2 = (10 (0.5-0.2)^2 + 20 (0.05-0.2)^2) / 30 = 0.045; a = 0.045 - 0.2/15
    a = 0.045 - 0.2 / 15
    by_hand = [0.2 + 0.3 * a / (a + 0.02), 0.2 - 0.15 * a / (a + 0.01)]
    assert empirical_bayes([5, 1], [10, 20]) == pytest.approx(by_hand)
    assert local_empirical_bayes([5, 1], [10, 20], [[1], [0]]) == pytest.approx(by_hand)


def test_rates_no_more_different_than_chance_become_one():
    assert empirical_bayes([1, 2, 3], [10, 20, 30]) == pytest.approx([0.1, 0.1, 0.1])
    assert empirical_bayes([1, 0], [10, 10]) == pytest.approx([0.05, 0.05])


def test_the_less_is_known_the_nearer_to_the_overall_rate():
    smoothed = empirical_bayes([30, 3, 10, 10], [100, 10, 100, 100])
    overall = 53 / 310
    assert overall < smoothed[1] < smoothed[0] < 0.3


def test_an_area_without_exposure_gets_the_rate_of_the_others_and_changes_none():
    without = empirical_bayes([5, 1], [10, 20])
    assert empirical_bayes([5, 0, 1], [10, 0, 20]) == pytest.approx([without[0], 0.2, without[1]])
    local = local_empirical_bayes([5, 0, 1], [10, 0, 20], [[2], [2], [0]])
    assert local[[0, 2]] == pytest.approx(without)
    assert local[1] == pytest.approx(1 / 20)


def test_without_any_exposure_there_is_no_rate():
    assert np.isnan(empirical_bayes([0, 0], [0, 0])).all()
    found = local_empirical_bayes([0, 2], [0, 4], [[], []])
    assert math.isnan(found[0])
    assert found[1] == 0.5
    assert empirical_bayes([], []).tolist() == []


def test_without_events_all_rates_are_nought():
    assert empirical_bayes([0, 0, 0], [5, 0, 9]).tolist() == [0, 0, 0]
    assert local_empirical_bayes([0, 0, 0], [5, 0, 9], [[1], [0, 2], [1]]).tolist() == [0, 0, 0]


def test_an_island_keeps_its_own_rate():
    assert local_empirical_bayes([3, 1, 2], [10, 10, 10], [[], [2], [1]])[0] == pytest.approx(0.3)


def test_neighbours_come_in_any_form():
    weights = W({0: [1], 1: [0, 2], 2: [1]}, silence_warnings=True)
    forms = [weights, weights.sparse, weights.sparse.toarray(), [[1], [0, 2], [1]], {0: [1], 1: [0, 2], 2: [1]}, {"甲": ["乙"], "乙": ["甲", "丙"], "丙": ["乙"]}]
    found = [local_empirical_bayes([9, 1, 2], [10, 20, 30], form).tolist() for form in forms]
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize(
    ("events", "exposure", "said"),
    [
        ([1, 2], [5, 0], "found 0 with 2 events in area 1"),
        ([1, math.nan], [5, 5], "events.*area 1"),
        ([1, -2], [5, 5], "events.*-2"),
        ([1, 2], [5, math.inf], "exposure.*area 1"),
        ([1, 2], [5], "as many"),
    ],
)
def test_what_cannot_be_is_refused(events, exposure, said):
    with pytest.raises(ValueError, match=said):
        empirical_bayes(events, exposure)


def test_neighbours_of_other_areas_are_refused():
    with pytest.raises(ValueError, match="expected 2 areas"):
        local_empirical_bayes([1, 2], [5, 5], [[1], [0], [1]])
    with pytest.raises(ValueError, match="positions from 0 to 1"):
        local_empirical_bayes([1, 2], [5, 5], [[1], [2]])
