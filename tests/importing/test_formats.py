"""Files of every form are read, and broken or hostile ones are refused in one sentence."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import struct
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely

from data_access.database import Database
from data_access.importing import ImportRefused, SeveralSheets, preview
from data_access.importing.formats import Format, Sheet, Upload, formats
from data_access.importing.limits import MAX_BYTES
from data_access.importing.opening import opened, uploaded
from tests.importing.hamlet import (
    GRIDS,
    STREETS,
    WHOLE,
    geojson,
    grids_file,
    noted,
    plain,
    polygon,
    said,
    streets_file,
    table,
    workbook,
)

HEADINGS, ROW = "编号,巡查日期,巡查结果,街镇", "V1,2023-07-03,无发现,青禾街道"


def read(name: str, data: bytes) -> tuple[Format, list[Sheet]]:
    return opened(uploaded((name, data)))


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(ImportRefused) as caught:
        read(name, data)
    return caught.value.say(plain)


def zipped(entries: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


def shapefile(folder: Path, stem: str, fields: dict[str, list[str]], shapes: list[shapely.Geometry], *, encoding: str = "gbk", crs: str | None = "EPSG:4490", geometry: str = "Polygon") -> dict[str, bytes]:
    """The files of a Shapefile, as another program writes it; field names are cut at ten bytes."""
    pyogrio.raw.write(folder / f"{stem}.shp", shapely.to_wkb(np.array(shapes)), [np.array(range(len(shapes)))], ["n"], driver="ESRI Shapefile",
                      geometry_type=geometry, crs=crs)
    width = 40
    head = struct.pack("<B3BIHH20x", 3, 123, 7, 31, len(shapes), 32 + 32 * len(fields) + 1, 1 + width * len(fields))
    for name in fields:
        head += name.encode(encoding)[:10].ljust(11, b"\x00") + b"C" + bytes(4) + bytes([width, 0]) + bytes(14)
    body = b"".join(b" " + b"".join(values[row].encode(encoding)[:width].ljust(width) for values in fields.values()) for row in range(len(shapes)))
    parts = {path.suffix: path.read_bytes() for path in folder.glob(f"{stem}.*")}
    parts.pop(".cpg", None)
    parts[".dbf"] = head + b"\r" + body + b"\x1a"
    return {f"{stem}{suffix}": data for suffix, data in parts.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_a_text_table_is_read_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    name, data = table("巡查.csv", HEADINGS.replace(",", separator), [ROW.replace(",", separator)] * 3, encoding=encoding)
    _, sheets = read(name, data)
    assert sheets[0].rows[1] == ["V1", "2023-07-03", "无发现", "青禾街道"]


def test_a_quoted_cell_may_hold_the_separator_and_a_new_line() -> None:
    _, sheets = read("a.csv", '编号,内容\n1,"第一行，有逗号,\n第二行"\n'.encode())
    assert sheets[0].rows[1] == ["1", "第一行，有逗号,\n第二行"]


def test_a_web_page_saved_as_a_spreadsheet_says_so() -> None:
    assert refusal("导出.xls", "<html><table><tr><td>编号</td></tr></table></html>".encode()).startswith("导出.xls 其实是网页格式")


def test_bytes_that_are_no_text_are_refused() -> None:
    assert refusal("a.csv", b"\xff\x81\xff\x00\x01\x02") == "文件不是文本，也不是能识别的格式：请另存为 xlsx 或 csv 后再导入。"
    assert refusal("a.csv", b"a,b\n\xff\xff\xff\xff\n").startswith("文件的文字编码认不出来")


def test_an_empty_file_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    assert refusal("a.csv", b"") == "a.csv 是空文件：请检查是否下载或另存完整。"
    with pytest.raises(ImportRefused, match="找不到文件"):
        uploaded(tmp_path / "没有.csv")


def test_a_file_beyond_the_limit_is_refused_before_it_is_read() -> None:
    assert refusal("大.csv", b"a" * (MAX_BYTES + 1)) == "大.csv 有 65 MB，超过 64 MB 的上限：请按月份或街镇分成几个文件导入。"


@pytest.mark.parametrize("name", ["a.xlsx", "a.zip", "a.kmz", "a.gpkg", "a.fgb", "a.geojson", "a.kml", "a.xls"])
def test_a_broken_file_of_every_form_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    good = {
        "a.xlsx": workbook("a.xlsx", {"表": [["编号"], ["1"]]})[1],
        "a.zip": zipped(shapefile(tmp_path, "街镇", {"代码": ["1"]}, [shapely.box(121.2, 31.3, 121.3, 31.4)])),
        "a.kmz": zipped({"doc.kml": KML.encode()}),
        "a.gpkg": layer(tmp_path, "GPKG", ".gpkg"), "a.fgb": layer(tmp_path, "FlatGeobuf", ".fgb"),
        "a.geojson": streets_file()[1], "a.kml": KML.encode(),
        "a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    }[name]
    assert re.fullmatch(r"(a\.\w+ (打不开|不是完整的|其实是|里没有)|文件).+。", refusal(name, good[: len(good) // 2]))


def layer(folder: Path, driver: str, suffix: str) -> bytes:
    path = folder / f"layer{suffix}"
    pyogrio.raw.write(path, shapely.to_wkb(np.array([shapely.box(121.20, 31.30, 121.24, 31.34)])), [np.array(["990114001"], dtype=object), np.array(["青禾街道"], dtype=object)],
                      ["街镇代码", "街镇名称"], layer="街镇", driver=driver, geometry_type="Polygon", crs="EPSG:4490")
    return path.read_bytes()


KML = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>街镇</name>'
    "<Placemark><name>青禾街道</name><ExtendedData><Data name=\"代码\"><value>990114001</value></Data></ExtendedData><Polygon><outerBoundaryIs><LinearRing>"
    "<coordinates>121.2,31.3,0 121.24,31.3,0 121.24,31.34,0 121.2,31.34,0 121.2,31.3,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    "</Folder><Folder><name>轨迹</name><Placemark><name>甲</name><LineString><coordinates>121.2,31.3 121.3,31.4</coordinates></LineString></Placemark></Folder></Document></kml>"
)


@pytest.mark.parametrize(("name", "form"), [("a.gpkg", "geopackage"), ("a.fgb", "flatgeobuf"), ("a.kml", "kml"), ("a.kmz", "kml")])
def test_layers_of_every_form_bring_the_same_street(name: str, form: str, tmp_path: Path, empty: Database) -> None:
    data = {"a.gpkg": lambda: layer(tmp_path, "GPKG", ".gpkg"), "a.fgb": lambda: layer(tmp_path, "FlatGeobuf", ".fgb"),
            "a.kml": lambda: KML.encode(), "a.kmz": lambda: zipped({"files/doc.kml": KML.encode()})}[name]()
    found = preview(empty, (name, data), scope=WHOLE)
    assert found.format == form
    assert found.good[["code", "name", "level"]].values.tolist() == [["990114001", "青禾街道", "street"]]
    assert shapely.equals(found.good["geometry"].iat[0], shapely.box(121.20, 31.30, 121.24, 31.34))


def test_of_several_layers_that_fit_a_person_says_which(tmp_path: Path, empty: Database) -> None:
    path = tmp_path / "多层.gpkg"
    for title, shape, kind, names in (("巡查轨迹", shapely.LineString([(121.2, 31.3), (121.3, 31.4)]), "LineString", ("甲", "乙")),
                                      ("街镇", shapely.box(121.20, 31.30, 121.24, 31.34), "Polygon", ("990114001", "青禾街道")),
                                      ("街镇_旧", shapely.box(121.20, 31.30, 121.24, 31.34), "Polygon", ("990114001", "青禾街道"))):
        pyogrio.raw.write(path, shapely.to_wkb(np.array([shape])), [np.array([one], dtype=object) for one in names], ["街镇代码", "街镇名称"],
                          layer=title, driver="GPKG", geometry_type=kind, crs="EPSG:4326", append=path.exists())
    with pytest.raises(SeveralSheets) as caught:
        preview(empty, path, scope=WHOLE)
    assert caught.value.sheets == ("街镇", "街镇_旧")
    assert preview(empty, path, scope=WHOLE, sheet="街镇_旧").table.sheet == "街镇_旧"
    with pytest.raises(ImportRefused, match="里没有名为“没有”的工作表或图层，只有：巡查轨迹、街镇、街镇_旧"):
        preview(empty, path, scope=WHOLE, sheet="没有")


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("declared", [None, b"GBK", b"UTF-8", b"ISO-8859-1"])
def test_a_shapefile_is_read_whatever_encoding_it_declares(encoding: str, declared: bytes | None, tmp_path: Path, empty: Database) -> None:
    fields = {"街镇代码": list(STREETS), "街镇名称": [name for name, _ in STREETS.values()]}
    parts = shapefile(tmp_path, "街镇", fields, [shapely.box(*square) for _, square in STREETS.values()], encoding=encoding)
    if declared is not None:
        parts["街镇.cpg"] = declared
    found = preview(empty, ("街镇.zip", zipped(parts)), scope=WHOLE)
    assert not found.refused, said(found)
    assert found.good["name"].tolist() == ["青禾街道", "古溪路街道"]
    assert found.good["code"].tolist() == ["990114001", "990114002"]


def test_names_in_a_zip_from_chinese_windows_are_read(tmp_path: Path) -> None:
    parts = shapefile(tmp_path, "街镇", {"街镇代码": ["990114001"], "街镇名称": ["青禾街道"]}, [shapely.box(121.2, 31.3, 121.24, 31.34)])
    raw = zipped({f"xxxx{PurePosixPath(name).suffix}": data for name, data in parts.items()}).replace(b"xxxx.", "街镇.".encode("gbk"))
    _, sheets = read("边界.zip", raw)
    assert [sheet.name for sheet in sheets] == ["街镇"]


def test_field_names_cut_inside_a_character_still_find_their_columns(tmp_path: Path, empty: Database) -> None:
    fields = {"街镇代码": ["990114001"], "街镇名称": ["青禾街道"], "启用日期": ["2020-01-01"]}
    parts = shapefile(tmp_path, "a", fields, [shapely.box(121.2, 31.3, 121.24, 31.34)], encoding="utf-8")
    _, sheets = read("a.zip", zipped(parts))
    assert sheets[0].rows[0] == ["街镇代", "街镇名", "启用日"]
    found = preview(empty, ("a.zip", zipped(parts)), scope=WHOLE)
    assert found.good[["code", "name"]].values.tolist() == [["990114001", "青禾街道"]]
    assert found.good["valid_from"].iat[0].isoformat() == "2020-01-01"


def test_an_unzipped_shapefile_brings_its_sister_files(tmp_path: Path) -> None:
    for name, data in shapefile(tmp_path, "街镇", {"街镇代码": ["990114001"]}, [shapely.box(121.2, 31.3, 121.24, 31.34)]).items():
        (tmp_path / name).write_bytes(data)
    upload = uploaded(tmp_path / "街镇.shp")
    assert {".dbf", ".prj", ".shx"} <= set(upload.parts)
    assert opened(upload)[1][0].crs.to_epsg() == 4490


def test_a_shapefile_without_its_table_says_what_is_missing(tmp_path: Path) -> None:
    parts = shapefile(tmp_path, "街镇", {"代码": ["1"]}, [shapely.box(121.2, 31.3, 121.24, 31.34)])
    parts.pop("街镇.dbf")
    assert refusal("街镇.zip", zipped(parts)) == "街镇.zip 里 街镇 只有图形没有属性表：请把同名的 .dbf 文件一起打包。"


def test_a_zip_writes_no_file_outside_and_follows_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    parts = shapefile(tmp_path, "街镇", {"街镇代码": ["990114001"]}, [shapely.box(121.2, 31.3, 121.24, 31.34)])
    hostile = {f"../../../../../{tmp_path.name}-evil/{name}": data for name, data in parts.items()}
    _, sheets = read("街镇.zip", zipped(hostile))
    assert sheets[0].rows[1] == ["990114001"]
    assert not list(tmp_path.parent.glob("*-evil"))


def test_a_zip_bomb_is_refused_by_what_it_declares() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(100 * 1024 * 1024))
    assert refusal("炸弹.xlsx", data.getvalue()) == "炸弹.xlsx 解压后超过 400 MB：请分成几个文件导入。"


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_declares() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", KML + " " * 5_000_000)
    raw = data.getvalue().replace(struct.pack("<I", len(KML.encode()) + 5_000_000), struct.pack("<I", len(KML.encode())))
    assert refusal("a.kmz", raw) == "a.kmz 打不开，文件可能已损坏或没有下载完整：请重新另存后再导入。"


def test_a_sheet_with_one_cell_at_the_far_end_is_refused_and_not_spread_out_in_memory() -> None:
    name, data = workbook("a.xlsx", {"表": [["编号"], ["1"]]})
    source = zipfile.ZipFile(io.BytesIO(data))
    entries = {one.filename: source.read(one) for one in source.infolist()}
    sheet = next(name for name in entries if name.startswith("xl/worksheets/sheet"))
    entries[sheet] = entries[sheet].replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>')
    assert refusal(name, zipped(entries)).startswith("a.xlsx 的表格范围是 1048576 行 × 16384 列")


def test_a_million_empty_rows_below_the_table_are_no_rows(empty: Database) -> None:
    name, data = workbook("a.xlsx", {"表": [["代码", "名称", "系统", "层级"], ["WJS", "区卫生监督所", "卫生监督", "区级"]]})
    source = zipfile.ZipFile(io.BytesIO(data))
    entries = {one.filename: source.read(one) for one in source.infolist()}
    sheet = next(name for name in entries if name.startswith("xl/worksheets/sheet"))
    styled = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (row, row) for row in range(3, 300_000))
    entries[sheet] = entries[sheet].replace(b"</sheetData>", styled + b'<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>')
    found = preview(empty, (name, zipped(entries)), scope=WHOLE)
    assert found.counts()["read"] == 1


def test_geojson_that_is_something_else_says_so() -> None:
    assert refusal("a.geojson", b'{"type": "Topology"}').startswith("a.geojson 是 JSON，但不是 GeoJSON")
    assert refusal("a.geojson", b'{"type": "FeatureCollection", "features": [1]}').startswith("a.geojson 是 JSON，但不是 GeoJSON")
    assert refusal("a.geojson", b'{"type": ').startswith("a.geojson 不是完整的 GeoJSON（第 1 行")
    assert refusal("a.geojson", (b"[" * 100_000)).startswith("a.geojson 不是完整的 GeoJSON")


def test_geojson_in_gbk_and_with_a_byte_order_mark_is_read(empty: Database) -> None:
    name, data = streets_file()
    for encoded in (data.decode().encode("gbk"), b"\xef\xbb\xbf" + data):
        assert preview(empty, (name, encoded), scope=WHOLE).good["name"].tolist() == ["青禾街道", "古溪路街道"]


def test_a_kml_with_entities_is_refused() -> None:
    hostile = KML.replace("<kml", '<!DOCTYPE lolz [<!ENTITY lol "lol">]><kml', 1)
    assert refusal("a.kml", hostile.encode()).startswith("a.kml 里有实体定义，不安全")


def test_a_layer_file_that_is_really_a_pointer_to_another_file_is_refused() -> None:
    pointer = b"SQLite format 3\x00<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    assert refusal("a.gpkg", pointer).startswith("a.gpkg 打不开")


@pytest.mark.parametrize("name", ["a.parquet", "a.gml", "a.dxf", "a.rar", "a.pdf", "a.docx", "a.dbf"])
def test_a_form_that_is_not_read_says_which_are(name: str) -> None:
    assert "能读 xlsx、xls、csv" in refusal(name, b"PK\x03\x04 or anything")


def test_a_zip_of_spreadsheets_asks_to_be_unpacked() -> None:
    assert refusal("表.zip", zipped({"一月.csv": b"a", "二月.csv": b"b"})) == "表.zip 里没有 Shapefile（只有 一月.csv、二月.csv）：请解压后逐个导入。"


def test_every_format_of_the_folder_declares_itself_once() -> None:
    found = formats()
    assert {one.name for one in found} == {"delimited", "workbook", "geojson", "geopackage", "flatgeobuf", "kml", "shapefile"}
    for one in found:
        assert one.suffixes
        assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in one.suffixes)


def test_numbers_in_geojson_keep_their_digits(empty: Database) -> None:
    name, data = geojson_with_numbers()
    assert preview(empty, (name, data), scope=WHOLE).good["code"].tolist() == ["990114001"]


def geojson_with_numbers() -> tuple[str, bytes]:
    feature = {"type": "Feature", "properties": {"街镇代码": 990114001, "街镇名称": "青禾街道"}, "geometry": polygon((121.2, 31.3, 121.24, 31.34))}
    return "a.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def test_an_upload_never_keeps_a_folder_of_its_name() -> None:
    assert uploaded(("C:\\用户\\..\\街镇.csv", b"a")).name == "街镇.csv"
    assert Upload("../../etc/街镇.CSV", b"a").suffix == ".csv"


def test_null_empty_line_and_point_features_are_refused_one_by_one(empty: Database) -> None:
    shapes = [None, {"type": "Polygon", "coordinates": []}, {"type": "Point", "coordinates": [121.2, 31.3]},
              {"type": "LineString", "coordinates": [[121.2, 31.3], [121.3, 31.4]]}, polygon((121.20, 31.30, 121.24, 31.34))]
    file = ("a.geojson", geojson([({"街镇代码": f"99011400{n}", "街镇名称": f"第{n}街道"}, shape) for n, shape in enumerate(shapes, start=1)]))
    found = preview(empty, file, scope=WHOLE)
    assert found.counts() | {"same": 0} == {"read": 5, "good": 1, "changed": 0, "same": 0, "to_confirm": 0, "refused": 4}
    assert said(found) == [
        "1 没有图形；请补上面状的边界，或删去这一行", "2 图形是空的；请补上面状的边界，或删去这一行",
        "3 图形是点或线，不是面；请补上面状的边界，或删去这一行", "4 图形是点或线，不是面；请补上面状的边界，或删去这一行",
    ]


def test_the_hamlet_of_these_tests_has_eight_grids() -> None:
    assert len(GRIDS) == 8
    assert len(json.loads(grids_file()[1])["features"]) == 8


def test_formulas_without_a_result_and_error_values_refuse_their_rows(hamlet: Database) -> None:
    headings = ["巡查日期", "街镇", "巡查结果", "户次"]
    day = ["2023-07-01", "青禾街道", "无发现"]
    found = preview(hamlet, workbook("a.xlsx", {"封面": [["说明"], ["=1/0"]], "巡查": [headings, [*day, "=1+2"], [*day, "#DIV/0!"], [*day, 3]]}), scope=WHOLE)
    assert [one.split("；")[0] for one in said(found)] == ["1 户次：“=1+2”不是数", "2 户次：“#DIV/0!”不是数"]
    assert found.good["visits"].tolist() == [3]
    assert "1 个公式没有保存计算结果（如 D2）" in noted(found)


def test_bare_days_of_a_workbook_that_counts_from_1904_are_read(hamlet: Database) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (["巡查日期", "街镇", "巡查结果", "户次"], [dt.date(2023, 7, 3), "青禾街道", "无发现", 1], [43_648, "古溪路街道", "无发现", 2]):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    found = preview(hamlet, ("a.xlsx", data.getvalue()), scope=WHOLE)
    assert found.good["day"].tolist() == [dt.date(2023, 7, 3)] * 2
    assert found.good["visits"].tolist() == [1, 2]


def test_a_quote_left_open_swallows_no_rows() -> None:
    text = '日期,街镇,备注\n2023-07-01,青禾街道,"没关\n2023-07-02,青禾街道,\n2023-07-03,青禾街道,\n'
    with pytest.raises(ImportRefused, match="第 2 行附近读不下去"):
        opened(uploaded(("a.csv", text.encode())))
