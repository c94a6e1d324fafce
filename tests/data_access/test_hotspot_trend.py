"""How hot spots come and go over a year."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from data_access import hotspot_trend
from data_access.hotspot_trend import HotspotTrend
from data_access.hotspots import hotspots
from tests.town import JULY, ONLY_B, WHOLE


def test_the_class_of_several_areas_is_that_of_most_and_the_first_among_equals() -> None:
    trend = HotspotTrend((), {"A": "sporadic", "B": "sporadic", "C": "new", "D": "persistent", "E": "persistent"})
    assert trend.of(("A", "B", "C")) == "sporadic"
    assert trend.of(("A", "B", "D", "E")) == "persistent"
    assert trend.of(("X",)) == "none"


def test_each_month_counts_its_own_events(town, monkeypatch: pytest.MonkeyPatch) -> None:
    found = hotspots(town, JULY, WHOLE, simulations=9)
    codes = found.units["code"].tolist()
    # Two in the first month of the year looked at, on its two edges; three in the last; one before, which does not count.
    days = ["2022-08-01", "2022-08-31", "2023-07-01", "2023-07-15", "2023-07-31"]
    matters = pd.DataFrame({"day": pd.to_datetime(days), "at": [codes[0], codes[0], codes[1], codes[1], codes[2]]})
    seen: list[np.ndarray] = []

    def significance(counts: np.ndarray, exposure: np.ndarray, neighbours: list) -> pd.DataFrame:
        seen.append(counts)
        # One event has a high z in an area of few people, but is nothing unlikely.
        return pd.DataFrame({"z": np.where(counts > 0, 3.0, 0.0), "p": np.where(counts > 1, 0.01, 0.2)})

    monkeypatch.setattr(hotspot_trend, "events", lambda *_: matters)
    monkeypatch.setattr(hotspot_trend, "relocated", lambda rows, *_: rows["at"])
    monkeypatch.setattr(hotspot_trend, "area_significance", significance)
    trend = hotspot_trend.hotspot_trend(town, JULY, WHOLE, found)
    assert trend.months[0] == dt.date(2022, 8, 1)
    assert trend.months[-1] == dt.date(2023, 7, 1)
    assert [counts.tolist() for counts in seen] == [[2, 0, 0, 0, 0, 0], [0, 2, 1, 0, 0, 0]]
    # Hot in the first of twelve months alone, and in the last alone.
    assert trend.classes == {codes[0]: "sporadic", codes[1]: "new"}


def test_a_scope_of_one_street_has_classes_of_its_own_areas_alone(town) -> None:
    found = hotspots(town, JULY, ONLY_B, simulations=9)
    trend = hotspot_trend.hotspot_trend(town, JULY, ONLY_B, found)
    assert set(trend.classes) <= {"XZ-001", "XZ-002"}
