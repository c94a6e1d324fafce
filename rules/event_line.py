"""Events of many things put in one line: by thing, day and order within the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

LAST_RANK = 99


@dataclass(frozen=True, slots=True)
class Line:
    """Events in order; all arrays have one entry an event.

    Attributes:
        owner: position of the thing in the index that was given.
        day: datetime64[D].
        event: code, str objects.
        row: position of the event in the frame that was given.
    """

    owner: np.ndarray
    day: np.ndarray
    event: np.ndarray
    row: np.ndarray

    def __len__(self) -> int:
        return len(self.owner)

    def where(self, mask: np.ndarray) -> Line:
        """The events that a mask keeps, in the same order."""
        return Line(self.owner[mask], self.day[mask], self.event[mask], self.row[mask])

    def first(self) -> np.ndarray:
        """A mask of each thing's first event."""
        mask = np.ones(len(self), dtype=bool)
        mask[1:] = self.owner[1:] != self.owner[:-1]
        return mask

    def last(self) -> np.ndarray:
        """A mask of each thing's last event."""
        mask = np.ones(len(self), dtype=bool)
        mask[:-1] = self.owner[1:] != self.owner[:-1]
        return mask


def event_line(
    owners: pd.Index, events: pd.DataFrame, column: str, order: Mapping[str, int], tie: np.ndarray | None = None
) -> Line:
    """Put the events of some things in order; row order of the input does not matter.

    Args:
        owners: ids of the things, unique; events of others are left out.
        events: ``column`` (the owner's id), day (datetime), event.
        order: rank of each event code within a day.
        tie: what decides between equal events of one day, one number an event.
    """
    owner = owners.get_indexer(pd.Index(events[column]))
    day = days_of(events["day"])
    event = events["event"].to_numpy(object)
    rank = np.fromiter((order.get(code, LAST_RANK) for code in event), dtype="int64", count=len(event))
    keys = (rank, day, owner) if tie is None else (tie, rank, day, owner)
    row = np.lexsort(keys)
    row = row[owner[row] >= 0]
    return Line(owner[row], day[row], event[row], row)


def days_of(values: pd.Series) -> np.ndarray:
    """Days as datetime64[D], NaT where missing."""
    return values.to_numpy("datetime64[D]")


def scattered(count: int, owner: np.ndarray, values: np.ndarray, missing: object) -> np.ndarray:
    """An array of one value a thing, ``missing`` where none is given."""
    made = np.full(count, missing, dtype=object if isinstance(missing, str) else values.dtype)
    made[owner] = values
    return made


def day_of(things: np.ndarray, owners: np.ndarray, days: np.ndarray, choose: np.ufunc) -> np.ndarray:
    """The first (``np.fmin``) or last (``np.fmax``) day of each thing's events: datetime64[D], NaT where there is none.

    Args:
        things: ids as objects; a missing one has no events.
        owners: whose each event was.
        days: its day, datetime64[D].
    """
    code, ids = pd.factorize(things)
    place = pd.Index(ids, dtype=object).get_indexer(pd.Index(owners, dtype=object))
    made = np.full(len(ids) + 1, NO_DAY)
    choose.at(made, place[place >= 0], days[place >= 0])
    return made[code]


def days_since(days: np.ndarray, as_of: dt.date) -> pd.Series:
    """Whole days from each day to ``as_of`` (Int64, missing where there is no day)."""
    missing = np.isnat(days)
    past = np.where(missing, 0, np.datetime64(as_of, "D") - days).astype("int64")
    return pd.Series(pd.arrays.IntegerArray(past, missing))


NO_DAY = np.datetime64("NaT", "D")
