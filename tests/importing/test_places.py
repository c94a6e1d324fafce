"""Rows lie where they say or where they are; what contradicts itself is asked about, nothing is dropped."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.database import Database
from data_access.importing import preview
from data_access.importing.gazetteer import COLUMNS, Gazetteer
from data_access.importing.problems import CellFault
from tests.importing.hamlet import GRIDS, WHOLE, bring, doubted, noted, plain, rows_file, said

HEADINGS = ["点位编号", "街镇", "村居", "网格编号", "经度", "纬度", "发现日期"]


def sites(database: Database, *rows: tuple, headings: list[str] | None = None, **options: object):
    numbered = [(f"D{index}", *row) for index, row in enumerate(rows, start=1)]
    padded = [(*row, *[""] * (len(headings or HEADINGS) - len(row))) for row in numbered]
    return preview(database, rows_file("点位.csv", headings or HEADINGS, padded), scope=WHOLE, kind="sites", **options)


def where(found, frame: str = "good") -> list[tuple]:
    columns = ["street_code", "neighbourhood_code", "grid_code", "located"]
    return [tuple(row) for row in getattr(found, frame)[columns].values.tolist()]


def test_a_point_is_in_the_street_neighbourhood_and_grid_it_falls_in(hamlet: Database) -> None:
    assert where(sites(hamlet, ("", "", "", 121.25, 31.33))) == [("990114002", "990114002002", "GX-03", "point")]


def test_a_named_area_is_enough_and_brings_what_is_above_it(hamlet: Database) -> None:
    found = sites(hamlet, ("青禾街道",), ("", "溪北村"), ("", "", "GX-01"), ("990114002",))
    assert where(found) == [("990114001", None, None, "area"), ("990114002", "990114002002", None, "area"),
                            ("990114002", "990114002001", "GX-01", "area"), ("990114002", None, None, "area")]


@pytest.mark.parametrize("name", ["古溪路街道", "古溪街道", "古溪", "古溪路", "古溪路街道办事处", " 古溪路 街道", "990114002"])
def test_a_street_is_known_by_every_name_people_give_it(hamlet: Database, name: str) -> None:
    assert where(sites(hamlet, (name,))) == [("990114002", None, None, "area")]


def test_a_name_borne_twice_is_told_by_the_street_and_else_refused(hamlet: Database) -> None:
    assert where(sites(hamlet, ("古溪路街道", "南苑居委会"))) == [("990114002", "990114002001", None, "area")]
    assert said(sites(hamlet, ("", "南苑居委会"))) == ["1 村居：“南苑居委会”可以指 南苑居委会（990114001001）、南苑居委会（990114002001）；请改填代码"]


def test_an_unknown_street_is_refused_with_the_likeliest(hamlet: Database) -> None:
    assert said(sites(hamlet, ("青和街道",), ("月球",), ("GX-01",))) == [
        "1 街镇：找不到街镇“青和街道”；是否为“青禾街道”？", "2 街镇：找不到街镇“月球”；请改正，或先导入区域边界", "3 街镇：“GX-01”是网格，不是街镇；请填街镇的代码或名称"]


def test_a_grid_of_another_street_than_the_named_one_is_refused(hamlet: Database) -> None:
    assert said(sites(hamlet, ("青禾街道", "", "GX-01"))) == ["1 网格编号：GX-01 属于古溪路街道，不在青禾街道；请改正其中一个"]


def test_a_point_in_another_street_asks_and_names_the_distance(hamlet: Database) -> None:
    found = sites(hamlet, ("青禾街道", "", "", 121.25, 31.31))
    # 0.01 degrees of longitude at 31.31 north: 111,320 m x cos(31.31) x 0.01 = 951 m.
    assert doubted(found) == {1: "经度：坐标落在古溪路街道GX-01，离所填的青禾街道 951 米；请核对坐标和区域；确认后按坐标归入古溪路街道GX-01"}
    assert where(found, "to_confirm") == [("990114002", "990114002001", "GX-01", "point")]


def test_a_point_beside_the_border_belongs_to_the_area_that_its_row_names(hamlet: Database) -> None:
    # 0.0004 degrees are 38 m.
    found = sites(hamlet, ("青禾街道", "", "", 121.2404, 31.31), ("", "", "QH-02", 121.2404, 31.31))
    assert where(found) == [("990114001", None, None, "point"), ("990114001", "990114001001", "QH-02", "point")]


def test_a_point_in_another_grid_of_the_named_street_asks_when_the_grid_was_named(hamlet: Database) -> None:
    found = sites(hamlet, ("青禾街道", "", "", 121.21, 31.31), ("青禾街道", "", "QH-04", 121.21, 31.31))
    assert where(found) == [("990114001", "990114001001", "QH-01", "point")]
    assert doubted(found)[2].startswith("经度：坐标落在青禾街道QH-01，离所填的QH-04 ")


def test_a_point_outside_every_area_is_kept_and_counted(hamlet: Database) -> None:
    found = sites(hamlet, ("", "", "", 121.29, 31.31), ("青禾街道", "", "", 121.19, 31.31))
    assert where(found) == [(None, None, None, "outside"), ("990114001", None, None, "outside")]
    assert "2 行的坐标没有落入任何区域" in noted(found)


def test_a_point_far_away_asks(hamlet: Database) -> None:
    found = sites(hamlet, ("", "", "", 116.4, 39.9), ("青禾街道", "", "", 121.40, 31.31))
    assert doubted(found)[1].startswith("经度：坐标离本区约 ")
    assert doubted(found)[2].startswith("经度：坐标不在本区任何区域内，离所填的青禾街道 15,")


def test_a_row_with_neither_area_nor_coordinates_is_refused(hamlet: Database) -> None:
    assert said(sites(hamlet, ("",))) == ["1 街镇：既没有区域，也没有坐标；请填街镇的代码或名称，或填经度和纬度"]


def test_half_a_coordinate_is_refused_and_zero_zero_is_none(hamlet: Database) -> None:
    found = sites(hamlet, ("青禾街道", "", "", "", 31.31), ("青禾街道", "", "", 0, 0))
    assert said(found) == ["1 经度：只有一个坐标，缺经度；请补上，或把两格都清空"]
    assert where(found) == [("990114001", None, None, "area")]
    assert found.good[["lon", "lat"]].values.tolist() == [[None, None]]


def test_exchanged_coordinates_ask_and_are_taken_the_right_way_round(hamlet: Database) -> None:
    found = sites(hamlet, ("青禾街道", "", "", 31.31, 121.21))
    assert doubted(found) == {1: "经度：经度 31.31、纬度 121.21 写反了；确认后按对调的坐标入库"}
    assert found.to_confirm[["lon", "lat"]].values.tolist() == [[121.21, 31.31]]


def test_coordinates_abroad_are_refused(hamlet: Database) -> None:
    assert said(sites(hamlet, ("青禾街道", "", "", 181, 31.31), ("青禾街道", "", "", 121.21, -31.31))) == [
        "1 经度：坐标 181, 31.31 不在中国境内；请填十进制度，如经度 121.2500、纬度 31.3600",
        "2 纬度：坐标 121.21, -31.31 不在中国境内；请填十进制度，如经度 121.2500、纬度 31.3600"]


def test_projected_coordinates_in_the_columns_are_found_and_turned_into_degrees(hamlet: Database) -> None:
    # EPSG:4528 of 121.21 east, 31.31 north, computed with PROJ 9.
    from pyproj import Transformer

    x, y = Transformer.from_crs(4326, 4528, always_xy=True).transform(121.21, 31.31)
    found = sites(hamlet, ("青禾街道", "", "", x, y))
    assert 40_500_000 < x < 40_700_000
    assert where(found) == [("990114001", "990114001001", "QH-01", "point")]
    assert found.good["lon"].iat[0] == pytest.approx(121.21, abs=1e-6)
    assert "认作 EPSG:4528" in noted(found)


def test_a_remark_of_a_shifted_system_asks_and_leaves_the_coordinates_out(hamlet: Database) -> None:
    file = rows_file("点位.csv", ["点位编号", "街镇", "经度（百度坐标）", "纬度"], [["D1", "青禾街道", 121.2165, 31.3158]])
    found = preview(hamlet, ("点位.csv", b"\xe6\xb3\xa8\xef\xbc\x9aBD-09\n" + rows_file("点位.csv", HEADINGS, [["D1", "青禾街道", "", "", 121.2165, 31.3158]])[1]), scope=WHOLE)
    assert "文件注明“注：BD-09”" in doubted(found)[1]
    assert found.to_confirm[["lon", "located"]].values.tolist() == [[None, "area"]]
    assert preview(hamlet, file, scope=WHOLE).counts()["refused"] + preview(hamlet, file, scope=WHOLE).counts()["to_confirm"] == 1


def test_a_file_shifted_all_one_way_is_told_from_single_mistakes(hamlet: Database) -> None:
    west, south = 0.0046, -0.0019
    rows = [("", "", grid, square[0] + 0.01 + dx + west, square[1] + 0.01 + dy + south)
            for grid, (_, square) in GRIDS.items() for dx in (-0.009, 0.009) for dy in (-0.009, 0.009)]
    found = sites(hamlet, *rows)
    assert found.counts()["to_confirm"] == len(rows)
    assert "全文件的坐标一致偏移约 " in doubted(found)[1]
    assert set(found.to_confirm["located"]) == {"area"}
    right = [("", "", grid, x - west, y - south) for _, _, grid, x, y in rows]
    one_wrong = [*right[:-1], ("", "", "GX-04", 121.21, 31.31)]
    assert sites(hamlet, *one_wrong).counts() == {"read": 32, "good": 31, "changed": 0, "same": 0, "to_confirm": 1, "refused": 0}


def test_the_whole_district_is_a_place_without_a_street(hamlet: Database) -> None:
    found = preview(hamlet, rows_file("活动.csv", ["日期", "类别", "街镇"], [["2023-07-03", "培训", "全区"]]), scope=WHOLE, kind="activities")
    assert where(found) == [(None, None, None, "area")]


def test_streets_alone_are_enough_and_grids_named_in_the_file_are_left_out_with_a_note(empty: Database) -> None:
    from tests.importing.hamlet import streets_file

    bring(empty, streets_file())
    found = sites(empty, ("青禾街道", "", "QH-01"), ("", "", "", 121.25, 31.31))
    assert where(found) == [("990114001", None, None, "area"), ("990114002", None, None, "point")]
    assert "库里还没有网格，“网格”一列没有采用。" in noted(found)


def test_a_grid_is_not_named_before_it_exists(hamlet: Database) -> None:
    from tests.importing.hamlet import geojson, polygon

    bring(hamlet, ("新网格.geojson", geojson([({"网格编号": "QH-05", "村居代码": "990114001001", "启用日期": "2023-01-01"}, polygon((121.20, 31.30, 121.21, 31.31)))])))
    found = preview(hamlet, rows_file("a.csv", ["巡查日期", "巡查结果", "网格编号"], [["2022-12-31", "无发现", "QH-05"], ["2023-01-01", "无发现", "QH-05"]]), scope=WHOLE)
    assert doubted(found) == {1: "网格编号：QH-05在 2022-12-31 还没有启用或已经停用；请核对日期和区域"}


def test_a_point_is_in_the_grid_that_was_valid_on_its_day(hamlet: Database) -> None:
    from tests.importing.hamlet import geojson, polygon

    bring(hamlet, ("网格.geojson", geojson([
        ({"网格编号": "QH-01", "村居代码": "990114001001", "停用日期": "2022-12-31"}, polygon((121.20, 31.30, 121.22, 31.32))),
        ({"网格编号": "QH-11", "村居代码": "990114001001", "启用日期": "2023-01-01", "由何区域划出": "QH-01"}, polygon((121.20, 31.30, 121.21, 31.32))),
        ({"网格编号": "QH-12", "村居代码": "990114001001", "启用日期": "2023-01-01", "由何区域划出": "QH-01"}, polygon((121.21, 31.30, 121.22, 31.32))),
    ])))  # fmt: skip
    rows = [[day, "无发现", 121.205, 31.31] for day in ("2022-12-31", "2023-01-01")]
    found = preview(hamlet, rows_file("a.csv", ["巡查日期", "巡查结果", "经度", "纬度"], rows), scope=WHOLE)
    assert found.good["grid_code"].tolist() == ["QH-01", "QH-11"]
    assert where(sites(hamlet, ("", "", "", 121.205, 31.31))) == [("990114001", "990114001001", "QH-11", "point")]


def gazetteer() -> Gazetteer:
    import shapely

    rows = [(code, "grid", None, code, None, None, dt.date(1900, 1, 1), None, shapely.box(*square)) for code, (_, square) in GRIDS.items()]
    return Gazetteer(pd.DataFrame(rows, columns=list(COLUMNS), dtype=object))


KNOWN = gazetteer()


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(121.15, 121.33), st.floats(31.25, 31.39)), min_size=1, max_size=40))
def test_every_point_is_in_the_grid_whose_square_holds_it(points: list[tuple[float, float]]) -> None:
    lon, lat = np.array(points).T
    found = KNOWN.locate(lon, lat, [None] * len(points))["grid_code"]
    for x, y, code in zip(lon, lat, found, strict=True):
        holding = sorted(grid for grid, (_, (west, south, east, north)) in GRIDS.items() if west <= x <= east and south <= y <= north)
        assert code == (holding[0] if holding else None)


@given(st.floats(121.15, 121.33), st.floats(31.25, 31.39))
def test_a_point_is_no_metres_from_the_area_it_is_in_and_some_from_every_other(x: float, y: float) -> None:
    found = KNOWN.locate([x], [y], [None])["grid_code"].iat[0]
    distances = dict(zip(GRIDS, KNOWN.distance_m([x] * 8, [y] * 8, list(GRIDS)), strict=True))
    assert all(metres >= 0 for metres in distances.values())
    if found:
        assert distances[found] == 0


@given(st.text(max_size=20))
def test_any_text_names_an_area_or_is_refused(text: str) -> None:
    try:
        code = KNOWN.find(text)
    except CellFault as found:
        code = None
        told = plain(found.fault.message, **found.fault.values)
    assert code in GRIDS if code else told
