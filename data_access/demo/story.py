"""What the demo is meant to show on its day: the planted areas, premises, persons and cases."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from data_access.demo.geography import Geography
from data_access.demo.units import Unit


@dataclass(frozen=True, slots=True)
class Patch:
    """Neighbouring grids with something to find.

    Attributes:
        name: how the story calls it.
        street: code of the unit it lies in.
        offset_km: its middle, from the unit's seed point.
        grids: how many grids it takes.
        leads: leads planted in the six months before the day shown, the repeated complaints included.
        patrolled: visits there against the usual, 1 is as elsewhere.
    """

    name: str
    street: str
    offset_km: tuple[float, float]
    grids: int
    leads: int
    patrolled: float = 1.0


PATCHES = (
    Patch("west of Hedu", "990114005", (-2.3, -0.2), 12, 28),
    Patch("east of Luzhu", "990114006", (3.4, 0.8), 11, 24),
    Patch("north of Baiwei", "990114008", (0.2, 0.9), 11, 21),
    Patch("south of Nandi", "990114007", (-0.4, -1.9), 11, 20),
    Patch("north of Chengwan", "990114011", (-0.9, 2.2), 9, 9, patrolled=0.22),
)
"""Four clusters and, last, the area that is likely under-patrolled (疑似漏查)."""


@dataclass(frozen=True, slots=True)
class Premises:
    """One planted site.

    Attributes:
        key: how the story calls it.
        street: code of its unit.
        patch: position in ``PATCHES``, or None for anywhere in the unit.
        grid: which grid of the patch (0 is its middle), or of the unit.
        category, premises: codes of the code lists.
        events: (day, site event) in order, the first is 发现.
        complaints: days of leads about it; the last two months' ones are still fresh on the wall.
        penalties: prior penalties of its person before the register begins.
        stubborn: 钉子户, with a plan.
    """

    key: str
    street: str
    patch: int | None
    grid: int
    category: str
    premises: str
    events: tuple[tuple[str, str], ...]
    complaints: tuple[str, ...] = ()
    penalties: int = 0
    stubborn: bool = False


PREMISES = (
    Premises("3 days", "990114005", 0, 0, "infusion", "rental",
             (("2023-05-03", "found"), ("2023-05-04", "ordered")),
             ("2023-05-02", "2023-05-20", "2023-06-18", "2023-07-15"), stubborn=True),
    Premises("9 days", "990114008", 2, 0, "cosmetic", "beauty",
             (("2023-05-09", "found"), ("2023-05-12", "ordered"), ("2023-05-16", "closed")),
             ("2023-05-08", "2023-06-06", "2023-07-07")),
    Premises("26 days", "990114006", 1, 0, "dental", "rental",
             (("2023-05-25", "found"), ("2023-05-26", "ordered")), ("2023-05-24", "2023-06-27", "2023-07-31")),
    Premises("34 days", "990114007", 3, 0, "infusion", "shopfront",
             (("2023-06-01", "found"), ("2023-06-02", "ordered")), ("2023-05-31", "2023-07-13")),
    Premises("41 days", "990114011", 4, 0, "tcm", "wellness",
             (("2023-06-08", "found"), ("2023-06-09", "warned")), ("2023-06-07", "2023-07-04")),
    Premises("63 days", "990114009", None, 21, "infusion", "construction",
             (("2023-07-03", "found"),), ("2023-07-01",)),
    Premises("transferred to the police", "990114007", 3, 3, "infusion", "rental",
             (("2020-11-10", "found"), ("2020-11-24", "closed"), ("2022-03-14", "relapsed"), ("2022-03-16", "closed"),
              ("2023-05-22", "relapsed"), ("2023-05-26", "closed")), ("2022-03-11", "2023-05-19"), penalties=1),
    Premises("decided 6 July", "990114007", 3, 2, "infusion", "rental",
             (("2023-04-20", "found"), ("2023-04-21", "closed")), ("2023-04-19", "2023-02-21")),
    Premises("decided 14 July", "990114006", 1, 2, "cosmetic", "office",
             (("2023-05-04", "found"), ("2023-05-06", "closed")), ("2023-05-03",)),
    Premises("relapse after two penalties", "990114005", 0, 2, "infusion", "rental",
             (("2022-01-12", "found"), ("2022-01-14", "closed"), ("2022-09-05", "relapsed"), ("2022-09-07", "closed"),
              ("2023-07-18", "relapsed")), ("2022-01-11", "2022-09-02", "2023-05-30", "2023-07-17"), stubborn=True),
    Premises("two penalties, watched", "990114005", 0, 1, "infusion", "construction",
             (("2022-02-15", "found"), ("2022-02-17", "closed"), ("2022-10-10", "relapsed"), ("2022-10-12", "closed")),
             ("2022-02-14", "2022-10-08", "2023-03-14", "2023-05-11", "2023-06-29")),
    Premises("second penalty, watched", "990114005", 0, 3, "dental", "shopfront",
             (("2021-03-09", "found"), ("2021-03-30", "closed"), ("2023-01-05", "relapsed"), ("2023-01-06", "closed")),
             ("2023-01-04", "2023-04-11"), penalties=1),
    Premises("repeat complaints, Hedu shopfront", "990114005", 0, 4, "dental", "shopfront",
             (("2022-06-07", "found"), ("2022-06-20", "self_closed")), ("2023-03-02", "2023-06-12")),
    Premises("repeat complaints, Hedu rental", "990114005", 0, 5, "internal", "rental",
             (("2022-08-16", "found"), ("2022-08-30", "closed")), ("2023-04-25", "2023-07-10")),
    Premises("repeat complaints, Luzhu", "990114006", 1, 1, "infusion", "industrial_park",
             (("2022-05-17", "found"), ("2022-05-30", "closed")), ("2023-02-27", "2023-04-17", "2023-06-15")),
    Premises("repeat complaints, Baiwei", "990114008", 2, 1, "cosmetic", "hotel",
             (("2022-11-15", "found"), ("2022-12-05", "self_closed")), ("2023-03-21", "2023-05-23", "2023-07-19")),
    Premises("repeat complaints, Nandi", "990114007", 3, 1, "internal", "market",
             (("2022-07-12", "found"), ("2022-07-28", "closed")), ("2023-03-28", "2023-06-20")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlantedCase:
    """One planted case: its steps, its joint handling and its penalty.

    Attributes:
        premises: key of ``PREMISES``.
        steps: (day, case event).
        joint_on: day the joint handling began, or empty.
        fine_yuan: of the decision, or None.
    """

    premises: str
    steps: tuple[tuple[str, str], ...]
    joint_on: str = ""
    fine_yuan: int | None = None


# Days left on 31 July of the 90 from filing (行政处罚法 第六十条): 3, 9, 26, 34, 41 and 63; the
# seventh open case, 58 days, is an advertisement (see cases.py). One more went to the police and
# waits for an answer.
CASES = (
    PlantedCase("3 days", (("2023-05-05", "filed"), ("2023-05-09", "investigating")), "2023-07-12"),
    PlantedCase("9 days", (("2023-05-11", "filed"), ("2023-05-15", "investigating"), ("2023-07-17", "notified")), "2023-07-11"),
    PlantedCase("26 days", (("2023-05-28", "filed"), ("2023-06-01", "investigating")), "2023-07-05"),
    PlantedCase("34 days", (("2023-06-05", "filed"), ("2023-06-07", "investigating")), "2023-07-03"),
    PlantedCase("transferred to the police", (("2023-05-24", "filed"), ("2023-05-29", "investigating"), ("2023-06-26", "transferred"))),
    PlantedCase("41 days", (("2023-06-12", "filed"), ("2023-06-19", "investigating"))),
    PlantedCase("63 days", (("2023-07-04", "filed"), ("2023-07-10", "investigating")), "2023-07-19"),
    PlantedCase("decided 6 July", (("2023-04-24", "filed"), ("2023-04-27", "investigating"), ("2023-06-14", "notified"),
                ("2023-07-06", "decided"), ("2023-07-20", "executed"), ("2023-07-25", "closed")), "2023-07-03", 140_000),
    PlantedCase("decided 14 July", (("2023-05-08", "filed"), ("2023-05-12", "investigating"), ("2023-06-28", "notified"),
                ("2023-07-14", "decided"), ("2023-07-25", "executed"), ("2023-07-28", "closed")), "2023-07-05", 170_000),
    PlantedCase("transferred to the police", (("2022-03-15", "filed"), ("2022-03-18", "investigating"), ("2022-05-06", "notified"),
                ("2022-05-20", "decided"), ("2022-06-15", "executed"), ("2022-06-20", "closed")), "", 60_000),
    PlantedCase("relapse after two penalties", (("2022-01-13", "filed"), ("2022-01-18", "investigating"), ("2022-03-04", "notified"),
                ("2022-03-18", "decided"), ("2022-04-12", "executed"), ("2022-04-15", "closed")), "2022-01-14", 30_000),
    PlantedCase("relapse after two penalties", (("2022-09-06", "filed"), ("2022-09-09", "investigating"), ("2022-10-25", "notified"),
                ("2022-11-09", "decided"), ("2022-12-06", "executed"), ("2022-12-09", "closed")), "2022-09-07", 80_000),
    PlantedCase("two penalties, watched", (("2022-02-16", "filed"), ("2022-02-18", "investigating"), ("2022-04-13", "notified"),
                ("2022-04-28", "decided"), ("2022-05-24", "executed"), ("2022-05-27", "closed")), "", 20_000),
    PlantedCase("two penalties, watched", (("2022-10-11", "filed"), ("2022-10-13", "investigating"), ("2022-12-01", "notified"),
                ("2022-12-16", "decided"), ("2023-01-10", "executed"), ("2023-01-12", "closed")), "2022-10-12", 70_000),
    PlantedCase("second penalty, watched", (("2023-01-06", "filed"), ("2023-01-09", "investigating"), ("2023-02-02", "notified"),
                ("2023-02-16", "decided"), ("2023-03-07", "executed"), ("2023-03-09", "closed")), "2023-01-06", 50_000),
)  # fmt: skip

VISITED = ("3 days", "9 days", "34 days", "63 days", "transferred to the police", "relapse after two penalties", "decided 6 July", "decided 14 July")
"""Planted premises whose grids must not be overdue on the day shown."""

LONG_UNSEEN = {"26 days": "2023-06-04"}
"""Planted premises whose grid was last visited on that day."""


@dataclass(frozen=True)
class Stage:
    """Where the story happens: positions of grids in ``Geography.grids``.

    Attributes:
        patches: for each of ``PATCHES`` its grids, the middle one first.
        premises: for each key of ``PREMISES`` its grid.
    """

    patches: tuple[np.ndarray, ...]
    premises: dict[str, int] = field(default_factory=dict)


def stage(geography: Geography, units: tuple[Unit, ...]) -> Stage:
    """Find the grids of every patch and of every planted site; the split grid is left out."""
    grids = geography.grids
    seeds = {unit.code: unit.seed_km for unit in units}
    young = grids["code"].isin(geography.successors).to_numpy()

    def nearest(street: str, offset: tuple[float, float]) -> np.ndarray:
        away = np.hypot(grids["x_km"] - seeds[street][0] - offset[0], grids["y_km"] - seeds[street][1] - offset[1]).to_numpy()
        away = np.where((grids["street_code"] == street).to_numpy() & ~young, away, np.inf)
        return np.argsort(away, kind="stable")

    patches = tuple(nearest(patch.street, patch.offset_km)[: patch.grids] for patch in PATCHES)
    premises = {one.key: int((nearest(one.street, (0.0, 0.0)) if one.patch is None else patches[one.patch])[one.grid])
                for one in PREMISES}  # fmt: skip
    return Stage(patches, premises)
