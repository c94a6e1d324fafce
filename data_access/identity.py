"""Tells one database from another, so that two that share a cache never share an answer."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from data_access.database import Database, DatabaseProblem
from data_access.district_settings import put_setting, setting_on

NAME = "identity"
EVERY_DISTRICT = "*"


def identity(database: Database, now: dt.datetime) -> str:
    """Sixteen characters of this database, the same for every process that serves it.

    Made of a random number that is written when the database is first asked for it, and of the address:
    a copy that carries the number along, and a database that cannot be written, are told apart by it.

    Args:
        now: the instant of writing, with its time zone.

    Raises:
        DatabaseProblem: the database cannot be reached.
    """
    return database.kept.get((NAME,), lambda: _made(database, now))


def _made(database: Database, now: dt.datetime) -> str:
    with database.read() as connection:
        number = setting_on(connection, EVERY_DISTRICT, NAME)
    if number is None:
        number = _written(database, now)
    return hashlib.blake2b(f"{number}|{database.name}".encode(), digest_size=8).hexdigest()


def _written(database: Database, now: dt.datetime) -> object:
    """The number that was first to be written; empty where nothing can be."""
    try:
        with database.write() as connection:
            number = setting_on(connection, EVERY_DISTRICT, NAME)
            if number is None:
                number = secrets.token_hex(8)
                put_setting(connection, EVERY_DISTRICT, NAME, number, changed_by="system", now=now)
            return number
    except DatabaseProblem:
        return ""
