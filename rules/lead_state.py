"""What was known of a lead on a day: its result, its notice to the street, its feedback."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

CHINA = ZoneInfo("Asia/Shanghai")
COMPLAINTS = ("hotline_12345", "hotline_12320", "letter", "reward")
"""Sources that are complaints from the public (投诉举报, K26 and K27)."""


def lead_state(leads: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The leads received up to a day, as they stood on that day.

    A result counts from the day of the check; without that day it counts as written. Days of the
    row that lie after ``as_of`` are empty.

    Args:
        leads: day, result, due_on, contacted_on, checked_on, street_notified_on, feedback_on
            (datetimes) and any further columns.
        as_of: the day asked about.

    Returns:
        The rows with ``day <= as_of``; a first contact (contact_at, contact_how, contact_result) that was made later is empty; result is confirmed, unfounded or pending; with the bools
        confirmed, checked, notified, answered added.
    """
    day = pd.Timestamp(as_of)
    found = leads[leads["day"] <= day].copy()
    result = found["result"].to_numpy(object)
    result = np.where(pd.isna(result) | (found["checked_on"] > day).to_numpy(bool), "pending", result)
    found["result"] = pd.array(result.astype(object), dtype="str")
    for name in ("contacted_on", "checked_on", "street_notified_on", "feedback_on"):
        ahead = found[name] > day
        if ahead.any():
            found[name] = found[name].mask(ahead)
    if "contact_at" in found:
        made = found["contact_at"] >= pd.Timestamp(as_of + dt.timedelta(days=1), tz=CHINA)
        for name in ("contact_at", "contact_how", "contact_result") if made.any() else ():
            found[name] = found[name].mask(made)
    found["confirmed"] = result == "confirmed"
    found["checked"] = (result == "confirmed") | (result == "unfounded")
    found["notified"] = found["street_notified_on"].notna()
    found["answered"] = found["feedback_on"].notna()
    return found
