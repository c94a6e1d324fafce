"""Liaisons to the joint meeting, as a district would send them."""

from __future__ import annotations

from sqlalchemy import select

from data_access.database import Database
from data_access.importing import preview, undo
from data_access.schema import liaison
from data_access.scope import known
from tests.importing.hamlet import LATER, OFFICE, WHOLE, bring, said, table

HEADS = "单位,联络员姓名,联系电话,任职日期,停任日期"


def held(database: Database) -> list[tuple]:
    with database.read() as connection:
        rows = connection.execute(select(liaison.c.agency_code, liaison.c.name, liaison.c.phone, liaison.c.valid_to).where(known(liaison, None)))
        return sorted(tuple(row) for row in rows)


def test_a_liaison_comes_in_is_corrected_by_unit_and_first_day_and_taken_back(hamlet: Database) -> None:
    first = table("联络员.csv", HEADS, ["区公安分局,示例甲,000-1234,2023-01-01,", "区卫生监督所,示例乙,,2023-01-01,"])
    batch = bring(hamlet, first)
    assert (batch.kind, batch.new) == ("liaisons", 2)
    again = bring(hamlet, table("联络员.csv", HEADS, ["区公安分局,示例甲,000-1234,2023-01-01,2023-06-30", "区公安分局,示例丙,,2023-07-01,"]), now=LATER)
    assert (again.new, again.changed) == (1, 1)
    assert [row[:2] for row in held(hamlet)] == [("GA", "示例丙"), ("GA", "示例甲"), ("WJS", "示例乙")]
    undo(hamlet, again.id, actor=OFFICE, now=LATER)
    assert held(hamlet) == [("GA", "示例甲", "000-1234", None), ("WJS", "示例乙", None, None)]


def test_a_row_without_a_unit_or_that_ends_before_it_begins_is_refused(hamlet: Database) -> None:
    found = preview(hamlet, table("联络员.csv", HEADS, ["没有的单位,示例甲,,2023-01-01,", "区公安分局,示例乙,,2023-07-01,2023-06-30", "区公安分局,,,2023-07-01,"]), scope=WHOLE)
    assert found.counts()["refused"] == 3
    assert any("停任日期早于任职日期" in one for one in said(found))
