"""Says in words what differs between two snapshots of a meeting's facts."""

from __future__ import annotations

from typing import Any

from rules.language import N_

Told = tuple[str, dict[str, object]]
"""A marked Chinese source string and what its placeholders take."""

MOST_FIGURES = 6


def snapshot_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Told]:
    """What changed, one sentence each: days, figures, events, hotspots, decisions; one sentence where nothing did.

    Args:
        before, after: facts of one meeting as ``meeting_facts`` gives them.
    """
    found: list[Told] = []
    for name, words in (("as_of", N_("数据截至由 {old} 改为 {new}")), ("start", N_("本期起始由 {old} 改为 {new}")), ("end", N_("本期结束由 {old} 改为 {new}"))):
        if before[name] != after[name]:
            found.append((words, {"old": before[name], "new": after[name]}))
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
    return found or [(N_("与上一份快照没有差别"), {})]


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"
