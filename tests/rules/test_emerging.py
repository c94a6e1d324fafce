"""The six classes of hot spots over time, and their edges."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from rules.emerging import CODES, classify

NAN = math.nan


@pytest.mark.parametrize(
    ("z", "expected"),
    [
        ([0, 0, 0, 0, 3], "新发"),
        ([0, 0, 0, 3, 3], "新发"),
        ([3], "新发"),
        ([1.96, 0, 0, 0, 1.96], "偶发"),
        ([3, 3, 3, 3, 3], "持续"),
        ([0, 3, 3, 3, 3], "持续"),
        ([3, 2, 4, 3, 3.5, 2.5], "持续"),
        ([2, 2.5, 3, 3.5, 4], "加强"),
        ([2.0, 2.1, 2.2, 2.3], "加强"),
        ([2.0, 2.1, 2.2], "持续"),  # three periods are too few for a trend
        ([4, 3.5, 3, 2.5, 2.1], "消退"),
        ([3, 0, 3, 0, 3], "偶发"),
        ([0, 3, 0, 0, 0], "偶发"),
        ([3, 3, 3, 3, 0], "历史"),
        ([3, 3, 0, 0], "历史"),
        ([3, 0, 0, 0], "偶发"),
        ([0, 1.9, -3, 1.95], "不显著"),
        ([-3, -3, -3, -3], "不显著"),
        ([NAN, NAN, NAN], "不显著"),
        ([NAN, 0, 0, 3], "新发"),
        ([3, 3, 3, NAN], "历史"),
        ([0], "不显著"),
    ],
)
def test_a_row_has_its_class(z, expected):
    assert classify([z]).tolist() == [expected]


def test_nine_of_ten_periods_are_almost_always():
    often = [3.0] * 10
    often[4] = 0
    assert classify([often]).tolist() == ["持续"]
    often[5] = 0
    assert classify([often]).tolist() == ["偶发"]


def test_many_areas_at_once_and_a_frame_keeps_its_index():
    z = pd.DataFrame([[0, 0, 3], [3, 3, 3], [0, 0, 0]], index=["甲", "乙", "丙"], columns=["一季度", "二季度", "三季度"])
    found = classify(z)
    assert found.to_dict() == {"甲": "新发", "乙": "持续", "丙": "不显著"}
    assert classify(z.to_numpy()).tolist() == found.tolist()
    assert classify(np.empty((0, 3))).tolist() == []


def test_every_class_has_its_code():
    assert list(CODES) == ["新发", "持续", "加强", "消退", "偶发", "历史", "不显著"]
    assert len(set(CODES.values())) == len(CODES)


@pytest.mark.parametrize("z", [[1, 2, 3], np.empty((3, 0)), [[[1]]]])
def test_what_is_no_matrix_with_periods_is_refused(z):
    with pytest.raises(ValueError, match="areas x periods"):
        classify(z)
