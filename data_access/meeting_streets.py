"""What the meeting is told about each street, about the district, and about each agency."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd

from data_access.agencies import agency_work
from data_access.areas import area_names, areas
from data_access.cases import open_cases
from data_access.comparison import compare_streets, first_record
from data_access.coverage import coverage, grid_states
from data_access.database import Database
from data_access.figures import figures, figures_by_street
from data_access.narrowing import inside
from data_access.organisations import agency_names
from data_access.plain import plain, plain_rows
from data_access.sites import sites
from rules.local_statistics import false_discovery_rate
from rules.request import Filters, Scope

COUNTS = ("grids", "ok", "due", "over", "never", "coverage", "key_n", "key_N", "visits")
COMPARED = ("events_before", "events_after", "exposure_before", "exposure_after", "ratio", "low", "high", "p", "verdict")
AGENCY_COUNTS = (
    "visits", "people", "joint_actions", "cases_handled", "transfers_in", "transfers_out", "feedback_n", "feedback_N", "on_time_n",
    "on_time_N", "overdue",
)  # fmt: skip
FALSE_SHARE = 0.10
"""Of the streets whose change stands, at most this share may be false alarms."""


def street_facts(
    database: Database, filters: Filters, scope: Scope, before: tuple[dt.date, dt.date], boundaries: str
) -> tuple[list[dict[str, object]], dict[str, object]]:
    """Each street of the scope by code, and the district in the same shape.

    A street that exists only by the boundaries of the earlier period has its comparison and nothing else.
    """
    compared = compare_streets(database, filters, scope, before, boundaries=boundaries)
    alone = compared["code"] != scope.district
    tested = compared["p"].where(alone)
    compared["stands"] = false_discovery_rate(tested, FALSE_SHARE) if tested.notna().any() else False
    compared["exposure"] = compared["exposure_after"]
    known = areas(database, scope, filters.as_of, known_at=filters.known_at)
    streets = inside(known[known["level"] == "street"], filters, scope).set_index("code")
    counted = _counted(database, filters, scope)
    rows = []
    for row in plain_rows(compared):
        code = row["code"]
        names = _names(streets.loc[code]) if code in streets.index else {"name": row["name"], "name_en": None, "short_name": None}
        rows.append({"code": code, **names, **counted.get(code, {}), **{name: row[name] for name in (*COMPARED, "exposure", "stands")}})
    of_district = known[known["level"] == "district"]
    named = _names(of_district.iloc[0]) if len(of_district) else {}
    district = next(row for row in rows if row["code"] == scope.district)
    return [row for row in rows if row["code"] != scope.district], {**district, **named}


def figure_facts(
    database: Database, filters: Filters, earlier: Filters, scope: Scope
) -> tuple[dict[str, dict[str, object]], dict[str, dict[str, object]]]:
    """The figures of the period and of the one before, the same keys in both: name, unit, value, n, N.

    A period that ended before the first record has the names alone: nothing was counted then.
    """
    now, then = figures(database, filters, scope), figures(database, earlier, scope)
    now |= figures(database, filters, scope, [key for key in then if key not in now])
    then |= figures(database, earlier, scope, [key for key in now if key not in then])
    parts = ({key: found[key] for key in now} for found in (now, then))
    first, second = ({key: plain({"name": one.name, "unit": one.unit, "value": one.value, "n": one.n, "N": one.N}) for key, one in part.items()} for part in parts)
    begins = first_record(database, scope)
    if begins is None or earlier.end < begins:
        second = {key: one | {"value": None, "n": None, "N": None} for key, one in second.items()}
    return first, second


def agency_facts(database: Database, filters: Filters, scope: Scope) -> list[dict[str, object]]:
    """Each agency with anything to show in the period, by code."""
    work = agency_work(database, filters, scope, by="agency")
    names = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")
    work["name_en"] = work["code"].map(names["name_en"])
    return plain_rows(work, ("code", "name", "name_en", "system", *AGENCY_COUNTS))


def _names(row: pd.Series) -> dict[str, object]:
    return {name: plain(row[name]) for name in ("name", "name_en", "short_name")}


def _counted(database: Database, filters: Filters, scope: Scope) -> dict[str, dict[str, object]]:
    """Coverage, penalties, cases, sites and overdue grids of each street and of the district by code."""
    made = {}
    for by in ("street", "district"):
        for row in plain_rows(coverage(database, filters, scope, by=by), ("code", *COUNTS)):
            made[row.pop("code")] = row
    penalties = figures_by_street(database, filters, scope, ["K15"]).set_index("street_code")["K15"]
    whole = figures(database, filters, scope, ["K15"])["K15"].value
    cases = open_cases(database, filters, scope)
    standing = sites(database, filters, scope)
    standing = standing[standing["status"] != "cleared"]
    grids = grid_states(database, filters, scope)
    late = grids[grids["state"].isin(["over", "never"])].sort_values(["state", "days", "code"], ascending=[True, False, True])
    for code, row in made.items():
        of_district = code == scope.district
        mine = [rows if of_district else rows[rows["street_code"] == code] for rows in (cases, standing, late)]
        row["penalties"] = plain(whole if of_district else penalties.get(code, 0))
        row["open_cases"], row["sites"] = len(mine[0]), len(mine[1])
        row["high_sites"] = int((mine[1]["risk"] == "high").sum())
        row["overdue_grids"] = plain_rows(mine[2], ("code", "days", "state"))
        row["coverage"] = None if row["coverage"] is None or math.isnan(row["coverage"]) else row["coverage"]
    return made


def short_names(database: Database, filters: Filters, scope: Scope) -> dict[str, str]:
    """The Chinese name of every area of the day by code."""
    return {code: names[0] for code, names in area_names(database, scope, filters.as_of, known_at=filters.known_at).items()}
