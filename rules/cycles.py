"""How often each kind of place or person must be seen: the rulebook's numbers, and what warns of them."""

from __future__ import annotations

from dataclasses import replace

from rules.rulebook import Rule, Rulebook

PLACES = ("grid", "site_closed", "site_high", "site", "construction", "subject_high", "subject_closed", "subject")
"""Targets of the cycles by which 重点场所 and grids are counted (DESIGN 12)."""

FEW_DAYS = 5
"""临期 never begins earlier than this many days before the due day (DESIGN 12)."""

COVERAGE_TARGET = 0.90
"""At least this share keeps a street neutral (DESIGN 12; a setting)."""

COVERAGE_ALARM = 0.85
"""Below this share a street is red, between the two it is yellow (DESIGN 12; a setting)."""

CASE_LIMIT_DAYS = 90
"""Calendar days from filing to decision. Source: 行政处罚法 第六十条."""


def warning_days(cycle_days: int) -> int:
    """Days before the due day on which 临期 begins: ``max(1, min(5, c // 5))`` (DESIGN 12)."""
    return max(1, min(FEW_DAYS, cycle_days // 5))


def cycles(book: Rulebook, grid_cycle_days: int | None = None) -> dict[str, Rule]:
    """The rule that says how often each of ``PLACES`` is to be seen, its term filled in.

    A rule that follows another (``options.follows``) has its term.

    Args:
        book: the rules of the day; they hold for the coverage figures whether adopted or not.
        grid_cycle_days: the grid's cycle that the request asks for; None takes the rulebook's.
    """
    every = with_followers([rule for rule in book if rule.kind == "cycle"], grid_cycle_days)
    return {target: next(rule for rule in every if rule.target == target) for target in PLACES if any(rule.target == target for rule in every)}


def with_followers(rules: list[Rule], grid_cycle_days: int | None = None) -> list[Rule]:
    """The rules in their order, those that follow another with its term, the grid's cycle as asked for."""
    named = {rule.id: rule for rule in rules}
    if grid_cycle_days is not None:
        named |= {rule.id: replace(rule, amount=grid_cycle_days, unit="day") for rule in rules if rule.target == "grid"}
    for rule in rules:
        leader = named.get(rule.options.get("follows", ""))
        if leader is not None:
            named[rule.id] = replace(rule, amount=leader.amount, unit=leader.unit)
    return list(named.values())
