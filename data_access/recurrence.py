"""Recurrence and displacement: closed sites that come back, events that follow near by, persons who move on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sqlalchemy import select

from data_access.case_state import case_rows, case_states
from data_access.database import Database
from data_access.events import KINDS, events
from data_access.narrowing import last_day
from data_access.registers import narrowed_register, register
from data_access.schema import lead, patrol_visit, site, site_event, subject
from data_access.scope import known, within
from rules.near_repeat import knox
from rules.request import Filters, Scope
from rules.time_to_return import Returned, time_to_return

CLOSED_MONTHS = 24
"""Closures so many months before the day are followed: before, the district was another one."""

NEAR_M = (200.0, 500.0, 1000.0)
SOON_DAYS = (14, 30)
"""Bands of near-repeats: metres and days."""

NEAR_COLUMNS = ("distance_from_m", "distance_m", "days_from", "days", "observed", "expected", "ratio", "p")
MOVED_COLUMNS = ("from_street", "to_street", "by", "count")


@dataclass(frozen=True)
class Recurrence:
    """What came back, and where.

    Attributes:
        returned: time from closure to the next sign of life.
        since: first day of the closures that are followed.
        near_repeat: frame of ``NEAR_COLUMNS``: pairs of events of the period in each band.
        located: events of the period that have a point.
        displaced: frame of ``MOVED_COLUMNS``: people met in one street and then in another.
    """

    returned: Returned
    since: dt.date
    near_repeat: pd.DataFrame
    located: int
    displaced: pd.DataFrame


def recurrence(
    database: Database, filters: Filters, scope: Scope, *, kinds: tuple[str, ...] = KINDS, permutations: int = 999, seed: int = 0
) -> Recurrence:
    """Recurrence as of the day asked about; near-repeats are of the period.

    Args:
        kinds: which events may follow each other (``data_access.events.KINDS``).
        permutations, seed: of Knox's test.
    """
    since = (pd.Timestamp(filters.as_of) - pd.DateOffset(months=CLOSED_MONTHS)).date()
    spells = closures(database, filters, scope, since)
    located, near = near_repeats(database, filters, scope, kinds, permutations, seed)
    returned = time_to_return(spells["watched_days"], spells["returned"], possible_days=spells["possible_days"])
    return Recurrence(returned, since, near, located, displaced(database, filters, scope))


def closures(database: Database, filters: Filters, scope: Scope, since: dt.date) -> pd.DataFrame:
    """Every 取缔 since a day, and how long it lasted.

    A sign of life is a lead about the site that was not found untrue, a visit that found it
    practising, a relapse, a new finding, closure or case; it lies after the day of the closure. Without one
    the closure is watched until the day asked about, or until the site was cleared.

    Returns:
        frame[site_id, street_code, closed_on, sign_on (NaT without), watched_days (int64), possible_days
        (int64; as if there had been no sign), returned], by day and site.
    """
    day = pd.Timestamp(filters.as_of)
    places = narrowed_register(database, filters, scope, site, ("id", "street_code", "neighbourhood_code", "grid_code", "category", "premises"))
    street = places.drop_duplicates("id").set_index("id")["street_code"]
    steps = register(database, filters, scope, site_event, ("site_id", "day", "event"))
    steps = steps[(steps["day"] <= day) & steps["site_id"].isin(street.index)]
    shut = steps[(steps["event"] == "closed") & (steps["day"] >= pd.Timestamp(since))].drop_duplicates(["site_id", "day"])
    shut = shut.sort_values(["day", "site_id"], ignore_index=True)[["site_id", "day"]]
    signs = pd.concat(
        [steps.loc[steps["event"].isin(["found", "relapsed", "closed"]), ["site_id", "day"]], _signs(database, filters, scope)], ignore_index=True
    )
    sign = _next_after(shut, signs)
    cleared = _next_after(shut, steps.loc[steps["event"] == "cleared", ["site_id", "day"]])
    end = cleared.fillna(day)
    returned = sign.notna() & (sign <= end)
    possible, watched = ((until - shut["day"]).dt.days.astype("int64") for until in (end, sign.where(returned, end)))
    return pd.DataFrame({
        "site_id": shut["site_id"], "street_code": shut["site_id"].map(street), "closed_on": shut["day"],
        "sign_on": sign.where(returned), "watched_days": watched, "possible_days": possible, "returned": returned,
    })  # fmt: skip


def _signs(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """site_id and day of leads, confirmed findings and new cases about sites."""
    rows = register(database, filters, scope, lead, ("site_id", "day", "result", "checked_on"))
    untrue = (rows["result"] == "unfounded") & ~(rows["checked_on"] > pd.Timestamp(filters.as_of))
    told = rows.loc[rows["site_id"].notna() & ~untrue, ["site_id", "day"]]
    v = patrol_visit
    found = database.frame(
        select(v.c.target_id.label("site_id"), v.c.day).where(
            known(v, filters.known_at), within(v, scope, known_at=filters.known_at), v.c.day <= filters.as_of,
            v.c.target_kind == "site", v.c.finding == "confirmed", v.c.target_id.is_not(None),
        )
    )  # fmt: skip
    filed = case_states(database, filters, scope, filters.as_of)["filed_on"]
    cases = case_rows(database, filters, scope)
    cases = cases.assign(day=filed.reindex(cases["id"]).to_numpy()).dropna(subset=["site_id", "day"])[["site_id", "day"]]
    every = pd.concat([told, found, cases], ignore_index=True)
    return every[every["day"] <= pd.Timestamp(filters.as_of)]


def _next_after(shut: pd.DataFrame, signs: pd.DataFrame) -> pd.Series:
    """The first day of a sign at each closed site that is later than its closure."""
    if shut.empty or signs.empty:
        return pd.Series(pd.NaT, index=shut.index, dtype="datetime64[s]")
    following = signs.drop_duplicates().sort_values("day").rename(columns={"day": "sign"}).assign(at=lambda rows: rows["sign"])
    asked = shut.assign(own=shut.index).sort_values("day")
    found = pd.merge_asof(asked, following, left_on="day", right_on="at", by="site_id", direction="forward", allow_exact_matches=False)
    return found.set_index("own")["sign"].reindex(shut.index).astype("datetime64[s]")


def near_repeats(
    database: Database, filters: Filters, scope: Scope, kinds: tuple[str, ...] = KINDS, permutations: int = 999, seed: int = 0
) -> tuple[int, pd.DataFrame]:
    """Knox's test over the events of the period that have a point, whoever may see the points.

    Returns:
        How many have one, and ``NEAR_COLUMNS``, a row a band.
    """
    exact = replace(scope, exact_points=True)
    found = events(database, filters, exact, kinds)
    found = found[found["lon"].notna() & found["lat"].notna()]
    north = found["lat"].to_numpy() * 110_574.0
    east = found["lon"].to_numpy() * 111_320.0 * np.cos(np.radians(found["lat"].mean() if len(found) else 0.0))
    made = knox(east, north, found["day"].to_numpy("datetime64[D]"), NEAR_M, SOON_DAYS, permutations, seed)
    made = made.rename(columns={"distance_to_m": "distance_m", "days_to": "days"})
    return len(found), made[list(NEAR_COLUMNS)]


def displaced(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """People met in one street and later in another: the same person, or another one with the same telephone.

    A person is met where a lead, a case or a site of theirs lies, on its day. Telephones and identity
    numbers are compared by their keyed hashes; nothing but counts leaves the question. A scope of areas
    is told of moves from or into them.

    Returns:
        ``MOVED_COLUMNS``, the most first: street codes; by is ``person`` or ``phone``; count in 人.
    """
    wide = replace(scope, areas=(), agencies=(), personal=True) if not scope.agencies else replace(scope, areas=(), personal=True)
    met = _met(database, filters, wide)
    people = register(database, filters, wide, subject, ("id", "identity_hash", "phone_hash")).drop_duplicates("id")
    parts = []
    same_person = _group(people, ["identity_hash"])
    for by, group in (("person", same_person), ("phone", _group(people, ["identity_hash", "phone_hash"]))):
        moves = _moves(met.assign(group=met["subject_id"].map(group), who=met["subject_id"].map(same_person)))
        moves["by"] = by
        parts.append(moves)
    # A move that the person alone explains is not one of the telephone.
    alone = parts[1][~parts[1]["same"]]
    found = pd.concat([parts[0], alone], ignore_index=True)
    if scope.areas:
        found = found[found["from_street"].isin(scope.areas) | found["to_street"].isin(scope.areas)]
    counted = found.groupby(["from_street", "to_street", "by"])["group"].nunique().rename("count").reset_index()
    return counted.sort_values(["count", "from_street", "to_street", "by"], ascending=[False, True, True, True], ignore_index=True)[list(MOVED_COLUMNS)]


def _met(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """subject_id, street_code and day of every encounter up to the day asked about."""
    until = pd.Timestamp(last_day(filters))
    leads = register(database, filters, scope, lead, ("subject_id", "street_code", "day"))
    cases = case_rows(database, filters, scope)
    filed = case_states(database, filters, scope, filters.as_of)["filed_on"]
    sites = register(database, filters, scope, site, ("subject_id", "street_code", "first_seen")).rename(columns={"first_seen": "day"})
    rows = pd.concat([leads, cases.assign(day=filed.reindex(cases["id"]).to_numpy())[["subject_id", "street_code", "day"]], sites], ignore_index=True)
    return rows[(rows["day"] <= until) & rows["subject_id"].notna() & rows["street_code"].notna()].reset_index(drop=True)


def _group(people: pd.DataFrame, hashes: list[str]) -> pd.Series:
    """A number for each subject id; those that share a hash have the same."""
    one, other = [], []
    for name in hashes:
        known_ = people[name].dropna()
        first = known_.drop_duplicates().reset_index().set_index(name)["index"]
        one.append(people.index.get_indexer(known_.index))
        other.append(people.index.get_indexer(pd.Index(known_.map(first))))
    size = len(people)
    row, column = np.concatenate(one), np.concatenate(other)
    label = connected_components(coo_array((np.ones(len(row)), (row, column)), shape=(size, size)), directed=False)[1] if size else np.empty(0, "int64")
    return pd.Series(label, index=pd.Index(people["id"]))


def _moves(met: pd.DataFrame) -> pd.DataFrame:
    """One row a group and pair of streets: first met in the one, first met in the other later."""
    first = met.sort_values("day", kind="stable").drop_duplicates(["group", "street_code"])
    pairs = first.merge(first, on="group", suffixes=("", "_to"))
    later = pairs[(pairs["day"] < pairs["day_to"]) & (pairs["street_code"] != pairs["street_code_to"])]
    moves = later.rename(columns={"street_code": "from_street", "street_code_to": "to_street"})
    return moves.assign(same=moves["who"] == moves["who_to"])[["group", "from_street", "to_street", "same"]]
