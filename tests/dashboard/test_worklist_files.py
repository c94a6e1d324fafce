"""The worklist goes out as a file of its own scope, audited, with the screen's own choices."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from data_access.rulebooks import adopt
from data_access.schema import audit_event
from rules.request import Actor
from rules.rulebook import shipped
from tests.dashboard.conftest import NOW
from tests.town import ONLY_A, STREET_B, WHOLE, d


@pytest.fixture
def bound(town_database):
    actor = Actor("dfb", "区打非办", "district", WHOLE)
    adopt(town_database, list(shipped()), adopter="演示采纳", document="示例", valid_from=d("01-01"), actor=actor, now=NOW)
    return town_database


def places(response) -> list[list]:
    sheet = openpyxl.load_workbook(io.BytesIO(response.data))["今日要去"]
    return [list(line) for line in sheet.iter_rows(min_row=2, values_only=True)]


def test_the_excel_file_holds_what_the_query_asks_for(bound, visitor):
    every = visitor.get("/worklist/list.xlsx")
    assert every.status_code == 200
    assert "attachment" in every.headers["Content-Disposition"]
    grids = places(visitor.get("/worklist/list.xlsx?group=grid"))
    assert {line[1] for line in grids} == {"网格巡查"}
    assert len(grids) < len(places(every))
    of_b = places(visitor.get(f"/worklist/list.xlsx?area={STREET_B}"))
    assert {line[5] for line in of_b} == {"西镇"}
    assert len(places(visitor.get("/worklist/list.xlsx?horizon=7"))) > len(places(every))


def test_a_street_cannot_fetch_anothers_list(bound, visit):
    mine = visit(ONLY_A)
    assert {line[5] for line in places(mine.get("/worklist/list.xlsx"))} == {"东街道"}
    assert places(mine.get(f"/worklist/list.xlsx?area={STREET_B}")) == []


def test_the_phones_file_comes_whole_and_every_file_is_written_down(bound, visitor):
    page = visitor.get("/worklist/map.html?route=1&start=121.0,31.0")
    assert page.status_code == 200
    assert "今日要去" in page.get_data(as_text=True)
    visitor.get("/worklist/list.xlsx")
    with bound.read() as connection:
        told = connection.execute(select(audit_event.c.detail).where(audit_event.c.subject_table == "worklist")).scalars().all()
    assert [one["form"] for one in told] == ["html", "xlsx"]


def test_a_query_that_cannot_be_read_is_refused(bound, visitor):
    for query in ("group=case", "horizon=-1", "start=here", "area=%3Cscript%3E"):
        assert visitor.get(f"/worklist/list.xlsx?{query}").status_code == 400
