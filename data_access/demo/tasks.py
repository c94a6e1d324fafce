"""The quarter's task lists: for every unit a list of places to see, and a number of 户次 (S1 三(二))."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.agencies import of_unit
from data_access.demo.geography import Geography
from data_access.demo.sites import Sites
from data_access.demo.timeline import TODAY, Moment, moment
from data_access.demo.units import Unit

QUARTERS = tuple(pd.period_range("2022Q1", "2023Q3", freq="Q"))


def tasks(geography: Geography, units: tuple[Unit, ...], sites: Sites, construction: pd.DataFrame, visits: pd.DataFrame, seed: int) -> list[tuple[Moment, pd.DataFrame]]:
    """Each quarter's lists as they were issued on its first day: the fields of ``kinds/tasks.py``.

    A list of targets holds the sites graded high or middle, the active ones, some of the others,
    building sites with many workers, and some grids; the other list asks for a number of 户次
    alone, about what the unit does in a quarter.
    """
    rng = np.random.default_rng([seed, 15])
    known = sites.known_from()
    parts = []
    for quarter in QUARTERS:
        start, end = quarter.start_time.normalize(), quarter.end_time.normalize()
        one = moment(f"{start.date()}T08:30")
        rows = []
        for unit in units:
            targets = _targets(unit, geography, sites, construction, known, start, rng)
            name = f"{quarter}-{unit.prefix}"
            common = {"quarter": str(quarter), "street_code": unit.code, "issued_on": start, "due_on": end}
            rows += [common | {"list_number": f"{name}-1", "number": f"{n:03d}", "row": "target", "agency_code": of_unit(unit.code, "WSZX"),
                               "target_kind": kind, "target_id": number, "grid_code": grid} for n, (kind, number, grid) in enumerate(targets, start=1)]  # fmt: skip
            rows.append(common | {"list_number": f"{name}-2", "number": "001", "row": "quota", "target_kind": None,
                                  "quota": _quota(unit, visits, quarter, rng)})  # fmt: skip
        parts.append((one, pd.DataFrame(rows)))
    return parts


def _targets(unit: Unit, geography: Geography, sites: Sites, construction: pd.DataFrame, known: pd.Series, start: pd.Timestamp, rng: np.random.Generator) -> list[tuple]:
    grids = geography.grids
    inside = set(grids.index[grids["street_code"] == unit.code])
    found: list[tuple] = []
    for site in sites.all:
        if site.grid in inside and known[site.number] <= start and site.last(start) != "cleared":
            grade = next((risk for day, risk in reversed(site.grades) if day <= start), "")
            if grade == "high" or site.active(start) or rng.random() < (0.5 if grade == "mid" else 0.15):
                found.append(("site", site.number, None))
    big = construction[construction["grid"].isin(inside) & (construction["day"] <= start) & (construction["finished_on"] > start) & (construction["workers"] > 150)]
    found += [("construction", number, None) for number in big["number"]]
    old = [n for n in sorted(inside) if grids["code"][n] not in geography.successors]
    some = rng.choice(old, max(4, len(old) // 6), replace=False)
    return found + [("grid", None, grids["code"][n]) for n in sorted(some)]


def _quota(unit: Unit, visits: pd.DataFrame, quarter: pd.Period, rng: np.random.Generator) -> int:
    """What the unit did in the quarter, or for the running one three times July's, a little more or less."""
    mine = visits[visits["street_code"] == unit.code]
    if quarter == TODAY.to_period("Q"):
        done = mine.loc[mine["day"].dt.to_period("M") == TODAY.to_period("M"), "visits"].sum() * 92 / 31
    else:
        done = mine.loc[mine["day"].dt.to_period("Q") == quarter, "visits"].sum()
    return int(round(done * rng.uniform(0.93, 1.02), -1))
