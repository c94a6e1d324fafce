"""应移送公安: who must be handed over, on what ground, since when, and who is one step away."""

from __future__ import annotations

import pandas as pd

from data_access.database import Database
from data_access.police_transfer import ORDER, last_agency, police_transfers
from rules.request import Filters, Scope

COLUMNS = (
    "subject_id", "number", "name", "penalties", "last_penalty_on", "again_on", "age_days", "street_code", "grid_code", "agency_code",
    "state", "reason", "ground", "rule_id", "article",
)  # fmt: skip


def transfer_tracker(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Persons who must be transferred, of whom something must be settled first, or who are watched.

    Returns:
        ``COLUMNS``, in the order of ``data_access.police_transfer``, the oldest first among those who
        must be transferred: age_days (Int64) since the day that binds (again_on), or since the
        last penalty of a watched person; agency_code of the last penalty, which owes the transfer;
        name masked by scope. Transferred ones are done and left out. None: no rows.
    """
    found = police_transfers(database, filters, scope)
    found = found[found["state"] != "transferred"].copy()
    since = found["again_on"].fillna(found["last_penalty_on"])
    found["age_days"] = (pd.Timestamp(filters.as_of) - since).dt.days.astype("Int64")
    found["agency_code"] = found["subject_id"].map(last_agency(database, filters, scope)).astype("str")
    order = found["state"].map(ORDER)
    ranked = found.assign(order=order).sort_values(["order", "age_days", "number"], ascending=[True, False, True], kind="stable")
    return ranked[list(COLUMNS)].reset_index(drop=True)
