"""今日要去: the places to go on a day, made from the duties, with a point to go to where one is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np
import pandas as pd

from data_access.areas import areas
from data_access.database import Database
from data_access.obligations import obligations
from rules.obligations import NO_JOURNEY
from rules.request import Filters, Scope
from rules.worklist_order import COLUMNS, GROUPS, worklist_of

__all__ = ["COLUMNS", "GROUPS", "counts", "worklist"]


def worklist(
    database: Database, filters: Filters, scope: Scope, owner: str | None = None, kinds: Collection[str] | None = None, *,
    horizon_days: int = 1, now: dt.datetime | None = None, reference: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """What must be seen on the day asked about: late, never seen, or due within the horizon.

    Order and rows as in ``rules.worklist_order.worklist_of``. ``filters.category`` and
    ``filters.premises`` narrow, ``filters.area`` too; the period does not matter.

    Args:
        owner: code of the team, neighbourhood or agency that owes; None is everybody.
        kinds: groups (``GROUPS``) wanted; None is all.
        horizon_days: 1 is today and tomorrow.
        now: the instant, for the hours that a complaint has left; None leaves them empty.
        reference: whether what nobody adopted yet (参考) is listed after what binds.

    Returns:
        ``COLUMNS``, placed and priority: placed is ``point`` where lon and lat are the place's own,
        ``grid`` where they are its grid's label point (grids, places without a point, scopes without
        exact points), empty where nothing is known; priority whether its grid or neighbourhood is
        marked (重点村居). Ranks count from 1 within what was asked for. Nothing: no rows.

    Raises:
        ValueError: a kind that is no group.
    """
    if kinds is not None and (unknown := set(kinds) - set(GROUPS)):
        raise ValueError(f"kinds: expected some of {', '.join(GROUPS)}, found {', '.join(sorted(unknown))}")
    duties = obligations(database, filters, scope)
    duties = duties[~duties["reason"].isin(NO_JOURNEY)]
    if owner is not None:
        duties = duties[duties["owner_code"] == owner]
    if kinds is not None:
        duties = duties[duties["target_kind"].isin(list(kinds))]
    found = worklist_of(duties, filters.as_of, horizon_days=horizon_days, now=now, reference=reference)
    return _with_points(found, database, filters, scope)


def counts(found: pd.DataFrame) -> dict[str, int]:
    """How many places of each group a worklist holds, zeros left out, in the order of ``GROUPS``."""
    numbers = found["group"].value_counts()
    return {group: int(numbers[group]) for group in GROUPS if group in numbers}


def _with_points(found: pd.DataFrame, database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    every = areas(database, scope, filters.as_of, known_at=filters.known_at)
    grids = every[every["level"] == "grid"].set_index("code")
    marked = every.loc[every["priority"].fillna(False).astype("bool"), "code"]
    label = grids[["label_lon", "label_lat"]].reindex(found["grid_code"].to_numpy(object))
    own = found["lon"].notna().to_numpy() & found["lat"].notna().to_numpy() & (found["target_kind"] != "grid").to_numpy()
    lon = np.where(own, found["lon"], label["label_lon"].to_numpy("float64"))
    lat = np.where(own, found["lat"], label["label_lat"].to_numpy("float64"))
    placed = np.select([own, ~np.isnan(lon) & ~np.isnan(lat)], ["point", "grid"], default="")
    priority = found["grid_code"].isin(marked) | found["neighbourhood_code"].isin(marked)
    return found.assign(lon=lon, lat=lat, placed=pd.Series(placed.astype(object), index=found.index, dtype="str"), priority=priority)
