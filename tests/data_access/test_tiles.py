"""The outlines of a geometry version are written once, whole, and every tile holds what lies in it."""

import datetime as dt
import gzip
import math
import multiprocessing
import sqlite3

import geopandas as gpd
import pyogrio
import pytest
import shapely

from data_access import tiles
from data_access.areas import areas, fids
from data_access.file_lock import locked
from data_access.tiles import tile, tile_bounds, tile_file, tiles_version, write_tiles
from rules.request import Scope
from tests.town import TODAY, WHOLE

MIDDLE = (121.02, 31.01)


@pytest.fixture(scope="module")
def town_tiles(town, tmp_path_factory):
    return tile_file(town, WHOLE, TODAY, tmp_path_factory.mktemp("tiles"))


def test_a_tile_holds_every_area_of_its_place_with_fid_code_and_parent(town, town_tiles, tmp_path):
    found = _layers(town_tiles, 10, *_at(*MIDDLE, 10), tmp_path)
    expected = areas(town, WHOLE, TODAY).merge(fids(town, WHOLE, TODAY)[["code", "fid"]])
    for level in ("street", "neighbourhood", "grid"):
        rows = expected[expected["level"] == level]
        assert sorted(zip(found[level]["fid"], found[level]["code"], found[level]["parent"], strict=True)) == sorted(
            zip(rows["fid"], rows["code"], rows["parent_code"], strict=True)
        )


def test_every_zoom_between_the_ends_has_tiles_and_no_other(town_tiles):
    for z in range(tiles.MIN_ZOOM, tiles.MAX_ZOOM + 1):
        assert tile(town_tiles, z, *_at(*MIDDLE, z)), z
    assert tile(town_tiles, tiles.MIN_ZOOM - 1, *_at(*MIDDLE, tiles.MIN_ZOOM - 1)) is None
    assert tile(town_tiles, tiles.MAX_ZOOM + 1, *_at(*MIDDLE, tiles.MAX_ZOOM + 1)) is None


@pytest.mark.parametrize("place", [(10, 0, 0), (10, -1, 5), (10, 5, 1024), (-1, 0, 0), (99, 0, 0), (64, 2**63, 2**63)])
def test_nothing_lies_elsewhere_or_outside_the_world(town_tiles, place):
    assert tile(town_tiles, *place) is None


def test_tiles_are_gzip(town_tiles):
    data = tile(town_tiles, 12, *_at(*MIDDLE, 12))
    assert data[:2] == b"\x1f\x8b"
    assert len(gzip.decompress(data)) > 100


def test_the_bounds_are_those_of_the_town(town_tiles):
    assert tile_bounds(town_tiles) == pytest.approx((121.0, 31.0, 121.04, 31.02))


def test_neighbours_share_their_boundary_in_the_tile(town_tiles, tmp_path):
    z = 13
    grids = _layers(town_tiles, z, *_at(121.015, 31.005, z), tmp_path)["grid"].set_index("code")
    one, other = grids.loc["DJ-001"].geometry, grids.loc["DJ-002"].geometry
    assert one.intersection(other).area == 0
    assert one.intersection(other).length > 1000


def test_a_file_is_made_once_and_kept(town, town_tiles):
    made = town_tiles.stat().st_mtime_ns
    assert tile_file(town, WHOLE, TODAY, town_tiles.parent) == town_tiles
    assert tile_file(town, WHOLE, dt.date(2023, 1, 1), town_tiles.parent) == town_tiles
    assert town_tiles.stat().st_mtime_ns == made


def test_another_geometry_version_has_another_file(town, town_tiles):
    before = tile_file(town, WHOLE, dt.date(2022, 12, 31), town_tiles.parent)
    assert before != town_tiles
    assert before.stem == tiles_version(town, WHOLE, dt.date(2022, 12, 31))


def test_nothing_half_made_is_left_beside_it(town_tiles):
    left = [path.name for path in town_tiles.parent.iterdir() if path.suffix != ".mbtiles" and path.suffix != ".lock"]
    assert left == []


def test_another_recipe_gives_another_version(town, monkeypatch):
    before = tiles_version(town, WHOLE, TODAY)
    monkeypatch.setattr(tiles, "RECIPE", "another")
    assert tiles_version(town, WHOLE, TODAY) != before


def test_a_district_without_outlines_has_an_empty_file(town, tmp_path):
    path = tile_file(town, Scope("999999"), TODAY, tmp_path)
    assert tile(path, 10, *_at(*MIDDLE, 10)) is None
    assert tile_bounds(path) is None


def test_an_area_without_an_outline_is_left_out(tmp_path):
    outlines = [shapely.box(121, 31, 121.1, 31.1), None, shapely.Polygon()]
    rows = gpd.GeoDataFrame(
        {"code": ["a", "b", "c"], "level": "grid", "parent_code": [None] * 3, "fid": [0, 1, 2]}, geometry=outlines, crs=4326
    )
    write_tiles(rows, tmp_path / "x.mbtiles")
    assert _layers(tmp_path / "x.mbtiles", 9, *_at(121.05, 31.05, 9), tmp_path)["grid"]["code"].tolist() == ["a"]


def test_no_feature_is_dropped_from_a_crowded_tile(tmp_path):
    side = 60
    boxes = [shapely.box(121 + x / 100, 31 + y / 100, 121 + (x + 1) / 100, 31 + (y + 1) / 100) for x in range(side) for y in range(side)]
    rows = gpd.GeoDataFrame(
        {"code": [f"G{n}" for n in range(side * side)], "level": "grid", "parent_code": "S", "fid": range(side * side)}, geometry=boxes, crs=4326
    )
    write_tiles(rows, tmp_path / "x.mbtiles")
    connection = sqlite3.connect(tmp_path / "x.mbtiles")
    places = connection.execute("SELECT tile_column, tile_row FROM tiles WHERE zoom_level = 7").fetchall()
    connection.close()
    seen = set()
    for x, y in places:
        seen |= set(_layers(tmp_path / "x.mbtiles", 7, x, 127 - y, tmp_path)["grid"]["fid"])
    assert seen == set(range(side * side))


def test_one_process_makes_it_while_the_others_wait(town, tmp_path):
    town.close()
    context = multiprocessing.get_context("spawn")
    with context.Pool(3) as pool:
        made = pool.map(_make, [(str(town.path), str(tmp_path))] * 3)
    assert len({path for path, _ in made}) == 1
    assert len({inode for _, inode in made}) == 1


def test_a_lock_is_held_by_one_at_a_time(tmp_path):
    held = []
    with locked(tmp_path / "x.lock"):
        held.append(1)
    with locked(tmp_path / "x.lock"):
        held.append(2)
    assert held == [1, 2]


def _make(arguments):
    from pathlib import Path

    from data_access.database import Database

    file, folder = arguments
    database = Database.open(f"sqlite:///{file}")
    path = tile_file(database, WHOLE, TODAY, Path(folder))
    database.close()
    return str(path), path.stat().st_ino


def _layers(path, z, x, y, folder):
    data = tile(path, z, x, y)
    (folder / "tile.pbf").write_bytes(gzip.decompress(data))
    names = pyogrio.list_layers(folder / "tile.pbf")[:, 0]
    return {name: pyogrio.read_dataframe(folder / "tile.pbf", layer=name) for name in names}


def _at(lon, lat, z):
    n = 2**z
    return int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)
