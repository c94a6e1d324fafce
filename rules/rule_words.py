"""The words in which a rule is told: its kind, its term, its points, its reading."""

from __future__ import annotations

from rules.language import N_, Translate
from rules.rulebook import Rule

KINDS: dict[str, str] = {
    "cycle": N_("巡查周期"), "deadline": N_("办理期限"), "count": N_("年度次数"), "report": N_("报送期限"),
    "clock": N_("案件时钟"), "threshold": N_("移送与一点一方案"), "follow_up": N_("处罚后续"), "stage": N_("行动阶段"), "score": N_("考核细则"),
    "owner": N_("责任部门"),
}  # fmt: skip
"""Kind -> the heading under which its rules stand, in the order in which they are shown."""

UNITS: dict[str, str] = {
    "day": N_("天"), "working_day": N_("个工作日"), "month": N_("个月"), "quarter": N_("个季度"), "year": N_("年"),
}  # fmt: skip
POINTS_UNITS: dict[str, str] = {
    "once": N_("整个考核期一次"), "month": N_("每月一次"), "site": N_("每点一次"), "site_month": N_("每点每月一次"),
    "person": N_("每人"), "event": N_("每起"), "task": N_("每项"),
}  # fmt: skip
READINGS: dict[str, str] = {
    **POINTS_UNITS, "two_and_again": N_("两次处罚后再次行医"), "second_penalty": N_("第二次处罚即移送"),
}  # fmt: skip
FIELDS: dict[str, str] = {
    "amount": N_("数量"), "unit": N_("单位"), "points": N_("分值"), "points_unit": N_("计扣单位"), "cap": N_("扣分上限"),
    "owner_system": N_("责任系统"), "owner": N_("责任单位"), "note": N_("口径说明"), "options.reading": N_("读法"),
    "options.days_by_system": N_("按部门另定的天数"),
    "options.month": N_("月"), "options.day": N_("日"), "options.first_month": N_("起始月"), "options.last_month": N_("截止月"),
    "options.within_months": N_("在几个月内"), "options.plan_days": N_("制订方案的天数"), "options.timely_days": N_("几天内为及时"),
    "options.fruitless_days": N_("劝导后几天仍在营为无果"), "options.transfer_days": N_("几天内移送"), "options.warning_days": N_("到期前几天为临期"),
}  # fmt: skip
"""Editable field -> its label."""

_CYCLES = {"day": N_("每 {n} 天"), "working_day": N_("每 {n} 个工作日"), "month": N_("每 {n} 个月"), "quarter": N_("每 {n} 个季度"), "year": N_("每 {n} 年")}
_TERMS = {"day": N_("{n} 天内"), "working_day": N_("{n} 个工作日内"), "month": N_("{n} 个月内"), "quarter": N_("{n} 个季度内"), "year": N_("{n} 年内")}
_COUNTS = {"day": N_("每天 {n} 次"), "working_day": N_("每个工作日 {n} 次"), "month": N_("每月 {n} 次"), "quarter": N_("每季度 {n} 次"), "year": N_("每年 {n} 次")}


def term(rule: Rule, t: Translate) -> str:
    """What a rule asks for in a few words: 每 30 天, 15 个工作日内, 每年 2 次, 7月15日前, 扣 1 分."""
    n, unit, options = rule.amount, rule.unit or "day", rule.options
    if rule.kind == "cycle" and n:
        return t("每月一次") if (n, unit) == (1, "month") else t(_CYCLES[unit], n=n)
    if rule.kind == "count" and n:
        return t(_COUNTS[unit], n=n)
    if rule.kind == "report":
        return _paper(rule, t)
    if rule.kind == "score":
        return points(rule, t)
    if rule.kind == "owner":
        return t(rule.owner)
    if rule.kind == "stage":
        return t("{from_} 至 {to}", from_=options["from"], to=options["to"])
    if rule.kind == "threshold":
        if "within_months" in options:
            return t("{months} 个月内 {n} 次", months=options["within_months"], n=n)
        if rule.unit and n:
            return t("满 {n} 个月", n=n) if unit == "month" else t(_TERMS[unit], n=n)
        if n:
            return t("{n} 次处罚", n=n)
        return t("{n} 天内制订方案", n=options["plan_days"]) if "plan_days" in options else t("不计次数")
    if n:
        return t("本季度内") if (n, unit) == (1, "quarter") else t(_TERMS[unit], n=n)
    return t("以登记的期限为准") if rule.target == "decision" else t("不设期限")


def points(rule: Rule, t: Translate) -> str:
    """What a miss costs, and by what it is counted; empty where nothing is scored."""
    if rule.points is None:
        return ""
    if rule.target == "base":
        return t("{points} 分", points=f"{rule.points:g}")
    counted = t("扣 {points} 分 · {unit}", points=f"{rule.points:g}", unit=t(POINTS_UNITS[rule.options.get("reading") or rule.points_unit or "once"]))
    return counted if rule.cap is None else f"{counted} · " + t("最多 {cap} 分", cap=f"{rule.cap:g}")


def _paper(rule: Rule, t: Translate) -> str:
    options = rule.options
    if options.get("after") == "stage" and rule.amount:
        return t("阶段结束后 {term}", term=t(_TERMS[rule.unit or "day"], n=rule.amount))
    if "month" in options:
        return t("每年 {month} 月 {day} 日前", month=options["month"], day=options["day"])
    return t("每月 {day} 日前", day=options["day"])
