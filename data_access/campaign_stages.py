"""The stages of the campaigns, after each of which papers are due (S3 四（三）)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import and_, select

from data_access.database import Database
from data_access.schema import campaign, campaign_milestone
from data_access.scope import known, within
from data_access.versions import versions
from rules.request import Scope


def stages(database: Database, scope: Scope, known_at: dt.datetime | None = None) -> pd.DataFrame:
    """The stages of every campaign: frame[name, start_on, end_on, areas]; areas is a tuple of codes, empty for the whole district."""
    version = versions(database, scope.district)["campaign"]
    return database.kept.get(("campaign stages", scope.district, version, known_at), lambda: _stages(database, scope, known_at)).copy(deep=False)


def _stages(database: Database, scope: Scope, known_at: dt.datetime | None) -> pd.DataFrame:
    m, c = campaign_milestone, campaign
    mine = and_(c.c.id == m.c.campaign_id, c.c.district_code == m.c.district_code, known(c, known_at))
    found = database.frame(
        select(m.c.name, m.c.start_on, m.c.end_on, c.c.area_codes).select_from(m.outerjoin(c, mine)).where(
            within(m, scope), known(m, known_at), m.c.kind == "stage", m.c.end_on.is_not(None)
        )
    ).sort_values(["end_on", "name"], ignore_index=True)  # fmt: skip
    areas = [tuple(codes) if isinstance(codes, (list, tuple)) else () for codes in found["area_codes"]]
    return found.drop(columns="area_codes").assign(areas=pd.Series(areas, index=found.index, dtype=object))
