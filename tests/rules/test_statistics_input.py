"""What is no list of numbers, no seed, no share, no day is refused in words; any list of numbers is taken."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import shapely

from rules.compare import two_periods
from rules.emerging import classify
from rules.kernel_density import kernel_density
from rules.local_statistics import false_discovery_rate, getis_ord, local_moran
from rules.near_repeat import knox
from rules.scan import scan_bernoulli, scan_poisson, scan_space_time
from rules.smoothing import empirical_bayes, local_empirical_bayes

X, Y, CASES, PEOPLE, DAYS = [0, 1, 2, 3], [0, 0, 1, 1], [1, 0, 2, 3], [10] * 4, [1, 2, 3, 4]
AROUND = [[1], [0, 2], [1, 3], [2]]
NO_LISTS = {
    "a text": "1023", "texts": ["1", "0", "2", "3"], "nothing": None, "an object": [object()] * 4, "a set": {0, 1, 2, 3}, "a mapping": {0: 1}, "a generator": iter(CASES),
    "ragged": [[1], [2, 3], 4, 5], "a table": np.array(CASES).reshape(2, 2), "complex": [1j, 0, 2, 3], "lengths of time": [dt.timedelta(1)] * 4, "empty": [],
}  # fmt: skip
WITHOUT_A_VALUE = {
    "NaN": [1, math.nan, 2, 3], "infinite": [1, math.inf, 2, 3], "too large for a float": [1, 10**400, 2, 3], "None": [1, None, 2, 3], "NA": pd.array([1, None, 2, 3], dtype="Int64"),
    "masked": np.ma.array(CASES, mask=[0, 1, 0, 0]), "dates": pd.date_range("2023-01-01", periods=4).to_numpy(),
}  # fmt: skip
ASKED = {
    "scan_poisson": lambda v: scan_poisson(X, Y, v, PEOPLE, simulations=1), "scan_poisson x": lambda v: scan_poisson(v, Y, CASES, PEOPLE, simulations=1),
    "scan_poisson population": lambda v: scan_poisson(X, Y, CASES, v, simulations=1), "scan_bernoulli": lambda v: scan_bernoulli(X, Y, v, simulations=1),
    "scan_space_time": lambda v: scan_space_time(X, Y, DAYS, v, simulations=1), "empirical_bayes": lambda v: empirical_bayes(v, PEOPLE),
    "exposure": lambda v: empirical_bayes([0] * 4, v), "local_empirical_bayes": lambda v: local_empirical_bayes(v, PEOPLE, AROUND),
    "getis_ord": lambda v: getis_ord(v, AROUND), "local_moran": lambda v: local_moran(v, AROUND, 1), "knox": lambda v: knox(v, Y, DAYS, [1], [1], 1),
}  # fmt: skip


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("given", NO_LISTS | WITHOUT_A_VALUE)
def test_what_is_no_list_of_numbers_is_refused_in_words(asked, given):
    with pytest.raises(ValueError, match=r"expected|weights") as refused:
        ASKED[asked]((NO_LISTS | WITHOUT_A_VALUE)[given])
    assert "rules" in str(refused.traceback[-1].path)  # said by us, not by numpy or pandas


@pytest.mark.parametrize("given", [pd.Series(CASES, index=[9, 3, 9, 1]), tuple(CASES), np.array([CASES]).T, pd.array(CASES, dtype="Int64"), np.array(CASES, dtype="uint8"), pd.Series(pd.arrays.SparseArray(CASES))])
def test_any_list_of_numbers_is_taken_by_its_order(given):
    assert scan_poisson(X, Y, given, PEOPLE, simulations=1) == scan_poisson(X, Y, CASES, PEOPLE, simulations=1)
    assert (empirical_bayes(given, PEOPLE) == empirical_bayes(CASES, PEOPLE)).all()
    assert (getis_ord(given, AROUND)[0] == getis_ord(CASES, AROUND)[0]).all()


@pytest.mark.parametrize("seed", [-1, 1.5, "1", None, math.nan, True, [1], pd.NA])
def test_a_seed_is_a_whole_number_from_0(seed):
    for asked in (
        lambda: scan_poisson(X, Y, CASES, PEOPLE, simulations=1, seed=seed), lambda: scan_bernoulli(X, Y, [1, 0, 1, 0], simulations=1, seed=seed),
        lambda: scan_space_time(X, Y, DAYS, CASES, simulations=1, seed=seed), lambda: local_moran(CASES, AROUND, 1, seed), lambda: knox(X, Y, DAYS, [1], [1], 1, seed),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="seed: expected a whole number from 0"):
            asked()


def test_a_seed_of_any_size_is_taken_and_repeats():
    for seed in (2**200, np.int64(3), 3.0):
        assert [one.p for one in scan_poisson(X, Y, CASES, PEOPLE, seed=seed)] == [one.p for one in scan_poisson(X, Y, CASES, PEOPLE, seed=int(seed))]


@pytest.mark.parametrize("share", [0, 1.01, -1, math.nan, "0.5", None, [0.5], True])
def test_a_share_of_the_population_is_above_0_and_up_to_1(share):
    with pytest.raises(ValueError, match="max_share: expected"):
        scan_poisson(X, Y, CASES, PEOPLE, max_share=share)


def test_days_are_dates_of_any_kind_or_numbers():
    texts = ["2023-01-01", "2023-01-02", "2023-01-02", "2023-01-05"]
    dates = [dt.date.fromisoformat(one) for one in texts]
    expected = scan_space_time(X, Y, dates, CASES, simulations=9)
    assert isinstance(expected[0].first_day, dt.date)
    for given in (texts, np.array(texts, dtype="datetime64[D]"), pd.Series(pd.to_datetime(texts), index=[4, 4, 4, 4]), pd.to_datetime(texts).tz_localize("Asia/Shanghai")):
        assert scan_space_time(X, Y, given, CASES, simulations=9) == expected
    for wrong in (["2023-13-01", *texts[1:]], ["1", "2", "3", "4"], ["今天", *texts[1:]], [1, *dates[1:]], [dates[0], None, *dates[2:]], [object()] * 4, "2023", None):
        with pytest.raises(ValueError, match="day: expected"):
            scan_space_time(X, Y, wrong, CASES, simulations=9)


@pytest.mark.parametrize("neighbours", [[1, 0, 2, 1], ["1", "0", "2", "1"], "abcd", 4, [[1], [0], [9], [2]], [[1.5], [0], [1], [2]], [[10**30], [0], [1], [2]], [[math.inf], [0], [1], [2]], {"a": ["b"], "b": ["z"], "c": [], "d": []}])
def test_neighbours_are_lists_of_areas(neighbours):
    for asked in (lambda: local_empirical_bayes(CASES, PEOPLE, neighbours), lambda: getis_ord(CASES, neighbours)):
        with pytest.raises(ValueError, match="neighbours: expected"):
            asked()


@pytest.mark.parametrize("half", [Decimal("0.5"), Fraction(1, 2), np.float32(0.5)])
def test_a_number_of_any_kind_is_taken_for_a_number(half):
    assert scan_poisson(X, Y, CASES, PEOPLE, half, 1) == scan_poisson(X, Y, CASES, PEOPLE, 0.5, 1)
    assert false_discovery_rate([0.1, 0.4], half).all()
    assert tuple(two_periods(3, 4, half, 1)) == tuple(two_periods(3, 4, 0.5, 1))
    square = shapely.box(0, 0, 2, 2)
    assert (kernel_density([1], [1], square, half, half).density == kernel_density([1], [1], square, 0.5, 0.5).density).all()


@pytest.mark.parametrize("flag", ["no", 0, None])
def test_yes_and_no_are_said_as_such(flag):
    for asked in (lambda: getis_ord(CASES, AROUND, star=flag), lambda: scan_poisson(X, Y, CASES, PEOPLE, great_circle=flag), lambda: scan_space_time(X, Y, DAYS, CASES, prospective=flag)):
        with pytest.raises(ValueError, match="expected True or False"):
            asked()


def test_one_place_or_one_point_holds_no_cluster_and_more_cases_than_people_are_taken():
    assert scan_poisson([1] * 4, [1] * 4, CASES, PEOPLE) == scan_poisson([1], [1], [3], [5]) == scan_poisson([], [], [], []) == scan_space_time([], [], [], []) == []
    assert scan_poisson(X, Y, [0] * 4, [0] * 4) == []
    assert scan_poisson(X, Y, [50, 1, 2, 3], PEOPLE, simulations=9)[0].members == (0,)
    with pytest.raises(ValueError, match="found 0 with 1 cases in row 0"):
        scan_poisson(X, Y, CASES, [0, 10, 10, 10])


@pytest.mark.parametrize("alpha", ["0.1", None, [0.1], True])
def test_a_share_of_false_alarms_is_a_number(alpha):
    with pytest.raises(ValueError, match="alpha: expected a number"):
        false_discovery_rate([0.01], alpha)


@pytest.mark.parametrize("z", ["a", [["a"]], [[1], [2, 3]], None, [[object()]]])
def test_classes_are_made_of_a_matrix_of_numbers(z):
    with pytest.raises(ValueError, match="z_by_period: expected"):
        classify(z)
