"""二次处罚→移送公安: who must be handed over, since when, and who is one step away."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from data_access.database import Database
from data_access.police_transfer import police_transfers
from data_access.registers import register
from data_access.schema import case, penalty
from rules.request import Filters, Scope

COLUMNS = (
    "subject_id", "number", "name", "penalties", "last_penalty_on", "again_on", "age_days", "street_code", "grid_code", "agency_code",
    "state", "reason",
)  # fmt: skip


def transfer_tracker(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Persons who must be transferred, whose qualification must be checked first, or who are watched.

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
    found["agency_code"] = found["subject_id"].map(_last_agency(database, filters, scope)).astype("str")
    order = found["state"].map({"must_transfer": 0, "check_qualification": 1, "watch": 2})
    ranked = found.assign(order=order).sort_values(["order", "age_days", "number"], ascending=[True, False, True], kind="stable")
    return ranked[list(COLUMNS)].reset_index(drop=True)


def _last_agency(database: Database, filters: Filters, scope: Scope) -> pd.Series:
    """The agency of each person's last penalty up to the day."""
    wide = replace(scope, areas=(), agencies=())
    rows = register(database, filters, wide, penalty, ("subject_id", "case_id", "day", "agency_code"))
    of_case = register(database, filters, wide, case, ("id", "subject_id")).drop_duplicates("id").set_index("id")["subject_id"]
    rows["subject_id"] = rows["subject_id"].fillna(rows["case_id"].map(of_case))
    past = rows[(rows["day"] <= pd.Timestamp(filters.as_of)) & rows["subject_id"].notna()].sort_values("day", kind="stable")
    return past.drop_duplicates("subject_id", keep="last").set_index("subject_id")["agency_code"]
