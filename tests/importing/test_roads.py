"""Roads come in from map files and tables, are no one's data, and go again with their batch."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import numpy as np
import pyogrio
import pytest
import shapely

from data_access.database import Database
from data_access.importing import ImportRefused, preview, undo
from data_access.roads import road_network
from rules.request import Filters, Scope
from tests.importing.hamlet import DISTRICT, LATER, NOW, OFFICE, WHOLE, bring, noted, said, table
from tests.importing.test_formats import shapefile, zipped

TODAY = Filters(NOW.date(), NOW.date(), NOW.date())
STREET = Scope(DISTRICT, areas=("990114001",))


def line(*points: tuple[float, float]) -> dict:
    return {"type": "LineString", "coordinates": points}


def road_file(*features: tuple[dict, dict | None], name: str = "路网.geojson") -> tuple[str, bytes]:
    made = [{"type": "Feature", "properties": about, "geometry": shape} for about, shape in features]
    return name, json.dumps({"type": "FeatureCollection", "features": made}).encode()


MAIN = ({"osm_id": "1", "name": "青禾路", "highway": "residential", "oneway": "yes"}, line((121.20, 31.30), (121.24, 31.30)))
LANE = ({"osm_id": "2", "name": "小弄", "highway": "footway", "oneway": None}, line((121.24, 31.30), (121.24, 31.34)))


def test_a_district_without_roads_has_no_network(hamlet: Database) -> None:
    assert road_network(hamlet, TODAY, WHOLE) is None


def test_lines_of_a_map_file_are_told_as_roads_and_undone_with_their_batch(hamlet: Database) -> None:
    file = road_file(MAIN, LANE)
    found = preview(hamlet, file, scope=WHOLE)
    assert (found.kind, found.counts()["good"], said(found)) == ("roads", 2, [])
    assert found.good[["number", "name", "direction", "on_foot"]].values.tolist() == [["1", "青禾路", "forward", False], ["2", "小弄", "both", False]]
    batch = bring(hamlet, file)
    network = road_network(hamlet, TODAY, STREET)
    assert network is not None
    assert len(network) == 2
    # 0.04 degrees of longitude at 31.30 N: 0.04 * 111.195 * cos(31.30) = 3.8005 km.
    corners = np.array([(121.20, 31.30), (121.24, 31.30)])
    assert network.ways(corners, walking=False).km[0, 1] == pytest.approx(3.8005, abs=0.001)
    undo(hamlet, batch.id, actor=OFFICE, now=LATER)
    assert road_network(hamlet, TODAY, WHOLE) is None
    assert road_network(hamlet, TODAY.with_(known_at=NOW), WHOLE) is not None


def test_the_same_lines_from_another_file_are_known(hamlet: Database) -> None:
    bare = [({"highway": about["highway"]}, shape) for about, shape in (MAIN, LANE)]
    bring(hamlet, road_file(*bare))
    again = preview(hamlet, road_file(*reversed(bare), name="路网2.geojson"), scope=WHOLE)
    assert again.counts() == {"read": 2, "good": 0, "changed": 0, "same": 2, "to_confirm": 0, "refused": 0}


def test_a_moved_line_is_a_new_version_of_its_road(hamlet: Database) -> None:
    bring(hamlet, road_file(MAIN))
    moved = preview(hamlet, road_file((MAIN[0], line((121.20, 31.30), (121.23, 31.30)))), scope=WHOLE)
    assert moved.counts()["changed"] == 1


def test_lines_without_any_known_attribute_are_roads(hamlet: Database) -> None:
    found = preview(hamlet, road_file(({"x1": "7"}, line((121.20, 31.30), (121.24, 31.30)))), scope=WHOLE)
    assert (found.kind, found.counts()["good"]) == ("roads", 1)


def test_roads_come_from_a_geopackage_in_metres(hamlet: Database, tmp_path) -> None:
    # A line of 1,000 m due east in CGCS2000 zone 40 (EPSG:4549), inside the hamlet.
    path = tmp_path / "路网.gpkg"
    shape = shapely.LineString([(615000, 3465000), (616000, 3465000)])
    pyogrio.raw.write(path, np.array([shapely.to_wkb(shape)]), [np.array(["乡道"], dtype=object)], ["路名"], driver="GPKG", geometry_type="LineString", crs="EPSG:4549")
    found = preview(hamlet, path, scope=WHOLE)
    assert (found.kind, found.counts()["good"]) == ("roads", 1), noted(found)
    west, _, east, _ = shapely.bounds(found.good["geometry"].iloc[0])
    assert 120.9 < west < east < 121.4
    assert east - west == pytest.approx(1000 / 111_195 / np.cos(np.radians(31.3)), rel=0.01)


def test_roads_come_from_a_table_with_wkt(hamlet: Database) -> None:
    file = table("路网.csv", "道路名称|单行|步行|几何", ["桥|否|否|LINESTRING (121.20 31.30, 121.21 31.30)", "坡|反向|是|LINESTRING (121.21 31.30, 121.21 31.31)"])
    found = preview(hamlet, file, scope=WHOLE)
    assert said(found) == []
    assert found.good[["name", "direction", "on_foot"]].values.tolist() == [["桥", "both", False], ["坡", "backward", True]]


def test_what_is_no_line_is_refused_row_by_row(hamlet: Database) -> None:
    point = {"type": "Point", "coordinates": (121.2, 31.3)}
    found = preview(hamlet, road_file(MAIN, ({"osm_id": "3"}, point), ({"osm_id": "4"}, None), ({"osm_id": "5"}, line((121.2, 31.3), (121.2, 31.3)))), scope=WHOLE)
    assert found.counts()["good"] == 1
    assert [one.row_number for one in found.refused] == [2, 3, 4]
    assert [one.message for one in found.refused] == ["图形是点或面，不是线", "没有图形", "线的长度是零"]


def test_a_table_without_lines_is_no_network(hamlet: Database) -> None:
    with pytest.raises(ImportRefused):
        preview(hamlet, table("路网.csv", "编号|道路名称|单行", ["1|桥|否"]), scope=WHOLE, kind="roads")


def test_only_the_district_imports_roads(hamlet: Database) -> None:
    with pytest.raises(ImportRefused):
        preview(hamlet, road_file(MAIN), scope=STREET)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_zipped_shapefile_of_roads_without_a_code_page_is_read(hamlet: Database, tmp_path: Path, encoding: str) -> None:
    shapes = [shapely.LineString([(121.20, 31.30), (121.24, 31.30)]), shapely.LineString([(121.24, 31.30), (121.24, 31.34)])]
    named = {"道路名称": ["青禾路", "小弄"], "等级": ["residential", "footway"], "单行": ["是", ""]}
    if encoding == "utf-8":
        named = {"路名": named["道路名称"], "等级": named["等级"], "单行": named["单行"]}
    parts = shapefile(tmp_path, "路网", named, shapes, encoding=encoding, geometry="LineString")
    file = ("路网.zip", zipped({f"roads/{name}": data for name, data in parts.items()}))
    found = preview(hamlet, file, scope=WHOLE)
    assert (found.kind, found.counts()["good"], said(found)) == ("roads", 2, [])
    assert found.good[["name", "direction", "on_foot"]].values.tolist() == [["青禾路", "forward", False], ["小弄", "both", False]]
    bring(hamlet, file)
    network = road_network(hamlet, TODAY, STREET)
    assert network is not None
    corners = np.array([(121.20, 31.30), (121.24, 31.30)])
    assert network.ways(corners, walking=False).km[0, 1] == pytest.approx(3.8005, abs=0.001)


def test_a_zip_of_roads_with_names_in_gbk_is_read(hamlet: Database, tmp_path: Path) -> None:
    parts = shapefile(tmp_path, "路网", {"道路名称": ["青禾路"]}, [shapely.LineString([(121.20, 31.30), (121.24, 31.30)])], geometry="LineString")
    raw = zipped({f"xxxx{PurePosixPath(name).suffix}": data for name, data in parts.items()}).replace(b"xxxx.", "路网.".encode("gbk"))
    found = preview(hamlet, ("路网.zip", raw), scope=WHOLE)
    assert (found.kind, found.good["name"].tolist()) == ("roads", ["青禾路"])
