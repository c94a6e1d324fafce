"""The check finds what is broken and names it, and finds nothing in a sound town."""

import datetime as dt

import pytest
import shapely
from sqlalchemy import delete, update

from data_access.check import check
from data_access.distribution import NotDistributable, distribute, distribution_statements
from data_access.kept import Kept
from data_access.outlines import outline_faults
from data_access.references import broken_references, several_current, unplaced
from data_access.schema import FACTS, area, metadata
from data_access.versions import raise_versions
from rules.language import translator
from rules.request import Scope
from tests import town
from tests.town import DISTRICT, TODAY, WHOLE

NOW = dt.datetime(2023, 7, 31, 10, 46, tzinfo=town.CHINA)


@pytest.fixture
def mine(sqlite_database):
    town.build_town(sqlite_database)
    return sqlite_database


def test_a_sound_town_has_nothing_wrong(town):
    grades = [finding.grade for finding in check(town, TODAY)]
    assert "wrong" not in grades
    assert grades.count("fine") >= 4


def test_an_empty_database_stops_the_check(fresh_url):
    from data_access.database import Database

    found = list(check(Database.open(fresh_url("sqlite")), TODAY))
    assert [finding.grade for finding in found] == ["wrong"]


def test_a_database_without_areas_is_told(sqlite_database):
    assert [finding.grade for finding in check(sqlite_database, TODAY)] == ["fine", "note"]


@pytest.mark.parametrize(
    ("table", "column", "value", "where", "to"),
    [
        ("site_event", "site_id", "site-gone", "S1-0", "site"),
        ("case", "subject_id", "gone", "A1", "subject"),
        ("patrol_visit", "target_id", "gone", "V2", "site"),
        ("patrol_visit", "agency_code", "GONE", "V2", "agency"),
        ("lead", "grid_code", "DJ-999", "L1", "area"),
        ("transfer", "to_agency", "GONE", "T1", "agency"),
    ],
)
def test_a_reference_to_nothing_is_found(mine, table, column, value, where, to):
    assert broken_references(mine, DISTRICT).empty
    target = FACTS[table]
    with mine.write() as connection:
        connection.execute(update(target).where(target.c.number == where).values({column: value}))
    assert broken_references(mine, DISTRICT).values.tolist() == [[table, column, to, 1]]
    told = [finding.say(translator("zh_CN")) for finding in check(mine, TODAY) if finding.grade == "wrong"]
    assert len(told) == 1
    assert f"{table}.{column}" in told[0]


def test_a_reference_to_a_superseded_thing_is_to_nothing(mine):
    site = FACTS["site"]
    with mine.write() as connection:
        connection.execute(update(site).where(site.c.number == "S3").values(superseded_at=NOW))
    assert set(broken_references(mine, DISTRICT)["table"]) == {"site_event", "case", "lead"}


def test_two_current_versions_of_a_thing_are_found(mine):
    assert several_current(mine, DISTRICT).empty
    site = FACTS["site"]
    with mine.write() as connection:
        connection.execute(update(site).where(site.c.number == "S2").values(id="site-S1"))
    assert several_current(mine, DISTRICT).values.tolist() == [["site", 1]]


def test_rows_off_the_map_are_counted(town):
    found = unplaced(town, DISTRICT).set_index("table")
    assert found.loc["patrol_visit"].tolist() == [14, 1, 1]
    assert found.loc["site"].tolist() == [6, 1, 1]
    assert found.loc["construction_site"].tolist() == [4, 0, 0]


def test_a_sound_towns_outlines_have_no_fault(town):
    assert outline_faults(town, WHOLE, TODAY).empty
    assert outline_faults(town, Scope("999999"), TODAY).empty


@pytest.mark.parametrize(
    ("code", "outline", "faults"),
    [
        ("DJ-001", None, [("grid", "missing", "DJ-001"), ("neighbourhood", "gap", "A1")]),
        ("DJ-001", shapely.box(121.0, 31.0, 121.012, 31.01), [("grid", "overlap", "DJ-001")]),
        ("DJ-001", shapely.box(121.0, 31.0, 121.005, 31.01), [("neighbourhood", "gap", "A1")]),
        ("DJ-001", shapely.box(120.99, 31.0, 121.01, 31.01), [("neighbourhood", "outside", "A1")]),
        ("DJ-001", shapely.Polygon([(121, 31), (121.01, 31.01), (121.01, 31), (121, 31.01)]), [("grid", "invalid", "DJ-001"), ("neighbourhood", "gap", "A1")]),
        ("DJ-001", shapely.box(121.0, 31.0, 121.0100001, 31.01), []),
    ],
    ids=["missing", "overlap", "gap", "outside", "crossing", "a_sliver"],
)  # fmt: skip
def test_a_fault_of_an_outline_is_found(mine, code, outline, faults):
    with mine.write() as connection:
        connection.execute(update(area).where(area.c.code == code).values(geometry=outline, geometry_hash="new"))
        raise_versions(connection, DISTRICT, ["area"], NOW)
    found = outline_faults(mine, WHOLE, TODAY)
    assert list(found[["level", "fault", "code"]].itertuples(index=False, name=None)) == faults
    if "overlap" in set(found["fault"]):
        row = found.iloc[0]
        # 0.002 degrees of longitude by 0.01 of latitude at 31 N: about 191 m by 1,109 m.
        assert row["other_code"] == "DJ-002"
        assert row["area_m2"] == pytest.approx(191 * 1109, rel=0.01)


def test_a_district_without_grids_is_sound(mine):
    with mine.write() as connection:
        connection.execute(delete(area).where(area.c.level.in_(["grid", "neighbourhood"])))
        raise_versions(connection, DISTRICT, ["area"], NOW)
    assert outline_faults(mine, WHOLE, TODAY).empty


def test_every_table_is_spread_or_copied_once():
    statements = distribution_statements()
    for name in metadata.tables:
        assert sum(f"'{name}'" in one.replace('"', "") for one in statements[1:] if "colocate" not in one or name != "patrol_visit") == 1, name
    assert statements[0] == "CREATE EXTENSION IF NOT EXISTS citus"


def test_a_database_that_cannot_be_spread_says_why(database):
    with pytest.raises(NotDistributable, match="SQLite" if database.dialect == "sqlite" else "Citus"):
        distribute(database)


def test_kept_answers_are_made_once_and_the_oldest_goes():
    kept, made = Kept(2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        kept.get(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]


def test_an_answer_that_fails_is_not_kept():
    kept = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 / 0)
    assert kept.get("a", lambda: 5) == 5
