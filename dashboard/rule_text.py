"""Words about changes of rules: what a version changed, what a change would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dashboard.number_text import is_missing
from rules.language import N_, Translate
from rules.rule_words import FIELDS, POINTS_UNITS, READINGS, UNITS
from rules.rulebook import Rule, shipped
from rules.vocabulary import name_of

if TYPE_CHECKING:
    from data_access.rule_effect import Effect

MOST_ROWS = 12
KINDS = {
    "grid": N_("{n} 个网格"), "site": N_("{n} 个点位"), "subject": N_("{n} 名人员"), "construction": N_("{n} 个工地"), "lead": N_("{n} 件线索"),
    "case": N_("{n} 件案件"), "transfer": N_("{n} 件移送"), "decision": N_("{n} 项议定事项"), "task": N_("{n} 个清单对象"), "street": N_("{n} 个街镇"),
    "district": N_("{n} 个区县"), "penalty": N_("{n} 件处罚"), "report": N_("{n} 份材料"), "police_transfer": N_("{n} 名应移送或待核人员"),
}  # fmt: skip
STATES = {"ok": N_("按期"), "due": N_("临期"), "over": N_("逾期"), "never": N_("从未巡查"), "": N_("不适用")}


def effect_sentences(effect: Effect, t: Translate) -> list[str]:
    """What a change would do, the gravest first; at least one sentence."""
    rows, said = effect.rows, []
    late, was = rows["after"].isin(["over", "never"]), rows["before"].isin(["over", "never"])
    if effect.newly_late:
        said.append(t("会使 {what} 变为逾期", what=_counted(rows[late & ~was], t)))
    if effect.no_longer_late:
        said.append(t("会使 {what} 不再逾期", what=_counted(rows[was & ~late], t)))
    if effect.newly_due:
        said.append(t("会使 {what} 变为临期", what=_counted(rows[(rows["after"] == "due") & (rows["before"] != "due") & ~was], t)))
    if effect.moved:
        said.append(t("{what} 的到期日改变，状态不变", what=_counted(rows[(rows["before"] == rows["after"]) & _other_day(rows)], t)))
    if effect.reassigned:
        said.append(t("{what} 改由其他单位负责", what=_counted(rows[_other_owner(rows)], t)))
    if len(effect.scores):
        said += _of_scores(effect, t)
    if not said:
        said.append(t("不改变任何事项的状态、到期日和责任单位，也不改变得分"))
    if not effect.binds:
        said.append(t("这条规则尚未采纳，以上只作参考，不计入逾期和得分"))
    return said


def is_worse(effect: Effect) -> bool:
    """Whether a change makes anything late, or takes points."""
    return effect.newly_late > 0 or bool((effect.scores["score_after"] < effect.scores["score_before"]).any())


def effect_rows(effect: Effect, t: Translate, name: Callable[[str | None], str]) -> list[dict[str, str]]:
    """The first rows of an effect, in words: the streets whose score changes, then the duties."""
    scored = [
        {"label": name(row.street_code), "place": t("得分"), "before": _score(row.score_before, row.idle_before, t), "after": _score(row.score_after, row.idle_after, t),
         "state": "", "due_before": "", "due_after": ""}
        for row in effect.scores.head(MOST_ROWS).itertuples(index=False)
    ]  # fmt: skip
    handed = _other_owner(effect.rows).to_numpy(bool)
    return scored + [
        {
            "label": name(row.label) if row.target_kind in {"street", "grid"} else str(row.label), "place": name(row.street_code) if isinstance(row.street_code, str) else "",
            "before": t(STATES[row.before]) + (f" · {name(row.owner_before)}" if moved else ""), "after": t(STATES[row.after]) + (f" · {name(row.owner_after)}" if moved else ""),
            "state": row.after, "due_before": day_words(row.due_before), "due_after": day_words(row.due_after),
        }
        for row, moved in zip(effect.rows.head(MOST_ROWS - len(scored)).itertuples(index=False), handed, strict=False)
    ]  # fmt: skip


def _of_scores(effect: Effect, t: Translate) -> list[str]:
    now = effect.scores["score_after"] - effect.scores["score_before"]
    idle = effect.scores["idle_after"] - effect.scores["idle_before"]
    told = []
    if count := int((now != 0).sum()):
        told.append(t("会使 {n} 个街镇的得分改变，合计 {points} 分", n=count, points=_signed(now.sum())))
    if count := int(((idle - now) != 0).sum()):
        told.append(t("会使 {n} 个街镇还可避免的扣分改变，合计 {points} 分", n=count, points=_signed((now - idle).sum())))
    return told


def _score(now: float, idle: float, t: Translate) -> str:
    said = t("{n} 分", n=_minus(f"{now:g}"))
    return said if now == idle else said + t("（不再行动则为 {n} 分）", n=_minus(f"{idle:g}"))


def _signed(points: float) -> str:
    return _minus(f"{points:+g}")


def _minus(number: str) -> str:
    return number.replace("-", "−")


def _other_day(rows: Any) -> Any:
    return (rows["due_before"] != rows["due_after"]) & ~(rows["due_before"].isna() & rows["due_after"].isna())


def _other_owner(rows: Any) -> Any:
    return (rows["owner_before"] != rows["owner_after"]) & (rows["before"] != "") & (rows["after"] != "")


def changes_text(original: Rule, content: Mapping[str, Any], t: Translate) -> list[str]:
    """What a version sets otherwise than the shipped rule, a field each: 数量 14 → 7, 单位 天 → 个工作日."""
    flat = {**{k: v for k, v in content.items() if k != "options"}, **{f"options.{k}": v for k, v in (content.get("options") or {}).items()}}
    told = []
    for name, value in flat.items():
        old = original.options.get(name.removeprefix("options.")) if name.startswith("options.") else getattr(original, name, None)
        told.append(f"{t(FIELDS.get(name, name))} {_shown(name, old, t)} → {_shown(name, value, t)}")
    return told or [t("恢复原文数值")]


def day_words(day: object) -> str:
    """A day as 2023-07-31, empty where missing."""
    return "" if is_missing(day) else day.strftime("%Y-%m-%d")


def _counted(rows: Any, t: Translate) -> str:
    return " · ".join(t(KINDS.get(kind, N_("{n} 项")), n=count) for kind, count in rows["target_kind"].value_counts().items())


def _shown(name: str, value: Any, t: Translate) -> str:
    if value in (None, "", {}):
        return t("无")
    if name == "owner_system":
        return t(name_of("agency_system", value))
    words = {"unit": UNITS, "points_unit": POINTS_UNITS, "options.reading": READINGS}.get(name)
    if words:
        return t(words.get(value, value))
    if isinstance(value, Mapping):
        return " · ".join(f"{t(name_of('agency_system', code))} {days}" for code, days in value.items())
    return f"{value:g}" if isinstance(value, float) else t(str(value))


def is_changed(rule: Rule) -> bool:
    """Whether a rule differs from what is shipped in more than what follows from another."""
    original = shipped()[rule.id]
    names = ("amount", "unit", "points", "points_unit", "cap", "owner_system", "owner", "options", "note")
    inherited = ({"points", "points_unit", "cap"} if rule.options.get("item") else set()) | ({"amount", "unit"} if rule.options.get("follows") else set())
    return any(getattr(rule, name) != getattr(original, name) for name in names if name not in inherited)
