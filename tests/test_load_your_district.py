"""docs/load-your-district.md is true: its commands, in its order, end in a working screen."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import zipfile
from pathlib import Path

import openpyxl
import pytest
import shapely
from sqlalchemy import select

import app
import cli
from dashboard.application import create_app
from data_access.database import Database
from data_access.importing.kinds import kinds
from data_access.schema import adoption, area, patrol_visit
from rules.rulebook import shipped
from settings import Settings
from tests.importing.hamlet import geojson, polygon
from tests.importing.test_formats import shapefile

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "load-your-district.md"
DISTRICT = "990115"
STREETS = {"990115001": ("示例东街道", (121.20, 31.30, 121.24, 31.34)), "990115002": ("示例西镇", (121.24, 31.30, 121.28, 31.34))}


def commands() -> list[list[str]]:
    """Every command of the document's shell blocks, in order, as words."""
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text("utf-8"), flags=re.S)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line.strip()]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the document speaks of, and no setting but the document's."""
    for name in [name for name in os.environ if name.startswith("ONEMAP_") and not name.startswith("ONEMAP_TEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ONEMAP_FOLDER", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)
    return tmp_path


def write_files(folder: Path) -> None:
    """The customer's files: a GBK Shapefile without .cpg, spreadsheets with titles, a csv in GBK."""
    shapes = [shapely.box(*square) for _, square in STREETS.values()]
    made = folder / "shapefile"
    made.mkdir()
    parts = shapefile(made, "街镇", {"街镇代码": list(STREETS), "街镇名称": [name for name, _ in STREETS.values()]}, shapes)
    with zipfile.ZipFile(folder / "街镇边界.zip", "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    book = openpyxl.Workbook()
    for row in (["示例区历史点位台账"], ["点位编号", "点位名称", "街镇", "经度", "纬度", "发现日期"], ["D1", "示例一", "示例东街道", 121.21, 31.31, "2022.5.1"],
                ["D2", "示例二", "示例西", None, None, "2021年3月2日"], ["合计", 2]):
        book.active.append(row)
    book.save(folder / "历史点位.xlsx")
    visits = ["编号,巡查日期,巡查部门,对象类别,对象编号,巡查结果,户次,街镇,经度,纬度", "V1,2023-07-03,示例卫监所,历史点位,D1,无发现,1,,,",
              "V2,2023.7.4,工商分局,网格,,疑似,3,示例西镇,121.25,31.33", "V3,2023年7月5日,示例卫监所,网格,,无发现,2,示例东街道,,"]
    (folder / "巡查记录.csv").write_text("\n".join(visits), "gbk")
    bad = ["编号,巡查日期,巡查结果,街镇", "V4,2023-07-06,无发现,示例西镇", "V5,2023-07-32,无发现,示例东街道"]
    (folder / "巡查记录二.csv").write_text("\n".join(bad), "utf-8")
    halves = {f"{street}00{n}": (street, (west, south + 0.02 * (n - 1), west + 0.04, south + 0.02 * n))
              for street, (_, (west, south, _, _)) in STREETS.items() for n in (1, 2)}
    (folder / "村居边界.geojson").write_bytes(geojson([({"村居代码": code, "村居名称": f"第{code[-1]}居委会", "街镇代码": street}, polygon(square)) for code, (street, square) in halves.items()]))
    (folder / "网格边界.geojson").write_bytes(geojson([({"网格编号": f"G{n}"}, polygon(square)) for n, (_, square) in enumerate(halves.values(), start=1)]))


def fill_in_agencies(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    column = {cell.value: cell.column for cell in page[1]}
    for row, cells in enumerate(({"代码": "WJS", "名称": "示例卫监所", "系统": "卫生监督", "层级": "区级"},
                                 {"代码": "SCJ", "名称": "示例市场监管局", "系统": "市场监管", "层级": "区级", "别名": "工商分局"}), start=3):
        for header, value in cells.items():
            page.cell(row, column[header], value)
    book.save(path)


def test_the_document_is_followed_from_an_empty_database_to_a_working_screen(desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    served = []
    for words in commands():
        match words:
            case ["export", setting]:
                name, _, value = setting.partition("=")
                monkeypatch.setenv(name, value)
            case ["python", "cli.py", *arguments]:
                if arguments[-1].endswith("-问题.csv"):
                    refused = Path(arguments[-1])
                    assert "年 7 月只有 31 天" in refused.read_text("utf-8-sig")
                    refused.write_text(refused.read_text("utf-8-sig").replace("2023-07-32", "2023-07-31"), "utf-8")
                assert cli.main(arguments) == 0, (arguments, capsys.readouterr().err)
                if arguments[0] == "template":
                    fill_in_agencies(Path(arguments[-1]))
            case ["python", "app.py"]:
                served.append(screen())
            case _:
                pytest.fail(f"the document has a command that this test does not know: {words}")
    assert len(served) == 1
    database = Database.open(Settings.load().database_url)
    with database.read() as connection:
        levels = select(area.c.level).where(area.c.superseded_at.is_(None))
        assert sorted(connection.execute(levels).scalars()) == ["district", *["grid"] * 4, *["neighbourhood"] * 4, *["street"] * 2]
        visits = select(patrol_visit.c.number, patrol_visit.c.grid_code, patrol_visit.c.agency_code).where(patrol_visit.c.superseded_at.is_(None)).order_by(patrol_visit.c.number)
        bound = select(adoption.c.rule_id, adoption.c.adopter).where(adoption.c.superseded_at.is_(None))
        assert sorted(tuple(row) for row in connection.execute(bound)) == sorted((rule_id, "示例区打非办") for rule_id in shipped())
        assert [tuple(row) for row in connection.execute(visits)] == [
            ("V1", None, "WJS"), ("V2", "G4", "SCJ"), ("V3", None, "WJS"), ("V4", None, None), ("V5", None, None)]
    database.close()
    capsys.readouterr()
    assert cli.main(["figures", "--from", "2023-07-01", "--to", "2023-07-31", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["K1"]["value"] == 1 + 3 + 2 + 1 + 1


def screen() -> int:
    """Serve the product in process and ask it for its page and its health."""
    context = app.context_of(Settings.load())
    client = create_app(context).server.test_client()
    for path in ("/", "/healthz", "/readyz"):
        answer = client.get(path, base_url="http://127.0.0.1:8050")
        assert answer.status_code == 200, (path, answer.data[:300])
    context.database.close()
    return answer.status_code


def test_street_boundaries_alone_are_a_working_screen(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in commands():
        match words:
            case ["export", setting]:
                monkeypatch.setenv(*setting.split("=", 1))
            case ["python", "cli.py", *arguments] if arguments[0] == "migrate" or "街镇边界.zip" in arguments:
                assert cli.main(arguments) == 0
    assert screen() == 200


def test_the_table_of_registers_is_the_program_s_own() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (\S+) \|$", DOCUMENT.read_text("utf-8"), flags=re.M)
    assert rows == [(kind.name, kind.label, "、".join(column.header for column in kind.columns if column.required) or "—") for kind in kinds().values()]


def test_the_files_of_this_test_are_what_the_document_says_they_are(desk: Path) -> None:
    with zipfile.ZipFile(io.BytesIO((desk / "街镇边界.zip").read_bytes())) as archive:
        assert {Path(name).suffix for name in archive.namelist()} == {".shp", ".shx", ".dbf", ".prj"}
