"""The database: opens SQLite or PostgreSQL by URL, gives transactions and typed frames."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pandas as pd
from sqlalchemy import Engine, inspect
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from data_access.connecting import engine_of, url_of
from data_access.database_problems import DatabaseProblem, told_of
from data_access.frames import frame_of
from data_access.kept import Kept
from data_access.migrations import VERSION_TABLE, head, revision_of, revisions, upgrade
from data_access.schema import metadata
from rules.language import N_

Answer = TypeVar("Answer")

__all__ = ["Database", "DatabaseProblem", "State"]

KEPT_ANSWERS = 512
RECENT_ANSWERS = 48
NARROWED_REGISTERS = 256
VISIT_ARRAYS = 8
LEDGER_ENTRIES = 600


@dataclass(frozen=True, slots=True)
class State:
    """How far a database is.

    Attributes:
        word: ``empty``, ``half-made``, ``old``, ``newer`` or ``ready``.
        message: one marked Chinese sentence that says what to do.
    """

    word: str
    message: str

    @property
    def is_ready(self) -> bool:
        return self.word == "ready"


STATES = {
    "empty": N_(
        "数据库是空的：请运行 python cli.py migrate 建表，或运行 python cli.py demo 建立示范区。"
    ),
    "half-made": N_(
        "数据库没有建完（上次中断了）：示范区请运行 python cli.py demo --fresh 重建；自己的数据请从备份恢复。"
    ),
    "old": N_("数据库的结构比程序旧：请先备份，再运行 python cli.py migrate 升级。"),
    "newer": N_("数据库的结构比程序新：请改用更新版本的程序，不要用这个版本写入。"),
    "ready": N_("数据库可以使用。"),
}
UNFINISHED = "unfinished"
"""Name of the setting (district ``*``) that stands while a database is being filled."""


class Database:
    """One database: SQLite (one PC) or PostgreSQL with PostGIS (a server), the same to all who ask.

    Attributes:
        url: SQLAlchemy URL; its text (``str(url)``) hides the password.
        engine: the SQLAlchemy engine.
        dialect: ``sqlite`` or ``postgresql``.
        kept: answers about slowly changing reference data, kept by data version.
        narrowed: registers cut to an area or a kind of practice, kept likewise.
        recent: the few large answers that several questions of one screen share, kept likewise.
        visits: the visits of a scope as arrays (``visit_columns``), kept likewise.
        ledger: the rows that figures count as arrays (``ledger``), kept likewise.
    """

    def __init__(self, url: URL, engine: Engine) -> None:
        self.url = url
        self.engine = engine
        self.dialect = engine.dialect.name
        self.kept = Kept(KEPT_ANSWERS)
        self.narrowed = Kept(NARROWED_REGISTERS)
        self.recent = Kept(RECENT_ANSWERS)
        self.visits = Kept(VISIT_ARRAYS)
        self.ledger = Kept(LEDGER_ENTRIES)
        self._snapshot: ContextVar[Connection | None] = ContextVar("snapshot", default=None)
        self._seen: ContextVar[dict | None] = ContextVar("seen", default=None)

    @classmethod
    def open(cls, url: str) -> Database:
        """Prepare the connections to a database; nothing is read or written yet.

        Args:
            url: ``sqlite:///FILE`` (its folder is made) or ``postgresql://USER:PASSWORD@HOST/NAME``;
                several hosts as ``postgresql://USER@/NAME?host=A,B&port=5432,5432`` or in libpq's
                form ``postgresql://USER@A:5432,B:5432/NAME?target_session_attrs=read-write``.

        Raises:
            DatabaseProblem: the URL is neither, or the folder cannot be made.
        """
        parsed = url_of(url)
        return cls(parsed, engine_of(parsed))

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    @property
    def name(self) -> str:
        """The URL without its password: what may stand in a cache key or on a screen."""
        return self.url.render_as_string(hide_password=True)

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.url.database) if self.dialect == "sqlite" and self.url.database else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; inside ``snapshot()`` the snapshot's own.

        Raises:
            DatabaseProblem: the database cannot be reached.
        """
        held = self._snapshot.get()
        if held is not None:
            yield held
            return
        with self._connect(self._reading) as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Let every question inside see one and the same moment of the database."""
        if self._snapshot.get() is not None:
            raise RuntimeError("a snapshot is already held here")
        with self._connect(self._reading) as connection, connection.begin():
            token, seen = self._snapshot.set(connection), self._seen.set({})
            try:
                yield connection
            finally:
                self._snapshot.reset(token)
                self._seen.reset(seen)

    def once(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """What ``make`` gives; inside ``snapshot()``, where nothing changes, it is asked once."""
        seen = self._seen.get()
        if seen is None:
            return make()
        if key not in seen:
            seen[key] = make()
        return seen[key]

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that writes: all of it or nothing.

        SQLite takes the write lock at once (waiting up to 5 s), so that what was read inside stays
        true until the end.

        Raises:
            DatabaseProblem: the database cannot be reached, or somebody else keeps writing.
        """
        with self._connect({"writing": True}) as connection, connection.begin():
            yield connection

    def frame(self, statement: ClauseElement, parameters: dict | None = None) -> pd.DataFrame:
        """The answer of a statement as a frame with the types of ``frames.frame_of``."""
        with self.read() as connection:
            return frame_of(connection.execute(statement, parameters or {}), statement)

    def exists(self) -> bool:
        """Whether any of our tables is there."""
        return self.state().word != "empty"

    def migrate(self) -> None:
        """Bring the tables to the newest structure; all of it or nothing.

        Raises:
            DatabaseProblem: the database is newer than the program, holds tables that are not
                ours under our names, lacks PostGIS, or cannot be written.
        """
        with self.write() as connection:
            word = self._word(connection)
            foreign = word == "half-made" and revision_of(connection) is None
            if word == "newer" or foreign:
                raise DatabaseProblem(STATES[word])
            upgrade(connection)

    def erase(self) -> None:
        """Drop every table of ours with all it holds; there is no way back."""
        with self.write() as connection:
            metadata.drop_all(connection)
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {VERSION_TABLE}")

    def state(self) -> State:
        """How far the database is, in one word and one sentence.

        Raises:
            DatabaseProblem: it cannot be reached, or it is something else.
        """
        if self.path is not None and not self.path.exists():
            return State("empty", STATES["empty"])
        with self.read() as connection:
            word = self._word(connection)
        return State(word, STATES[word])

    def _word(self, connection: Connection) -> str:
        found = set(inspect(connection).get_table_names()) & set(metadata.tables)
        revision = revision_of(connection)
        if not found and revision is None:
            return "empty"
        if revision is None:
            return "half-made"
        if revision not in revisions():
            return "newer"
        if revision != head():
            return "old"
        unfinished = metadata.tables["setting"].c
        marks = unfinished.name.table.select().where(
            unfinished.district_code == "*", unfinished.name == UNFINISHED
        )
        missing = set(metadata.tables) - found
        return "half-made" if missing or connection.execute(marks).first() else "ready"

    @property
    def _reading(self) -> dict[str, object]:
        if self.dialect == "postgresql":
            return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return {}

    @contextmanager
    def _connect(self, options: dict[str, object]) -> Iterator[Connection]:
        try:
            with self.engine.connect().execution_options(**options) as connection:
                yield connection
        except DBAPIError as error:
            if (told := told_of(error, self.name, self.path)) is None:
                raise
            raise told from error
