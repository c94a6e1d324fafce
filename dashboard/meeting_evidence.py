"""The tables behind what a meeting is told of recurrence, displacement, hot spots over time, and the campaign."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from dashboard import number_text
from rules.emerging import CODES
from rules.joining import joined
from rules.language import N_

if TYPE_CHECKING:
    from dashboard.meeting_state import Room

TRENDS = {code: word for word, code in CODES.items()}
CERTAIN, LIKELY = 0.05, 0.10
MOST_GRIDS = 12
CONTROLS = {"streets": N_("行动以外的街镇"), "last_year": N_("上年同期")}
SPANS = {"before": N_("行动前"), "during": N_("行动中"), "after": N_("行动后")}


def evidence_tables(room: Room) -> list[dict[str, Any]]:
    """``{title, told, heads, rows}`` of each table that the frozen facts hold, all of it text; told says what counts."""
    made = [_returned(room), _near_repeats(room), _displaced(room), _emerging(room), _campaign(room)]
    return [one for one in made if one is not None]


def _returned(room: Room) -> dict[str, Any] | None:
    t, found = room.ask.t, room.facts.get("recurrence") or {}
    if not found.get("closures"):
        return None
    rows = [[t("{days} 天内", days=one["days"]), f"{one['n']}/{one['N']}", number_text.percent(one["n"] / one["N"] if one["N"] else None) + "%"] for one in found["intervals"]]
    median = t("再现间隔中位数 {days} 天。", days=f"{found['median_days']:g}") if found.get("median_days") is not None else t("不到一半再现，没有中位数。")
    told = t("{since} 以来取缔 {N} 户，再现迹象 {n} 户；分母只含观察满该天数的。", since=found["since"], N=found["closures"], n=found["returned"])
    return {"title": t("取缔后再现"), "told": joined(told, median), "heads": [t("取缔后"), t("再现户数/观察户数"), t("占比")], "rows": rows}


def _near_repeats(room: Room) -> dict[str, Any] | None:
    t, found = room.ask.t, room.facts.get("recurrence") or {}
    bands = found.get("near_repeat") or []
    if not bands:
        return None
    rows = [
        [t("{low}–{high} 米", low=f"{one['distance_from_m']:g}", high=f"{one['distance_m']:g}"), t("{low}–{high} 天", low=f"{one['days_from']:g}", high=f"{one['days']:g}"), str(one["observed"]),
         f"{one['expected']:.1f}", "—" if one["ratio"] is None else f"{one['ratio']:.2f}", _chance(room, one["p"])]
        for one in bands
    ]  # fmt: skip
    told = t("{period} 有坐标的事件 {n} 起，两两相比：在这样近、这样短的间隔内，比各自随机发生多出多少（Knox 检验）。", period=_period(room), n=found["located"])
    return {"title": t("近重复"), "told": told, "heads": [t("相距"), t("相隔"), t("对数"), t("随机预期"), t("倍数"), t("判断")], "rows": rows}


def _chance(room: Room, p: float | None) -> str:
    t = room.ask.t
    if p is None:
        return number_text.NONE
    words = N_("多于偶然") if p < CERTAIN else N_("倾向多于偶然") if p < LIKELY else N_("与偶然无异")
    return t("{words}（p={p}）", words=t(words), p=f"{p:.3f}")


def _displaced(room: Room) -> dict[str, Any] | None:
    t, moved = room.ask.t, (room.facts.get("recurrence") or {}).get("displaced") or []
    if not moved:
        return None
    by = {"person": N_("同一人"), "phone": N_("同一电话")}
    rows = [[room.name(one["from_street"]), room.name(one["to_street"]), t(by[one["by"]]), t("少于 3，不显示") if one.get("suppressed") else str(one["count"])] for one in moved]
    told = t("先在一个街镇、后在另一个街镇出现的人数；身份和电话只按不可逆编码比对，不显示姓名。")
    return {"title": t("跨街镇再现"), "told": told, "heads": [t("先在"), t("后在"), t("依据"), t("人数")], "rows": rows}


def _emerging(room: Room) -> dict[str, Any] | None:
    t, found = room.ask.t, room.facts.get("emerging") or {}
    classes = found.get("classes") or {}
    if not classes:
        return None
    counted = Counter(classes.values())
    rows = []
    for code in (code for code in CODES.values() if counted[code]):
        there = sorted(area for area, own in classes.items() if own == code)
        shown = " ".join(there[:MOST_GRIDS]) + (" …" if len(there) > MOST_GRIDS else "")
        rows.append([t(TRENDS[code]), str(counted[code]), shown])
    told = t("每月各算一次聚集程度（Gi*，p<0.05 为热），自 {first} 起 {n} 个月；从未成为热点的不列。", first=found["months"][0], n=len(found["months"]))
    return {"title": t("热点演变"), "told": told, "heads": [t("类别"), t("网格数"), t("网格")], "rows": rows}


def _campaign(room: Room) -> dict[str, Any] | None:
    t, found = room.ask.t, room.facts.get("campaign_effect")
    if not found:
        return None
    rows = []
    for name, words in SPANS.items():
        span = found["spans"].get(name)
        if span:
            days = number_text.period_text(*(dt.date.fromisoformat(span[one]) for one in ("start", "end")), lang=room.ask.lang)
            rows.append([t(words), days, str(span["events"]), number_text.NONE if span["control"] is None else str(span["control"])])
    against = CONTROLS.get(found["control"], N_("对照"))
    return {"title": t("{name}的效果", name=found["campaign"]), "told": room.words(found["sentence"]), "heads": [t("阶段"), t("日期"), t("投诉举报"), t(against)], "rows": rows}


def _period(room: Room) -> str:
    found = room.facts["hotspot_map"]
    return number_text.period_text(*(dt.date.fromisoformat(found[name]) for name in ("start", "end")), lang=room.ask.lang)
