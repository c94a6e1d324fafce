"""The joint meetings (联席会议) of a period and the decisions (议定事项) that are being followed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import and_, or_, select

from data_access import placed
from data_access.database import Database
from data_access.meetings_seen import seen
from data_access.narrowing import asked_agencies, in_period, last_day, rows_of
from data_access.registers import kept_narrowed
from data_access.schema import decision, meeting
from data_access.scope import known
from rules.event_line import days_of
from rules.request import Filters, Scope

MEETING_COLUMNS = (
    "id", "number", "day", "level", "name", "convener", "street_code", "members", "invited", "present",
    "minutes_number", "decisions", "row_id",
)  # fmt: skip
DECISION_COLUMNS = (
    "id", "number", "meeting_id", "text", "day", "agency_code", "support_agencies", "due_on", "state", "feedback_on",
    "feedback", "closed_on", "days_left", "carried_over", "street_code", "neighbourhood_code", "grid_code", "lon", "lat",
    "located", "row_id",
)  # fmt: skip


def meetings(database: Database, filters: Filters, scope: Scope, *, called: bool = False) -> pd.DataFrame:
    """The meetings of the period, newest first; of agencies asked about, those they convened or came to.

    Args:
        called: also the district's meetings that called a unit of the scope's streets, to look at, not to count.

    Returns:
        ``MEETING_COLUMNS``: members, invited and present are lists of agency codes, decisions the
        number of decisions made there.
    """
    t, d = meeting, decision
    own = [name for name in MEETING_COLUMNS if name != "decisions"]
    clause = rows_of(t, filters, scope)
    if called:
        with database.read() as connection:
            clause = or_(clause, and_(known(t, filters.known_at), seen(connection, scope)))
    found = database.frame(select(*(t.c[name] for name in own)).where(in_period(t.c.day, filters), clause))
    agencies = asked_agencies(database, filters, scope)
    if agencies is not None:
        codes = set(agencies)
        came = [bool(codes.intersection([one, *(many or ())])) for one, many in zip(found["convener"], found["present"], strict=True)]
        found = found[np.array(came, dtype=bool)]
    made = database.frame(
        select(d.c.meeting_id).where(
            d.c.district_code == scope.district, known(d, filters.known_at), d.c.day <= filters.as_of, d.c.meeting_id.is_not(None)
        )
    )["meeting_id"].value_counts()  # fmt: skip
    found["decisions"] = found["id"].map(made).fillna(0).astype("int64")
    return found.sort_values(["day", "number"], ascending=[False, True], ignore_index=True)[list(MEETING_COLUMNS)]


def decisions(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Decisions made in the period, and earlier ones that were still open when it began.

    Agencies asked about: those they own or support.

    Returns:
        ``DECISION_COLUMNS``, carried-over ones first, then by due day: state as it was on the day
        asked about (``vocabulary.DECISION_STATE``), days later than that day empty, days_left
        (Int64) only while open.
    """
    t = decision
    own = [name for name in DECISION_COLUMNS if name not in {"days_left", "carried_over"}]
    day = pd.Timestamp(filters.as_of)
    # Every decision, by due day and number: that is also the order of those shown.
    every = kept_narrowed(
        database, filters, scope, ("decisions by due day",),
        lambda: placed.seen(database, filters, scope, t, tuple(own)).sort_values(["due_on", "number"], ignore_index=True),
    )
    made, first = days_of(every["day"]), np.datetime64(filters.start, "D")
    ended = np.fmin(days_of(every["feedback_on"]), days_of(every["closed_on"]))
    undated = np.isnat(ended) & np.isin(every["state"].to_numpy("U"), ["answered", "done", "cancelled"])
    carried_over = (made < first) & (np.isnat(ended) | (ended >= first)) & ~undated
    wanted = (made <= np.datetime64(last_day(filters), "D")) & ((made >= first) | carried_over)
    agencies = asked_agencies(database, filters, scope)
    if agencies is not None:
        codes = set(agencies)
        wanted &= np.array([bool(codes.intersection([one, *(many or ())])) for one, many in zip(every["agency_code"], every["support_agencies"], strict=True)], dtype=bool)
    shown = np.concatenate([np.flatnonzero(wanted & carried_over), np.flatnonzero(wanted & ~carried_over)])
    found = every.take(shown).reset_index(drop=True)
    found["carried_over"], undated = carried_over[shown], pd.Series(undated[shown])
    found["feedback"] = found["feedback"].where(found["feedback_on"] <= day)
    for name in ("feedback_on", "closed_on"):
        found[name] = found[name].where(found[name] <= day)
    dated = np.select([found["closed_on"].notna(), found["feedback_on"].notna()], ["done", "answered"], default="open")
    found["state"] = found["state"].where(undated | (found["state"] == "cancelled"), pd.Series(dated, index=found.index, dtype="str"))
    left = (found["due_on"] - day).dt.days.astype("Int64")
    found["days_left"] = left.where(found["state"] == "open")
    return found[list(DECISION_COLUMNS)]
