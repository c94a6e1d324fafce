"""What a penalty entails: who must be told, what must be looked at again, by when, and whether it was done."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.due_days import Calendar, due_after
from rules.event_line import NO_DAY, days_of
from rules.rulebook import Rule, Rulebook

COLUMNS = ("rule_id", "penalty_id", "opens_on", "due_on", "done_on", "state", "days_left", "adopted", "ours")
STATES = ("done", "late_done", "ok", "over", "open")


def after_penalty(
    penalties: pd.DataFrame, done: pd.DataFrame, book: Rulebook, as_of: dt.date, calendar: Calendar | None = None
) -> pd.DataFrame:
    """The duties that each penalty entails, as of a day.

    Args:
        penalties: id, day, street_code, rental (whether it was practised in rented premises).
        done: penalty_id, event (names of ``Rule.discharged_by``), day; what lies before the
            penalty's day, or after ``as_of``, is not looked at.
        book: its ``follow_up`` rules about ``penalty`` (all) and ``penalty_rental`` (rented ones).
        as_of: the day asked about; later penalties entail nothing yet.
        calendar: needed where a rule counts working days.

    Returns:
        ``COLUMNS``, one row a penalty and rule: state done, late_done (done after its day), ok,
        over, or open (the rule names no day: a reminder, never late); days_left Int64, negative
        when late, missing once done or without a day.

    Source: S2 二.6 三.3 四; S1 三（五）.
    """
    known = penalties[days_of(penalties["day"]) <= np.datetime64(as_of, "D")]
    rental = known["rental"].to_numpy(bool)
    parts = [
        _one(rule, known[rental] if rule.target == "penalty_rental" else known, done, book, as_of, calendar)
        for rule in book.of("follow_up") if rule.target in {"penalty", "penalty_rental"}
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else _one(_NOTHING, known.iloc[:0], done, book, as_of, calendar)


_NOTHING = Rule(id="", name="", kind="follow_up", target="penalty", source="", clause="")


def _one(
    rule: Rule, penalties: pd.DataFrame, done: pd.DataFrame, book: Rulebook, as_of: dt.date, calendar: Calendar | None
) -> pd.DataFrame:
    day, opens = np.datetime64(as_of, "D"), days_of(penalties["day"])
    ids = pd.Index(penalties["id"])
    due = due_after(opens, rule.amount, rule.unit, calendar) if rule.amount and rule.unit else np.full(len(opens), NO_DAY)
    counted = done[done["event"].isin(rule.discharged_by)]
    owner, when = ids.get_indexer(pd.Index(counted["penalty_id"])), days_of(counted["day"])
    within = (owner >= 0) & (when <= day)
    owner, when = owner[within], when[within]
    within = when >= opens[owner]
    first = np.full(len(ids), NO_DAY)
    np.fmin.at(first, owner[within], when[within])
    finished, bound = ~np.isnat(first), ~np.isnat(due)
    left = pd.array(np.where(bound, due - day, np.timedelta64(0, "D")).astype("int64"), dtype="Int64")
    left[finished | ~bound] = pd.NA
    state = np.select(
        [finished & bound & (first > due), finished, ~bound, due < day], ["late_done", "done", "open", "over"], default="ok"
    )
    return pd.DataFrame(
        {
            "rule_id": pd.Series([rule.id] * len(ids), dtype="str"), "penalty_id": pd.Series(ids, dtype="str"),
            "opens_on": opens.astype("datetime64[s]"), "due_on": due.astype("datetime64[s]"),
            "done_on": first.astype("datetime64[s]"), "state": pd.Series(state.astype(object), dtype="str"), "days_left": left,
            "adopted": book.binds(rule.id, penalties["street_code"].reset_index(drop=True)), "ours": np.full(len(ids), rule.ours),
        },
        columns=list(COLUMNS),
    )  # fmt: skip
