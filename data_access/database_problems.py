"""What a database says when it cannot work, in a sentence that tells people what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from rules.language import N_, Refusal


class DatabaseProblem(Refusal):
    """The database cannot be opened or reached, or is not what the program needs."""


def told_of(error: DBAPIError, name: str, path: Path | None) -> DatabaseProblem | None:
    """The sentence for what people can mend; None for what only a programmer can.

    Args:
        name: the database's address without its password.
        path: the file of a SQLite database.
    """
    cause = str(error.orig)
    if isinstance(error.orig, sqlite3.DatabaseError):
        found = next((told for words, told in SQLITE_PROBLEMS.items() if words in cause), None)
        return None if found is None else DatabaseProblem(found, file=path)
    if 'extension "postgis"' in cause:
        return DatabaseProblem(NO_POSTGIS, name=name)
    state = getattr(error.orig, "sqlstate", None)
    if state == NOT_THERE:
        return DatabaseProblem(NO_TABLES)
    if state == NOT_GRANTED:
        return DatabaseProblem(FORBIDDEN, name=name)
    if isinstance(error, (OperationalError, InterfaceError)) and (
        state is None or state[:2] in AWAY
    ):
        return DatabaseProblem(UNREACHABLE, name=name)
    return None


NO_TABLES = N_("数据库里没有需要的表：请运行 python cli.py check 查看原因。")
SQLITE_PROBLEMS = {
    "no such table": NO_TABLES,
    "locked": N_("数据库正被另一个程序写入：请等它写完后再试。"),
    "not a database": N_("{file} 不是数据库文件：请检查 ONEMAP_DATABASE_URL。"),
    "malformed": N_("数据库文件 {file} 已损坏：请从备份恢复。"),
    "readonly": N_("数据库文件 {file} 打不开或不能写入：请检查文件和文件夹的权限。"),
    "unable to open": N_("数据库文件 {file} 打不开或不能写入：请检查文件和文件夹的权限。"),
    "disk is full": N_("数据库文件 {file} 写不下去：请检查磁盘空间。"),
    "disk I/O": N_("数据库文件 {file} 写不下去：请检查磁盘空间。"),
}
"""What SQLite says, and what people are told."""
UNREACHABLE = N_("连不上数据库 {name}：请检查数据库服务是否启动，地址、库名和口令是否正确。")
NO_POSTGIS = N_(
    "数据库 {name} 没有 PostGIS：请安装 PostGIS，并由管理员在库里执行 CREATE EXTENSION postgis。"
)
FORBIDDEN = N_("数据库 {name} 不允许这个用户建表或读写：请管理员授权。")
NOT_GRANTED, NOT_THERE = "42501", "42P01"
AWAY = frozenset({"08", "28", "3D", "53", "57"})
"""Classes of SQLSTATE for a server that is away, closing, full or closed to us.

Source: PostgreSQL 15 documentation, appendix A.
"""
