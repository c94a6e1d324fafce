"""Which fields of a rule a district may change, and to what."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from rules.language import N_, Refusal
from rules.rulebook import POINTS_UNITS, UNITS, Rule
from rules.vocabulary import AGENCY_SYSTEM

MOST = {"day": 3660, "working_day": 2600, "month": 120, "quarter": 40, "year": 10}
"""The longest term in each unit: ten years."""

MOST_TIMES = 366
"""The most that may be asked for in a span, or counted before something is due."""

SPANS = ("month", "quarter", "year")
"""The units in which so many times are asked for."""

RANGES = {
    "month": (1, 12), "first_month": (1, 12), "last_month": (1, 12), "day": (1, 31), "within_months": (1, 120),
    "plan_days": (1, 366), "fruitless_days": (1, 366), "timely_days": (0, 366), "transfer_days": (0, 366), "warning_days": (0, 366),
}  # fmt: skip
"""Option -> the least and the greatest number that it takes."""

FIXED = {"readings", "item", "follows", "premises", "categories", "topics", "kinds", "systems", "by_hand", "completion_percent"}
"""Options that are no settings."""

MOST_POINTS = 100.0
LONGEST_WORDS = 200
SYSTEMS = tuple(word.code for word in AGENCY_SYSTEM)
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")


class ChangeRefused(Refusal):
    """A value that a rule cannot take."""


def editable(rule: Rule) -> tuple[str, ...]:
    """The fields of a rule that a district may change, in the order in which they are shown."""
    fields = []
    # The quarter's list is of its quarter (S1 三（二）2): there is no other term to set.
    if rule.amount is not None and rule.target != "task_target":
        # The term of a case is counted in days, whatever else is (行政处罚法 第六十条).
        fields += ["amount"] if rule.target == "case" or rule.unit is None else ["amount", "unit"]
    if rule.kind == "score":
        # Where a reading can be chosen it says what a miss is counted by; the base is counted by nothing.
        fields += ["points"] if rule.target == "base" else ["points", "cap"] if "readings" in rule.options else ["points", "points_unit", "cap"]
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
    if {"amount", "unit"} & found.keys():
        _possible(rule, found.get("amount", rule.amount), found.get("unit", rule.unit))
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
    under = changes.get("options") or {}
    if not isinstance(under, Mapping):
        raise ChangeRefused(N_("规则“{rule}”的 {field} 不能修改。"), rule=rule.name, field="options")
    named = {**{k: v for k, v in changes.items() if k != "options"}, **{f"options.{k}": v for k, v in under.items()}}
    before = {name: _held(held, name) for name in editable(rule) if _held(held, name) != _held(rule, name)}
    return checked_changes(rule, {**before, **named})


def _held(rule: Rule, name: str) -> Any:
    return rule.options.get(name.removeprefix("options.")) if name.startswith("options.") else getattr(rule, name)


def brought(rule: Rule, under: Rule, mine: Rule, later: Rule) -> tuple[str, ...]:
    """The fields that a version set otherwise than the one below it and that a later version still has from it.

    Args:
        rule: as shipped.
        under: what the rule would be without the version.
        mine: the version.
        later: a version that was laid over it.
    """
    return tuple(name for name in editable(rule) if _held(mine, name) != _held(under, name) and _held(later, name) == _held(mine, name))


def _is_setting(name: str, value: object) -> bool:
    return name == "reading" or (name not in FIXED and isinstance(value, (bool, int, float, dict)))


def _field(rule: Rule, name: str, value: Any) -> Any:
    if name == "amount":
        return _whole(rule, value, 1, MOST["day"])
    if name == "unit":
        return _one_of(rule, value, units(rule))
    if name == "points_unit":
        return _one_of(rule, value, POINTS_UNITS)
    if name == "points":
        return _number(rule, value)
    if name == "cap":
        return None if value in (None, "") else _number(rule, value)
    if name == "owner_system":
        return None if value in (None, "") else _one_of(rule, value, SYSTEMS)
    if not isinstance(value, str) or len(value) > LONGEST_WORDS:
        raise ChangeRefused(N_("规则“{rule}”：文字应在 {most} 字以内。"), rule=rule.name, most=LONGEST_WORDS)
    return value.strip()


def units(rule: Rule) -> tuple[str, ...]:
    """The units in which a rule's number may be counted."""
    return SPANS if rule.kind == "count" else UNITS


def _possible(rule: Rule, amount: int | None, unit: str | None) -> None:
    """Refuse a term beyond ten years, or more times than a span has days."""
    most = MOST_TIMES if rule.kind == "count" or unit is None else MOST[unit]
    if amount is not None and amount > most:
        raise _not_whole(rule, amount, 1, most)


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
        return {_one_of(rule, code, SYSTEMS): _whole(rule, days, 1, MOST["day"]) for code, days in value.items()}
    return _number(rule, value) if isinstance(shipped, float) else _whole(rule, value, *RANGES[key])


def _whole(rule: Rule, value: Any, least: int, most: int) -> int:
    text = _digits(value, _WHOLE)
    if text is None or not least <= int(text) <= most:
        raise _not_whole(rule, value, least, most)
    return int(text)


def _not_whole(rule: Rule, value: Any, least: int, most: int) -> ChangeRefused:
    return ChangeRefused(N_("规则“{rule}”：应为 {least} 到 {most} 的整数，读到“{found}”。"), rule=rule.name, least=least, most=most, found=str(value)[:40])


def _number(rule: Rule, value: Any) -> float:
    text = _digits(value, _NUMBER)
    made = math.nan if text is None else float(text)
    if not 0 <= made <= MOST_POINTS:
        raise ChangeRefused(N_("规则“{rule}”：分值应为 0 到 {most}，读到“{found}”。"), rule=rule.name, most=int(MOST_POINTS), found=str(value)[:40])
    return made


def _digits(value: Any, wanted: re.Pattern[str]) -> str | None:
    """A number as written, full-width digits (３０) as plain ones; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return text if wanted.fullmatch(text) else None


def _one_of(rule: Rule, value: Any, allowed: tuple[str, ...] | list[str]) -> str:
    if value not in allowed:
        raise ChangeRefused(N_("规则“{rule}”：没有“{found}”这个选项。"), rule=rule.name, found=str(value)[:40])
    return value
