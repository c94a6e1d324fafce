"""What many tests stand on: fresh databases of both kinds, and the small town in each."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from data_access.database import Database
from data_access.districts import only_district
from data_access.file_lock import locked
from data_access.schema import metadata
from data_access.tiles import tile_file
from rules.request import Scope
from tests.postgres import NoServer, private_server
from tests.town import build_town

HERE = Path(__file__).parent
DIALECTS = ("sqlite", "postgresql")

# A busy machine is not a bug: examples are bounded by number, not by time.
settings.register_profile("onemap", deadline=None, max_examples=60)
settings.load_profile("onemap")


FIRST_TO_LAST = ("demo/test_geography", "data_access/", "browser/", "dashboard/", "demo/", "importing/", "briefing/")
"""Where the long files of tests lie. One that builds the demo begins, while others need none of it; short ones end."""


ONCE = (
    "data_access/test_recording.py", "data_access/test_obligations.py", "data_access/test_decisions_write.py", "data_access/test_ledger.py", "data_access/test_visit_columns.py",
    "data_access/test_rulebooks.py", "data_access/test_assignments.py", "importing/test_taking.py", "importing/test_premises_registers.py",
)  # fmt: skip
"""Files whose tests ask for both databases: PostgreSQL's turn comes in the long run, but for what many do at once."""
AT_ONCE = ("at_once", "same_moment", "twice", "answer_asked_today")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run long files first: side by side, a long one that begins last keeps the other cores waiting."""
    for item in items:
        of_both = item.path.relative_to(HERE).as_posix() in ONCE and "[postgresql" in item.name
        if of_both and not any(part in item.name for part in AT_ONCE):
            item.add_marker(pytest.mark.long)

    def turn(item: pytest.Item) -> int:
        file = item.path.relative_to(HERE).as_posix()
        return next((at for at, begins in enumerate(FIRST_TO_LAST) if file.startswith(begins)), len(FIRST_TO_LAST))

    items.sort(key=turn)


@pytest.fixture(autouse=True)
def _plain_log() -> Iterator[None]:
    """A door that a test opened has its log written to that test's own capture, which is then closed."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a private PostgreSQL with PostGIS; without one the test is left out.

    Where nothing may be left out (``ONEMAP_TEST_COMPLETE=1``) a missing server fails.
    """
    try:
        server = private_server()
        url = server.__enter__()
    except NoServer as missing:
        if os.environ.get("ONEMAP_TEST_COMPLETE") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    try:
        yield url
    finally:
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def fresh_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Gives the URL of a database that does not exist before: ``fresh_url("sqlite")``."""
    numbers = itertools.count(1)

    def make(dialect: str, template: str = "template0") -> str:
        if dialect == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('database') / 'onemap.sqlite'}"
        return _create_database(request.getfixturevalue("postgres_url"), f"fresh_{next(numbers)}", template)

    return make


@pytest.fixture(scope="session")
def migrated(fresh_url: Callable[..., str]) -> Iterator[Callable[[str], Database]]:
    """Gives a new database with every table and no row: ``migrated("postgresql")``."""
    templates: dict[str, str] = {}
    opened: list[Database] = []

    def make(dialect: str) -> Database:
        if dialect not in templates:
            template = Database.open(fresh_url(dialect))
            template.migrate()
            template.close()
            templates[dialect] = template.url.render_as_string(hide_password=False)
        source = make_url(templates[dialect])
        if dialect == "postgresql":
            url = fresh_url(dialect, source.database)
        else:
            url = fresh_url(dialect)
            shutil.copy(source.database, make_url(url).database)
        opened.append(Database.open(url))
        return opened[-1]

    yield make
    for database in opened:
        database.close()


@pytest.fixture(params=DIALECTS)
def database(request: pytest.FixtureRequest, emptied: Callable[[str], Database]) -> Iterator[Database]:
    """A new empty database, once SQLite, once PostgreSQL."""
    made = emptied(request.param)
    yield made
    made.close()


@pytest.fixture(scope="session")
def emptied(migrated: Callable[[str], Database]) -> Callable[[str], Database]:
    """As ``migrated``, but PostgreSQL's is used again and again: making one takes a second."""
    used: dict[str, str] = {}

    def make(dialect: str) -> Database:
        if dialect == "sqlite":
            return migrated(dialect)
        if dialect in used:
            again = Database.open(used[dialect])
            if again.state().word in {"ready", "half-made"} and _emptied(again):
                return again
            again.close()
        made = migrated(dialect)
        used[dialect] = made.url.render_as_string(hide_password=False)
        return made

    return make


@pytest.fixture
def sqlite_database(migrated: Callable[[str], Database]) -> Iterator[Database]:
    """A new empty SQLite database."""
    made = migrated("sqlite")
    yield made
    made.close()


@pytest.fixture(scope="session")
def towns(migrated: Callable[[str], Database]) -> Callable[[str], Database]:
    """The small town by kind of database, made once; tests only read it."""
    made: dict[str, Database] = {}

    def of(dialect: str) -> Database:
        if dialect not in made:
            made[dialect] = migrated(dialect)
            build_town(made[dialect])
        return made[dialect]

    return of


@pytest.fixture(scope="session", params=DIALECTS)
def databases(request: pytest.FixtureRequest, towns: Callable[[str], Database]) -> Database:
    """The small town, once in SQLite, once in PostgreSQL; tests only read it."""
    return towns(request.param)


@pytest.fixture(scope="session")
def town(towns: Callable[[str], Database]) -> Database:
    """The small town in SQLite; tests only read it."""
    return towns("sqlite")


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo district as a SQLite file, built once; copy it before you write.

    ``ONEMAP_TEST_DEMO`` names one that is built already; a copy of it is brought to today's structure.
    """
    base = tmp_path_factory.getbasetemp()
    # Side by side, the runs of pytest-xdist have folders of their own in one that they share.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "demo"
    with locked(shared / "demo.lock"):
        if not (folder / "ready").exists():
            folder.mkdir(exist_ok=True)
            _build_demo(folder)
            (folder / "ready").touch()
    return folder / "demo.sqlite"


def _build_demo(folder: Path) -> None:
    given = os.environ.get("ONEMAP_TEST_DEMO")
    if given:
        shutil.copy(given, folder / "demo.sqlite")
    database = Database.open(f"sqlite:///{folder / 'demo.sqlite'}")
    database.migrate()
    if not given:
        from data_access.demo import build

        build(database, folder / "files")
    # The map's tiles of the day that the browser's tests show: a server of theirs finds them made.
    tile_file(database, Scope(only_district(database)), dt.date(2023, 7, 31), folder)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _emptied(database: Database) -> bool:
    with database.write() as connection:
        if set(metadata.tables) - set(inspect(connection).get_table_names()):
            return False
        # Emptying sixty small tables row by row takes a tenth of TRUNCATE, which gives each and every index a new file.
        rows = " ".join(f'DELETE FROM "{name}";' for name in metadata.tables)
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(f"DO $$ BEGIN {rows} END $$")
    return True


def _create_database(server: str, name: str, template: str) -> str:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)
