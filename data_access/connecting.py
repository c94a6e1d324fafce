"""Prepares the connections to SQLite and to PostgreSQL from an address."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from data_access.database_problems import DatabaseProblem
from rules.language import N_

BUSY_TIMEOUT_MS = 5_000
CONNECT_TIMEOUT_S = 5


def url_of(url: str) -> URL:
    """Read an address, ``sqlite:///FILE`` or ``postgresql://...``, libpq's host lists included.

    Raises:
        DatabaseProblem: it is neither; the password is not shown.
    """
    problem = N_(
        "数据库地址 {url} 读不懂：应写作 sqlite:///文件 或 postgresql://用户:口令@主机/库名。"
    )
    hosts = re.fullmatch(
        r"(postgres(?:ql)?(?:\+psycopg)?://(?:[^@/]*@)?)([^@/?]*,[^@/?]*)(/[^?]*)?(\?.*)?", url
    )
    if hosts:
        begin, listed, path, query = hosts.groups()
        pairs = [host.partition(":")[::2] for host in listed.split(",")]
        places = (
            "host="
            + ",".join(h for h, _ in pairs)
            + "&port="
            + ",".join(p or "5432" for _, p in pairs)
        )
        url = f"{begin}{path or '/'}{query + '&' if query else '?'}{places}"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseProblem(problem, url=re.sub(r"//[^@/]*@", "//***@", url)) from error
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise DatabaseProblem(problem, url=parsed.render_as_string(hide_password=True))
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise DatabaseProblem(problem, url=parsed.render_as_string(hide_password=True))
    return parsed


def engine_of(url: URL) -> Engine:
    """Prepare the connections; SQLite's folder is made.

    Raises:
        DatabaseProblem: the folder cannot be made.
    """
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)


def _sqlite(url: URL) -> Engine:
    file = Path(url.database)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseProblem(
            N_("文件夹 {folder} 建不了：请检查权限或 ONEMAP_DATABASE_URL。"), folder=file.parent
        ) from error
    engine = create_engine(url, pool_size=16, max_overflow=16)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        # SQLAlchemy's begin event below opens the transactions, not the driver.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            "cache_size = -65536",
            "mmap_size = 268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    query = dict(url.query)
    query.setdefault("connect_timeout", str(CONNECT_TIMEOUT_S))
    query.setdefault("application_name", "onemap")
    engine = create_engine(url.set(query=query), pool_pre_ping=True, pool_size=16, max_overflow=16)

    @event.listens_for(engine, "connect")
    def prepare(connection: object, _record: ConnectionPoolEntry) -> None:
        # Compiling a plan costs more than our short questions take to run.
        cursor = connection.cursor()
        cursor.execute("SET jit = off")
        cursor.close()
        connection.commit()

    return engine
