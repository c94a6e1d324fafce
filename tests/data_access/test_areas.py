"""Areas, agencies and sources are right as of any day, and the same in both databases."""

import datetime as dt

import pandas as pd
import pytest
from sqlalchemy import update

from data_access.areas import (
    COLUMNS,
    area_code_of,
    area_names,
    areas,
    children,
    fids,
    geometry_version,
    path_to,
)
from data_access.organisations import agencies_of, agencies_under, agency_code_of, agency_names
from data_access.schema import agency, area, import_batch
from data_access.sources import ensure_source, register_source, sources
from data_access.versions import raise_versions
from rules.request import Scope
from tests import town
from tests.town import DISTRICT, STREET_A, STREET_B, TODAY, WHOLE

BEFORE_THE_CUT = dt.date(2022, 12, 31)
CUT = dt.date(2023, 1, 1)
NOW = dt.datetime(2023, 7, 31, 10, 46, tzinfo=town.CHINA)


def test_areas_come_by_level_and_code(databases):
    found = areas(databases, WHOLE, TODAY)
    assert found["code"].tolist() == [
        DISTRICT, STREET_A, STREET_B, "A1", "A2", "B1",
        "DJ-001", "DJ-002", "DJ-003", "DJ-004", "XZ-001", "XZ-002",
    ]  # fmt: skip
    assert tuple(found.columns) == COLUMNS
    assert found.crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("day", "grids"),
    [
        (dt.date(2019, 12, 31), []),
        (dt.date(2020, 1, 1), ["DJ-001", "DJ-002", "DJ-030", "XZ-001", "XZ-002"]),
        (BEFORE_THE_CUT, ["DJ-001", "DJ-002", "DJ-030", "XZ-001", "XZ-002"]),
        (CUT, ["DJ-001", "DJ-002", "DJ-003", "DJ-004", "XZ-001", "XZ-002"]),
        (dt.date(2099, 1, 1), ["DJ-001", "DJ-002", "DJ-003", "DJ-004", "XZ-001", "XZ-002"]),
    ],
)
def test_a_grid_exists_from_its_first_to_its_last_day(databases, day, grids):
    assert areas(databases, WHOLE, day, "grid")["code"].tolist() == grids


def test_an_area_carries_what_it_lies_in(databases):
    found = areas(databases, WHOLE, TODAY).set_index("code")
    lies = found[["street_code", "neighbourhood_code", "prefix"]]
    assert lies.loc["DJ-003"].tolist() == [STREET_A, "A2", "DJ"]
    assert lies.loc[STREET_B, ["street_code", "prefix"]].tolist() == [STREET_B, "XZ"]
    assert pd.isna(lies.loc[STREET_B, "neighbourhood_code"])
    assert pd.isna(lies.loc[DISTRICT, "street_code"])


def test_an_unknown_district_has_no_areas_but_every_column(databases):
    found = areas(databases, Scope("999999"), TODAY)
    assert found.empty
    assert tuple(found.columns) == COLUMNS
    assert fids(databases, Scope("999999"), TODAY).columns.tolist() == ["code", "level", "fid"]
    assert area_names(databases, Scope("999999"), TODAY) == {}


def test_areas_are_reference_data_of_the_whole_district(databases):
    assert len(areas(databases, town.ONLY_A, TODAY)) == len(areas(databases, WHOLE, TODAY))


def test_the_frame_is_the_askers_own(databases):
    mine, numbers = areas(databases, WHOLE, TODAY), fids(databases, WHOLE, TODAY)
    mine["name"], numbers["fid"] = "改了", 0
    assert area_names(databases, WHOLE, TODAY)[STREET_A] == ("东街道", "East Subdistrict", "东街")
    assert areas(databases, WHOLE, TODAY).loc[1, "name"] == "东街道"
    assert fids(databases, WHOLE, TODAY)["fid"].tolist() == list(range(11))


def test_fids_number_the_drawn_levels_without_gaps(databases):
    found = fids(databases, WHOLE, TODAY)
    assert found["code"].tolist() == areas(databases, WHOLE, TODAY)["code"].tolist()[1:]
    assert found["fid"].tolist() == list(range(11))


def test_the_geometry_version_follows_the_outlines_not_the_days(databases):
    assert geometry_version(databases, WHOLE, CUT) == geometry_version(databases, WHOLE, TODAY)
    assert geometry_version(databases, WHOLE, BEFORE_THE_CUT) != geometry_version(databases, WHOLE, CUT)


def test_both_databases_have_one_geometry_version(towns):
    assert geometry_version(towns("sqlite"), WHOLE, TODAY) == geometry_version(towns("postgresql"), WHOLE, TODAY)


def test_the_way_down_to_an_area(databases):
    assert path_to(databases, WHOLE, TODAY, "DJ-003") == [
        ("district", DISTRICT), ("street", STREET_A), ("neighbourhood", "A2"), ("grid", "DJ-003"),
    ]  # fmt: skip
    assert path_to(databases, WHOLE, TODAY, DISTRICT) == [("district", DISTRICT)]
    assert path_to(databases, WHOLE, TODAY, "DJ-030") == []
    assert path_to(databases, WHOLE, BEFORE_THE_CUT, "DJ-030")[-1] == ("grid", "DJ-030")


@pytest.mark.parametrize(
    ("code", "level", "expected"),
    [
        (None, None, [STREET_A, STREET_B]),
        (DISTRICT, "grid", ["DJ-001", "DJ-002", "DJ-003", "DJ-004", "XZ-001", "XZ-002"]),
        (STREET_A, None, ["A1", "A2"]),
        (STREET_A, "grid", ["DJ-001", "DJ-002", "DJ-003", "DJ-004"]),
        ("B1", "grid", ["XZ-001", "XZ-002"]),
        ("XZ-001", None, []),
        ("XZ-001", "grid", ["XZ-001"]),
        ("nowhere", None, []),
    ],
)
def test_what_lies_inside_an_area(databases, code, level, expected):
    assert children(databases, WHOLE, TODAY, code, level)["code"].tolist() == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (STREET_A, STREET_A), ("东街道", STREET_A), ("东", STREET_A), ("东街", STREET_A), ("东街路街道", STREET_A),
        ("东街路", STREET_A), (" 东 街道 ", STREET_A), ("east subdistrict", STREET_A), ("西镇", STREET_B),
        ("dj-003", "DJ-003"), ("三居委", "B1"), ("南街道", None), ("", None), ("DJ-030", None),
    ],
)  # fmt: skip
def test_an_area_is_found_by_whatever_it_is_called(databases, text, code):
    assert area_code_of(databases, WHOLE, TODAY, text) == code


def test_a_name_of_two_areas_means_neither(database):
    town.build_town(database)
    rows = [town.row("area", 80 + n, code=code, level="neighbourhood", parent_code=STREET_B, name="同名居委", valid_from=dt.date(2020, 1, 1)) for n, code in enumerate(("N8", "N9"))]
    with database.write() as connection:
        connection.execute(area.insert(), rows)
        raise_versions(connection, DISTRICT, ["area"], NOW)
    assert area_code_of(database, WHOLE, TODAY, "同名居委") is None
    assert area_code_of(database, WHOLE, TODAY, "N9") == "N9"


def test_a_changed_boundary_is_seen_as_soon_as_its_version_rises(database):
    town.build_town(database)
    before = geometry_version(database, WHOLE, TODAY)
    with database.write() as connection:
        connection.execute(update(area).where(area.c.code == "DJ-001").values(geometry_hash="changed", name="新名"))
        raise_versions(connection, DISTRICT, ["area"], NOW)
    assert geometry_version(database, WHOLE, TODAY) != before
    assert area_names(database, WHOLE, TODAY)["DJ-001"][0] == "新名"


def test_a_parent_that_points_in_a_circle_ends(database):
    base = {"level": "grid", "name": "圈", "valid_from": dt.date(2020, 1, 1)}
    rows = [town.row("area", 1, code="G1", parent_code="G2", **base), town.row("area", 2, code="G2", parent_code="G1", **base)]
    with database.write() as connection:
        connection.execute(area.insert(), rows)
    assert path_to(database, WHOLE, TODAY, "G1") == [("grid", "G2"), ("grid", "G1")]


def test_agencies_know_their_names_and_parents(databases):
    found = agency_names(databases, WHOLE, TODAY).set_index("code")
    assert found.loc["PCS1", ["name", "system", "parent_code", "area_code"]].tolist() == ["东街派出所", "police", "GAJ", STREET_A]
    assert found["active"].all()
    assert agencies_under(databases, WHOLE, TODAY, "GAJ") == ("GAJ", "PCS1")
    assert agencies_under(databases, WHOLE, TODAY, "none") == ("none",)
    assert agencies_of(databases, WHOLE, TODAY, "health") == ("WJS", "WJW")


@pytest.mark.parametrize(("text", "code"), [("区工商局", "SJJ"), ("SJJ", "SJJ"), ("sjj", "SJJ"), ("公安分局", "GAJ"), ("财政局", None)])
def test_an_agency_is_found_under_its_former_name(databases, text, code):
    assert agency_code_of(databases, WHOLE, text) == code


def test_an_agency_of_the_past_keeps_its_name_but_is_not_active(database):
    rows = [
        town.row("agency", 1, code="OLD", name="区工商局", system="market", level="district", valid_to=dt.date(2018, 12, 31)),
        town.row("agency", 2, code="NEW", name="区市监局", system="market", level="district", valid_from=dt.date(2019, 1, 1)),
    ]
    with database.write() as connection:
        connection.execute(agency.insert(), rows[:1])
        connection.execute(agency.insert(), rows[1:])
    assert agency_names(database, WHOLE, TODAY)[["code", "active"]].values.tolist() == [["NEW", True], ["OLD", False]]
    assert agency_names(database, WHOLE, dt.date(2018, 12, 31))["active"].tolist() == [False, True]


@pytest.fixture
def fed(database):
    """One source that should come every four hours and came at 06:46, one without a rhythm, one never."""
    with database.write() as connection:
        register_source(connection, DISTRICT, "patrol", name="巡查", kind="visits", expected_every_hours=4)
        register_source(connection, DISTRICT, "never", name="从未", kind="leads", expected_every_hours=24)
        ensure_source(connection, DISTRICT, "list", name="名单", kind="persons")
        register_source(connection, DISTRICT, "hidden", name="内部", kind="persons", shown=False)
        batch = {"district_code": DISTRICT, "kind": "visits", "source_code": "patrol", "file_name": "a.csv", "file_hash": "", "actor_id": "a",
                 "actor_name": "a", "rows_read": 1, "rows_new": 1, "rows_changed": 0, "rows_same": 0, "rows_refused": 0, "demo": False}  # fmt: skip
        taken = [("b1", NOW - dt.timedelta(hours=4), None), ("b2", NOW - dt.timedelta(hours=1), NOW), ("b3", NOW + dt.timedelta(hours=1), None)]
        connection.execute(import_batch.insert(), [{**batch, "id": i, "taken_at": at, "undone_at": undone} for i, at, undone in taken])
    return database


def test_a_source_is_late_after_its_rhythm_and_never_before(fed):
    found = sources(fed, WHOLE, NOW).set_index("code")
    assert found.index.tolist() == ["never", "list", "patrol"]
    assert found.loc["patrol", "last_taken_at"] == pd.Timestamp(NOW - dt.timedelta(hours=4))
    assert found["late"].to_dict() == {"patrol": False, "never": True, "list": False}
    later = sources(fed, WHOLE, NOW + dt.timedelta(seconds=1)).set_index("code")
    assert later.loc["patrol", "late"]


def test_an_import_to_come_and_an_undone_one_do_not_make_a_source_fresh(fed):
    at = sources(fed, WHOLE, NOW + dt.timedelta(hours=1)).set_index("code").loc["patrol"]
    assert at["last_taken_at"] == pd.Timestamp(NOW + dt.timedelta(hours=1))
    before = sources(fed, WHOLE, NOW - dt.timedelta(minutes=30)).set_index("code").loc["patrol"]
    assert before["last_taken_at"] == pd.Timestamp(NOW - dt.timedelta(hours=1))


def test_a_known_source_keeps_its_rhythm_when_an_import_names_it_again(fed):
    with fed.write() as connection:
        ensure_source(connection, DISTRICT, "patrol", name="x", kind="x")
    assert sources(fed, WHOLE, NOW).set_index("code").loc["patrol", ["name", "expected_every_hours"]].tolist() == ["巡查", 4]


def test_no_sources_give_no_rows(databases):
    assert sources(databases, Scope("999999"), NOW).columns.tolist() == ["code", "name", "kind", "last_taken_at", "late", "expected_every_hours"]
