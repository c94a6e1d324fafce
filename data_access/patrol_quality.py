"""防走过场: the supervisor's private list of what to ask about, and the visits behind each entry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import select

from data_access.areas import areas, areas_kept
from data_access.database import Database
from data_access.narrowing import asked_agencies, by_agencies, last_day, rows_of
from data_access.organisations import agencies_of, agency_names
from data_access.registers import shared
from data_access.schema import patrol_visit
from data_access.scope import PLACE_COLUMNS
from data_access.versions import versions
from data_access.visit_columns import visit_columns
from rules.language import N_, Refusal
from rules.patrol_quality import COLUMNS, Candidates, candidates, to_ask_about
from rules.quarter import quarter_days, quarter_of
from rules.request import Filters, Scope

VISIT = (
    "id", "row_id", "number", "day", "at", "agency_code", "street_code", "neighbourhood_code", "grid_code", "target_kind", "target_id", "mode",
    "finding", "visits", "lon", "lat", "note", "off_m", "accuracy_m",
)  # fmt: skip


LOOKED_AT = (
    "id", "day", "at", "agency_code", "street_code", "neighbourhood_code", "grid_code", "target_id", "lon", "lat", "note", "off_m", "accuracy_m",
)  # fmt: skip
MOST_KEYS = 1_000


class ForSupervisorsOnly(Refusal):
    """The list is open to the district's office and to supervision agencies alone."""


def may_supervise(database: Database, filters: Filters, scope: Scope) -> bool:
    """Whether a scope is the whole district's, or every agency in it is of the supervision system (监察)."""
    if scope.is_whole_district:
        return True
    supervisors = set(agencies_of(database, scope, filters.as_of, "supervision"))
    return bool(scope.agencies) and set(scope.agencies) <= supervisors


def patrol_questions(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What to ask about in the visits of the period, the latest first (``rules.patrol_quality``).

    A supervision agency sees every agency's visits in the area that it works for, a street's own
    office those of its street, the district's all: supervising them is its work.

    Returns:
        ``rules.patrol_quality.COLUMNS`` and matter, a short key that stays with its evidence. None: no rows.

    Raises:
        ForSupervisorsOnly: anybody else asks.
    """
    wide = _widened(database, filters, scope)
    return shared(database, filters, wide, "patrol questions", lambda: _questions(database, filters, wide))


def patrol_evidence(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The visits behind the entries of ``patrol_questions``: one row an entry and visit, the entry's order.

    Returns:
        frame[matter, kind, measure, ``VISIT``]. None, or who asks may not supervise: no rows.
    """
    allowed = may_supervise(database, filters, scope)
    wide = _widened(database, filters, scope) if allowed else scope
    found = _questions(database, filters, wide) if allowed else _questions(database, filters, wide).head(0)
    spread = found[["matter", "kind", "measure", "ids"]].explode("ids").rename(columns={"ids": "id"})
    spread["id"] = spread["id"].astype("str")
    visits = _visits(database, wide, sorted(set(spread["id"])), filters)
    return spread.merge(visits[list(VISIT)], on="id", how="left").reset_index(drop=True)


def _widened(database: Database, filters: Filters, scope: Scope) -> Scope:
    if not may_supervise(database, filters, scope):
        raise ForSupervisorsOnly(N_("这份清单只供区打非办和监察部门查看。"))
    if not scope.agencies:
        return scope
    known = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")["area_code"].reindex(list(scope.agencies))
    own = tuple(sorted(set(known.dropna())))
    # An office without an area, or of the district, supervises everywhere.
    narrow = own if known.notna().all() and scope.district not in own else ()
    return replace(scope, agencies=(), areas=scope.areas or narrow)


def _questions(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    end = last_day(filters)
    if filters.category or filters.premises or visit_columns(database, filters, scope) is None:
        visits = database.frame(
            select(*(patrol_visit.c[name] for name in LOOKED_AT)).where(
                rows_of(patrol_visit, filters, scope), patrol_visit.c.day.between(quarter_days(quarter_of(filters.start))[0], end),
                *by_agencies(patrol_visit.c.agency_code, asked_agencies(database, filters, scope)),
            )
        )  # fmt: skip
        grids = areas(database, scope, filters.as_of, "grid", known_at=filters.known_at)
        found = to_ask_about(visits, _outlines(grids), filters.start, end)
    else:
        held = _held(database, filters, scope)
        found = held.candidates.between(filters.start, end, held.among(filters, scope, asked_agencies(database, filters, scope)))
    found["matter"] = pd.Series([_key(kind, ids) for kind, ids in zip(found["kind"], found["ids"], strict=True)], dtype="str", index=found.index)
    return found[["matter", *COLUMNS]]


@dataclass(frozen=True)
class _Held:
    """What may have to be asked about in all visits that a scope may see, and where each visit lies and who made it."""

    candidates: Candidates
    places: tuple[pd.Series, ...]

    def among(self, filters: Filters, scope: Scope, agencies: tuple[str, ...] | None) -> np.ndarray | None:
        """Which visits lie in the area and are of the agencies asked about; None is all."""
        mask = None
        if filters.area and filters.area != scope.district:
            mask = np.logical_or.reduce([(column == filters.area).to_numpy(bool) for column in self.places])
        if agencies is not None:
            own = self.candidates.visits["agency_code"].isin(agencies).to_numpy(bool)
            mask = own if mask is None else mask & own
        return mask


def _held(database: Database, filters: Filters, scope: Scope) -> _Held:
    """Kept by scope, instant, the version of the visits and the outlines of the day."""
    plain = filters.with_(area=None)

    def made(areas_: gpd.GeoDataFrame) -> _Held:
        visits = database.frame(select(*(patrol_visit.c[name] for name in LOOKED_AT)).where(rows_of(patrol_visit, plain, scope)))
        found = candidates(visits, _outlines(areas_[areas_["level"] == "grid"]))
        return _Held(found, tuple(visits[name] for name in PLACE_COLUMNS))

    name = ("visits to ask about", scope, versions(database, scope.district)["visit"])
    return areas_kept(database, scope, filters.as_of, name, made, known_at=filters.known_at)


def _outlines(grids: gpd.GeoDataFrame) -> dict[str, shapely.Geometry]:
    drawn = grids[grids.geometry.notna()]
    return dict(zip(drawn["code"], drawn.geometry, strict=True))


def _visits(database: Database, scope: Scope, ids: list[str], filters: Filters) -> pd.DataFrame:
    v, parts = patrol_visit, []
    for begin in range(0, max(len(ids), 1), MOST_KEYS):
        parts.append(database.frame(select(*(v.c[name] for name in VISIT)).where(
            rows_of(v, filters.with_(area=None, category=None, premises=None), scope), v.c.id.in_(ids[begin : begin + MOST_KEYS]))))  # fmt: skip
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _key(kind: str, ids: tuple[str, ...]) -> str:
    return f"{kind}-{hashlib.blake2b('|'.join(ids).encode(), digest_size=4).hexdigest()}"
