"""Teams and the grids they look after, as a district would send them."""

from __future__ import annotations

import datetime as dt

from data_access.assignments import grid_owners, teams
from data_access.database import Database
from data_access.importing import preview, undo
from rules.request import Actor, Filters, Scope
from tests.importing.hamlet import DISTRICT, LATER, OFFICE, WHOLE, bring, said, table

JULY = Filters(dt.date(2023, 7, 1), dt.date(2023, 7, 31), dt.date(2023, 7, 31))
WEST = Scope(DISTRICT, areas=("990114001",), personal=True)
TEAMS = table("队伍.csv", "队伍编号,队伍名称,街镇,启用日期", ["QH-1,青禾一队,青禾街道,2023-01-01", "GX-1,古溪一队,古溪路街道,"])
HEADS = "网格编号,责任巡查队,责任村居,责任部门,起始日期,结束日期"


def owners(database: Database) -> dict[str, str]:
    found = grid_owners(database, JULY, WHOLE)
    return {row.code: f"{row.owner_kind}:{row.owner_code}" for row in found.itertuples() if row.owner_code}


def test_a_grid_is_given_to_a_team_a_neighbourhood_or_an_agency(hamlet: Database) -> None:
    bring(hamlet, TEAMS)
    lines = ["QH-01,QH-1,,,2023-01-01,", "QH-02,,990114001001,,2023-01-01,", "GX-01,,,区卫生监督所,2023-01-01,2023-06-30"]
    batch = bring(hamlet, table("分配.csv", HEADS, lines))
    assert (batch.kind, batch.new) == ("assignments", 3)
    assert owners(hamlet) == {"QH-01": "team:QH-1", "QH-02": "neighbourhood:990114001001"}
    assert teams(hamlet, JULY, WHOLE)["name"].tolist() == ["古溪一队", "青禾一队"]
    assert preview(hamlet, table("分配.csv", HEADS, lines), scope=WHOLE).counts()["same"] == 3
    undo(hamlet, batch.id, actor=OFFICE, now=LATER)
    assert owners(hamlet) == {}


def test_a_row_names_one_owner(hamlet: Database) -> None:
    found = preview(hamlet, table("分配.csv", HEADS, ["QH-01,,,,2023-01-01,", "QH-02,QH-1,990114001001,,2023-01-01,", "QH-03,QH-1,,,,"]), scope=WHOLE)
    one = "责任巡查队：巡查队、责任村居、责任部门应当只填一个；请只留一个责任单位"
    assert said(found)[:2] == [f"1 {one}", f"2 {one}"]
    assert found.counts()["refused"] == 3
    assert "起始日期" in said(found)[2]


def test_a_street_gives_away_its_own_grids_only(hamlet: Database) -> None:
    found = preview(hamlet, table("分配.csv", HEADS, ["QH-01,QH-1,,,2023-01-01,", "GX-01,QH-1,,,2023-01-01,"]), scope=WEST)
    assert found.counts()["good"] == 1
    assert said(found) == ["2 不在你的权限范围内；请由所属街镇或部门导入"]
    bring(hamlet, table("分配.csv", HEADS, ["QH-01,QH-1,,,2023-01-01,"]), actor=Actor("west", "青禾街道", "street", WEST))
    assert owners(hamlet) == {"QH-01": "team:QH-1"}
