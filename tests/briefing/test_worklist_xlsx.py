"""The worklist as Excel: what the list holds, nothing personal, nothing that calculates."""

import datetime as dt
import io

import openpyxl
import pytest
from sqlalchemy import insert, update

from briefing.worklist_map import document
from briefing.worklist_xlsx import HEADS, Wanted, places_to_go, plain, workbook
from data_access.rulebooks import adopt, change_rule
from data_access.schema import FACTS
from data_access.versions import raise_versions
from data_access.worklist import worklist
from rules.request import Actor
from rules.rulebook import shipped
from tests.town import CHINA, DISTRICT, JULY, ONLY_B, WHOLE, build_town

NOW = dt.datetime(2023, 7, 31, 10, tzinfo=CHINA)
ACTOR = Actor("dfb", "区打非办", "district", WHOLE)


@pytest.fixture(scope="module")
def bound(migrated):
    made = migrated("sqlite")
    build_town(made)
    adopt(made, list(shipped()), adopter="演示采纳", document="示例", valid_from=dt.date(2023, 1, 1), actor=ACTOR, now=NOW)
    with made.write() as connection:
        site = FACTS["construction_site"]
        connection.execute(update(site).where(site.c.number == "C1").values(name="=HYPERLINK(\"x\")"))
        raise_versions(connection, DISTRICT, ["construction_site"], NOW)
    return made


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(sheet) -> list[list]:
    return [list(line) for line in sheet.iter_rows(values_only=True)]


def test_the_sheet_holds_the_list_in_its_order(bound):
    found = worklist(bound, JULY, WHOLE, now=NOW)
    book = opened(workbook(bound, JULY, WHOLE, now=NOW))
    assert book.sheetnames == ["今日要去", "补巡清单", "说明"]
    lines = rows(book["今日要去"])
    assert lines[0] == [name for name, _ in HEADS]
    assert len(lines) == 1 + len(found)
    assert [line[0] for line in lines[1:]] == list(range(1, len(found) + 1))
    first = dict(zip(lines[0], lines[1], strict=True))
    assert (first["要做的事"], first["对象"], first["状态"], first["期限"]) == ("先行联系投诉人", "L4", "逾期 28 天", "2023-07-03")
    grid = next(line for line in lines if line[3] == "DJ-003" and line[1] == "网格巡查")
    assert (grid[5], grid[6], grid[9]) == ("东街道", "逾期 193 天", "上次 2022-12-20 · 每 30 天一访")
    assert [line[3] for line in rows(book["补巡清单"])[1:]] == ["DJ-003"]


def test_no_cell_calculates_and_none_is_personal(bound):
    content = workbook(bound, JULY, WHOLE, now=NOW)
    cells = [cell for sheet in opened(content) for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = [str(cell.value) for cell in cells]
    assert "'=HYPERLINK(\"x\")" in texts
    assert not [text for text in texts if "示例甲" in text or "示例路" in text or "000-0000" in text]
    assert plain("－1") == "'－1"
    assert plain(None) == ""
    assert plain("S-1") == "S-1"


def test_a_street_gets_its_own_rows_and_a_round_its_order(bound):
    own = rows(opened(workbook(bound, JULY, ONLY_B, now=NOW))["今日要去"])
    assert {line[5] for line in own[1:]} == {"西镇"}
    found, way = places_to_go(bound, JULY, WHOLE, Wanted(by_route=True, start=(121.0, 31.0)))
    assert tuple(found["key"]) == (*way.keys, *way.left_out)
    assert "lead:lead-L2" in way.left_out
    only, none = places_to_go(bound, JULY, WHOLE, Wanted(group="grid"))
    assert set(only["group"]) == {"grid"}
    assert none is None


def test_the_page_says_what_the_list_is_and_english_is_english(bound):
    told = "\n".join(str(line[0]) for line in rows(opened(workbook(bound, JULY, WHOLE, Wanted(by_route=True), now=NOW))["说明"]))
    assert "状态截至 2023-07-31" in told
    assert "2/3 个对象" in told
    assert "5/20 户次" in told
    assert "直线距离" in told
    assert "还差 1 个对象，剩 62 天（含当天），每天要巡 0.0 个" in told
    assert "演示数据" not in told


def test_demo_rows_are_marked_on_every_page(bound, tmp_path):
    batch = {"district_code": DISTRICT, "id": "b", "kind": "sites", "source_code": "s", "file_name": "f", "file_hash": "h", "taken_at": NOW,
             "actor_id": "a", "actor_name": "a", "rows_read": 0, "rows_new": 0, "rows_changed": 0, "rows_same": 0, "rows_refused": 0, "demo": True}  # fmt: skip
    from data_access.schema import import_batch

    with bound.write() as connection:
        connection.execute(insert(import_batch).values(**batch))
        raise_versions(connection, DISTRICT, ["import_batch"], NOW)
    book = opened(workbook(bound, JULY, WHOLE, now=NOW))
    assert book["今日要去"].oddHeader.right.text == "演示数据 非公文"
    assert rows(book["说明"])[0] == ["演示数据 非公文"]


def test_a_changed_rule_changes_the_words_of_the_files(migrated):
    made = migrated("sqlite")
    build_town(made)
    adopt(made, list(shipped()), adopter="演示采纳", document="示例", valid_from=dt.date(2023, 1, 1), actor=ACTOR, now=NOW)
    change_rule(made, "visit.grid", {"amount": 21}, dt.date(2023, 7, 1), "示例", actor=ACTOR, now=NOW)
    grid = next(line for line in rows(opened(workbook(made, JULY, WHOLE, now=NOW))["今日要去"]) if line[3] == "DJ-003" and line[1] == "网格巡查")
    assert grid[9] == "上次 2022-12-20 · 每 21 天一访"
    page = document(made, JULY, WHOLE, now=NOW)
    assert "每 21 天一访" in page
    assert "每 30 天一访" not in page
