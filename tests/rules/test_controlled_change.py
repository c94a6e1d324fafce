"""A change over a change: by hand, and honest under no effect."""

import math

import numpy as np
import pytest

from rules.compare import DOWN, WITHIN
from rules.controlled_change import controlled_change


def test_the_ratio_and_its_interval_are_those_computed_by_hand():
    found = controlled_change(40, 20, 50, 50)
    error = math.sqrt(1 / 40 + 1 / 20 + 1 / 50 + 1 / 50)
    assert found.ratio == pytest.approx(0.5)
    assert found.low == pytest.approx(0.5 * math.exp(-1.959963985 * error))
    assert found.high == pytest.approx(0.5 * math.exp(1.959963985 * error))
    assert found.p == pytest.approx(0.0411, abs=5e-4)
    assert found.verdict == DOWN


def test_what_changed_alike_everywhere_is_no_effect():
    found = controlled_change(40, 20, 80, 40)
    assert found.ratio == pytest.approx(1.0)
    assert found.verdict == WITHIN


def test_a_zero_gets_one_half_everywhere():
    assert controlled_change(4, 0, 4, 4).ratio == pytest.approx((0.5 / 4.5) / 1)


def test_without_any_event_on_a_side_nothing_can_be_said():
    for counts in ((0, 0, 5, 5), (5, 5, 0, 0)):
        found = controlled_change(*counts)
        assert math.isnan(found.ratio)
        assert (found.p, found.verdict) == (1.0, WITHIN)


def test_exposure_is_taken_out():
    assert controlled_change(10, 20, 10, 10, exposure=2.0).ratio == pytest.approx(1.0)


def test_under_no_effect_it_alarms_no_oftener_than_it_states():
    drawn = np.random.default_rng(4).poisson([30, 20, 45, 30], size=(2000, 4))
    alarms = sum(controlled_change(*row).p < 0.05 for row in drawn.tolist())
    assert alarms / 2000 < 0.06


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="counts"):
        controlled_change(-1, 2, 3, 4)
    with pytest.raises(ValueError, match="counts"):
        controlled_change(1, 2, 3, 4, exposure=0)
