"""Merged points tell how many and how grave, never where."""

import pandas as pd

from rules.merged_points import merged_points

WEIGHTS = {"mild": 1, "grave": 2}


def merged(rows):
    points = pd.DataFrame(rows, columns=["class", "value", "area"])
    return merged_points(points[["class", "value"]], WEIGHTS, points["area"])


def test_the_gravest_class_speaks_with_its_least_value_and_all_are_counted():
    found = merged([("mild", 1, "g1"), ("grave", 9, "g1"), ("grave", 4, "g1"), ("mild", 7, "g2")])
    assert found.to_dict("records") == [
        {"area": "g1", "class": "grave", "value": 4, "count": 3},
        {"area": "g2", "class": "mild", "value": 7, "count": 1},
    ]


def test_a_point_without_an_area_is_left_out():
    assert merged([("mild", 1, None), ("mild", 2, "")]).empty


def test_no_points_give_no_rows_and_every_column():
    assert list(merged([]).columns) == ["area", "class", "value", "count"]
