"""Templates can be filled in and imported as they are; refused rows come back ready to be mended."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pyogrio
import pytest

from data_access.database import Database
from data_access.importing import ImportRefused, preview, write_refused, write_template
from data_access.importing.kinds import kinds
from rules.language import LANGUAGES, translator
from rules.vocabulary import TABLES
from tests.importing.hamlet import WHOLE, geojson, noted, polygon, rows_file, said, table, workbook


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(kinds()))
def test_a_template_is_recognised_and_its_example_is_skipped(kind: str, language: str, hamlet: Database, tmp_path: Path) -> None:
    path = write_template(kind, tmp_path / "模板.xlsx", language)
    found = preview(hamlet, path, scope=WHOLE)
    assert found.kind == kind
    assert found.counts()["read"] == 0
    assert "跳过 1 行示例。" in noted(found)
    assert {one.field for one in kinds()[kind].columns} == set(found.table.headings)


def test_a_template_has_headings_an_example_the_guide_and_the_lists(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_template("visits", tmp_path / "模板.xlsx"))
    assert book.sheetnames == ["巡查记录", "填写说明", "代码表"]
    page = book["巡查记录"]
    headings = [cell.value for cell in page[1]]
    assert headings == [*(column.header for column in kinds()["visits"].columns), "标记"]
    assert page.cell(2, len(headings)).value == "示例"
    lists = {cell.value: [row[0].value for row in book["代码表"].iter_rows(min_row=2, min_col=cell.column, max_col=cell.column) if row[0].value] for cell in book["代码表"][1]}
    assert lists["巡查结果"] == [word.name for word in TABLES["finding"]]
    validated = {str(one.sqref).split(":")[0]: one.formula1 for one in page.data_validations.dataValidation}
    finding = openpyxl.utils.get_column_letter(headings.index("巡查结果") + 1)
    assert validated[f"{finding}3"].startswith("'代码表'!")
    guide = [row[0].value for row in book["填写说明"].iter_rows()]
    assert "橙色表头必填，蓝色表头可留空；列的先后不限，多出的列不影响导入。" in guide


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_filled_in_from_its_lists_is_taken(language: str, hamlet: Database, tmp_path: Path) -> None:
    t = translator(language)
    path = write_template("visits", tmp_path / "模板.xlsx", language)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    column = {cell.value: cell.column for cell in page[1]}
    for header, value in (("编号", "V1"), ("巡查日期", "2023-07-03"), ("巡查结果", t("无发现")), ("街镇", "青禾街道"), ("对象类别", t("网格"))):
        page.cell(3, column[t(header)], value)
    book.save(path)
    found = preview(hamlet, path, scope=WHOLE)
    assert not found.refused, said(found)
    assert found.good[["number", "finding", "target_kind"]].values.tolist() == [["V1", "none", "grid"]]


def test_the_example_of_every_template_holds_values_that_its_columns_can_read(hamlet: Database, tmp_path: Path) -> None:
    for name in kinds():
        path = write_template(name, tmp_path / f"{name}.xlsx")
        book = openpyxl.load_workbook(path)
        page = book.worksheets[0]
        page.cell(2, page.max_column).value = None
        book.save(path)
        found = preview(hamlet, path, scope=WHOLE, kind=name)
        unreadable = [one for one in found.refused if "不是" in one.message or "代码表" in one.message or "约数" in one.message]
        assert not unreadable, said(found)


def test_a_template_of_no_register_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="没有名为 apples 的登记表：可以是 areas、"):
        write_template("apples", tmp_path / "a.xlsx")


def test_refused_rows_of_a_text_table_keep_its_encoding_and_separator_and_can_be_mended(hamlet: Database, tmp_path: Path) -> None:
    name, data = table("点位.csv", "编号;名称;街镇;首次发现日期;别的", ["D1;甲;青禾街道;2023-07-03;一", "D2;乙;月球街道;2023-7-32;二", "D3;=HYPERLINK(1);青禾;昨天;+86"], encoding="gbk")
    found = preview(hamlet, (name, data), scope=WHOLE)
    path = write_refused(found, tmp_path / "问题.csv")
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("gbk")), delimiter=";"))
    assert rows[0] == ["编号", "名称", "街镇", "首次发现日期", "别的", "问题"]
    assert rows[1][:5] == ["D2", "乙", "月球街道", "2023-7-32", "二"]
    assert rows[1][5] == "首次发现日期：“2023-7-32”：2023 年 7 月只有 31 天；请写作 2023-07-03；街镇：找不到街镇“月球街道”；请改正，或先导入区域边界"
    assert rows[2][1] == "'=HYPERLINK(1)"
    assert rows[2][4] == "+86"
    mended = path.read_bytes().decode("gbk").replace("月球街道", "青禾街道").replace("2023-7-32", "2023-7-31").replace("昨天", "2023.7.3")
    again = preview(hamlet, ("问题.csv", mended.encode("gbk")), scope=WHOLE)
    assert not again.refused, said(again)
    assert again.good["name"].tolist() == ["乙", "=HYPERLINK(1)"]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "=cmd()"])
def test_no_cell_that_is_given_back_starts_a_formula(cell: str, hamlet: Database, tmp_path: Path) -> None:
    rows = [["D1", cell, "月球街道"]]
    for name, data in (rows_file("a.csv", ["编号", "名称", "街镇"], rows), workbook("a.xlsx", {"表": [["编号", "名称", "街镇"], *rows]})):
        path = write_refused(preview(hamlet, (name, data), scope=WHOLE, kind="sites"), tmp_path / name)
        if path.suffix == ".csv":
            cells = next(iter(list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))[1:]))
        else:
            page = openpyxl.load_workbook(path).worksheets[0]
            assert page.cell(2, 2).data_type == "s"
            cells = [page.cell(2, column).value for column in (1, 2, 3)]
        assert cells[1] is None or not cells[1].startswith(("=", "+", "-", "@", "\t"))


def test_refused_rows_of_a_spreadsheet_keep_its_sheet_and_its_remark(hamlet: Database, tmp_path: Path) -> None:
    file = workbook("台账.xlsx", {"点位表": [["示范区点位台账（百度坐标）"], ["编号", "街镇", "经度", "纬度"], ["D1", "月球街道", 121.21, 31.31], ["D2", "青禾街道", 121.21, 31.31]]})
    found = preview(hamlet, file, scope=WHOLE, kind="sites")
    path = write_refused(found, tmp_path / "问题.xls")
    assert path.suffix == ".xlsx"
    page = openpyxl.load_workbook(path)["点位表"]
    assert next(cell.value for cell in page[1]) == "示范区点位台账（百度坐标）"
    assert [cell.value for cell in page[2]] == ["编号", "街镇", "经度", "纬度", "问题"]
    assert [cell.value for cell in page[3]][:2] == ["D1", "月球街道"]
    assert page.max_row == 3
    again = preview(hamlet, path, scope=WHOLE, kind="sites")
    assert again.table.remarks == ["示范区点位台账（百度坐标）"]


def test_refused_features_come_back_as_features(hamlet: Database, tmp_path: Path) -> None:
    data = geojson([({"网格编号": "X", "街镇代码": "月球"}, polygon((121.21, 31.31, 121.22, 31.32))), ({"网格编号": "Y", "街镇代码": "990114001"}, polygon((121.21, 31.31, 121.22, 31.32)))],
                   crs={"type": "name", "properties": {"name": "EPSG:4490"}})
    path = write_refused(preview(hamlet, ("网格.geojson", data), scope=WHOLE), tmp_path / "问题.geojson")
    content = json.loads(path.read_bytes())
    assert content["crs"]["properties"]["name"] == "EPSG:4490"
    (feature,) = content["features"]
    assert feature["properties"]["网格编号"] == "X"
    assert feature["properties"]["问题"].startswith("街镇代码：找不到区域“月球”")
    mended = path.read_bytes().decode().replace("月球", "青禾街道")
    assert preview(hamlet, ("问题.geojson", mended.encode()), scope=WHOLE).counts()["good"] == 1


def test_refused_rows_of_a_layer_come_back_as_a_geopackage(hamlet: Database, tmp_path: Path) -> None:
    import shapely

    from tests.importing.test_formats import shapefile

    parts = shapefile(tmp_path, "网格", {"网格编号": ["X"], "街镇代码": ["月球"]}, [shapely.box(121.21, 31.31, 121.22, 31.32)])
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    path = write_refused(preview(hamlet, ("网格.zip", data.getvalue()), scope=WHOLE), tmp_path / "问题.zip")
    assert path.name == "问题.gpkg"
    frame = pyogrio.read_dataframe(path)
    assert frame["网格编号"].tolist() == ["X"]
    assert "问题" in frame


def test_a_problem_column_of_an_earlier_round_is_replaced(hamlet: Database, tmp_path: Path) -> None:
    first = write_refused(preview(hamlet, table("a.csv", "编号,街镇", ["D1,月球街道"]), scope=WHOLE, kind="sites"), tmp_path / "一.csv")
    second = write_refused(preview(hamlet, first, scope=WHOLE, kind="sites"), tmp_path / "二.csv")
    assert second.read_text("utf-8-sig").splitlines()[0] == "编号,街镇,问题"
