"""The order of a round: short, open, from the chosen start, the same every time."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rules.road_network import distances_km
from rules.route import order, route

LINE = np.array([[121.0, 31.0], [121.3, 31.0], [121.1, 31.0], [121.2, 31.0]])


def test_a_degree_of_latitude_is_111_2_km() -> None:
    assert distances_km(np.array([[121.0, 31.0], [121.0, 32.0]]))[0, 1] == pytest.approx(111.195, abs=0.001)


def test_places_on_a_line_are_visited_along_it() -> None:
    way, length = order(LINE)
    assert way.tolist() == [0, 2, 3, 1]
    assert length == pytest.approx(distances_km(LINE)[0, 1], abs=1e-4)


def test_the_start_point_decides_where_the_round_begins() -> None:
    way, length = order(LINE, start=(121.4, 31.0))
    assert way.tolist() == [1, 3, 2, 0]
    assert length == pytest.approx(distances_km(np.array([[121.4, 31.0], [121.0, 31.0]]))[0, 1], abs=1e-4)


def test_no_place_is_no_way_and_one_place_is_no_distance() -> None:
    way, length = order(np.empty((0, 2)))
    assert (way.tolist(), length) == ([], 0.0)
    assert order(LINE[:1]) == (np.array([0]), 0.0)
    assert order(LINE[:1], start=(121.0, 31.0))[0].tolist() == [0]


def test_a_trap_of_the_nearest_neighbour_is_got_out_of() -> None:
    # Nearest first goes 0, 1, -2, 4, ... to and fro; the short way does one side first.
    sides = np.array([[121 + x / 100, 31.0] for x in (0, 1, -2.1, 4, -8)])
    way, length = order(sides)
    assert length == pytest.approx(_shortest(sides), rel=1e-9)
    assert way.tolist() == [0, 1, 3, 2, 4]


def _shortest(points: np.ndarray) -> float:
    away = distances_km(points)
    ways = (np.array([0, *rest]) for rest in permutations(range(1, len(points))))
    return min(float(away[way[:-1], way[1:]].sum()) for way in ways)


@given(arrays("float64", st.tuples(st.integers(1, 7), st.just(2)), elements=st.floats(0, 0.1875, width=16)))
def test_every_place_is_met_once_and_the_way_is_near_the_shortest(offsets: np.ndarray) -> None:
    points = offsets + np.array([121.2, 31.3])
    way, length = order(points)
    assert sorted(way.tolist()) == list(range(len(points)))
    assert way[0] == 0
    assert length <= _shortest(points) * 1.25 + 1e-6
    again, same = order(points)
    assert again.tolist() == way.tolist()
    assert same == length


def test_a_coordinate_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        order(np.array([[121.0, np.nan]]))
    with pytest.raises(ValueError, match="start"):
        order(LINE, start=(np.inf, 31.0))


def test_places_without_a_point_are_told_and_not_routed() -> None:
    listed = pd.DataFrame({"key": ["a", "b", "c"], "lon": [121.0, np.nan, 121.1], "lat": [31.0, np.nan, 31.0]})
    found = route(listed)
    assert found.keys == ("a", "c")
    assert found.left_out == ("b",)
    assert found.length_km == pytest.approx(9.531, abs=0.01)
