"""Spreads the tables over several PostgreSQL servers with Citus, by district."""

from __future__ import annotations

from sqlalchemy import text

from data_access.database import Database
from data_access.schema import metadata
from rules.language import N_, Refusal

EVERYWHERE = ("area", "agency")
"""Reference tables: every server holds a whole copy (DESIGN 4)."""


class NotDistributable(Refusal):
    """The database is no PostgreSQL, or Citus is not installed on it."""


def distribution_statements() -> list[str]:
    """The SQL that makes reference tables of areas and agencies and spreads all others.

    Every other table is spread by ``district_code`` and lies with the visits of its district, so
    that a question about one district stays on one server.
    """
    statements = ["CREATE EXTENSION IF NOT EXISTS citus"]
    statements += [f"SELECT create_reference_table('\"{name}\"')" for name in EVERYWHERE]
    spread = sorted(set(metadata.tables) - set(EVERYWHERE) - {"patrol_visit"})
    statements.append("SELECT create_distributed_table('patrol_visit', 'district_code')")
    statements += [
        f"SELECT create_distributed_table('\"{name}\"', 'district_code',"
        " colocate_with => 'patrol_visit')"
        for name in spread
    ]
    return statements


def distribute(database: Database) -> int:
    """Run ``distribution_statements``; tables that are spread already are left as they are.

    Returns:
        How many tables were spread or copied now.

    Raises:
        NotDistributable: no PostgreSQL, or the extension is missing on the server.
    """
    if database.dialect != "postgresql":
        raise NotDistributable(
            N_("SQLite 数据库不能分布到多台服务器：请先把 ONEMAP_DATABASE_URL 换成 PostgreSQL。")
        )
    with database.write() as connection:
        available = text("SELECT count(*) FROM pg_available_extensions WHERE name = 'citus'")
        if not connection.execute(available).scalar_one():
            raise NotDistributable(
                N_(
                    "这台 PostgreSQL 没有安装 Citus 扩展：请先安装并在 shared_preload_libraries 中启用。"
                )
            )
        create, *spread = distribution_statements()
        connection.execute(text(create))
        known = text("SELECT logicalrelid::regclass::text FROM pg_dist_partition")
        there = {name.strip('"') for name in connection.execute(known).scalars()}
        missing = [one for one in spread if one.split("'")[1].strip('"') not in there]
        for statement in missing:
            connection.execute(text(statement))
    return len(missing)
