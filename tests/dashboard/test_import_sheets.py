"""A file with several sheets or layers that fit: the person chooses one, the file is not sent again."""

import io
import sqlite3

import geopandas as gpd
import openpyxl
import pytest
import shapely

from data_access.figures import figures
from tests.dashboard.test_import_page import OURS, send, take
from tests.town import JULY, STREET_A, STREET_B, WHOLE

HEADS = ["编号", "巡查日期", "街镇", "巡查方式", "巡查结果", "户次"]


def book(**sheets: list[list[object]]) -> bytes:
    made, held = openpyxl.Workbook(), io.BytesIO()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(held)
    return held.getvalue()


def visits(number: str, street: str, count: int) -> list[list[object]]:
    return [HEADS, [number, "2023-07-20", street, "日常巡查", "无发现", count]]


def choose(visitor, told: dict, sheet: str):
    """What the page sends when a name is pressed."""
    return visitor.post("/import/preview", data={"token": told["token"], "sheet": sheet, "kind": "", "level": ""}, headers=OURS)


def test_the_sheets_that_fit_are_named_and_the_chosen_one_is_taken(visitor, context):
    before = figures(context.database, JULY, WHOLE)["K1"].value
    file = book(说明=[["本表由各街镇填写"]], 东街=visits("E-1", STREET_A, 3), 西镇=visits("W-1", STREET_B, 4))
    told = send(visitor, file, "两个街镇.xlsx")
    assert told.status_code == 200
    assert told.json["sheets"] == ["东街", "西镇"]
    assert "选定一个" in told.json["sentence"]
    seen = choose(visitor, told.json, "西镇").json
    assert (seen["file"], seen["kind"], seen["counts"]["good"]) == ("两个街镇.xlsx", "visits", 1)
    assert take(visitor, seen).status_code == 200
    assert figures(context.database, JULY, WHOLE)["K1"].value == before + 4


def test_nothing_is_taken_before_a_sheet_is_chosen(visitor):
    told = send(visitor, book(东街=visits("E-1", STREET_A, 3), 西镇=visits("W-1", STREET_B, 4)), "两个街镇.xlsx").json
    answer = take(visitor, {"token": told["token"], "hash": ""})
    assert answer.status_code == 422
    assert "东街" in answer.json["error"]


@pytest.mark.parametrize("name", ["没有这一页", "x" * 101])
def test_a_sheet_that_is_not_there_is_refused_with_a_sentence(visitor, name):
    told = send(visitor, book(东街=visits("E-1", STREET_A, 3), 西镇=visits("W-1", STREET_B, 4)), "两个街镇.xlsx").json
    answer = choose(visitor, told, name)
    assert answer.status_code in (400, 422)
    assert len(answer.json["error"]) > 8


def test_the_layers_of_a_geopackage_are_named_and_one_is_read(visitor, tmp_path):
    file = tmp_path / "边界.gpkg"
    for layer, code, west in (("东片网格", "DJ-005", 121.04), ("西片网格", "XZ-003", 121.05)):
        square = shapely.box(west, 31.0, west + 0.01, 31.01)
        gpd.GeoDataFrame({"网格编号": [code], "村居代码": ["A1"]}, geometry=[square], crs="EPSG:4326").to_file(file, layer=layer, driver="GPKG")
    with sqlite3.connect(file) as found:
        assert found.execute("select count(*) from gpkg_contents where data_type = 'features'").fetchone() == (2,)
    found.close()
    told = send(visitor, file.read_bytes(), "边界.gpkg").json
    assert told["sheets"] == ["东片网格", "西片网格"]
    seen = choose(visitor, told, "西片网格").json
    assert (seen["kind"], seen["counts"]["read"]) == ("areas", 1)
