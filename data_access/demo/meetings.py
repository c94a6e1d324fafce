"""Joint meetings, what they decided, the campaigns, and the adverse events of the demo."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.agencies import (
    BUILDING,
    COMMISSION,
    HOUSING,
    INSPECTORATE,
    LEADING,
    MARKET,
    POLICE,
    URBAN,
    of_unit,
)
from data_access.demo.geography import Geography
from data_access.demo.persons import name_of_person
from data_access.demo.story import Stage
from data_access.demo.timeline import MEETINGS, MONTHS, Moment, month_days, news
from data_access.demo.units import Unit

JULY_STREETS = 6
"""联席会议 8 次 in July 2023 (S0): two of the district, six of streets."""

JULY_DISTRICT = ("2023-07-03", "2023-07-24")
_BODIES = [COMMISSION, INSPECTORATE, POLICE, MARKET, URBAN, HOUSING, BUILDING]

LIAISONS_SINCE = pd.Timestamp("2023-01-01")

CAMPAIGN_UNITS = ("990114005", "990114006", "990114007", "990114008")
"""Where the campaign of July 2023 ran: four units only (DESIGN 10)."""


def meetings(units: tuple[Unit, ...], seed: int) -> pd.DataFrame:
    """Every joint meeting in day order: the fields of ``kinds/meetings.py``."""
    rng = np.random.default_rng([seed, 12])
    rows = []
    for month in MONTHS:
        days = month_days(month)
        july = month == pd.Period("2023-07")
        district = [pd.Timestamp(day) for day in JULY_DISTRICT] if july else [days[rng.integers(3, len(days))]] if month.month % 2 or month.year == 2023 else []
        rows += [_meeting(day, None, rng, CAMPAIGN_UNITS if july else ()) for day in district]
        count = JULY_STREETS if july else int(rng.integers(3, 6))
        for unit in rng.choice(len(units), count, replace=False):
            rows.append(_meeting(days[rng.integers(len(days) - 2)], units[unit], rng))
    frame = pd.DataFrame(rows).sort_values("day", kind="stable", ignore_index=True)
    frame.insert(0, "number", [f"L-{n:04d}" for n in range(1, len(frame) + 1)])
    return frame


def liaisons(units: tuple[Unit, ...]) -> pd.DataFrame:
    """One liaison of each body of the district's meeting and of each unit, under obviously invented names: the fields of ``kinds/liaisons.py``."""
    bodies = [LEADING, *_BODIES, *(of_unit(unit.code, "ZF") for unit in units)]
    return pd.DataFrame({
        "agency_code": bodies, "name": [name_of_person(n).replace("示例", "示例联") for n in range(len(bodies))], "phone": None,
        "valid_from": LIAISONS_SINCE, "valid_to": pd.NaT,
    })  # fmt: skip


def _meeting(day: pd.Timestamp, unit: Unit | None, rng: np.random.Generator, streets: tuple[str, ...] = ()) -> dict:
    """A meeting; ``streets`` are the units whose governments the district's invites."""
    if unit is None:
        present = [body for body in _BODIES if rng.random() < 0.9]
        invited = [*(["JCY"] if rng.random() < 0.3 else []), *(of_unit(code, "ZF") for code in streets)]
        return {"day": day, "level": "district", "name": f"{day.year}年{day.month}月区打非工作联席会议", "convener": LEADING, "street_code": None,
                "members": _BODIES, "invited": invited or None, "present": present}  # fmt: skip
    members = [of_unit(unit.code, body) for body in ("FWB", "WSZX", "PCS", "SCS", "JGZX", "ZFD", "PAB", "ZZB")]
    return {"day": day, "level": "street", "name": f"{unit.short_name}打非工作联席会议", "convener": of_unit(unit.code, "FWB"), "street_code": unit.code,
            "members": members, "invited": None, "present": [body for body in members if rng.random() < 0.88]}  # fmt: skip


def decisions(held: pd.DataFrame, geography: Geography, stage: Stage, seed: int) -> pd.DataFrame:
    """What the meetings decided, as it ended: the fields of ``kinds/decisions.py``.

    On the day shown two are overdue, one is answered, and the others of July are under way.
    """
    rng = np.random.default_rng([seed, 13])
    by_day = {day: number for day, number, level in zip(held["day"], held["number"], held["level"], strict=True) if level == "district"}
    first, last = (pd.Timestamp(day) for day in JULY_DISTRICT)
    case_grid = geography.grids["code"][stage.premises["3 days"]]
    hedu = "990114005"
    rows = [
        _decision(by_day[first], first, "出租房屋备案核查12处", HOUSING, [of_unit(hedu, "JGZX")], "2023-07-24", hedu, done="2023-08-09"),
        _decision(by_day[first], first, "医疗广告清除情况专报", MARKET, [URBAN], "2023-07-14", None, done="2023-07-14", feedback="已报送"),
        _decision(by_day[first], first, "重点工地逐一走访并反馈", BUILDING, [of_unit(hedu, "GLB")], "2023-07-28", None, done="2023-08-18"),
        _decision(by_day[last], last, f"{case_grid}案件到期前作出处理决定", INSPECTORATE, [COMMISSION], "2023-08-03", hedu, done="2023-08-03"),
        _decision(by_day[last], last, "两次处罚后再犯1人移送公安", INSPECTORATE, [POLICE], "2023-08-04", hedu, answered="2023-07-28",
                  feedback="材料齐备", done="2023-08-04"),
        _decision(by_day[last], last, "逾期与未巡网格全部补巡", of_unit(hedu, "ZF"), [of_unit(hedu, "WSZX")], "2023-08-07", hedu, done="2023-08-07"),
        _decision(by_day[last], last, "西片一点一方案，联合执法2次", INSPECTORATE, [POLICE, of_unit(hedu, "ZF")], "2023-08-15", hedu, done="2023-08-16"),
    ]  # fmt: skip
    texts = (("重点村居联合排查", INSPECTORATE, POLICE), ("药店坐堂行医专项检查", MARKET, INSPECTORATE), ("群租房信息比对并移交", HOUSING, POLICE),
             ("占道摊点清理", URBAN, MARKET), ("开展基层巡排查人员培训", COMMISSION, INSPECTORATE))  # fmt: skip
    for day, number in by_day.items():
        for n in rng.choice(len(texts), 2, replace=False) if day not in {first, last} else []:
            due = day + pd.Timedelta(days=int(rng.integers(14, 40)))
            done = due + pd.Timedelta(days=int(rng.integers(-8, 1) if rng.random() < 0.85 else rng.integers(2, 12)))
            safe = min(done, pd.Timestamp("2023-06-28")) if day < first else done
            rows.append(_decision(number, day, texts[n][0], texts[n][1], [texts[n][2]], str(due.date()), None, done=str(safe.date()), feedback="已完成"))
    frame = pd.DataFrame(rows).sort_values("day", kind="stable", ignore_index=True)
    frame.insert(0, "number", [f"J-{n:04d}" for n in range(1, len(frame) + 1)])
    return frame


def _decision(meeting: str, day: pd.Timestamp, text: str, owner: str, support: list[str], due: str, street: str | None, *,
              answered: str = "", done: str = "", feedback: str = "已完成") -> dict:  # fmt: skip
    return {"meeting_id": meeting, "day": day, "text": text, "agency_code": owner, "support_agencies": support, "due_on": pd.Timestamp(due),
            "feedback_on": pd.Timestamp(answered or done), "closed_on": pd.Timestamp(done), "feedback": feedback, "street_code": street}  # fmt: skip


def decisions_handed_in(frame: pd.DataFrame) -> list[tuple[Moment, pd.DataFrame]]:
    """The decisions as known at each moment, with the state they then had."""
    parts: list[tuple[Moment, pd.DataFrame]] = []
    before: dict[str, tuple] = {}
    for one in MEETINGS:
        seen = frame[frame["day"] <= one.through].copy()
        for column in ("feedback_on", "closed_on"):
            seen[column] = seen[column].where(seen[column] <= one.through)
        seen["feedback"] = seen["feedback"].where(seen["feedback_on"].notna(), None)
        seen["state"] = np.select([seen["closed_on"].notna(), seen["feedback_on"].notna()], ["done", "answered"], "open")
        part, before = news(seen, ["feedback_on", "closed_on"], before)
        parts.append((one, part))
    return parts


def campaigns(visits: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """The special campaigns: the fields of ``kinds/campaigns.py``; 蓝盾9号 is S0's name, its area is invented.

    Args:
        visits, actions: what the targets of the last campaign are set by (a little above, at, and
            a little above what was reached in its four units).
    """
    inside = visits[visits["street_code"].isin(CAMPAIGN_UNITS) & (visits["day"].dt.to_period("M") == pd.Period("2023-07"))]
    reached = actions[actions["street_code"].isin(CAMPAIGN_UNITS) & (actions["day"].dt.to_period("M") == pd.Period("2023-07"))]["kind"].value_counts()
    k1 = int(np.ceil(inside["visits"].sum() / 0.985 / 10) * 10)
    rows = [
        *_campaign("LD6", "蓝盾6号", "2022-03-01", "2022-03-31", ("990114005", "990114001", "990114008")),
        *_campaign("LD7", "蓝盾7号", "2022-06-01", "2022-06-30", ("990114006", "990114007")),
        *_campaign("LD8", "蓝盾8号", "2022-11-01", "2022-11-30", ("990114005", "990114006", "990114011")),
        *_campaign("LD9", "蓝盾9号", "2023-07-01", "2023-07-31", CAMPAIGN_UNITS),
    ]
    for n, (name, day) in enumerate((("启动", "2023-07-01"), ("集中排查", "2023-07-12"), ("联合执法", "2023-07-21"), ("应急演练", "2023-07-27")), start=1):
        rows.append({"campaign_number": "LD9", "number": f"M{n}", "row": "milestone", "name": name, "start_on": day})
    for n, (name, start, end) in enumerate((("动员部署", "2023-07-01", "2023-07-07"), ("集中整治", "2023-07-08", "2023-07-25"), ("总结通报", "2023-07-26", "2023-07-31")), start=1):
        rows.append({"campaign_number": "LD9", "number": f"S{n}", "row": "stage", "name": name, "start_on": start, "end_on": end})
    for indicator, name, target, unit in (("K1", "巡排查", k1, "户次"), ("K4", "组织培训", int(reached["training"]), "次"),
                                          ("K2", "宣传", int(np.ceil(reached["publicity"] / 0.95)), "次")):  # fmt: skip
        rows.append({"campaign_number": "LD9", "number": f"T{indicator}", "row": "target", "name": name, "indicator": indicator, "target": target, "unit": unit})
    frame = pd.DataFrame(rows)
    for column in ("start_on", "end_on"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def _campaign(number: str, name: str, start: str, end: str, areas: tuple[str, ...]) -> list[dict]:
    return [{"campaign_number": number, "number": "0", "row": "campaign", "name": name, "start_on": start, "end_on": end, "area_codes": list(areas)}]


def adverse_events(geography: Geography, stage: Stage, seed: int) -> pd.DataFrame:
    """An undercover finding that the rubric scores, and a media report that it does not (S3 附件3)."""
    rng = np.random.default_rng([seed, 14])
    grids = np.array([stage.patches[0][6], stage.patches[4][1]])
    points = geography.points_in(rng, grids)
    frame = pd.DataFrame({
        "number": ["F-0001", "F-0002"], "day": pd.to_datetime(["2022-09-08", "2023-06-14"]), "kind": ["media", "undercover"], "count": [1, 1],
        "level": ["市级", "省级"], "verified": [False, True], "summary": ["媒体反映出租房屋内输液，经核查不属实（演示）", "省级暗访发现无证行医点1家（演示）"],
    })  # fmt: skip
    return frame.assign(lon=points[:, 0], lat=points[:, 1], street_code=geography.grids["street_code"].to_numpy()[grids])
