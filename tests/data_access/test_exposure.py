"""People of the small town by area: 2,000 in A1, 3,000 in A2, 1,000 in B1, nobody counted by grid or street."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update

from data_access.exposure import exposure
from data_access.schema import FACTS
from data_access.versions import raise_versions
from tests.town import CHINA, DISTRICT, TODAY, WHOLE, build_town


def people(database, level=None, day=TODAY, **more):
    found = exposure(database, WHOLE, day, level, **more)
    return dict(zip(found.units["code"], found.units["exposure"].round(6), strict=True)), found.basis


def change(database, table, **values):
    with database.write() as connection:
        connection.execute(update(FACTS[table]).values(**values).where(FACTS[table].c.area_code.in_(["A1", "A2", "B1"])))
        raise_versions(connection, DISTRICT, [table], dt.datetime(2023, 7, 31, 8, tzinfo=CHINA))


def test_grids_share_what_their_neighbourhood_has(databases):
    assert people(databases) == (
        {"DJ-001": 1000.0, "DJ-002": 1000.0, "DJ-003": 1500.0, "DJ-004": 1500.0, "XZ-001": 500.0, "XZ-002": 500.0}, "spread"
    )  # fmt: skip


def test_streets_and_the_district_have_the_sum_of_their_parts(databases):
    assert people(databases, "neighbourhood") == ({"A1": 2000.0, "A2": 3000.0, "B1": 1000.0}, "own")
    assert people(databases, "street")[0] == {"990199001": 5000.0, "990199002": 1000.0}
    assert people(databases, "district")[0] == {DISTRICT: 6000.0}


def test_before_the_first_year_the_first_year_counts(databases):
    found = exposure(databases, WHOLE, dt.date(2021, 6, 1))
    assert found.year == 2023
    assert dict(zip(found.units["code"], found.units["exposure"], strict=True))["DJ-030"] == 3000.0


def test_workers_count_beside_residents(sqlite_database):
    build_town(sqlite_database)
    change(sqlite_database, "area_population", workers=100)
    assert people(sqlite_database, "neighbourhood")[0] == {"A1": 2100.0, "A2": 3100.0, "B1": 1100.0}


def test_without_people_the_size_of_areas_counts(sqlite_database):
    build_town(sqlite_database)
    change(sqlite_database, "area_population", residents=None)
    found, basis = people(sqlite_database, "street")
    assert basis == "area"
    assert found == {"990199001": pytest.approx(4.24), "990199002": pytest.approx(2.12)}


def test_a_day_without_areas_has_no_rows(databases):
    assert exposure(databases, WHOLE, dt.date(2000, 1, 1)).units.empty
