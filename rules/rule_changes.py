"""Which fields of a rule a district may change, and to what."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rules.language import N_, Refusal
from rules.rulebook import POINTS_UNITS, UNITS, Rule
from rules.vocabulary import AGENCY_SYSTEM

MOST = 3660
"""The largest number of units: ten years of days."""

MOST_POINTS = 100.0
LONGEST_WORDS = 200
SYSTEMS = tuple(word.code for word in AGENCY_SYSTEM)


class ChangeRefused(Refusal):
    """A value that a rule cannot take."""


def editable(rule: Rule) -> tuple[str, ...]:
    """The fields of a rule that a district may change, in the order in which they are shown."""
    fields = []
    if rule.amount is not None:
        # The term of a case is counted in days, whatever else is (行政处罚法 第六十条).
        fields += ["amount"] if rule.target == "case" or rule.unit is None else ["amount", "unit"]
    if rule.kind == "score":
        fields += ["points", "points_unit", "cap"]
    if rule.kind != "score":
        fields += ["owner_system", "owner"]
    return (*fields, *(f"options.{name}" for name, value in rule.options.items() if _is_setting(name, value)), "note")


def checked_changes(rule: Rule, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes that differ from the shipped rule, each of its kind.

    Args:
        rule: as shipped.
        changes: field -> value; options as ``options.NAME`` or as a dict under ``options``. An empty
            text is no limit (cap), nobody in particular (owner_system).

    Raises:
        ChangeRefused: a field that cannot be changed, or a value it cannot take.
    """
    under = changes.get("options") or {}
    if not isinstance(under, Mapping):
        raise ChangeRefused(N_("规则“{rule}”的 {field} 不能修改。"), rule=rule.name, field="options")
    flat = {**{k: v for k, v in changes.items() if k != "options"}, **{f"options.{k}": v for k, v in under.items()}}
    allowed = editable(rule)
    found: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for name, value in flat.items():
        if name not in allowed:
            raise ChangeRefused(N_("规则“{rule}”的 {field} 不能修改。"), rule=rule.name, field=name)
        if name.startswith("options."):
            key = name.removeprefix("options.")
            value = _option(rule, key, value)
            if value != rule.options[key]:
                options[key] = value
        else:
            value = _field(rule, name, value)
            if value != getattr(rule, name):
                found[name] = value
    return {**found, "options": options} if options else found


def kept_changes(rule: Rule, held: Rule, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes laid over the rule as it is held: what they do not name stays as it is.

    Args:
        rule: as shipped.
        held: the same rule in the version that the changes follow.
        changes: as ``checked_changes`` takes them; the shipped value of a field gives it back.

    Raises:
        ChangeRefused: a field that cannot be changed, or a value it cannot take.
    """
    checked_changes(rule, changes)
    under = changes.get("options") or {}
    named = {**{k: v for k, v in changes.items() if k != "options"}, **{f"options.{k}": v for k, v in under.items()}}
    before = {name: _held(held, name) for name in editable(rule) if _held(held, name) != _held(rule, name)}
    return checked_changes(rule, {**before, **named})


def _held(rule: Rule, name: str) -> Any:
    return rule.options.get(name.removeprefix("options.")) if name.startswith("options.") else getattr(rule, name)


def _is_setting(name: str, value: object) -> bool:
    return name == "reading" or (name not in {"readings", "item", "follows", "premises", "categories", "topics", "kinds", "systems", "by_hand"}
                                 and isinstance(value, (bool, int, float, dict)))  # fmt: skip


def _field(rule: Rule, name: str, value: Any) -> Any:
    if name == "amount":
        return _whole(rule, value, 1)
    if name in {"unit", "points_unit"}:
        return _one_of(rule, value, UNITS if name == "unit" else POINTS_UNITS)
    if name == "points":
        return _number(rule, value)
    if name == "cap":
        return None if value in (None, "") else _number(rule, value)
    if name == "owner_system":
        return None if value in (None, "") else _one_of(rule, value, SYSTEMS)
    if not isinstance(value, str) or len(value) > LONGEST_WORDS:
        raise ChangeRefused(N_("规则“{rule}”：文字应在 {most} 字以内。"), rule=rule.name, most=LONGEST_WORDS)
    return value.strip()


def _option(rule: Rule, key: str, value: Any) -> Any:
    shipped = rule.options[key]
    if key == "reading":
        return _one_of(rule, value, rule.options["readings"])
    if isinstance(shipped, bool):
        if not isinstance(value, bool):
            raise ChangeRefused(N_("规则“{rule}”：应为是或否，读到“{found}”。"), rule=rule.name, found=str(value)[:40])
        return value
    if isinstance(shipped, dict):
        if not isinstance(value, Mapping):
            raise ChangeRefused(N_("规则“{rule}”：应为部门和天数。"), rule=rule.name)
        return {_one_of(rule, code, SYSTEMS): _whole(rule, days, 1) for code, days in value.items()}
    return _number(rule, value) if isinstance(shipped, float) else _whole(rule, value, 0)


def _whole(rule: Rule, value: Any, least: int) -> int:
    try:
        made = int(str(value).strip()) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
    except ValueError:
        made = None
    if made is None or not least <= made <= MOST:
        raise ChangeRefused(N_("规则“{rule}”：应为 {least} 到 {most} 的整数，读到“{found}”。"), rule=rule.name, least=least, most=MOST, found=str(value)[:40])
    return made


def _number(rule: Rule, value: Any) -> float:
    try:
        made = float(str(value).strip()) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else math.nan
    except ValueError:
        made = math.nan
    if not 0 <= made <= MOST_POINTS:
        raise ChangeRefused(N_("规则“{rule}”：分值应为 0 到 {most}，读到“{found}”。"), rule=rule.name, most=int(MOST_POINTS), found=str(value)[:40])
    return made


def _one_of(rule: Rule, value: Any, allowed: tuple[str, ...] | list[str]) -> str:
    if value not in allowed:
        raise ChangeRefused(N_("规则“{rule}”：没有“{found}”这个选项。"), rule=rule.name, found=str(value)[:40])
    return value
