"""名单清查: the historic list person by person, and its funnel by street."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.areas import areas
from data_access.database import Database
from data_access.narrowing import inside
from data_access.registers import narrowed_register, register, shared
from data_access.schema import list_check, subject
from rules.event_line import days_of
from rules.list_stage import STAGES, funnel, list_stages
from rules.ratio import ratio
from rules.request import Filters, Scope

PERSON = ("id", "row_id", "number", "name", "street_code", "neighbourhood_code", "grid_code", "category", "listed_on")
CHECK = (
    "subject_id", "listed_on", "system_checked_on", "field_checked_on", "still_active", "graded_on", "grade", "control_measure",
    "control_on", "joint_action_on", "due_on",
)  # fmt: skip
_CHECKED = ("system_checked_on", "field_checked_on", "graded_on", "control_on", "joint_action_on")


def listed_checks(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Everybody on the list on the day asked about, and what has been done about each.

    Of several checks of one person the one with the latest day up to then counts. Days that lie
    later are not shown.

    Returns:
        ``PERSON`` and ``CHECK`` columns (name masked by scope) and those of ``rules.list_stage``, by
        number. Nobody: no rows.
    """
    return shared(database, filters, scope, "listed checks", lambda: _listed_checks(database, filters, scope))


def list_funnel(database: Database, filters: Filters, scope: Scope, by: str = "street") -> pd.DataFrame:
    """The funnel of the list: listed, checked in systems and in the field, active, graded, controlled, acted on.

    Args:
        by: ``street`` or ``district`` (everything asked about, as one; its code is empty).

    Returns:
        frame[code, stage, n, N, share, pending, overdue, next_due], see ``rules.list_stage.funnel``;
        share 0..1, NaN where N is 0. By street: every street of the scope, zeros included, by code.
    """
    if by not in {"street", "district"}:
        raise ValueError(f"by: expected street or district, found {by!r}")
    found = funnel(listed_checks(database, filters, scope), "street_code" if by == "street" else None)
    if by == "street":
        streets = inside(areas(database, scope, filters.as_of, "street", known_at=filters.known_at), filters, scope)["code"]
        every = pd.MultiIndex.from_product([sorted(set(streets) | set(found["code"])), list(STAGES)], names=["code", "stage"])
        found = found.set_index(["code", "stage"]).reindex(every).reset_index()
        counts = ["n", "N", "pending", "overdue"]
        found[counts] = found[counts].fillna(0).astype("int64")
    return found.assign(share=ratio(found["n"], found["N"]))


def _listed_checks(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    day = pd.Timestamp(filters.as_of)
    people = narrowed_register(database, filters, scope, subject, PERSON)
    checks = register(database, filters, scope, list_check, CHECK)
    checks["grade"] = checks["grade"].mask(checks["graded_on"] > day)
    checks["control_measure"] = checks["control_measure"].mask(checks["control_on"] > day)
    for name in _CHECKED:
        checks[name] = checks[name].mask(checks[name] > day)
    done = np.stack([days_of(checks[name]) for name in _CHECKED]) if len(checks) else np.empty((len(_CHECKED), 0), dtype="datetime64[D]")
    first = np.datetime64("0001-01-01", "D")
    latest = np.where(np.isnat(done), first, done).max(axis=0) if len(checks) else np.empty(0, dtype="datetime64[D]")
    newest = checks.take(np.argsort(latest, kind="stable")).drop_duplicates("subject_id", keep="last")
    found = people.merge(newest, left_on="id", right_on="subject_id", how="left", suffixes=("", "_check"))
    found["listed_on"] = found["listed_on"].fillna(found["listed_on_check"])
    on_it = (found["listed_on"] <= day) | (found["listed_on"].isna() & found["subject_id"].notna())
    staged = list_stages(found[on_it].drop(columns=["listed_on_check", "subject_id"]).reset_index(drop=True), filters.as_of)
    return staged.sort_values(["number", "id"], ignore_index=True)
