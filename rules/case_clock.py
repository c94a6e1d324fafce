"""The stage of a case on a day and the days left of its term, from what happened up to that day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.cycles import CASE_LIMIT_DAYS

STATES = ("open", "decided", "transferred", "closed", "withdrawn")

ORDER = {
    "filed": 0, "investigating": 1, "suspended": 2, "resumed": 3, "extended": 4, "notified": 5,
    "decided": 6, "executed": 7, "transferred": 8, "withdrawn": 9, "closed": 10,
}  # fmt: skip
"""The order of events of one day."""

_STATE = {
    "filed": "open", "investigating": "open", "notified": "open", "resumed": "open",
    "decided": "decided", "executed": "decided", "transferred": "transferred",
    "withdrawn": "withdrawn", "closed": "closed",
}  # fmt: skip
_CLOCK = ("extended", "suspended", "resumed")
_COLUMNS = ("filed", "decided", "transferred", "withdrawn", "closed")


def case_events(events: pd.DataFrame, penalties: pd.DataFrame) -> pd.DataFrame:
    """The events in order, with a decision added for a penalised case that has none on record.

    Args:
        events: case_id, day, event, until (datetimes).
        penalties: case_id, day; rows without a case are left out.

    Returns:
        frame[case_id, day, event, until], by case, day and order within the day.
    """
    decided = set(events.loc[events["event"] == "decided", "case_id"])
    alone = penalties[penalties["case_id"].notna() & ~penalties["case_id"].isin(decided)]
    first = alone.groupby("case_id", as_index=False)["day"].min().assign(event="decided")
    parts = [events[["case_id", "day", "event", "until"]], first]
    every = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    every = every.assign(_rank=every["event"].map(ORDER))
    return every.sort_values(["case_id", "day", "_rank", "until"], kind="stable").drop(columns="_rank").reset_index(drop=True)


def case_clock(cases: pd.DataFrame, events: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """What each case is on a day, and how long its term still runs.

    The term is 90 calendar days from the filing day (行政处罚法 第六十条), or ``limit_days``; an
    extension sets a new last day; days between 中止 and 恢复 are added (while suspended the days
    left stand still). The term of a case that is no longer open is not counted down; a transferred
    one has the clock of its feedback instead.

    Args:
        cases: id, limit_days (missing takes 90).
        events: the answer of ``case_events``; later days than ``as_of`` are not looked at.
        as_of: the day asked about.

    Returns:
        One row a case that exists on that day, indexed by id: stage (code of the last step, empty
        where none is on record), state (``STATES``), filed_on, decided_on, transferred_on,
        withdrawn_on, closed_on, due_on (NaT without a filing day), days_left (Int64, only while
        open; negative when late), suspended.
    """
    day = pd.Timestamp(as_of)
    ids = pd.Index(cases["id"], name="id")
    past = events[(events["day"] <= day) & events["case_id"].isin(ids)]
    steps = past[past["event"].isin(list(_STATE))]
    back = (steps["event"] == "resumed") & (
        ~steps.groupby("case_id")["event"].shift().isin(["transferred", "withdrawn"])
    )
    last = steps[~back].drop_duplicates("case_id", keep="last").set_index("case_id")["event"]
    firsts = past.drop_duplicates(["case_id", "event"]).pivot(index="case_id", columns="event", values="day")
    firsts = firsts.reindex(index=ids, columns=list(_COLUMNS)).astype("datetime64[s]")
    stage = last.reindex(ids)
    found = pd.DataFrame(
        {
            "stage": stage.replace("resumed", "investigating").astype("str").fillna(""),
            "state": stage.map(_STATE).astype("str").fillna("open"),
            **{f"{name}_on": firsts[name] for name in _COLUMNS},
        },
        index=ids,
    )
    limit = pd.Series(cases["limit_days"].to_numpy(), index=ids).astype("Float64").fillna(CASE_LIMIT_DAYS)
    found["due_on"] = (found["filed_on"] + pd.to_timedelta(limit.astype("int64"), unit="D")).astype("datetime64[s]")
    found["suspended"] = False
    ended = found[["decided_on", "transferred_on", "withdrawn_on", "closed_on"]].min(axis=1)
    until = ended.where(found["state"] != "open").fillna(day)
    for case, moved in past[past["event"].isin(_CLOCK)].groupby("case_id"):
        due, suspended = _moved(found.at[case, "due_on"], moved, until[case])
        found.loc[case, ["due_on", "suspended"]] = [due, suspended]
    found["suspended"] = found["suspended"].astype(bool) & (found["state"] == "open")
    left = (found["due_on"] - day).dt.days.astype("Float64").astype("Int64")
    found["days_left"] = left.where(found["state"] == "open")
    undated = ~ids.isin(events["case_id"])
    return found[undated | ids.isin(past["case_id"])]


def decided_on_time(found: pd.DataFrame) -> pd.Series:
    """Whether a case was decided, withdrawn or closed by its due day; missing without a due day."""
    ended = found[["decided_on", "withdrawn_on", "closed_on"]].min(axis=1)
    kept = pd.Series(np.where(ended.notna(), ended <= found["due_on"], False), index=found.index, dtype="boolean")
    return kept.mask(found["due_on"].isna())


def _moved(due: pd.Timestamp, events: pd.DataFrame, until: pd.Timestamp) -> tuple[pd.Timestamp, bool]:
    stopped = None
    for event in events.itertuples():
        if event.day > until:
            break
        if event.event == "extended" and not pd.isna(event.until):
            due = event.until
        elif event.event == "suspended" and stopped is None:
            stopped = event.day
        elif event.event == "resumed" and stopped is not None:
            due, stopped = due + (event.day - stopped), None
    if stopped is not None and until > stopped:
        due = due + (until - stopped)
    return due, stopped is not None
