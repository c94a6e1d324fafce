"""The stage of a case on a day and the days left of its term, from what happened up to that day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rules.cycles import CASE_LIMIT_DAYS
from rules.event_line import NO_DAY, Line, days_of, event_line, scattered

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
_DATED = ("filed", "decided", "transferred", "withdrawn", "closed")
_ENDING = ("decided", "transferred", "withdrawn", "closed")


def with_decisions(events: pd.DataFrame, penalties: pd.DataFrame) -> pd.DataFrame:
    """The events, and a decision for every penalised case that has none on record.

    Args:
        events: case_id, day, event, until (datetimes).
        penalties: case_id, day; rows without a case are left out.

    Returns:
        frame[case_id, day, event, until]; a case penalised twice was decided on the first day.
    """
    decided = events.loc[events["event"] == "decided", "case_id"]
    alone = penalties[penalties["case_id"].notna() & ~penalties["case_id"].isin(decided)]
    if alone.empty:
        return events
    first = alone.groupby("case_id", as_index=False)["day"].min()
    added = first.assign(event=pd.Series("decided", index=first.index, dtype="str"), until=pd.Series(pd.NaT, index=first.index, dtype="datetime64[s]"))
    return added if events.empty else pd.concat([events, added.reindex(columns=[c for c in events.columns if c in added or c != "document"])], ignore_index=True)


def case_clock(cases: pd.DataFrame, events: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """What each case is on a day, and how long its term still runs.

    The term is 90 calendar days from the filing day (行政处罚法 第六十条), or ``limit_days``; an
    extension sets a new last day; days between 中止 and 恢复 are added (while suspended the days
    left stand still). The term of a case that is no longer open is not counted down; a transferred
    one has the clock of its feedback instead. An extension without its document moves the day all
    the same, and shows that the document is missing.

    Args:
        cases: id (unique), limit_days (missing takes 90).
        events: the answer of ``with_decisions``, with document (批准文书) where it is known; later
            days than ``as_of`` are not looked at.
        as_of: the day asked about.

    Returns:
        One row a case that exists on that day, indexed by id: stage (code of the last step, empty
        where none is on record), state (``STATES``), filed_on, decided_on, transferred_on,
        withdrawn_on, closed_on, due_on (NaT without a filing day), days_left (Int64, only while
        open; negative when late), suspended; due_plain, the last day without the extension (the
        same where there is none), extended, extension_document of the last extension (empty where none is on
        record), days_excluded (days that did not count, up to the day or the end of the case).
    """
    limit = cases["limit_days"].to_numpy("float64", na_value=np.nan)
    return history_of(cases["id"], events).on(as_of, limit)


@dataclass(frozen=True)
class CaseHistory:
    """What happened to every case, whatever the day.

    Attributes:
        ids: of the cases, unique.
        line: their events in order.
        extended_to: the new last day that each event sets, datetime64[D], by its row.
        documents: the document of each event by its row, and None at the end.
    """

    ids: pd.Index
    line: Line
    extended_to: np.ndarray
    documents: np.ndarray

    def on(self, as_of: dt.date, limit: np.ndarray) -> pd.DataFrame:
        """``case_clock`` of a day; ``limit`` in days, NaN takes 90."""
        return _on(self, as_of, limit)


def history_of(ids: pd.Series, events: pd.DataFrame) -> CaseHistory:
    """The history of cases from the answer of ``with_decisions``."""
    named = pd.Index(ids, name="id")
    extended_to = days_of(events["until"]) if "until" in events else np.full(len(events), NO_DAY)
    documents = events["document"].to_numpy(object) if "document" in events else np.full(len(events), None)
    return CaseHistory(named, event_line(named, events, "case_id", ORDER), extended_to, np.append(documents, None))


def _on(history: CaseHistory, as_of: dt.date, limit: np.ndarray) -> pd.DataFrame:
    day = np.datetime64(as_of, "D")
    ids, line = history.ids, history.line
    size = len(ids)
    past = line.where(line.day <= day)
    stage = _stages(past, size)
    state = np.array([_STATE.get(code, "open") for code in stage], dtype=object)
    is_open = state == "open"
    dates = {name: _first_day(past, name, size) for name in _DATED}
    limit = np.where(np.isnan(limit), CASE_LIMIT_DAYS, limit).astype("int64")
    due = dates["filed"] + limit.astype("timedelta64[D]")
    plain, excluded, approval = due.copy(), np.zeros(size, dtype="int64"), np.full(size, -1)
    ended = np.fmin.reduce([dates[name] for name in _ENDING])
    until = np.where(is_open | np.isnat(ended), day, ended)
    suspended = np.zeros(size, dtype=bool)
    clock = past.where(np.isin(past.event, _CLOCK))
    for place in np.unique(clock.owner):
        moved = clock.where(clock.owner == place)
        due[place], plain[place], excluded[place], suspended[place], approval[place] = _moved(
            due[place], moved, history.extended_to[moved.row], until[place]
        )
    document = history.documents[approval]
    none_left = ~is_open | np.isnat(due)
    left = pd.arrays.IntegerArray(np.where(none_left, 1, (due - day).astype("int64")), none_left)
    found = pd.DataFrame(
        {
            "stage": pd.Series(np.where(stage == "resumed", "investigating", stage), dtype="str"),
            "state": pd.Series(state, dtype="str"),
            **{f"{name}_on": found.astype("datetime64[s]") for name, found in dates.items()},
            "due_on": due.astype("datetime64[s]"),
            "suspended": suspended & is_open,
            "days_left": left,
            "due_plain": plain.astype("datetime64[s]"),
            "extended": approval >= 0,
            "extension_document": pd.Series([text if isinstance(text, str) else "" for text in document], dtype="str"),
            "days_excluded": excluded,
        }
    ).set_index(ids)
    dated, there = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    dated[line.owner], there[past.owner] = True, True
    return found[~dated | there]


def _stages(past: Line, size: int) -> np.ndarray:
    """The last step of each case; a resumption is one only after a transfer or a withdrawal."""
    steps = past.where(np.isin(past.event, list(_STATE)))
    before = np.where(steps.first(), "", np.roll(steps.event, 1)) if len(steps) else steps.event
    kept = steps.where((steps.event != "resumed") | np.isin(before.astype(str), ["transferred", "withdrawn"]))
    last = kept.where(kept.last())
    return scattered(size, last.owner, last.event, "")


def _first_day(past: Line, event: str, size: int) -> np.ndarray:
    found = past.where(past.event == event)
    found = found.where(found.first())
    return scattered(size, found.owner, found.day, NO_DAY)


def _moved(
    due: np.datetime64, events: Line, extended_to: np.ndarray, until: np.datetime64
) -> tuple[np.datetime64, np.datetime64, int, bool, int]:
    """Last day with and without extensions, days excluded, whether it stands still, the extension's row (or -1)."""
    plain, stopped, excluded, approval = due, None, np.timedelta64(0, "D"), -1
    for day, event, new_day, row in zip(events.day, events.event, extended_to, events.row, strict=True):
        if day > until:
            break
        if event == "extended" and not np.isnat(new_day):
            due, approval = new_day, row
        elif event == "suspended" and stopped is None:
            stopped = day
        elif event == "resumed" and stopped is not None:
            due, plain, excluded, stopped = due + (day - stopped), plain + (day - stopped), excluded + (day - stopped), None
    if stopped is not None and until > stopped:
        due, plain, excluded = due + (until - stopped), plain + (until - stopped), excluded + (until - stopped)
    return due, plain, int(excluded.astype("int64")), stopped is not None, approval
