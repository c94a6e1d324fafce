"""Boundaries of an internet map are told by those that are known, and moved back once a person agrees."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from data_access.areas import areas
from data_access.database import Database
from data_access.importing import preview, take
from tests.importing.hamlet import (
    GRIDS,
    LATER,
    NEIGHBOURHOODS,
    OFFICE,
    WHOLE,
    bring,
    doubted,
    geojson,
    grids_file,
    neighbourhoods_file,
    noted,
    polygon,
    streets_file,
)

SHIFT = (0.00447, -0.00205)
"""About 425 m east and 228 m south: the shift of GCJ-02 at 121.24 E, 31.32 N."""
DAY = LATER.date()


def moved(square, by=SHIFT):
    return (square[0] + by[0], square[1] + by[1], square[2] + by[0], square[3] + by[1])


def shifted_grids(by=SHIFT):
    return "网格.geojson", geojson([({"网格编号": code, "村居代码": parent}, polygon(moved(square, by))) for code, (parent, square) in GRIDS.items()])


def test_shifted_outlines_that_are_known_bring_nothing_new(hamlet: Database) -> None:
    found = preview(hamlet, shifted_grids(), scope=WHOLE)
    assert found.counts() == {"read": 8, "good": 0, "changed": 0, "same": 8, "to_confirm": 0, "refused": 0}
    assert "边界一致偏移约 480 米" in noted(found)


def test_outlines_of_known_codes_are_moved_back_once_agreed(hamlet: Database) -> None:
    west, south, east, north = GRIDS["QH-01"][1]
    cut = (west, south, east - 0.001, north)
    squares = {code: (parent, cut if code == "QH-01" else square) for code, (parent, square) in GRIDS.items()}
    file = "网格.geojson", geojson([({"网格编号": code, "村居代码": parent}, polygon(moved(square))) for code, (parent, square) in squares.items()])
    found = preview(hamlet, file, scope=WHOLE)
    assert found.counts() == {"read": 8, "good": 0, "changed": 0, "same": 7, "to_confirm": 1, "refused": 0}
    assert "一致偏移约 480 米，像是高德（GCJ-02）或百度（BD-09）坐标" in doubted(found)[1]
    take(hamlet, found, actor=OFFICE, now=LATER, confirm=True)
    made = areas(hamlet, WHOLE, DAY, "grid").set_index("code").geometry
    for code, (_, square) in squares.items():
        assert shapely.hausdorff_distance(made[code], shapely.box(*square)) < 1e-5, code


def test_outlines_that_fill_a_known_parent_are_told_too(empty: Database) -> None:
    bring(empty, streets_file())
    file = "村居.geojson", geojson([({"村居代码": code, "村居名称": name, "街镇代码": street}, polygon(moved(square))) for code, (name, street, square) in NEIGHBOURHOODS.items()])
    found = preview(empty, file, scope=WHOLE)
    assert len(found.to_confirm) == 4
    assert np.allclose(found.to_confirm["west"].astype(float).tolist(), [square[0] for _, _, square in NEIGHBOURHOODS.values()], atol=1e-6)


@pytest.mark.parametrize("by", [(0.0005, 0.0), (0.03, 0.0), (0.0, 0.0)])
def test_a_small_or_a_large_move_is_no_shift(by: tuple[float, float], hamlet: Database) -> None:
    found = preview(hamlet, shifted_grids(by), scope=WHOLE)
    assert not any("一致偏移" in reason for reason in doubted(found).values())


def test_one_redrawn_outline_among_many_is_no_shift(hamlet: Database) -> None:
    squares = {code: (parent, moved(square) if code == "QH-01" else square) for code, (parent, square) in GRIDS.items()}
    file = "网格.geojson", geojson([({"网格编号": code, "村居代码": parent}, polygon(square)) for code, (parent, square) in squares.items()])
    found = preview(hamlet, file, scope=WHOLE)
    assert not any("一致偏移" in reason for reason in doubted(found).values())


def test_without_anything_to_compare_with_it_cannot_be_told(empty: Database) -> None:
    assert "看不出这份边界是不是偏移坐标" in noted(preview(empty, streets_file(), scope=WHOLE))
    bring(empty, streets_file())
    bring(empty, neighbourhoods_file())
    assert "看不出" not in noted(preview(empty, grids_file(), scope=WHOLE))
