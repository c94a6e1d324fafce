"""Boundaries are repaired, measured, placed under their parents, and change what lies in them."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyproj
import pytest
import shapely
from sqlalchemy import select

from data_access.database import Database
from data_access.importing import ImportRefused, preview
from data_access.schema import area, patrol_visit
from tests.importing.hamlet import (
    GRIDS,
    LATER,
    STREETS,
    WHOLE,
    Square,
    bring,
    doubted,
    geojson,
    grids_file,
    neighbourhoods_file,
    noted,
    polygon,
    ring,
    rows_file,
    said,
    streets_file,
    table,
)


def areas(database: Database, *columns: str) -> pd.DataFrame:
    """The current areas by code."""
    asked = select(area.c.code, *(area.c[name] for name in columns)).where(area.c.superseded_at.is_(None)).order_by(area.c.code)
    return database.frame(asked).set_index("code")


def street(code: str, name: str, square: Square, **more: str) -> tuple[dict, dict]:
    return {"街镇代码": code, "街镇名称": name, **more}, polygon(square)


def test_the_district_is_the_union_of_its_streets_where_nobody_drew_it(empty: Database) -> None:
    bring(empty, streets_file())
    found = areas(empty, "level", "parent_code", "geometry", "area_km2")
    assert found["level"].to_dict() == {"990114": "district", "990114001": "street", "990114002": "street"}
    assert found.at["990114", "geometry"].equals(shapely.box(121.20, 31.30, 121.28, 31.34))
    assert found.at["990114001", "parent_code"] == "990114"
    assert found.at["990114", "area_km2"] == pytest.approx(found.loc[["990114001", "990114002"], "area_km2"].sum(), rel=1e-6)


def test_a_later_street_widens_the_drawn_district_and_a_given_one_replaces_it(empty: Database) -> None:
    bring(empty, streets_file())
    bring(empty, ("第三.geojson", geojson([street("990114003", "第三街道", (121.28, 31.30, 121.30, 31.34))])), now=LATER)
    assert areas(empty, "geometry").at["990114", "geometry"].bounds == (121.20, 31.30, 121.30, 31.34)
    given = ("区.geojson", geojson([({"代码": "990114", "名称": "示范区", "层级": "区县"}, polygon((121.19, 31.29, 121.31, 31.35)))]))
    bring(empty, given, now=LATER + dt.timedelta(hours=1))
    bring(empty, ("第四.geojson", geojson([street("990114004", "第四街道", (121.30, 31.30, 121.31, 31.34))])), now=LATER + dt.timedelta(hours=2))
    found = areas(empty, "name", "geometry")
    assert found.at["990114", "name"] == "示范区"
    assert found.at["990114", "geometry"].bounds == (121.19, 31.29, 121.31, 31.35)


def test_the_size_of_a_square_is_that_of_the_ellipsoid(empty: Database) -> None:
    bring(empty, streets_file())
    expected = abs(pyproj.Geod(ellps="GRS80").geometry_area_perimeter(shapely.box(121.20, 31.30, 121.24, 31.34).segmentize(0.001))[0]) / 1e6
    assert areas(empty, "area_km2").at["990114001", "area_km2"] == pytest.approx(expected, rel=1e-4)
    assert 16.8 < expected < 17.0


def test_box_hash_and_label_point_come_with_the_outline(empty: Database) -> None:
    bring(empty, streets_file())
    found = areas(empty, "west", "south", "east", "north", "geometry_hash", "label_lon", "label_lat").loc["990114001"]
    assert found[["west", "south", "east", "north"]].tolist() == [121.20, 31.30, 121.24, 31.34]
    assert len(found["geometry_hash"]) == 64
    assert (found["label_lon"], found["label_lat"]) == (pytest.approx(121.22, abs=1e-3), pytest.approx(31.32, abs=1e-3))


def test_the_label_point_of_a_crescent_lies_in_it(empty: Database) -> None:
    crescent = shapely.box(121.20, 31.30, 121.24, 31.34) - shapely.box(121.21, 31.31, 121.24, 31.33)
    bring(empty, ("月牙.geojson", geojson([({"街镇代码": "990114001", "街镇名称": "月牙镇"}, shapely.geometry.mapping(crescent))])))
    found = areas(empty, "label_lon", "label_lat", "geometry").loc["990114001"]
    assert found["geometry"].contains(shapely.Point(found["label_lon"], found["label_lat"]))


@pytest.mark.parametrize("epsg", [4326, 4490, 4528, 4549, 4508, 32651, 3857])
def test_a_declared_coordinate_system_is_used(epsg: int, empty: Database) -> None:
    bring(empty, (f"{epsg}.geojson", projected(epsg, declared=epsg)))
    assert areas(empty, "geometry").at["990114001", "geometry"].symmetric_difference(shapely.box(121.20, 31.30, 121.24, 31.34)).area < 1e-9


@pytest.mark.parametrize("epsg", [4528, 4499])
def test_metres_that_carry_their_zone_are_recognised_without_a_word(epsg: int, empty: Database) -> None:
    file = (f"{epsg}.geojson", projected(epsg))
    found = preview(empty, file, scope=WHOLE)
    assert f"认作 EPSG:{epsg} 换算" in noted(found)
    bring(empty, file)
    assert areas(empty, "geometry").at["990114001", "geometry"].symmetric_difference(shapely.box(121.20, 31.30, 121.24, 31.34)).area < 1e-9


def test_metres_without_a_zone_ask_for_the_system_and_take_the_answer(empty: Database) -> None:
    file = ("无带号.geojson", projected(4549))
    with pytest.raises(ImportRefused, match=r"是米制的，没有可靠的坐标系说明，可能是 EPSG:\d+、.*请在导入时指定（如 --crs "):
        preview(empty, file, scope=WHOLE)
    assert not preview(empty, file, scope=WHOLE, crs="4549").refused
    assert not preview(empty, file, scope=WHOLE, crs="EPSG:4549").refused


def test_metres_without_a_zone_are_told_by_the_district_where_it_is_known(empty: Database) -> None:
    bring(empty, streets_file())
    found = preview(empty, ("网格.geojson", projected(4549, [({"网格编号": grid, "街镇代码": f"99011400{1 if grid[0] == 'Q' else 2}"}, square) for grid, (_, square) in GRIDS.items()])), scope=WHOLE)
    assert not found.refused, said(found)
    assert "认作 EPSG:4549" in noted(found)


def test_a_wrongly_declared_system_is_found_out(empty: Database) -> None:
    bring(empty, streets_file())
    found = preview(empty, ("网格.geojson", projected(4528, [({"网格编号": "QH-01", "街镇代码": "990114001"}, GRIDS["QH-01"][1])], declared=4526)), scope=WHOLE)
    assert "文件声明的坐标系与数值不符，按数值和本区位置认作 EPSG:4528" in noted(found)


def test_degrees_exchanged_in_the_whole_file_are_exchanged_back(empty: Database) -> None:
    flipped = [({"街镇代码": code, "街镇名称": name}, {"type": "Polygon", "coordinates": [[[y, x] for x, y in ring(square)]]}) for code, (name, square) in STREETS.items()]
    found = preview(empty, ("反.geojson", geojson(flipped)), scope=WHOLE)
    assert "经度与纬度写反了，已对调。" in noted(found)
    assert shapely.total_bounds(found.good["geometry"].to_numpy()).tolist() == [121.20, 31.30, 121.28, 31.34]


def test_old_datums_shifted_systems_and_nonsense_are_refused(empty: Database) -> None:
    for epsg in (4610, 4214, 2364):
        with pytest.raises(ImportRefused, match="请由测绘部门换算成 CGCS2000"):
            preview(empty, ("旧.geojson", projected(epsg if epsg != 2364 else 2364, declared=epsg)), scope=WHOLE)
    with pytest.raises(ImportRefused, match="不换算 GCJ-02"):
        preview(empty, streets_file(), scope=WHOLE, crs="GCJ-02")
    with pytest.raises(ImportRefused, match="不认识坐标系 火星"):
        preview(empty, streets_file(), scope=WHOLE, crs="火星")


def test_another_town_is_refused(empty: Database) -> None:
    bring(empty, streets_file())
    with pytest.raises(ImportRefused, match=r"这些区域离本区约 \d+ 公里"):
        preview(empty, ("外地.geojson", geojson([street("990114009", "外地街道", (116.3, 39.9, 116.4, 40.0))])), scope=WHOLE)


def projected(epsg: int, features: list[tuple[dict, Square]] | None = None, declared: int | None = None) -> bytes:
    features = features or [({"街镇代码": code, "街镇名称": name}, square) for code, (name, square) in STREETS.items()]
    project = pyproj.Transformer.from_crs(4326, epsg, always_xy=True).transform
    made = [(properties, {"type": "Polygon", "coordinates": [[list(project(x, y)) for x, y in ring(square)]]}) for properties, square in features]
    members = {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{declared}"}}} if declared else {}
    return geojson(made, **members)


def test_bow_ties_spikes_and_double_points_are_repaired_and_noted(empty: Database) -> None:
    tie = [[121.20, 31.30], [121.24, 31.34], [121.24, 31.30], [121.20, 31.34], [121.20, 31.30]]
    spike = [[121.24, 31.30], [121.28, 31.30], [121.28, 31.34], [121.26, 31.34], [121.26, 31.40], [121.26, 31.34], [121.24, 31.34], [121.24, 31.30]]
    flat = [[121.0, 31.0], [121.1, 31.1], [121.2, 31.2], [121.0, 31.0]]
    shapes = [{"type": "Polygon", "coordinates": [one]} for one in (tie, spike, flat)]
    file = ("坏.geojson", geojson([({"街镇代码": f"99011400{n}", "街镇名称": f"第{n}街道"}, shape) for n, shape in enumerate(shapes, start=1)]))
    found = preview(empty, file, scope=WHOLE)
    assert said(found) == ["3 图形的面积是零；请补上面状的边界，或删去这一行"]
    assert shapely.is_valid(found.good["geometry"].to_numpy()).all()
    assert "2 个自相交或有多余尖角的图形已自动修正（第 1、2 行）。" in noted(found)
    assert found.good["geometry"].iat[1].bounds == (121.24, 31.30, 121.28, 31.34)


def test_a_grid_belongs_to_the_neighbourhood_it_lies_in_within_the_street_it_names(hamlet: Database) -> None:
    found = areas(hamlet, "level", "parent_code")
    grids = found[found["level"] == "grid"]["parent_code"]
    assert grids.to_dict() == {grid: parent for grid, (parent, _) in GRIDS.items()}
    by_street = [({"网格编号": f"{grid}x", "街镇": "青禾街道" if grid[0] == "Q" else "古溪街道"}, polygon(square)) for grid, (_, square) in GRIDS.items()]
    named = preview(hamlet, ("网格.geojson", geojson(by_street)), scope=WHOLE)
    assert not named.refused, said(named)
    assert named.good["parent_code"].tolist() == [parent for parent, _ in GRIDS.values()]


def test_a_parent_is_found_by_position_alone(hamlet: Database) -> None:
    found = preview(hamlet, ("网格.geojson", geojson([({"网格编号": "X"}, polygon((121.21, 31.31, 121.22, 31.318)))])), scope=WHOLE)
    assert found.good["parent_code"].tolist() == ["990114001001"]


def test_a_grid_outside_the_parent_it_names_asks_and_one_nowhere_is_refused(hamlet: Database) -> None:
    found = preview(hamlet, ("网格.geojson", geojson([
        ({"网格编号": "X", "街镇代码": "990114001"}, polygon((121.25, 31.31, 121.26, 31.32))), ({"网格编号": "Y", "街镇代码": None}, polygon((121.30, 31.31, 121.31, 31.32))),
    ])), scope=WHOLE, level="grid")  # fmt: skip
    assert doubted(found) == {1: "街镇代码：只有 0% 的面积在所填的上级青禾街道里；请核对上级和坐标系"}
    assert said(found) == ["2 街镇代码：不在任何已知的街镇里；请先导入街镇边界，或填上级的代码或名称"]


def test_grids_before_any_street_say_what_to_import_first(empty: Database) -> None:
    assert said(preview(empty, grids_file(), scope=WHOLE))[0] == "1 村居代码：找不到区域“990114001001”；请改正，或先导入区域边界"


def test_levels_are_told_by_column_by_option_by_heading_and_by_name(empty: Database) -> None:
    squares = [square for _, square in STREETS.values()]
    named = geojson([({"代码": f"A{n}", "名称": f"第{n}镇"}, polygon(square)) for n, square in enumerate(squares)])
    assert set(preview(empty, ("a.geojson", named), scope=WHOLE).good["level"]) == {"street"}
    column = geojson([({"代码": f"A{n}", "名称": f"第{n}", "层级": "街道"}, polygon(square)) for n, square in enumerate(squares)])
    assert set(preview(empty, ("a.geojson", column), scope=WHOLE).good["level"]) == {"street"}
    nameless = geojson([({"代码": f"A{n}", "名称": f"第{n}"}, polygon(square)) for n, square in enumerate(squares)])
    with pytest.raises(ImportRefused, match="看不出这些区域是哪一层级：请加一列“层级”"):
        preview(empty, ("a.geojson", nameless), scope=WHOLE)
    assert set(preview(empty, ("a.geojson", nameless), scope=WHOLE, level="街镇").good["level"]) == {"street"}
    with pytest.raises(ImportRefused, match="没有名为 planet 的层级"):
        preview(empty, ("a.geojson", nameless), scope=WHOLE, level="planet")


def test_codes_that_no_address_can_carry_are_refused(empty: Database) -> None:
    rows = [street("A/1", "第一街道", (121.20, 31.30, 121.21, 31.31)), street("990114", "第二街道", (121.21, 31.30, 121.22, 31.31)), street("嘉-1", "第三街道", (121.22, 31.30, 121.23, 31.31))]
    assert said(preview(empty, ("a.geojson", geojson(rows)), scope=WHOLE)) == [
        "1 街镇代码：代码“A/1”里有不能用的字符；代码只能用字母、数字、汉字和 - _ .，不超过 64 个字", "2 街镇代码：代码 990114 是区县自己的代码；请改正代码或层级"]


def test_the_same_boundaries_again_are_the_same_and_a_moved_border_is_a_change(hamlet: Database) -> None:
    assert preview(hamlet, streets_file(), scope=WHOLE).counts() == {"read": 2, "good": 0, "changed": 0, "same": 2, "to_confirm": 0, "refused": 0}
    moved = geojson([street("990114001", "青禾街道", (121.20, 31.30, 121.245, 31.34)), street("990114002", "古溪路街道", STREETS["990114002"][1])])
    found = preview(hamlet, ("街镇.geojson", moved), scope=WHOLE)
    assert found.counts()["changed"] == 1
    assert "geometry_hash" in {one["field"] for one in found.changed["changes"].iat[0]}


def test_names_without_outlines_keep_the_outlines_that_are_known(hamlet: Database) -> None:
    before = areas(hamlet, "geometry_hash", "name_en")
    bring(hamlet, table("街镇.csv", "街镇代码,街镇名称,英文名", ["990114001,青禾街道,Qinghe Subdistrict"]), now=LATER)
    after = areas(hamlet, "geometry_hash", "name_en")
    assert after.at["990114001", "geometry_hash"] == before.at["990114001", "geometry_hash"]
    assert after.at["990114001", "name_en"] == "Qinghe Subdistrict"


def test_rows_with_coordinates_are_located_again_when_finer_boundaries_come(empty: Database) -> None:
    bring(empty, streets_file())
    rows = [["V1", "2023-07-03", "无发现", 121.21, 31.31, ""], ["V2", "2023-07-03", "无发现", 121.29, 31.31, ""], ["V3", "2023-07-03", "无发现", "", "", "青禾街道"]]
    bring(empty, rows_file("巡查.csv", ["编号", "巡查日期", "巡查结果", "经度", "纬度", "街镇"], rows))
    bring(empty, neighbourhoods_file(), now=LATER)
    batch = bring(empty, grids_file(), now=LATER + dt.timedelta(hours=1))
    assert [note.values["count"] for note in batch.notes] == [1]
    asked = select(patrol_visit.c.number, patrol_visit.c.grid_code, patrol_visit.c.located).where(patrol_visit.c.superseded_at.is_(None)).order_by(patrol_visit.c.number)
    with empty.read() as connection:
        assert [tuple(row) for row in connection.execute(asked)] == [("V1", "QH-01", "point"), ("V2", None, "outside"), ("V3", None, "area")]


def test_a_table_of_outlines_as_text_is_read(empty: Database) -> None:
    rows = [[code, name, shapely.box(*square).wkt] for code, (name, square) in STREETS.items()]
    found = preview(empty, rows_file("街镇.csv", ["编号", "名称", "几何"], rows), scope=WHOLE)
    assert found.good["name"].tolist() == ["青禾街道", "古溪路街道"]
    assert shapely.total_bounds(found.good["geometry"].to_numpy()).tolist() == [121.20, 31.30, 121.28, 31.34]


def test_a_redrawn_area_needs_the_last_day_of_the_old_one(hamlet: Database) -> None:
    new = {"街镇代码": "990114001", "街镇名称": "青禾街道", "启用日期": "2026-05-01"}
    alone = geojson([(new, polygon((121.20, 31.30, 121.23, 31.34)))])
    assert said(preview(hamlet, ("重划.geojson", alone), scope=WHOLE)) == [
        "1 启用日期：代码 990114001 已有从 1900-01-01 起有效的另一个版本，两个版本的日子重叠；请在同一文件里给旧的版本填上停用日期，只改内容时不要改启用日期"]
    old = {"街镇代码": "990114001", "街镇名称": "青禾街道", "启用日期": None, "停用日期": "2026-04-30"}
    both = geojson([(old, polygon(STREETS["990114001"][1])), (new, polygon((121.20, 31.30, 121.23, 31.34)))])
    batch = bring(hamlet, ("重划.geojson", both), level="street", now=LATER)
    assert (batch.new, batch.changed) == (1, 1)
    assert areas(hamlet, "valid_from").loc[["990114001"], "valid_from"].astype(str).tolist() == ["1900-01-01", "2026-05-01"]


def test_areas_of_one_level_that_lie_over_one_another_ask(empty: Database) -> None:
    squares = {"990114001": (121.20, 31.30, 121.25, 31.34), "990114002": (121.24, 31.30, 121.28, 31.34), "990114003": (121.2799, 31.30, 121.32, 31.34)}
    found = preview(empty, ("街镇.geojson", geojson([({"街镇代码": code, "街镇名称": code}, polygon(square)) for code, square in squares.items()])), scope=WHOLE)
    assert list(doubted(found)) == [2]
    assert doubted(found)[2].startswith("与第 1 行的“990114001”重叠（占较小一块的 25%）")


def test_an_area_and_its_successor_may_lie_over_one_another(empty: Database) -> None:
    rows = [({"街镇代码": "A1", "街镇名称": "甲", "停用日期": "2022-12-31"}, polygon((121.20, 31.30, 121.24, 31.34))),
            ({"街镇代码": "A2", "街镇名称": "乙", "启用日期": "2023-01-01"}, polygon((121.20, 31.30, 121.24, 31.34)))]
    assert not doubted(preview(empty, ("街镇.geojson", geojson(rows)), scope=WHOLE))
