"""Says in words what differs between two snapshots of a meeting's facts."""

from __future__ import annotations

from typing import Any

from rules.language import N_

Told = tuple[str, dict[str, object]]
"""A marked Chinese source string and what its placeholders take."""

MOST_FIGURES = 6
BOUNDARIES = {"now": N_("今天的边界"), "then": N_("当年的边界")}
PARTS = {
    "figures_before": N_("对比期的数字有变化"), "streets": N_("各街镇的数字有变化"), "agencies": N_("各单位的数字有变化"), "hotspots": N_("热点的内容有变化"),
    "grid_classes": N_("网格的热点类别有变化"), "decisions": N_("议定事项的内容有变化"), "trackers": N_("移送公安和重点盯防的名单有变化"), "recurrence": N_("取缔后再现的统计有变化"),
    "campaign_effect": N_("行动效果的统计有变化"), "cases": N_("在办案件有变化"), "deadlines": N_("到期事项有变化"), "meeting": N_("会议的参会情况有变化"),
}  # fmt: skip
_OF_THE_TAKING = {"taken_at", "data_version", "version", "snapshot"}


def snapshot_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Told]:
    """What changed, one sentence each: days, periods, boundaries, figures, hotspots, decisions; one sentence where nothing did.

    Where none of these changed, the parts that did are named: 没有差别 is said of equal facts alone.

    Args:
        before, after: facts of one meeting as ``meeting_facts`` gives them.
    """
    found: list[Told] = []
    for name, words in (("as_of", N_("数据截至由 {old} 改为 {new}")), ("start", N_("本期起始由 {old} 改为 {new}")), ("end", N_("本期结束由 {old} 改为 {new}"))):
        if before[name] != after[name]:
            found.append((words, {"old": before[name], "new": after[name]}))
    if before["before"] != after["before"]:
        found.append((N_("对比期由 {old} 改为 {new}"), {"old": _period(before["before"]), "new": _period(after["before"])}))
    if before["boundaries"] != after["boundaries"]:
        found.append((N_("对比用的边界由 {old} 改为 {new}"), {"old": BOUNDARIES[before["boundaries"]], "new": BOUNDARIES[after["boundaries"]]}))
    changed = [
        (N_("{name}由 {old} 改为 {new}{unit}"), {"name": now["name"], "old": _shown(then["value"]), "new": _shown(now["value"]), "unit": now["unit"]})
        for key, now in after["figures"].items() if (then := before["figures"].get(key)) is not None and then["value"] != now["value"]
    ]  # fmt: skip
    found += changed[:MOST_FIGURES]
    if len(changed) > MOST_FIGURES:
        found.append((N_("另有 {n} 个数字改变"), {"n": len(changed) - MOST_FIGURES}))
    old, new = ([(spot["name"], spot["class"]) for spot in facts["hotspots"]] for facts in (before, after))
    found += [(N_("新增热点：{name}"), {"name": name}) for name, _ in new if name not in dict(old)]
    found += [(N_("不再是热点：{name}"), {"name": name}) for name, _ in old if name not in dict(new)]
    then, now = ({one["id"]: one["state"] for one in facts["decisions"]} for facts in (before, after))
    if moved := sum(now[code] != state for code, state in then.items() if code in now):
        found.append((N_("{n} 项议定事项的状态改变"), {"n": moved}))
    if added := len(now.keys() - then.keys()):
        found.append((N_("新增议定事项 {n} 项"), {"n": added}))
    return found or _parts(before, after) or [(N_("与上一份快照没有差别"), {})]


def _parts(before: dict[str, Any], after: dict[str, Any]) -> list[Told]:
    """The parts that differ where no sentence says how; a part without words of its own is told as the rest."""
    other = [name for name in sorted(before.keys() | after.keys()) if name not in _OF_THE_TAKING and before.get(name) != after.get(name)]
    return [(words, {}) for words in dict.fromkeys(PARTS.get(name, N_("其他内容有变化")) for name in other)]


def _period(period: dict[str, str]) -> str:
    return f"{period['start']} – {period['end']}"


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"
