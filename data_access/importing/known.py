"""What an import compares rows with: the areas, agencies and key of a district, kept while they do not change."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import pandas as pd
from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.database import Database
from data_access.frames import frame_of
from data_access.importing.agency_names import COLUMNS as AGENCY_COLUMNS
from data_access.importing.agency_names import AgencyNames
from data_access.importing.boundaries import DRAWN_ROW
from data_access.importing.gazetteer import COLUMNS as AREA_COLUMNS
from data_access.importing.gazetteer import Gazetteer
from data_access.importing.secrecy import kept_pepper
from data_access.kept import Kept
from data_access.schema import agency, area
from data_access.versions import versions_on

_KEPT: WeakKeyDictionary[Database, Kept] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Known:
    """One moment of a district.

    Attributes:
        versions: counters by group of tables at that moment.
        gazetteer: its areas.
        agencies: its agencies.
        pepper: key of the hashes of personal numbers, or None.
        district_given: whether a file has given the district a row of its own.
    """

    versions: dict[str, int]
    gazetteer: Gazetteer
    agencies: AgencyNames
    pepper: bytes | None
    district_given: bool


def known(database: Database, district: str) -> Known:
    """The district as it is now; areas and agencies come from memory while their versions stand."""
    with database.read() as connection:
        counters = versions_on(connection, district)
        kept = _KEPT.setdefault(database, Kept(8))
        gazetteer = kept.get(("area", district, counters["area"]), lambda: gazetteer_on(connection, district))
        agencies = kept.get(("agency", district, counters["agency"]), lambda: _agencies(connection, district))
        given = kept.get(("given", district, counters["area"]), lambda: _district_given(connection, district))
        return Known(counters, gazetteer, agencies, kept_pepper(connection, district), given)


def gazetteer_on(connection: Connection, district: str) -> Gazetteer:
    """The areas over a connection that is already open."""
    return Gazetteer(_current(connection, area, AREA_COLUMNS, district))


def _district_given(connection: Connection, district: str) -> bool:
    asked = select(area.c.code).where(
        area.c.district_code == district, area.c.superseded_at.is_(None), area.c.level == "district", area.c.row_number != DRAWN_ROW
    )
    return connection.execute(asked).first() is not None


def _agencies(connection: Connection, district: str) -> AgencyNames:
    frame = _current(connection, agency, AGENCY_COLUMNS, district)
    return AgencyNames(frame.astype(object).where(frame.notna(), None))


def _current(connection: Connection, table, columns: tuple[str, ...], district: str) -> pd.DataFrame:
    asked = select(*(table.c[name] for name in columns)).where(
        table.c.district_code == district, table.c.superseded_at.is_(None)
    )
    return frame_of(connection.execute(asked), asked)
