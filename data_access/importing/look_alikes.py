"""Finds rows that look like another one: the same matter reported twice, by two sources or in two files."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from data_access.importing.cells import blank
from data_access.importing.kinds import Kind
from data_access.importing.problems import Fault, Findings
from data_access.schema import FACTS
from data_access.scope import known, within
from rules.language import N_
from rules.request import Scope


def doubt_look_alikes(connection: Connection, kind: Kind, main: pd.DataFrame, source: str, scope: Scope, findings: Findings) -> None:
    """Doubt new rows whose telling fields equal those of another row.

    Two rows of one source that both bear a 编号 are told apart by it and never doubted. A row is
    compared when all its telling fields are filled, or all but three of six and more; a row
    without 编号 also when everything it says equals a known row of the same source.

    Args:
        main: records of ``kind.table`` with ``outcome`` and ``content_hash``, indexed by row number.
    """
    new = main[main["outcome"] == "new"]
    if new.empty:
        return
    told = [name for name in kind.look_alike if name in main]
    mine = _telling(new, told)
    _within_file(new, mine, findings)
    for row, (number, day) in _known_alike(connection, kind, new, mine, told, source, scope).items():
        findings.doubt(row, "", Fault(N_("与已入库的一条（{which}）看起来是同一件事"), N_("确认不是重复的再导入"),
                                      {"which": number or day or N_("没有编号")}))


def _telling(rows: pd.DataFrame, told: list[str]) -> dict[int, tuple]:
    """The values of the telling fields by row number, for rows that have enough of them."""
    if not told:
        return {}
    spare = 3 if len(told) >= 6 else 0
    found = {}
    for row, values in zip(rows.index, zip(*(rows[name] for name in told), strict=True), strict=True):
        plain = tuple(None if value is None or value != value else value for value in values)
        if sum(value is None for value in plain) <= spare:
            found[row] = plain
    return found


def _within_file(new: pd.DataFrame, mine: dict[int, tuple], findings: Findings) -> None:
    first: dict[tuple, int] = {}
    digests: dict[str, int] = {}
    for row, number, digest in zip(new.index, new["number"] if "number" in new else [None] * len(new), new["content_hash"], strict=True):
        if number is not None:
            continue
        twin = digests.setdefault(digest, row)
        if twin == row and row in mine:
            twin = first.setdefault(mine[row], row)
        if twin != row:
            findings.doubt(row, "", Fault(N_("与本文件第 {twin} 行看起来是同一件事"), N_("确认不是重复的再导入"), {"twin": int(twin)}))


def _known_alike(
    connection: Connection, kind: Kind, new: pd.DataFrame, mine: dict[int, tuple], told: list[str], source: str, scope: Scope
) -> dict[int, tuple[str | None, str | None]]:
    table = FACTS[kind.table]
    if "number" not in table.c or not (told or "number" in new):
        return {}
    numbers = new["number"] if "number" in new else blank(new.index)
    clauses = [within(table, scope), known(table, None)]
    if numbers.notna().all():
        clauses.append(or_(table.c.source_code != source, table.c.number.is_(None)))
        if not mine:
            return {}
    day = kind.day if kind.day in new and kind.day in table.c else ""
    if day and new[day].notna().all():
        clauses += [table.c[day] >= new[day].min(), table.c[day] <= new[day].max()]
    asked = select(
        table.c.number, table.c.source_code, table.c.content_hash,
        *((table.c[day].label("the_day"),) if day else ()), *(table.c[name] for name in told),
    ).where(*clauses)
    alike: dict[tuple, list] = {}
    same: dict[str, tuple] = {}
    for number, origin, digest, *rest in connection.execute(asked):
        on = rest.pop(0) if day else None
        shown = (number, on.isoformat() if isinstance(on, dt.date) else None)
        alike.setdefault(tuple(rest), []).append((origin, number, shown))
        if number is None and origin == source:
            same[digest] = shown
    found = {}
    for row, number, digest in zip(new.index, numbers, new["content_hash"], strict=True):
        for origin, other, shown in alike.get(mine.get(row, ()), ()) if row in mine else ():
            if origin != source or number is None or other is None:
                found[row] = shown
        if number is None and digest in same:
            found.setdefault(row, same[digest])
    return found
