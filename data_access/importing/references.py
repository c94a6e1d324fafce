"""Finds the things that rows refer to by 编号: in the same source first, then in any, within the scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import null, select
from sqlalchemy.engine import Connection

from data_access.importing.kinds import kinds
from data_access.importing.problems import Fault, Term
from data_access.schema import FACTS
from data_access.scope import known, within
from rules.language import N_
from rules.request import Scope

TARGETS = {"site": "sites", "construction": "construction_sites", "subject": "persons", "lead": "leads"}
"""The register that an object of each 对象类别 stands in; a grid is an area, other premises stand in none."""

CHUNK = 900
"""Values of one IN list."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is referred to.

    Attributes:
        id: its identifier.
        places: its street, neighbourhood and grid codes, None where unknown.
    """

    id: str
    places: tuple[str | None, str | None, str | None]


def things(connection: Connection, kind: str, numbers: Iterable[str], scope: Scope, source: str) -> dict[str, Thing | Fault]:
    """What each number means; a ``Fault`` where it is unknown within the scope, or of several sources.

    Args:
        kind: name of the register referred to.
        source: source of the file; its own numbers come first.
    """
    table = FACTS[kinds()[kind].table]
    wanted = sorted(set(numbers))
    places = [table.c[name] if name in table.c else null().label(name) for name in ("street_code", "neighbourhood_code", "grid_code")]
    found: dict[str, dict[str, Thing]] = {}
    for start in range(0, len(wanted), CHUNK):
        asked = select(table.c.number, table.c.source_code, table.c.id, *places).where(
            within(table, scope), known(table, None), table.c.number.in_(wanted[start : start + CHUNK])
        )
        for number, origin, identifier, *codes in connection.execute(asked):
            found.setdefault(number, {})[origin] = Thing(identifier, tuple(codes))
    return {number: _one(number, found.get(number, {}), kind, source) for number in wanted}


def _one(number: str, by_source: dict[str, Thing], kind: str, source: str) -> Thing | Fault:
    if source in by_source:
        return by_source[source]
    label = Term(kinds()[kind].label)
    if kind in by_source:
        return by_source[kind]
    if len(by_source) == 1:
        return next(iter(by_source.values()))
    if by_source:
        return Fault(N_("编号 {found} 的{kind}在几个来源里都有：{sources}"), N_("请在导入时指明来源（--source）"),
                     {"found": number, "kind": label, "sources": tuple(sorted(by_source))})
    return Fault(N_("找不到编号为 {found} 的{kind}"), N_("请核对编号，或先导入{kind}"), {"found": number, "kind": label})
