"""Databases that hold the hamlet."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data_access.database import Database
from tests.importing.hamlet import (
    agencies_file,
    bring,
    grids_file,
    neighbourhoods_file,
    streets_file,
)

Factory = Callable[[str], Database]


@pytest.fixture
def empty(migrated: Factory) -> Database:
    """A database with every table and no row."""
    return migrated("sqlite")


@pytest.fixture(scope="session")
def _settled(migrated: Factory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = migrated("sqlite")
    settle(database)
    database.close()
    return Path(database.url.database)


@pytest.fixture
def hamlet(_settled: Path, tmp_path: Path) -> Iterator[Database]:
    """The hamlet's streets, neighbourhoods, grids and agencies."""
    shutil.copy(_settled, tmp_path / "hamlet.sqlite")
    database = Database.open(f"sqlite:///{tmp_path / 'hamlet.sqlite'}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def _settled_postgres(migrated: Factory) -> str:
    database = migrated("postgresql")
    settle(database)
    database.close()
    return database.url.database


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, fresh_url: Callable[..., str]) -> Iterator[Database]:
    """The hamlet on each kind of database, copied from one that was settled once."""
    if request.param == "sqlite":
        yield request.getfixturevalue("hamlet")
        return
    database = Database.open(fresh_url("postgresql", request.getfixturevalue("_settled_postgres")))
    yield database
    database.close()


def settle(database: Database) -> None:
    for file in (streets_file(), neighbourhoods_file(), grids_file(), agencies_file()):
        bring(database, file)
