"""What is packed for the map comes out again, and nothing is lost on the way."""

import gzip

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.map_wire import ABSENT, MISSING, class_bytes, message, packed, unpacked, values
from layers import layers

GRIDS = layers()["grid_state"]


@given(
    st.lists(st.integers(0, 255), max_size=40),
    st.lists(st.integers(-32768, 32767), max_size=40),
    st.lists(st.integers(0, 2**32 - 1), max_size=40),
)
def test_a_message_unpacks_to_what_was_packed(small, signed, large):
    arrays = [("a", "u8", np.array(small)), ("b", "i16", np.array(signed)), ("c", "u32", np.array(large))]
    head, found = unpacked(message({"layer": "青禾"}, arrays))
    assert head["layer"] == "青禾"
    assert found["a"].tolist() == small
    assert found["b"].tolist() == signed
    assert found["c"].tolist() == large


def frame(**columns):
    return pd.DataFrame(columns)


def test_a_class_is_its_place_in_the_declaration_and_an_area_without_a_row_is_absent():
    ids = pd.Index(["g1", "g2", "g3"])
    found = class_bytes(GRIDS, frame(feature_id=["g3", "g1"], **{"class": ["never", "ok"]}), ids)
    assert found.tolist() == [0, ABSENT, 3]


def test_a_row_of_an_unknown_area_is_left_out():
    ids = pd.Index(["g1"])
    assert class_bytes(GRIDS, frame(feature_id=["elsewhere"], **{"class": ["ok"]}), ids).tolist() == [ABSENT]
    assert values(frame(feature_id=["elsewhere"], value=[3]), ids).tolist() == [MISSING]


def test_values_are_scaled_rounded_and_held_within_sixteen_bits():
    ids = pd.Index(list("abcd"))
    found = values(frame(feature_id=list("abcd"), value=[91.14, None, 1e9, -3]), ids, 10)
    assert found.tolist() == [911, MISSING, 32767, -30]


def test_an_empty_frame_leaves_every_area_absent():
    empty = frame(feature_id=[], value=[], **{"class": []})
    ids = pd.Index(["g1", "g2"])
    assert class_bytes(GRIDS, empty, ids).tolist() == [ABSENT, ABSENT]
    assert values(empty, ids).tolist() == [MISSING, MISSING]


def test_fifty_thousand_grids_with_days_fit_into_sixty_kilobytes():
    numbers = np.random.default_rng(3)
    days = numbers.gamma(4, 4.2, 50_000).astype(int)
    classes = np.select([days < 25, days <= 30], [0, 1], 2)
    _, body = packed(message({"layer": "grid_state"}, [("class", "u8", classes), ("value", "i16", days)]))
    assert len(body) <= 60_000
    assert unpacked(gzip.decompress(body))[1]["value"].tolist() == days.tolist()
