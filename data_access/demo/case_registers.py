"""The registers that cases fill: the cases, their steps, penalties, seizures and transfers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_access.demo.agencies import COMMISSION, INSPECTORATE, LEADING, MARKET, POLICE, of_unit
from data_access.demo.cases import Case, working_day
from data_access.demo.geography import Geography
from data_access.demo.sites import Sites
from data_access.demo.timeline import CASES as CASE_MOMENTS
from data_access.demo.timeline import TODAY, Moment, news

SEIZED_JULY = {"income": (180, 350), "device": (4, 3, 3, 2, 2, 1), "drug": (5, 4)}
"""What S0 counts in July 2023, spread over its six closures: 530 元, 15 件, 9 盒."""

TYPICAL_CASES = 3
_JOINED = {"unlicensed": (POLICE, MARKET), "advert": (INSPECTORATE,)}


@dataclass(frozen=True)
class CaseRegisters:
    """The registers of cases: each frame has the fields of the kind of its name, and ``day``."""

    cases: pd.DataFrame
    case_events: pd.DataFrame
    penalties: pd.DataFrame
    seizures: pd.DataFrame
    transfers: pd.DataFrame


def case_registers(
    made: list[Case], geography: Geography, sites: Sites, leads: pd.DataFrame, person_numbers: list[str], seed: int
) -> CaseRegisters:
    """Write the cases into their registers.

    Args:
        made: answer of ``cases.cases``.
        leads: answer of ``leads.leads``; a case names the lead that led to it.
        person_numbers: 编号 of the persons by position.
    """
    rng = np.random.default_rng([seed, 18])
    return CaseRegisters(
        _case_frame(made, geography, sites, leads, person_numbers, rng), _event_frame(made),
        _penalty_frame(made, geography, sites, person_numbers), _seizure_frame(made, geography, sites, rng),
        _transfer_frame(made, geography, leads, rng))  # fmt: skip


def _case_frame(made: list[Case], geography: Geography, sites: Sites, leads: pd.DataFrame, person_numbers: list[str], rng: np.random.Generator) -> pd.DataFrame:
    grids = geography.grids
    points = geography.points_in(rng, np.array([case.grid for case in made]))
    rows = []
    for case, (lon, lat) in zip(made, points, strict=True):
        site = sites.all[case.site] if case.site >= 0 else None
        before = leads[(leads["site"] == case.site) & (case.site >= 0) & leads["found"] & (leads["day"] <= case.filed_on)]
        placed = site is None or site.lon is not None
        joined = [*_JOINED.get(case.kind, ()), of_unit(grids["street_code"][case.grid], "ZF")] if case.joint_on is not None else None
        rows.append({
            "number": case.number, "kind": case.kind, "category": case.category, "premises": case.premises, "title": f"演示案件{case.number[2:]}",
            "site_id": site.number if site else None, "subject_id": person_numbers[site.person] if site else None,
            "lead_id": before["number"].iloc[-1] if len(before) else None, "agency_code": case.agency, "joint": case.joint_on is not None,
            "joint_agencies": joined, "joint_on": case.joint_on, "street_code": grids["street_code"][case.grid],
            "grid_code": None if placed else grids["code"][case.grid],
            "lon": (site.lon if site else lon) if placed else None, "lat": (site.lat if site else lat) if placed else None,
            "day": case.filed_on,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _event_frame(made: list[Case]) -> pd.DataFrame:
    rows = [{"case_id": case.number, "day": day, "event": event, "agency_code": case.agency,
             "document": f"演示文书{case.number[2:]}" if event == "decided" else None} for case in made for day, event in case.steps]  # fmt: skip
    frame = pd.DataFrame(rows).sort_values("day", kind="stable", ignore_index=True)
    frame.insert(0, "number", [f"AE-{n:05d}" for n in range(1, len(frame) + 1)])
    return pd.concat([frame, _typical(made)], ignore_index=True).sort_values("day", kind="stable", ignore_index=True)


def _typical(made: list[Case]) -> pd.DataFrame:
    """The first cases of 无证行医 decided in each year, told as typical ones: as many as S2 六 asks for."""
    decided = sorted((case.day_of("decided"), case.number, case.agency) for case in made if case.kind == "unlicensed" and case.day_of("decided") is not None)
    rows, told = [], dict.fromkeys({day.year for day, _, _ in decided}, 0)
    for day, number, agency in decided:
        on = working_day(day + pd.Timedelta(days=20))
        if told[day.year] < TYPICAL_CASES and on <= TODAY and on.year == day.year:
            told[day.year] += 1
            rows.append({"number": f"AT-{len(rows) + 1:05d}", "case_id": number, "day": on, "event": "typical_case", "agency_code": agency, "document": None})
    return pd.DataFrame(rows)


def _penalty_frame(made: list[Case], geography: Geography, sites: Sites, person_numbers: list[str]) -> pd.DataFrame:
    rows = []
    for case in made:
        day = case.day_of("decided")
        if day is None:
            continue
        site = sites.all[case.site] if case.site >= 0 else None
        pushed = day + pd.Timedelta(days=7)
        rows.append({
            "number": f"C-{case.number[2:]}", "case_id": case.number, "site_id": site.number if site else None,
            "subject_id": person_numbers[site.person] if site else None, "day": day, "kind": case.penalty if case.fine_yuan else "warning",
            "agency_code": COMMISSION if case.agency == INSPECTORATE else case.agency, "fine_yuan": case.fine_yuan,
            "document": f"演示决定{case.number[2:]}", "street_code": geography.grids["street_code"][case.grid], "pushed_on": pushed,
        })  # fmt: skip
    return pd.DataFrame(rows).sort_values("day", kind="stable", ignore_index=True)


def _seizure_frame(made: list[Case], geography: Geography, sites: Sites, rng: np.random.Generator) -> pd.DataFrame:
    """What was taken away at each closure of 2022 and later; July 2023 holds exactly S0's numbers."""
    of_case = {}
    for case in made:
        of_case.setdefault(case.site, []).append(case)
    closures = sorted((day, at) for at, site in enumerate(sites.all) for day, event in site.events
                      if event == "closed" and day >= pd.Timestamp("2022-01-01"))  # fmt: skip
    july = [one for one in closures if one[0].to_period("M") == TODAY.to_period("M")]
    rows = []
    for day, at in closures:
        site = sites.all[at]
        if (day, at) in july:
            rank = july.index((day, at))
            taken = {kind: (numbers[rank] if rank < len(numbers) else 0) for kind, numbers in SEIZED_JULY.items()}
        else:
            taken = {"income": int(rng.integers(1, 21)) * 50 if rng.random() < 0.35 else 0,
                     "device": int(rng.poisson(2.4)), "drug": int(rng.poisson(2.0))}  # fmt: skip
        near = [case for case in of_case.get(at, []) if abs((case.filed_on - day).days) <= 30]
        for kind, quantity in taken.items():
            if quantity:
                rows.append({"case_id": near[0].number if near else None, "site_id": site.number, "day": day, "kind": kind,
                             "item": {"income": "违法所得", "device": "一次性诊疗器具", "drug": "输液药品"}[kind], "quantity": quantity,
                             "unit": {"income": "元", "device": "件", "drug": "盒"}[kind], "agency_code": INSPECTORATE,
                             "street_code": geography.grids["street_code"][site.grid]})  # fmt: skip
    frame = pd.DataFrame(rows)
    frame.insert(0, "number", [f"M-{n:05d}" for n in range(1, len(frame) + 1)])
    return frame


def _transfer_frame(made: list[Case], geography: Geography, leads: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Leads passed between bodies, and the cases that went to the police.

    On the day shown three answers are overdue, and the police still owe one that is not yet due.
    """
    rows = []
    for case in made:
        day = case.day_of("transferred")
        if day is not None:
            rows.append(_transfer("case", day, INSPECTORATE, POLICE, 60, geography.grids["street_code"][case.grid], case_id=case.number))
    passed = leads[(leads["source"].isin(["transfer", "internet", "patrol"])) & leads["street_code"].notna()]
    passed = passed.iloc[np.sort(rng.permutation(len(passed))[: len(passed) // 2])]
    open_ones = [("2023-06-12", 30), ("2023-06-20", 30), ("2023-06-27", 30), ("2023-07-17", 30)]
    for lead in passed[(passed["day"] < pd.Timestamp("2023-06-08")) | (passed["day"] > pd.Timestamp("2023-08-01"))].itertuples():
        day = working_day(lead.day + pd.Timedelta(days=int(rng.integers(0, 4))))
        to, by = (MARKET, INSPECTORATE) if lead.source == "internet" else (INSPECTORATE, LEADING) if lead.source == "transfer" else (POLICE, of_unit(lead.street_code, "WSZX"))
        row = _transfer("lead", day, by, to, 30, lead.street_code, lead_id=lead.number)
        answered = day + pd.Timedelta(days=int(rng.integers(4, 29) if rng.random() < 0.9 else rng.integers(31, 45)))
        rows.append(row | {"feedback_on": answered, "feedback": "已核查并答复"})
    for (text, days), lead in zip(open_ones, leads[(leads["day"] >= pd.Timestamp("2023-06-05")) & (leads["day"] <= pd.Timestamp("2023-06-12"))
                                                   & leads["street_code"].notna()].itertuples(), strict=False):  # fmt: skip
        rows.append(_transfer("lead", pd.Timestamp(text), INSPECTORATE, POLICE, days, lead.street_code, lead_id=lead.number))
    frame = pd.DataFrame(rows).sort_values("day", kind="stable", ignore_index=True)
    frame = frame[frame["day"] <= pd.Timestamp("2023-09-30")]
    frame.insert(0, "number", [f"Y-{n:04d}" for n in range(1, len(frame) + 1)])
    return frame


def _transfer(kind: str, day: pd.Timestamp, by: str, to: str, days: int, street: str, *, case_id: str | None = None, lead_id: str | None = None) -> dict:
    return {"kind": kind, "case_id": case_id, "lead_id": lead_id, "day": day, "from_agency": by, "to_agency": to,
            "due_on": day + pd.Timedelta(days=days), "accepted_on": day + pd.Timedelta(days=2), "feedback_on": pd.NaT,
            "feedback": None, "street_code": street}  # fmt: skip


def transfers_handed_in(frame: pd.DataFrame, moments: tuple[Moment, ...]) -> list[tuple[Moment, pd.DataFrame]]:
    """The transfers as known at each moment: new ones, and those answered since."""
    parts: list[tuple[Moment, pd.DataFrame]] = []
    before: dict[str, tuple] = {}
    for one in moments:
        seen = frame[frame["day"] <= one.through].copy()
        for column in ("accepted_on", "feedback_on"):
            seen[column] = seen[column].where(seen[column] <= one.through)
        seen["feedback"] = seen["feedback"].where(seen["feedback_on"].notna(), None)
        part, before = news(seen, ["accepted_on", "feedback_on"], before)
        parts.append((one, part))
    return parts


def cases_handed_in(frame: pd.DataFrame) -> list[tuple[Moment, pd.DataFrame]]:
    """The cases as known at each moment: new ones, and those handled jointly since."""
    parts: list[tuple[Moment, pd.DataFrame]] = []
    before: dict[str, tuple] = {}
    for one in CASE_MOMENTS:
        seen = frame[frame["day"] <= one.through].copy()
        later = seen["joint_on"] > one.through
        seen["joint"] = seen["joint"] & ~later
        seen["joint_on"] = seen["joint_on"].mask(later)
        seen["joint_agencies"] = seen["joint_agencies"].mask(later, None)
        part, before = news(seen, ["joint"], before)
        parts.append((one, part))
    return parts
