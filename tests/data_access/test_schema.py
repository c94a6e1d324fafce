"""The migrations arrive at exactly the tables that data_access/schema declares, on both databases."""

import datetime as dt

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from data_access.columns import Instant, Shape, new_id
from data_access.migrations import VERSION_TABLE
from data_access.partitions import ensure_partitions
from data_access.schema import FACTS, LOCATED, PERSONAL, metadata, patrol_visit, site
from tests import town

OURS_ALONE = {"ix_area_geometry"}
"""Indexes that only PostgreSQL has and that its migration makes."""


def test_the_migrations_arrive_at_the_declared_schema(database):
    def ours(thing, name, kind, reflected, compared):
        if kind == "table":
            return name in metadata.tables or not reflected
        return name not in OURS_ALONE

    options = {"version_table": VERSION_TABLE, "include_object": ours, "compare_type": _types_differ}
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts=options)
        left = [step for step in _flat(compare_metadata(context, metadata)) if step[0] != "modify_comment"]
    assert left == []


def test_no_table_is_forgotten(database):
    with database.read() as connection:
        found = set(inspect(connection).get_table_names())
    assert set(metadata.tables) <= found


def test_primary_keys_are_the_declared_ones(database):
    with database.read() as connection:
        found = {
            name: inspect(connection).get_pk_constraint(name)["constrained_columns"]
            for name in metadata.tables
        }
    assert found == {
        name: [column.name for column in table.primary_key] for name, table in metadata.tables.items()
    }


def test_the_district_leads_every_key():
    for table in metadata.tables.values():
        unique = [index for index in table.indexes if index.unique]
        keys = [table.primary_key, *unique]
        assert {next(iter(key.columns)).name for key in keys} == {"district_code"}, table.name


def test_every_fact_carries_its_version_columns():
    version = {"row_id", "id", "number", "source_code", "batch_id", "content_hash", "recorded_at", "superseded_at"}
    assert [name for name, table in FACTS.items() if not version <= set(table.c.keys())] == []


def test_every_located_row_says_how_it_is_located():
    assert [name for name, table in LOCATED.items() if table.c["located"].nullable] == []


def test_names_phones_and_addresses_of_people_are_personal():
    expected = {("subject", "name"), ("subject", "phone"), ("subject", "address"), ("site", "name"), ("site", "address"),
                ("lead", "summary"), ("case", "title"), ("rented_premises", "tenant"), ("refused_row", "content")}  # fmt: skip
    assert expected <= PERSONAL


def test_one_version_of_a_number_is_current(database):
    rows = [town.row("site", 1, number="S1", located="area"), town.row("site", 2, number="S1", located="area")]
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(site.insert(), rows)
    rows[0]["superseded_at"] = rows[1]["recorded_at"]
    with database.write() as connection:
        for row in rows:
            connection.execute(site.insert(), row)


def test_rows_without_a_number_are_never_the_same(database):
    rows = [{**town.row("site", place, located="area"), "number": None} for place in (1, 2)]
    with database.write() as connection:
        connection.execute(site.insert(), rows)
    assert len(database.frame(site.select())) == 2


def test_the_database_builds_up_and_tears_down(database):
    database.erase()
    assert database.state().word == "empty"
    database.migrate()
    assert database.state().is_ready


def test_identifiers_rise_with_time():
    made = [new_id() for _ in range(2000)]
    assert made == sorted(made)
    assert {one[14] for one in made} == {"7"}


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Instant().process_bind_param(dt.datetime(2023, 7, 1), None)


def test_visits_of_a_month_get_a_partition_and_bring_what_lies_there(migrated):
    database = migrated("postgresql")
    place = {"street_code": None, "located": "outside", "lon": 122.5, "lat": 32.5}
    rows = [
        town.row("patrol_visit", number, day=day, target_kind="grid", mode="patrol", finding="none", visits=1, **place)
        for number, day in enumerate([dt.date(2023, 6, 30), dt.date(2023, 7, 1), dt.date(2023, 7, 31), dt.date(2023, 8, 1)])
    ]
    with database.write() as connection:
        connection.execute(patrol_visit.insert(), rows)
        assert ensure_partitions(connection, [dt.date(2023, 7, 9), dt.date(2023, 7, 20)]) == ["patrol_visit_2023_07"]
        assert ensure_partitions(connection, [dt.date(2023, 7, 9)]) == []
        counted = "SELECT count(*) FROM patrol_visit_2023_07 UNION ALL SELECT count(*) FROM patrol_visit_default UNION ALL SELECT count(*) FROM patrol_visit"
        assert list(connection.execute(text(counted)).scalars()) == [2, 2, 4]
        connection.execute(patrol_visit.insert(), [{**rows[1], "row_id": "another", "number": "V9"}])
        assert connection.execute(text("SELECT count(*) FROM patrol_visit_2023_07")).scalar_one() == 3
    database.close()


def test_sqlite_needs_no_partitions(sqlite_database):
    with sqlite_database.write() as connection:
        assert ensure_partitions(connection, [dt.date(2023, 7, 1)]) == []


def _flat(steps):
    for step in steps:
        yield from step if isinstance(step, list) else [step]


def _types_differ(context, inspected, declared, inspected_type, declared_type):
    # The other databases' name for a shape is not the declared one.
    return False if isinstance(declared_type, (Shape, Instant)) else None
