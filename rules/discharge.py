"""Which visit discharged a duty last: by the place it was to, or by the grid it lay in.

What counts (DESIGN 12, the setting "any kind"): every visit that was made, whatever its mode
(patrol, inspection, revisit, verification, joint) and whatever it found. A visit discharges the duty
to see its own target; it also counts as a visit to the grid it lies in. A visit to the grid alone
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
        return Last(np.append(self.day, NO_DAY)[place], np.append(self.id, None)[place])


NO_VISIT = Last(np.empty(0, dtype="datetime64[D]"), np.empty(0, dtype=object))


def last_of(owners: pd.Index, keys: pd.Series, visits: pd.DataFrame, as_of: dt.date) -> Last:
    """The last visit of each owner up to a day; the order of the visits does not matter.

    Args:
        owners: unique ids.
        keys: whose visit each row of ``visits`` was; missing or unknown ones are left out.
        visits: day (datetime64), id.
        as_of: later visits are not looked at.
    """
    size = len(owners)
    place = owners.get_indexer(pd.Index(keys))
    day = days_of(visits["day"])
    rows = np.flatnonzero((place >= 0) & (day <= np.datetime64(as_of, "D")))
    place, stamp = place[rows], day[rows].astype("int64")
    newest = np.full(size, np.iinfo("int64").min)
    np.maximum.at(newest, place, stamp)
    at_last = stamp == newest[place]
    rows, place = rows[at_last], place[at_last]
    names = visits["id"].to_numpy(object)[rows]
    found = np.full(size, None, dtype=object)
    alone = np.bincount(place, minlength=size)[place] == 1
    found[place[alone]] = names[alone]
    tied = np.argsort(names[~alone].astype(str), kind="stable")
    found[place[~alone][tied]] = names[~alone][tied]
    none = newest == np.iinfo("int64").min
    days = np.where(none, 0, newest).astype("datetime64[D]")
    days[none] = NO_DAY
    return Last(days, found)


def last_of_grids(
    codes: pd.Index, visits: pd.DataFrame, predecessors: Mapping[str, Sequence[str]], as_of: dt.date
) -> Last:
    """The last visit located in each grid, to whatever it was; a successor inherits (DESIGN 12).

    Args:
        codes: today's grids.
        visits: day, id, grid_code.
        predecessors: grid code to the codes of the grids it was cut or merged from.
    """
    older = ancestors({code: before for code, before in predecessors.items() if code in codes} | _inner(predecessors, codes))
    every = codes.append(pd.Index(sorted({one for code in older if code in codes for one in older[code]} - set(codes)), dtype=codes.dtype))
    found = last_of(every, visits["grid_code"], visits, as_of)
    day, visit = found.day.copy(), found.id.copy()
    for code in older:
        if code not in codes:
            continue
        places = every.get_indexer(pd.Index([code, *sorted(older[code])]))
        known = [place for place in places if not np.isnat(found.day[place])]
        if known:
            best = max(known, key=lambda place: (found.day[place], found.id[place]))
            day[places[0]], visit[places[0]] = found.day[best], found.id[best]
    return Last(day[: len(codes)], visit[: len(codes)])


def _inner(predecessors: Mapping[str, Sequence[str]], codes: pd.Index) -> dict[str, Sequence[str]]:
    return {code: before for code, before in predecessors.items() if code not in codes}
