"""Keeps what a district decides for itself: one JSON value a name, with who changed it and when."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from data_access.audit import audit
from data_access.database import Database
from data_access.schema import setting
from data_access.versions import raise_versions
from rules.request import Actor


def district_setting(
    database: Database, district: str, name: str, default: object = None
) -> object:
    """The value kept under a name, or the default."""
    with database.read() as connection:
        return setting_on(connection, district, name, default)


def setting_on(connection: Connection, district: str, name: str, default: object = None) -> object:
    """The same over a connection that is already open."""
    asked = select(setting.c.value).where(
        setting.c.district_code == district, setting.c.name == name
    )
    found = connection.execute(asked).first()
    return default if found is None else found.value


def keep_setting(
    connection: Connection, name: str, value: object, *, actor: Actor, now: dt.datetime
) -> None:
    """Keep a value for the actor's district, audited, inside the caller's transaction.

    Args:
        value: anything JSON can hold.
    """
    put_setting(connection, actor.scope.district, name, value, changed_by=actor.id, now=now)
    raise_versions(connection, actor.scope.district, ["setting"], now)
    audit(connection, actor, "setting", now, subject_table="setting", subject_id=name)


def put_setting(
    connection: Connection,
    district: str,
    name: str,
    value: object,
    *,
    changed_by: str,
    now: dt.datetime,
) -> None:
    """Keep a value that no person decided (a mark, a generated key): not counted, not audited."""
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name]
    row = dialect.insert(setting).values(
        district_code=district, name=name, value=value, changed_at=now, changed_by=changed_by
    )
    changed = {column: row.excluded[column] for column in ("value", "changed_at", "changed_by")}
    connection.execute(
        row.on_conflict_do_update(index_elements=["district_code", "name"], set_=changed)
    )


def drop_setting(connection: Connection, district: str, name: str) -> None:
    """Forget a value, if it is there."""
    connection.execute(
        setting.delete().where(setting.c.district_code == district, setting.c.name == name)
    )
