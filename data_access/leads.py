"""The leads (线索) received in a period, as they stood on a day, and their rates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.database import Database
from data_access.narrowing import asked_agencies, last_day
from data_access.registers import kept_narrowed, narrowed_register
from data_access.schema import lead
from rules.event_line import days_of
from rules.lead_state import lead_state
from rules.request import Filters, Scope

OWN = (
    "id", "row_id", "number", "day", "at", "source", "category", "premises", "street_code", "neighbourhood_code",
    "grid_code", "lon", "lat", "located", "site_id", "subject_id", "agency_code", "due_on", "contacted_on",
    "contact_at", "contact_how", "contact_result",
    "checked_on", "result", "street_notified_on", "feedback_on", "summary",
)  # fmt: skip
GROUPS = {"source": "source", "category": "category", "premises": "premises", "street": "street_code"}


def leads(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The leads received in the period, as they stood on the day asked about, newest first.

    ``filters.agency`` and ``filters.system`` narrow to the agency in charge (承办部门).

    Returns:
        The columns of ``OWN`` with result confirmed, unfounded or pending and the bools confirmed,
        checked, notified, answered (``rules.lead_state``); days after the day asked about are
        empty; summary masked by scope. None: no rows.
    """
    agencies = asked_agencies(database, filters, scope)

    def newest_first() -> pd.DataFrame:
        return narrowed_register(database, filters, scope, lead, OWN).sort_values(["day", "number"], ascending=[False, True], ignore_index=True)

    rows = kept_narrowed(database, filters, scope, ("leads, newest first",), newest_first)
    day = days_of(rows["day"])
    received = (day >= np.datetime64(filters.start, "D")) & (day <= np.datetime64(last_day(filters), "D"))
    rows = rows.take(np.flatnonzero(received if agencies is None else received & rows["agency_code"].isin(agencies).to_numpy(bool)))
    return lead_state(rows.reset_index(drop=True), filters.as_of)


def leads_by(database: Database, filters: Filters, scope: Scope, by: str = "source") -> pd.DataFrame:
    """Leads of the period and their three rates, by source, category, premises or street.

    Returns:
        frame[code, leads, notified_n, notified_N, confirmed_n, confirmed_N, feedback_n, feedback_N],
        most leads first: 通报街镇率 and 反馈率 are of all leads received, 查实率 of those checked. A
        lead that names no category, premises or street has the code ``""``.

    Raises:
        ValueError: ``by`` is none of the four.
    """
    if by not in GROUPS:
        raise ValueError(f"leads by: expected one of {', '.join(GROUPS)}, found {by!r}")
    return rates_by(leads(database, filters, scope), GROUPS[by])


def rates_by(found: pd.DataFrame, column: str) -> pd.DataFrame:
    """``leads_by`` of an answer of ``leads`` that is already there, by one of its columns."""
    measures = pd.DataFrame(
        {
            "leads": 1,
            "notified_n": found["notified"], "notified_N": 1,
            "confirmed_n": found["confirmed"], "confirmed_N": found["checked"],
            "feedback_n": found["answered"], "feedback_N": 1,
        },
        index=found.index,
    ).astype("int64")  # fmt: skip
    counted = measures.groupby(found[column].fillna("").to_numpy()).sum().rename_axis("code").reset_index()
    counted["code"] = counted["code"].astype("str")
    return counted.sort_values(["leads", "code"], ascending=[False, True], ignore_index=True)
