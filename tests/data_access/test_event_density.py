"""The smooth picture of the events of the small town."""

from __future__ import annotations

import base64
import dataclasses

import numpy as np

from data_access.event_density import event_density
from data_access.hotspots import hotspots
from tests.town import JULY, WHOLE


def cells(found) -> np.ndarray:
    return np.frombuffer(base64.b64decode(found["cells"]), np.uint8).reshape(found["rows"], found["columns"])


def test_it_is_deepest_near_the_area_with_the_most_events_and_empty_outside_the_outlines(town):
    answer = hotspots(town, JULY, WHOLE, simulations=9)
    found = event_density(answer)
    drawn = cells(found)
    assert drawn.max() == 255
    assert found["events"] == answer.units.loc[answer.units["geometry"].notna(), "events"].sum()
    most = answer.units.sort_values("events").iloc[-1]
    row, column = np.unravel_index(drawn.argmax(), drawn.shape)
    lon = found["west"] + (column + 0.5) / found["columns"] * (found["east"] - found["west"])
    lat = found["north"] - (row + 0.5) / found["rows"] * (found["north"] - found["south"])
    here = np.hypot((answer.units["label_lon"] - lon).astype(float), (answer.units["label_lat"] - lat).astype(float))
    assert here.loc[most.name] <= here.median()


def test_without_an_event_there_is_no_picture(town):
    answer = hotspots(town, JULY, WHOLE, simulations=9)
    assert event_density(dataclasses.replace(answer, units=answer.units.assign(events=0))) is None
    assert event_density(dataclasses.replace(answer, units=answer.units.head(0))) is None
