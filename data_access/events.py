"""The events (DESIGN 12) that hot spots and comparisons count: one matter once, on its first day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sqlalchemy import select

from data_access.case_state import case_rows, case_states
from data_access.database import Database
from data_access.narrowing import last_day
from data_access.registers import narrowed, register, shared
from data_access.schema import case, lead, patrol_visit, site
from data_access.scope import known, within
from rules.language import N_
from rules.request import Filters, Scope

KINDS = ("lead", "finding", "case")
KIND_NAMES = {"lead": N_("投诉举报等线索"), "finding": N_("巡查有发现"), "case": N_("立案查处")}
"""What may count as an event; which of them do is asked each time and said on the card."""

CASE_KINDS = ("unlicensed", "criminal")
"""Cases that are about 无证行医; adverts, rentals and licensed institutions are other matters."""

SAME_MATTER_DAYS = 30
"""A finding or case at a site belongs to the newest lead about that site of so many days before,
where the register does not link it itself. This system's own choice."""

LOOK_BACK_DAYS = 366
"""Findings so long before the period are read, too, so that what follows them is not counted again."""

PLACE = ("street_code", "neighbourhood_code", "grid_code", "lon", "lat")
COLUMNS = ("id", "day", "leads", "findings", "cases", *PLACE, "category", "premises", "source", "site_id", "subject_id")


def events(
    database: Database, filters: Filters, scope: Scope, kinds: tuple[str, ...] = KINDS, *, case_kinds: tuple[str, ...] = CASE_KINDS
) -> pd.DataFrame:
    """The matters that began in the period, up to the day asked about, by day and id.

    A lead with its linked finding and case is one matter, on the first day of any of them; what is
    linked to nothing is a matter of its own. Linked are: a visit that verified the lead or led to
    it, a case filed on the lead, and findings and cases at the lead's site within
    ``SAME_MATTER_DAYS``. Two leads never are one matter: repeated complaints count each.
    ``filters.agency`` and ``filters.system`` do not narrow: a matter is a place's, not an agency's.

    Args:
        kinds: of ``KINDS``, those that count (and link); finding: a visit that found unlicensed practice.
        case_kinds: kinds of cases that count.

    Returns:
        ``COLUMNS``: id and source of its first row; leads, findings, cases are how many of each; the place is that of
        the first row that names a grid, else of the first; lon and lat missing where the scope sees
        no exact points. None: no rows.

    Raises:
        ValueError: an unknown kind.
    """
    if wrong := set(kinds) - set(KINDS):
        raise ValueError(f"kinds: expected some of {', '.join(KINDS)}, found {', '.join(sorted(wrong))}")
    asked = filters.with_(agency=None, system=None)
    name = f"events {sorted(kinds)} {sorted(case_kinds)}"
    return shared(database, asked, scope, name, lambda: _events(database, asked, scope, frozenset(kinds), case_kinds))


def _events(database: Database, filters: Filters, scope: Scope, kinds: frozenset[str], case_kinds: tuple[str, ...]) -> pd.DataFrame:
    exact = replace(scope, exact_points=True)
    rows = pd.concat(
        [
            _leads(database, filters, exact) if "lead" in kinds else _nothing(),
            _findings(database, filters, exact) if "finding" in kinds else _nothing(),
            _cases(database, filters, exact, case_kinds) if "case" in kinds else _nothing(),
        ],
        ignore_index=True,
    )
    order = rows["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    rows = rows.assign(order=order).sort_values(["day", "order", "id"], kind="stable", ignore_index=True)
    rows["matter"] = _matters(rows)
    made = _one_a_matter(rows)
    began = (made["day"] >= pd.Timestamp(filters.start)) & (made["day"] <= pd.Timestamp(last_day(filters)))
    made = narrowed(made[began], filters, scope)
    if not scope.exact_points:
        made[["lon", "lat"]] = np.nan
    return made.sort_values(["day", "id"], ignore_index=True)[list(COLUMNS)]


_ROW = ("kind", "id", "day", *PLACE, "category", "premises", "source", "site_id", "subject_id", "lead_id", "visit_id")


def _nothing() -> pd.DataFrame:
    texts = dict.fromkeys(_ROW, pd.Series([], dtype="str"))
    return pd.DataFrame(texts).astype({"day": "datetime64[s]", "lon": "float64", "lat": "float64"})


def _shaped(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    return rows.assign(kind=kind).reindex(columns=list(_ROW)).astype(_nothing().dtypes.to_dict())


def _leads(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    own = ("id", "day", *PLACE, "category", "premises", "source", "site_id", "subject_id", "visit_id")
    rows = register(database, filters, scope, lead, own)
    return _shaped(rows[rows["day"] <= pd.Timestamp(last_day(filters))], "lead")


def _findings(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    v, first = patrol_visit, filters.start - dt.timedelta(days=LOOK_BACK_DAYS)
    rows = database.frame(
        select(v.c.id, v.c.day, *(v.c[name] for name in PLACE), v.c.target_kind, v.c.target_id).where(
            known(v, filters.known_at), within(v, scope, known_at=filters.known_at),
            v.c.day.between(first, last_day(filters)), v.c.finding == "confirmed",
        )
    )  # fmt: skip
    for kind in ("site", "lead", "subject"):
        rows[f"{kind}_id"] = rows["target_id"].where(rows["target_kind"] == kind)
    places = register(database, filters, scope, site, ("id", "category", "premises")).drop_duplicates("id").set_index("id")
    for name in ("category", "premises"):
        rows[name] = rows["site_id"].map(places[name])
    return _shaped(rows, "finding")


def _cases(database: Database, filters: Filters, scope: Scope, case_kinds: tuple[str, ...]) -> pd.DataFrame:
    rows = case_rows(database, filters, scope)
    rows = rows[rows["kind"].isin(case_kinds)].drop(columns="kind")
    filed = case_states(database, filters, scope, filters.as_of)["filed_on"]
    rows = rows.assign(day=filed.reindex(rows["id"]).to_numpy(), lead_id=rows["id"].map(_lead_of_case(database, filters, scope)))
    return _shaped(rows[rows["day"] <= pd.Timestamp(last_day(filters))], "case")


def _lead_of_case(database: Database, filters: Filters, scope: Scope) -> pd.Series:
    return register(database, filters, scope, case, ("id", "lead_id")).drop_duplicates("id").set_index("id")["lead_id"]


def _matters(rows: pd.DataFrame) -> np.ndarray:
    """The number of the matter that each row belongs to; rows by day, leads first."""
    at = pd.Series(rows.index, index=rows["kind"] + ":" + rows["id"].astype("str"))
    at = at[~at.index.duplicated()]
    ends = []
    for column, kind in (("lead_id", "lead"), ("visit_id", "finding")):
        other = (kind + ":" + rows[column].dropna().astype("str")).map(at).dropna()
        ends.append((other.index.to_numpy("int64"), other.to_numpy("int64")))
    linked = np.unique(np.concatenate([one for one, _ in ends]))
    ends += [_at_the_site(rows, linked, follower, before) for follower, before in (("finding", ("lead",)), ("case", ("lead", "finding")))]
    one, other = (np.concatenate(part) for part in zip(*ends, strict=True))
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(len(rows), len(rows)))
    return connected_components(graph, directed=False)[1]


def _at_the_site(rows: pd.DataFrame, linked: np.ndarray, follower: str, before: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Each unlinked follower with the newest earlier row at its site, if that is near enough in time."""
    placed = rows[rows["site_id"].notna()]
    asking = placed[(placed["kind"] == follower) & ~placed.index.isin(linked)]
    asked = placed[placed["kind"].isin(before)]
    if asking.empty or asked.empty:
        return np.empty(0, dtype="int64"), np.empty(0, dtype="int64")
    found = pd.merge_asof(
        asking[["day", "site_id"]].assign(own=asking.index), asked[["day", "site_id"]].assign(other=asked.index),
        on="day", by="site_id", tolerance=pd.Timedelta(days=SAME_MATTER_DAYS),
    ).dropna(subset=["other"])  # fmt: skip
    return found["own"].to_numpy("int64"), found["other"].to_numpy("int64")


def _one_a_matter(rows: pd.DataFrame) -> pd.DataFrame:
    made = rows.drop_duplicates("matter").set_index("matter")[["id", "day"]]
    for kind in KINDS:
        made[f"{kind}s"] = (rows["kind"] == kind).groupby(rows["matter"]).sum().reindex(made.index).astype("int64")
    gridded = rows.assign(bare=rows["grid_code"].isna()).sort_values(["matter", "bare"], kind="stable")
    places = gridded.drop_duplicates("matter").set_index("matter")[list(PLACE)]
    about = rows.groupby("matter")[["category", "premises", "source", "site_id", "subject_id"]].first()
    return made.join(places).join(about).reset_index(drop=True)
