"""Publicity, training, drills, joint enforcement and other actions; July 2023 adds up to what S0 counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.agencies import INSPECTORATE, LEADING, POLICE, of_unit
from data_access.demo.geography import Geography
from data_access.demo.sites import Sites
from data_access.demo.timeline import MONTHS, TODAY, month_days
from data_access.demo.units import Unit

JULY = pd.Period("2023-07")
JULY_COUNTS = {"publicity": 103, "training": 45, "joint_enforcement": 20, "drill": 1, "enforcement": 6, "assistance": 5, "supervision": 3}
"""宣传 103 次, 培训 45 次, 联合执法 20 次, 演练 1 次 are S0's; the others are invented."""

JULY_MATERIALS, JULY_TRAINED = 15_599, 1_378
JULY_PEOPLE = {"health": 62, "police": 38, "market": 29, "urban": 21, "street": 12, "housing": 9}
"""执法人员 171 人次 (S0) as the pictures share them among the systems."""

# publicity, training, joint, enforcement, assistance, supervision of the other months from January 2022
_OTHER = (
    (52, 12, 5, 3, 2, 1), (41, 9, 4, 2, 1, 0), (68, 24, 8, 4, 3, 1), (72, 22, 11, 4, 2, 1), (75, 20, 9, 3, 3, 1), (80, 26, 12, 4, 2, 1),
    (77, 24, 9, 5, 3, 1), (70, 19, 8, 3, 2, 1), (74, 25, 10, 4, 3, 1), (69, 20, 9, 4, 2, 1), (86, 33, 15, 5, 4, 2), (71, 22, 8, 4, 2, 1),
    (55, 14, 6, 3, 2, 1), (50, 12, 5, 3, 1, 0), (82, 30, 11, 5, 3, 1), (84, 28, 12, 5, 3, 1), (88, 29, 11, 5, 4, 1), (92, 34, 14, 5, 3, 2),
    (), (86, 30, 12, 5, 3, 1), (84, 28, 11, 5, 3, 1),
)  # fmt: skip
_KINDS = ("publicity", "training", "joint_enforcement", "enforcement", "assistance", "supervision")
_TITLES = {
    "publicity": "打击非法行医宣传", "training": "无证行医巡排查业务培训", "drill": "无证行医突发事件应急实战演练",
    "joint_enforcement": "无证行医联合执法", "enforcement": "无证行医专项执法", "supervision": "打非工作督导", "assistance": "无证行医线索协查",
}  # fmt: skip
_BODY = {"police": "PCS", "market": "SCS", "urban": "ZFD", "street": "ZF", "housing": "JGZX"}
CAMPAIGN = "LD9"
LATE_UNIT = 3
"""Place of the unit that still owes its paper of the first half of 2023."""


def activities(geography: Geography, units: tuple[Unit, ...], sites: Sites, campaign_units: tuple[str, ...], seed: int) -> pd.DataFrame:
    """Every action in the order of its day: the fields of ``kinds/activities.py``.

    Args:
        campaign_units: codes of the units in which the campaign of July 2023 ran.
    """
    rng = np.random.default_rng([seed, 11])
    rows: list[dict] = []
    for month, numbers in zip(MONTHS, _OTHER, strict=True):
        counts = JULY_COUNTS if month == JULY else dict(zip(_KINDS, numbers, strict=True)) | {"drill": int(month.month == 11)}
        rows += _one_month(month, counts, units, campaign_units, rng)
    frame = _placed(pd.DataFrame(rows), geography, sites, rng)
    frame = frame.sort_values("day", kind="stable", ignore_index=True)
    frame.insert(0, "number", [f"H-{n:05d}" for n in range(1, len(frame) + 1)])
    return pd.concat([frame, _reports(units, campaign_units)], ignore_index=True).sort_values("day", kind="stable", ignore_index=True)


def _reports(units: tuple[Unit, ...], campaign_units: tuple[str, ...]) -> pd.DataFrame:
    """The papers handed in (invented): every street's half-years, the campaign's stages, the district's own; one street is late."""
    given: list[tuple[str, str | None, str, str]] = []
    for place, unit in enumerate(units):
        office = of_unit(unit.code, "ZF")
        given += [(f"{year}-07-{10 + place % 5}", unit.code, office, "1—6月考核资料") for year in (2022, 2023) if (year, place) != (2023, LATE_UNIT)]
        given.append((f"2022-11-{20 + place % 8}", unit.code, office, "7—11月考核资料"))
        if unit.code in campaign_units:
            given.append((f"2023-07-{12 + place % 3}", unit.code, office, "动员部署阶段总结、典型案例和汇总表"))
    for month in MONTHS:
        if month <= JULY:
            given.append((f"{month}-{22 + month.month % 3}", None, LEADING, f"{month.year}年{month.month}月月报"))
    given += [("2022-06-14", None, LEADING, "专项行动工作总结"), ("2023-06-14", None, LEADING, "专项行动工作总结"), ("2022-12-14", None, LEADING, "年终汇总表"),
              ("2022-09-28", None, LEADING, "9月汇总表"), ("2022-10-20", None, INSPECTORATE, "年度工作总结")]  # fmt: skip
    rows = [{"number": f"RP-{n:05d}", "day": pd.Timestamp(day), "kind": "report", "name": name, "agency_code": agency, "street_code": street or "全区"}
            for n, (day, street, agency, name) in enumerate(given, start=1)]  # fmt: skip
    return pd.DataFrame(rows)


def _one_month(month, counts, units, campaign_units, rng) -> list[dict]:
    days = month_days(month)
    days = days[:-1] if month == JULY else days
    share = np.array([unit.grids for unit in units], float)
    rows = []
    for kind, count in counts.items():
        names = np.repeat(np.arange(len(units)), 2) if kind == "training" and count >= 2 * len(units) else np.array([], int)
        streets = np.concatenate([names, rng.choice(len(units), count - len(names), p=share / share.sum())])
        for street in streets:
            unit = units[street]
            day = pd.Timestamp("2023-07-27") if (kind, month) == ("drill", JULY) else days[rng.integers(len(days))]
            rows.append(_row(kind, day, unit) | {
                "campaign_id": CAMPAIGN if month == JULY and unit.code in campaign_units else None})  # fmt: skip
    _share_out(rows, "publicity", "materials", JULY_MATERIALS if month == JULY else None, 120, rng)
    _share_out(rows, "training", "attendees", JULY_TRAINED if month == JULY else None, 29, rng)
    _send_out(rows, month == JULY, rng)
    for row in rows:
        row["supporting"] = ";".join(f"{code}:{people}" + (f":{cars}" if cars else "") for code, people, cars in row.pop("parts")) or None
    return rows


def _row(kind: str, day: pd.Timestamp, unit: Unit) -> dict:
    lead = {"publicity": of_unit(unit.code, "WSZX"), "training": of_unit(unit.code, "WSZX"), "drill": LEADING, "supervision": of_unit(unit.code, "JCB"),
            "assistance": of_unit(unit.code, "PCS")}.get(kind, INSPECTORATE)  # fmt: skip
    return {"day": day, "kind": kind, "name": f"{unit.short_name}{_TITLES[kind]}", "agency_code": lead, "people": None, "vehicles": None,
            "materials": None, "attendees": None, "street_code": unit.code, "parts": [], "unit": unit.code}  # fmt: skip


def _placed(frame: pd.DataFrame, geography: Geography, sites: Sites, rng: np.random.Generator) -> pd.DataFrame:
    """Somewhere in the unit; enforcement at a site known by then."""
    streets = geography.grids["street_code"].to_numpy()
    grids = np.array([rng.choice(np.flatnonzero(streets == street)) for street in frame["street_code"]])
    points = geography.points_in(rng, grids)
    near: dict[str, list] = {}
    for site in sites.all:
        if site.lon is not None:
            near.setdefault(streets[site.grid], []).append(site)
    for row in np.flatnonzero(frame["kind"].isin(["joint_enforcement", "enforcement"])):
        known = [site for site in near[frame["street_code"][row]] if site.first_seen <= frame["day"][row]]
        if known:
            site = known[rng.integers(len(known))]
            points[row] = site.lon, site.lat
    return frame.assign(lon=points[:, 0], lat=points[:, 1])


def _share_out(rows: list[dict], kind: str, column: str, total: int | None, mean: int, rng: np.random.Generator) -> None:
    """Give each row of a kind its number; they add up to the total where there is one."""
    mine = [row for row in rows if row["kind"] == kind]
    weight = rng.lognormal(0, 0.35, len(mine))
    numbers = np.maximum(5, np.round(weight / weight.mean() * (total / len(mine) if total else mean))).astype(int)
    if total:
        numbers[numbers.argmax()] += total - numbers.sum()
    for row, number in zip(mine, numbers, strict=True):
        row[column] = int(number)


def _send_out(rows: list[dict], july: bool, rng: np.random.Generator) -> None:
    """Let the bodies send people to joint and single enforcement; in July in the shares of ``JULY_PEOPLE``."""
    joint = [row for row in rows if row["kind"] == "joint_enforcement"]
    single = [row for row in rows if row["kind"] == "enforcement"]
    sent = {system: np.zeros(len(joint), int) for system in JULY_PEOPLE}
    if july:
        alone = [2] * len(single)
        for system, people in JULY_PEOPLE.items():
            rest = people - (sum(alone) if system == "health" else 0)
            base = np.zeros(len(joint), int)
            if system in {"health", "police"}:
                base += 1
            sent[system] = base + rng.multinomial(rest - base.sum(), np.full(len(joint), 1 / len(joint)))
    else:
        alone = [int(rng.integers(2, 4)) for _ in single]
        for system, usual in (("health", 2.6), ("police", 1.6), ("market", 1.1), ("urban", 0.9), ("street", 0.6), ("housing", 0.4)):
            sent[system] = rng.poisson(usual, len(joint)) + (system == "health")
    for row, people in zip(single, alone, strict=True):
        row["people"], row["vehicles"] = people, 1
    for n, row in enumerate(joint):
        row["people"], row["vehicles"] = int(sent["health"][n]), 1
        row["parts"] = [(POLICE if system == "police" and n % 5 == 0 else of_unit(row["unit"], _BODY[system]), int(sent[system][n]), int(system == "police"))
                        for system in _BODY if sent[system][n]]  # fmt: skip


def campaign_days() -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of the campaign of July 2023 (S0)."""
    return pd.Timestamp("2023-07-01"), TODAY
