"""A database copied to the other kind holds the same rows and gives the same answers."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from data_access.copying import copy_database
from data_access.database import Database, DatabaseProblem
from data_access.figures import figures
from data_access.row_sets import ROW_SETS
from data_access.rows import rows
from data_access.schema import metadata
from rules.request import Filters, Scope
from tests.data_access.test_contract import QUESTIONS, answer, assert_same
from tests.town import JULY, WHOLE


@pytest.fixture
def copied(towns, fresh_url):
    """The SQLite town and its copy on PostgreSQL, and the other way round."""
    made = []
    for one, other in (("sqlite", "postgresql"), ("postgresql", "sqlite")):
        target = Database.open(fresh_url(other))
        count = copy_database(towns(one), target)
        made.append((towns(one), target, count))
    yield made
    for _, target, _ in made:
        target.close()


def test_every_row_arrives(copied):
    for source, target, count in copied:
        counts = {name: tuple(counted(database, table) for database in (source, target)) for name, table in metadata.tables.items()}
        assert {name for name, (one, other) in counts.items() if one != other} == set()
        assert count == sum(one for one, _ in counts.values())
        assert figures(target, JULY, WHOLE) == figures(source, JULY, WHOLE)


def test_the_planner_knows_what_was_copied(copied):
    _, target, _ = copied[0]
    with target.read() as connection:
        known = connection.exec_driver_sql("SELECT reltuples FROM pg_class WHERE relname = 'area' AND relkind IN ('r', 'p')").scalar_one()
    assert known == counted(target, metadata.tables["area"]) > 0


def test_a_database_that_holds_rows_is_not_written_over(copied, towns):
    _, target, _ = copied[0]
    with pytest.raises(DatabaseProblem, match="不是空的"):
        copy_database(towns("sqlite"), target)


def test_an_empty_database_has_nothing_to_copy(fresh_url):
    with pytest.raises(DatabaseProblem):
        copy_database(Database.open(fresh_url("sqlite")), Database.open(fresh_url("sqlite")))


@pytest.fixture
def demos(demo_file, fresh_url):
    """The demo district in SQLite and its copy on PostgreSQL."""
    source, target = Database.open(f"sqlite:///{demo_file}"), Database.open(fresh_url("postgresql"))
    copy_database(source, target)
    yield source, target
    for database in (source, target):
        database.close()


@pytest.mark.long
def test_the_demo_district_answers_alike_on_both(demos):
    source, target = demos
    district = source.frame(select(metadata.tables["area"].c.district_code).limit(1)).iat[0, 0]
    street = Scope(district, areas=(f"{district}001",))
    year = JULY.with_(start=JULY.start.replace(month=1))
    for filters, scope in ((JULY, Scope(district)), (year, Scope(district)), (JULY, street), (Filters(*_march_2022()), street)):
        for name, question in QUESTIONS.items():
            one, other = (answer(question, database, filters, scope) for database in (source, target))
            try:
                assert_same(one, other)
            except AssertionError as different:
                raise AssertionError(f"{name}: {filters} {scope}") from different
        for name in ROW_SETS:
            one, other = (rows(database, name, filters, scope) for database in (source, target))
            try:
                assert_same(one, other)
            except AssertionError as different:
                raise AssertionError(f"rows {name}: {filters} {scope}") from different


def counted(database, table):
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _march_2022():
    return dt.date(2022, 3, 1), dt.date(2022, 3, 31), dt.date(2022, 3, 31)
