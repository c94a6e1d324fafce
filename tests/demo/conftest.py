"""The demo district as the tests of its promises ask it: rows of the tables, as known on the day shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from data_access.database import Database
from data_access.demo import SEED
from data_access.demo.district import Delivery, deliveries
from data_access.demo.geography import Geography, draw
from data_access.demo.story import Stage, stage
from data_access.demo.units import units

SHOWN_AT = "2023-07-31 02:46:00"
"""10:46 in China, the demo's clock, in UTC as it is stored."""


@pytest.fixture(scope="session")
def demo_database(demo_file: Path) -> Iterator[Database]:
    """The demo in SQLite; tests only read it."""
    database = Database.open(f"sqlite:///{demo_file}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def known(demo_database: Database) -> Callable[..., pd.DataFrame]:
    """Gives the rows of a table that were known at an instant: ``known("lead")``."""

    def rows(table: str, at: str = SHOWN_AT) -> pd.DataFrame:
        with demo_database.read() as connection:
            found = pd.read_sql(
                text(f'select * from "{table}" where recorded_at <= :at and (superseded_at is null or superseded_at > :at)'),
                connection, params={"at": f"{at}.000000"},
            )  # fmt: skip
        for column in found.columns:
            if column == "day" or column.endswith("_on") or column in {"first_seen", "valid_from", "valid_to"}:
                found[column] = pd.to_datetime(found[column])
        return found

    return rows


@pytest.fixture(scope="session")
def july(known: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """Gives the rows of a table whose day lies in July 2023, as known at the end of the 31st."""

    def rows(table: str) -> pd.DataFrame:
        found = known(table)
        return found[(found["day"] >= "2023-07-01") & (found["day"] <= "2023-07-31")]

    return rows


@pytest.fixture(scope="session")
def geography() -> Geography:
    return draw(units(), "fictional", SEED)


@pytest.fixture(scope="session")
def scene(geography: Geography) -> Stage:
    return stage(geography, units())


@pytest.fixture(scope="session")
def handed() -> list[Delivery]:
    """Every file of the demo, made once more."""
    return deliveries(SEED, "fictional")
