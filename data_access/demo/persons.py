"""The historic list of persons once found practising, and how far each was checked (S0 二(二))."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.geography import Geography
from data_access.demo.sites import Sites
from data_access.demo.story import PREMISES
from data_access.demo.timeline import FIRST, OPENING, REGISTERS, TODAY, Moment, moment, position
from data_access.demo.units import Unit

COUNT_TODAY = 520
CHECKED_2022 = moment("2022-12-05T08:00")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_DIGITS = "零一二三四五六七八九"


def name_of_person(number: int) -> str:
    """An obviously invented name, different for every number from 0: 示例甲一, 示例乙一, ..."""
    tens, ones = divmod(number // 10 + 1, 10)
    count = ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + ("" if ones == 0 and tens else _DIGITS[ones])
    return f"示例{_STEMS[number % 10]}{count}"


def person_numbers(count: int) -> list[str]:
    """编号 of the persons that sites name, in the order in which ``sites`` made them."""
    return [f"R-{n + 1:04d}" for n in range(count)]


def persons(made: Sites, geography: Geography, units: tuple[Unit, ...], seed: int) -> pd.DataFrame:
    """Everybody on the list as the check of July 2023 left them: the fields of ``kinds/persons.py``.

    Column ``day`` is the day they were listed, ``grid`` the position of their grid. The funnel:
    520 listed, most checked in the system, fewer in the field, some still here, those graded,
    controlled, and joined by a joint action.
    """
    rng = np.random.default_rng([seed, 4])
    frame = _everybody(made, geography, rng)
    listed = (frame["day"] <= TODAY).to_numpy()
    frame["kind"] = np.where(rng.random(len(frame)) < 0.05, "unit", "person")
    frame["phone"] = [f"000-0000-{n:04d}" for n in range(1, len(frame) + 1)]
    frame["address"] = [f"示例弄{n}号" for n in range(1, len(frame) + 1)]
    frame["school"] = rng.choice(np.array(["示例卫生学校", "示例职业学院", "无"], dtype=object), len(frame), p=[0.2, 0.15, 0.65])
    frame["major"] = np.where(frame["school"] == "无", None, "示例专业")
    frame["qualification"] = rng.choice(
        ["none", "village_doctor", "nurse", "assistant_physician", "physician", "pharmacist", "unknown"],
        len(frame), p=[0.66, 0.09, 0.06, 0.04, 0.03, 0.02, 0.10])  # fmt: skip
    active_site = {site.person for site in made.all if site.active(TODAY)}
    here = np.array([n in active_site for n in range(len(frame))]) | (rng.random(len(frame)) < 0.34)
    frame["residence"] = np.where(here, "resident", np.where(rng.random(len(frame)) < 0.83, "left", "unknown"))
    frame = _checked(frame, listed, here, rng)
    return frame.drop(columns="danger")


def _everybody(made: Sites, geography: Geography, rng: np.random.Generator) -> pd.DataFrame:
    """One row a person: those that sites name first, then the older ones without a site in the register."""
    numbers = person_numbers(made.persons)
    rows: dict[int, dict] = {}
    for site in made.all:
        row = rows.setdefault(site.person, {"number": numbers[site.person], "grid": site.grid, "category": site.category,
                                            "day": site.first_seen, "prior_penalties": 0, "danger": 0.0})  # fmt: skip
        row["danger"] = max(row["danger"], {"high": 2.0, "mid": 1.0}.get(site.grades[-1][1] if site.grades else "", 0.0))
    frame = pd.DataFrame([rows[n] for n in sorted(rows)])
    # Nobody outside the story may reach a second penalty: the one who must go to the police stays one.
    recent = {site.person for site in made.all if site.events[-1][0] >= FIRST}
    calm = np.array([n >= len(PREMISES) and n not in recent for n in range(len(frame))])
    once = calm & (rng.random(len(frame)) < 0.45)
    frame["prior_penalties"] = np.where(once, 1, 0)
    frame.loc[: len(PREMISES) - 1, "prior_penalties"] = [one.penalties for one in PREMISES]
    older = COUNT_TODAY - int((frame["day"] <= TODAY).sum())
    days = pd.Timestamp("2011-01-01") + pd.to_timedelta(rng.integers(0, 2400, older), unit="D")
    weight = geography.grids["people"].to_numpy()
    extra = pd.DataFrame({
        "number": [f"R-{made.persons + n + 1:04d}" for n in range(older)], "day": days,
        "grid": rng.choice(len(weight), older, p=weight), "danger": 0.0,
        "category": rng.choice(["infusion", "internal", "dental", "tcm", "maternal"], older, p=[0.45, 0.2, 0.15, 0.15, 0.05]),
        "prior_penalties": np.where(np.arange(older) < 4, 2, rng.random(older) < 0.4),
    })  # fmt: skip
    frame = pd.concat([frame, extra], ignore_index=True)
    frame["name"] = [name_of_person(n) for n in range(len(frame))]
    frame["listed_on"] = frame["day"]
    young = frame["grid"].isin(geography.grids.index[geography.grids["code"].isin(geography.successors)])
    frame["street_code"] = geography.grids["street_code"].to_numpy()[frame["grid"]]
    frame["neighbourhood_code"] = geography.grids["neighbourhood_code"].to_numpy()[frame["grid"]]
    frame["grid_code"] = np.where(young, None, geography.grids["code"].to_numpy(dtype=object)[frame["grid"]])
    return frame


def _checked(frame: pd.DataFrame, listed: np.ndarray, here: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """The check of the July campaign: each stage reaches fewer than the one before."""
    n = len(frame)

    def some(among: np.ndarray, share: float) -> np.ndarray:
        return among & (rng.random(n) < share)

    def days(first: str, span: int) -> pd.Series:
        return pd.Series(pd.Timestamp(first) + pd.to_timedelta(rng.integers(0, span, n), unit="D"))

    system = some(listed, 0.96)
    field_ = some(system, 0.90)
    active = field_ & here
    graded = some(active, 0.94)
    order = pd.Series(frame["danger"] + rng.random(n)).where(graded).rank(ascending=False)
    high, middle = 0.14 * graded.sum(), 0.50 * graded.sum()
    controlled = some(graded, 0.90)
    joint = some(controlled & (order <= middle).to_numpy(), 0.68)
    frame["system_checked_on"] = days("2023-07-03", 12).where(system)
    frame["field_checked_on"] = days("2023-07-10", 14).where(field_)
    frame["still_active"] = pd.Series(here, dtype=object).where(field_, None)
    frame["graded_on"] = days("2023-07-20", 5).where(graded)
    frame["grade"] = pd.Series(np.select([order <= high, order <= middle], ["high", "mid"], "low"), dtype=object).where(graded, None)
    frame["control_measure"] = pd.Series("分类管控：每月走访，重点人员每半月走访", index=frame.index, dtype=object).where(controlled, None)
    frame["control_on"] = days("2023-07-24", 4).where(controlled)
    frame["joint_action_on"] = days("2023-07-26", 3).where(joint)
    frame["due_on"] = pd.Series(pd.Timestamp("2023-07-31"), index=frame.index).where(listed)
    return frame


_CHECKS = ["system_checked_on", "field_checked_on", "still_active", "graded_on", "grade", "control_measure", "control_on",
           "joint_action_on", "due_on"]  # fmt: skip


def handed_in(frame: pd.DataFrame, seed: int) -> list[tuple[Moment, pd.DataFrame]]:
    """The list as it was handed in: at the opening, as people joined, after the checks of 2022 and of July 2023."""
    rng = np.random.default_rng([seed, 5])
    bare = frame.copy()
    bare[_CHECKS] = None
    bare["residence"] = "unknown"
    last_year = bare.copy()
    asked = rng.random(len(frame)) < 0.9
    last_year["residence"] = frame["residence"].where(pd.Series(asked), "unknown")
    last_year["system_checked_on"] = pd.Series(
        pd.Timestamp("2022-11-03") + pd.to_timedelta(rng.integers(0, 20, len(frame)), unit="D")).where(pd.Series(asked))  # fmt: skip
    place = position(frame["day"], REGISTERS)
    parts = [(OPENING, bare[frame["day"] < FIRST]),
             (CHECKED_2022, last_year[(frame["day"] <= REGISTERS[2].through) & asked])]  # fmt: skip
    for index, one in enumerate(REGISTERS):
        new = (place == index) & (frame["day"] >= FIRST)
        checked = one.through == TODAY
        parts.append((one, frame[frame["day"] <= TODAY] if checked else bare[new]))
    return [(one, part) for one, part in parts if len(part)]
