"""Which visit discharged a duty last: by the place it was to, or by the grid it lay in.

What counts (DESIGN 12, the setting "any kind"): every visit that was made, whatever its mode
(patrol, inspection, revisit, verification, joint) and whatever it found. A visit discharges the duty
to see its own target; it also counts as a visit to the grid it lies in. Where nobody could get in
(进不去) it discharges nothing. A visit to the grid alone
discharges no duty to see a site, a construction site or a person in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rules.event_line import NO_DAY, days_of
from rules.grid_state import ancestors


@dataclass(frozen=True, slots=True)
class Last:
    """The last visit of each of some things; arrays in their order.

    Attributes:
        day: datetime64[D], NaT where there was none.
        id: the visit's id as object, None where there was none. Of several visits of the last day
            the one with the greatest id.
    """

    day: np.ndarray
    id: np.ndarray

    def take(self, place: np.ndarray) -> Last:
        """The last visits of the things at some positions; -1 gives none."""
        day, visit, known = np.full(len(place), NO_DAY), np.full(len(place), None, dtype=object), place >= 0
        day[known], visit[known] = self.day[place[known]], self.id[place[known]]
        return Last(day, visit)


def last_of(owners: pd.Index, keys: pd.Series, visits: pd.DataFrame, as_of: dt.date) -> Last:
    """The last visit of each owner up to a day; the order of the visits does not matter.

    Args:
        owners: unique ids.
        keys: whose visit each row of ``visits`` was; missing or unknown ones are left out.
        visits: day (datetime64), id.
        as_of: later visits are not looked at.
    """
    return Visits(visits, {"key": (owners, keys)}, as_of).last("key")


def last_of_grids(
    codes: pd.Index, visits: pd.DataFrame, predecessors: Mapping[str, Sequence[str]], as_of: dt.date
) -> Last:
    """The last visit located in each grid, to whatever it was; a successor inherits (DESIGN 12).

    Args:
        codes: today's grids.
        visits: day, id, grid_code.
        predecessors: grid code to the codes of the grids it was cut or merged from.
    """
    every = with_ancestors(codes, predecessors)
    return inherited(Visits(visits, {"key": (every, visits["grid_code"])}, as_of).last("key"), codes, every, predecessors)


class Visits:
    """Visits up to a day as numbers, so that many rules can ask for the last of each thing.

    Args:
        visits: day (datetime64), id; optionally mode and access (False: nobody could get in).
            Columns of text may be categorical, which is fastest.
        keys: by name, the things asked about (unique ids) and whose visit each row was.
        as_of: later visits are left out.
    """

    def __init__(self, visits: pd.DataFrame, keys: Mapping[str, tuple[pd.Index, pd.Series]], as_of: dt.date) -> None:
        day = days_of(visits["day"])
        past = day <= np.datetime64(as_of, "D")
        self._ids = visits["id"]
        self._rows: dict[str, np.ndarray] = {}
        self._place: dict[str, np.ndarray] = {}
        self._size = {name: len(owners) for name, (owners, _) in keys.items()}
        for name, (owners, column) in keys.items():
            place = _places(owners, column)
            rows = np.flatnonzero((place >= 0) & past)
            self._rows[name], self._place[name] = rows, place[rows]
        self._stamp = day.astype("int64")
        self._mode, self.modes = _codes(visits["mode"]) if "mode" in visits else (None, [])
        self._entered = _entered(visits)

    def last(self, name: str, modes: frozenset[str] | None = None, entered: bool = False) -> Last:
        """The last visit of each thing of a key.

        Args:
            modes: modes that count; None is all.
            entered: leave out visits where nobody could get in.
        """
        rows, place = self._rows[name], self._place[name]
        counts = np.ones(len(rows), dtype=bool)
        if modes is not None and self._mode is not None and not set(self.modes) <= modes:
            taken = np.array([*(mode in modes for mode in self.modes), False], dtype=bool)
            counts &= taken[self._mode[rows]]
        if entered and self._entered is not None:
            counts &= self._entered[rows]
        if not counts.all():
            rows, place = rows[counts], place[counts]
        size = self._size[name]
        stamp = self._stamp[rows]
        newest = np.full(size, _NEVER)
        np.maximum.at(newest, place, stamp)
        at_last = stamp == newest[place]
        rows, place = rows[at_last], place[at_last]
        names = self._ids.take(rows).to_numpy(object)
        found = np.full(size, None, dtype=object)
        alone = np.bincount(place, minlength=size)[place] == 1
        found[place[alone]] = names[alone]
        tied = np.argsort(names[~alone].astype(str), kind="stable")
        found[place[~alone][tied]] = names[~alone][tied]
        none = newest == _NEVER
        days = np.where(none, 0, newest).astype("datetime64[D]")
        days[none] = NO_DAY
        return Last(days, found)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """Visits as numbers in order of day and id: of any day the last of each thing is the last one in line.

    Attributes:
        day: datetime64[D], rising.
        id: the visits' ids as objects, rising within a day.
        codes: by key, the place in ``names`` of whose visit each was, -1 for nobody's and where nobody got in.
        names: by key, the unique ids.
        mode: the place in ``modes`` of how each was made, -1 where that is not known.
        modes: the modes that occur.
    """

    day: np.ndarray
    id: np.ndarray
    codes: Mapping[str, np.ndarray]
    names: Mapping[str, pd.Index]
    mode: np.ndarray
    modes: pd.Index

    def last(self, name: str, things: pd.Index, modes: frozenset[str] | None, as_of: dt.date) -> Last:
        """The last visit of each thing up to a day on which one got in; ``modes`` are those that count, None is all."""
        until = int(np.searchsorted(self.day, np.datetime64(as_of, "D"), "right"))
        codes, places = self.codes[name][:until], self.names[name].get_indexer(things)
        row = np.full(len(self.names[name]) + 1, -1, dtype="int64")
        if modes is None or (set(self.modes) <= modes and not (self.mode < 0).any()):
            row[codes] = np.arange(until)
        else:
            taken = np.flatnonzero(np.append(self.modes.isin(modes), False)[self.mode[:until]])
            row[codes[taken]] = taken
        row[-1] = -1
        return Last(self.day, self.id).take(row[places])


def with_ancestors(codes: pd.Index, predecessors: Mapping[str, Sequence[str]]) -> pd.Index:
    """The grids and, behind them, every grid before them."""
    older = ancestors(predecessors)
    before = {one for code in older if code in codes for one in older[code]}
    return codes.append(pd.Index(sorted(before.difference(codes)), dtype=codes.dtype))


def inherited(found: Last, codes: pd.Index, every: pd.Index, predecessors: Mapping[str, Sequence[str]]) -> Last:
    """The last visits of ``codes``, counting those of the grids before each; ``found`` is in the order of ``every``."""
    day, visit = found.day.copy(), found.id.copy()
    for code, older in ancestors(predecessors).items():
        if code not in codes:
            continue
        places = every.get_indexer(pd.Index([code, *sorted(older)]))
        known = [place for place in places if not np.isnat(found.day[place])]
        if known:
            best = max(known, key=lambda place: (found.day[place], found.id[place]))
            day[places[0]], visit[places[0]] = found.day[best], found.id[best]
    return Last(day[: len(codes)], visit[: len(codes)])


def _places(owners: pd.Index, keys: pd.Series) -> np.ndarray:
    if isinstance(keys.dtype, pd.CategoricalDtype):
        of_category = np.append(owners.get_indexer(pd.Index(keys.cat.categories)), -1)
        return of_category[keys.cat.codes.to_numpy()]
    return owners.get_indexer(pd.Index(keys))


def _codes(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """A number a row and what the numbers mean; -1 where missing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), list(column.cat.categories)
    codes, names = pd.factorize(column)
    return codes, list(names)


def _entered(visits: pd.DataFrame) -> np.ndarray | None:
    if "access" not in visits:
        return None
    return visits["access"].astype("boolean").fillna(True).to_numpy(bool)


_NEVER = np.iinfo("int64").min
