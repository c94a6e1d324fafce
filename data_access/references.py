"""Which column of which table points at what: for checks, since facts carry no foreign keys."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Select, Table, func, select

from data_access.database import Database
from data_access.schema import FACTS, LOCATED, agency, area
from data_access.scope import AGENCY_COLUMNS, PLACE_COLUMNS, known


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names a thing of another table by ``id``.

    Attributes:
        table, column: where it stands.
        to: the table that holds the thing.
        where: (column, value) that must hold for the reference to mean that table, or empty.
    """

    table: str
    column: str
    to: str
    where: tuple[str, str] | tuple[()] = ()


THINGS = {
    "site_id": "site", "subject_id": "subject", "case_id": "case", "lead_id": "lead",
    "visit_id": "patrol_visit", "task_list_id": "task_list", "activity_id": "activity",
    "campaign_id": "campaign", "meeting_id": "meeting",
}  # fmt: skip
TARGETS = {
    "site": "site",
    "construction": "construction_site",
    "subject": "subject",
    "lead": "lead",
}
"""Table that ``target_id`` names, by ``target_kind``."""


def references() -> list[Reference]:
    """Every reference between facts, from the names of the columns."""
    found = []
    for name, table in FACTS.items():
        for column, to in THINGS.items():
            if column in table.c:
                found.append(Reference(name, column, to))
        if "target_id" in table.c:
            found += [
                Reference(name, "target_id", to, ("target_kind", kind))
                for kind, to in TARGETS.items()
            ]
    return found


def broken_references(database: Database, district: str) -> pd.DataFrame:
    """References of known rows to things, areas or agencies that are not there.

    Returns:
        ``table``, ``column``, ``to``, ``rows`` (how many); none: no rows.
    """
    found = []
    for one in references():
        table, to = FACTS[one.table], FACTS[one.to].alias()
        there = select(to.c.id).where(to.c.district_code == district, known(to, None))
        asked = _rows(table, district).where(
            table.c[one.column].is_not(None), table.c[one.column].not_in(there)
        )
        if one.where:
            asked = asked.where(table.c[one.where[0]] == one.where[1])
        found.append((one.table, one.column, one.to, asked))
    for name, table in FACTS.items():
        for to, register, columns in (
            ("area", area, (*PLACE_COLUMNS, "area_code")),
            ("agency", agency, AGENCY_COLUMNS),
        ):
            there = select(register.c.code).where(
                register.c.district_code == district, known(register, None)
            )
            for column in columns:
                if column in table.c:
                    at = table.c[column]
                    asked = _rows(table, district).where(
                        at.is_not(None), at != district, at.not_in(there)
                    )
                    found.append((name, column, to, asked))
    with database.read() as connection:
        counted = [(n, c, to, connection.execute(asked).scalar_one()) for n, c, to, asked in found]
    broken = pd.DataFrame(counted, columns=["table", "column", "to", "rows"])
    return broken[broken["rows"] > 0].reset_index(drop=True)


def several_current(database: Database, district: str) -> pd.DataFrame:
    """Things of which more than one version is current: ``table``, ``things``; none: no rows."""
    found = []
    with database.read() as connection:
        for name, table in FACTS.items():
            doubled = (
                select(table.c.id)
                .where(table.c.district_code == district, known(table, None))
                .group_by(table.c.id)
                .having(func.count() > 1)
                .subquery()
            )
            count = connection.execute(select(func.count()).select_from(doubled)).scalar_one()
            found.append((name, count))
    doubled = pd.DataFrame(found, columns=["table", "things"])
    return doubled[doubled["things"] > 0].reset_index(drop=True)


def unplaced(database: Database, district: str) -> pd.DataFrame:
    """How many known rows are not on the map, by table.

    Returns:
        ``table``, ``rows`` (all), ``area_only`` (without coordinates), ``outside`` (in no area).
    """
    found = []
    with database.read() as connection:
        for name, table in LOCATED.items():
            asked = (
                select(table.c.located, func.count())
                .where(table.c.district_code == district, known(table, None))
                .group_by(table.c.located)
            )
            by = dict(connection.execute(asked).all())
            found.append((name, sum(by.values()), by.get("area", 0), by.get("outside", 0)))
    return pd.DataFrame(found, columns=["table", "rows", "area_only", "outside"])


def _rows(table: Table, district: str) -> Select:
    return (
        select(func.count())
        .select_from(table)
        .where(table.c.district_code == district, known(table, None))
    )
