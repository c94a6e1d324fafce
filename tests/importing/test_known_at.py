"""What was known at an instant stays what it was, whatever is handed in, corrected or undone later."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data_access.areas import areas, geometry_version
from data_access.cases import cases
from data_access.coverage import coverage, grid_states
from data_access.database import Database
from data_access.figures import figures, monthly
from data_access.importing import undo
from data_access.leads import leads
from data_access.organisations import agency_names
from data_access.row_sets import ROW_SETS
from data_access.rows import rows
from data_access.sites import sites, stock
from rules.request import Filters
from tests.importing.hamlet import LATER, NOW, OFFICE, WHOLE, bring, geojson, polygon, table

JULY = Filters(dt.date(2023, 7, 1), dt.date(2023, 7, 31), dt.date(2023, 7, 31))
THEN = JULY.with_(known_at=NOW + dt.timedelta(minutes=1))
BEFORE = JULY.with_(known_at=NOW - dt.timedelta(days=1))
VISITS = "编号,日期,部门,网格,对象类别,巡查方式,巡查结果,户次"
FIRST = (
    table("点位.csv", "编号,名称,街镇,经度,纬度", ["D1,甲,青禾街道,121.21,31.31", "D2,乙,古溪路街道,121.25,31.31"]),
    table("事件.csv", "点位编号,日期,事件,风险等级", ["D1,2023-05-01,发现,高", "D2,2023-06-01,发现,低"]),
    table("巡查.csv", VISITS, ["V1,2023-07-10,区卫生监督所,QH-01,网格,日常巡查,无发现,2", "V2,2023-07-12,区公安分局,GX-02,网格,日常巡查,无发现,1"]),
    table("线索.csv", "编号,受理日期,来源,街镇,承办部门", ["L1,2023-07-03,12345热线,青禾街道,区卫生监督所"]),
    table("案件.csv", "编号,案件类别,街镇,办案部门", ["A1,无证行医,青禾街道,区卫生监督所"]),
    table("案件事件.csv", "案件编号,日期,环节", ["A1,2023-07-05,立案"]),
)  # fmt: skip
SECOND = (
    table("点位.csv", "编号,名称,街镇,经度,纬度", ["D1,甲二,古溪路街道,121.25,31.31", "D3,丙,青禾街道,121.21,31.33"]),
    table("事件.csv", "点位编号,日期,事件,风险等级", ["D2,2023-07-20,取缔,", "D3,2023-07-21,发现,高"]),
    table("巡查.csv", VISITS, ["V1,2023-07-10,区卫生监督所,QH-02,网格,日常巡查,疑似,5", "V3,2023-07-15,区公安分局,QH-01,网格,日常巡查,无发现,1"]),
    table("线索.csv", "编号,受理日期,来源,街镇,承办部门,核查日期,核查结果", ["L1,2023-07-03,12345热线,青禾街道,区卫生监督所,2023-07-09,查实"]),
    table("案件事件.csv", "案件编号,日期,环节", ["A1,2023-07-25,决定"]),
    table("部门.csv", "代码,名称,系统,层级,上级代码,所在区域,别名", ["WJS,区卫生健康执法所,卫生监督,区级,,,"]),
    ("网格.geojson", geojson([({"网格编号": "QH-01", "村居代码": "990114001001"}, polygon((121.20, 31.30, 121.215, 31.32)))])),
)  # fmt: skip


def answers(database: Database, filters: Filters) -> dict[str, object]:
    """Everything a screen shows of a question, as plain comparable values."""
    found = {
        "figures": {key: (one.value, one.n, one.N) for key, one in figures(database, filters, WHOLE).items()},
        "stock": stock(database, filters, WHOLE),
        "geometry": geometry_version(database, WHOLE, filters.as_of, known_at=filters.known_at),
        "areas": areas(database, WHOLE, filters.as_of, known_at=filters.known_at)[["code", "name", "area_km2"]].round(6).to_csv(),
        "agencies": agency_names(database, WHOLE, filters.as_of, known_at=filters.known_at).to_csv(),
        "monthly": monthly(database, filters, WHOLE).to_csv(),
    }
    for question in (grid_states, sites, leads, cases):
        found[question.__name__] = plain(question(database, filters, WHOLE))
    found["coverage"] = coverage(database, filters, WHOLE, "street").to_csv()
    for name in ROW_SETS:
        found[f"rows {name}"] = len(rows(database, name, filters, WHOLE))
    return found


def plain(frame: pd.DataFrame) -> str:
    return frame.drop(columns=[name for name in ("row_id", "lon", "lat") if name in frame]).to_csv()


def twice(database: Database) -> tuple[dict[str, object], list[str]]:
    """Hand in the first files, look, hand in the second: what was seen, and the second batches."""
    for file in FIRST:
        bring(database, file, confirm=True)
    before = answers(database, JULY)
    return before, [bring(database, file, now=LATER, confirm=True).id for file in SECOND]


@pytest.mark.parametrize("either", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_what_was_known_stays_what_it_was(either: Database) -> None:
    before, _ = twice(either)
    then = answers(either, THEN)
    assert {key: value for key, value in then.items() if value != before[key]} == {}
    now = answers(either, JULY)
    changed = {key for key, value in now.items() if value != before[key]}
    assert changed >= {"figures", "stock", "geometry", "areas", "agencies", "grid_states", "sites", "leads", "cases", "coverage", "rows sites"}
    assert (before["figures"]["K1"][0], now["figures"]["K1"][0]) == (3, 7)
    assert (before["figures"]["K15_open"][0], now["figures"]["K15_open"][0]) == (1, 0)


def test_nothing_was_known_before_the_first_file(hamlet: Database) -> None:
    twice(hamlet)
    found = answers(hamlet, BEFORE)
    assert found["figures"]["K1"][0] == 0
    assert all(found[f"rows {name}"] == 0 for name in ROW_SETS)
    assert areas(hamlet, WHOLE, JULY.as_of, known_at=BEFORE.known_at).empty


@pytest.mark.long
def test_undoing_changes_what_is_known_and_not_what_was(hamlet: Database) -> None:
    before, batches = twice(hamlet)
    later = answers(hamlet, JULY.with_(known_at=LATER + dt.timedelta(minutes=1)))
    for place, batch in enumerate(reversed(batches)):
        undo(hamlet, batch, actor=OFFICE, now=LATER + dt.timedelta(hours=1 + place))
    known_then = answers(hamlet, JULY.with_(known_at=LATER + dt.timedelta(minutes=1)))
    assert {key: value for key, value in known_then.items() if value != later[key]} == {}
    undone = answers(hamlet, JULY)
    assert {key: value for key, value in undone.items() if value != before[key]} == {}
