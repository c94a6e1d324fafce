"""The duties to come back: grids, sites, construction sites and persons, each within its cycle."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.discharge import Last
from rules.due_days import Calendar, due_after
from rules.duties.parts import Part, days, deadline_state, part
from rules.event_line import NO_DAY
from rules.revisit import site_cycle, states_of
from rules.rulebook import Rule

SITE_FACTS = ("status", "status_since", "penalties")
PERSON_FACTS = ("listed_on", "closed_on")


def place_duties(
    rules: dict[str, list[Rule]], grids: pd.DataFrame, sites: pd.DataFrame, construction: pd.DataFrame,
    subjects: pd.DataFrame, last: dict[str, Last], as_of: dt.date, calendar: Calendar | None,
) -> list[Part]:  # fmt: skip
    """The rows of every rule about a place or a person.

    Args:
        rules: the rules by target, with their amounts.
        grids, sites, construction, subjects: as in ``rules.obligations.Evidence``.
        last: what discharged each rule last, by rule id, in the order of the rule's things.
        as_of: the day asked about.
        calendar: for cycles in working days.
    """
    bound = site_cycle(sites["status"], sites["risk"]).to_numpy(object)
    met, began = days(sites, "last_event_on"), days(sites, "began_on")
    seen = np.where(np.isnat(met), began, met)
    found = []
    for rule in rules.get("grid", []):
        nothing = np.full(len(grids), NO_DAY)
        found.append(periodic(rule, "grid", grids, last[rule.id], nothing, as_of, calendar, facts=("priority",)))
    for target in ("site_closed", "site_high", "site"):
        for rule in rules.get(target, []):
            found.append(periodic(rule, "site", sites, last[rule.id], seen, as_of, calendar, bound == target, SITE_FACTS))
    for rule in rules.get("penalised", []):
        punished = days(sites, "penalised_on")
        kept = ~np.isnat(punished) & (bound != "")
        found.append(after(rule, "site", sites, last[rule.id], punished, as_of, calendar, kept, (*SITE_FACTS, "penalised_on")))
    for rule in rules.get("construction", []):
        running = (sites_under_way(construction)).to_numpy(bool)
        started = days(construction, "started_on")
        found.append(periodic(rule, "construction", construction, last[rule.id], started, as_of, calendar, running, ("workers", "phase", "started_on")))
    for rule in rules.get("construction_first", []):
        running = (sites_under_way(construction)).to_numpy(bool)
        found.append(first_visit(rule, construction, last[rule.id], as_of, calendar, running))
    return [*found, *_persons(rules, subjects, last, as_of, calendar)]


def sites_under_way(construction: pd.DataFrame) -> pd.Series:
    """Whether somebody works there: neither stopped (停工) nor finished."""
    return ~construction["phase"].isin(["stopped", "finished"])


def periodic(
    rule: Rule, kind: str, rows: pd.DataFrame, last: Last, met: np.ndarray, as_of: dt.date, calendar: Calendar | None,
    bound: np.ndarray | None = None, facts: tuple[str, ...] = (),
) -> pd.DataFrame:  # fmt: skip
    """Come back within ``rule.amount`` of the last visit, or of the last encounter that was none.

    An encounter that is no visit (the day a site was found or closed, a work began, a person was
    checked) starts the clock; who was never visited is ``never`` once its due day has passed, and
    at once where nothing starts a clock (``rules.revisit.duty_state``).
    """
    seen = np.fmax(last.day, met)
    due = due_after(seen, rule.amount or 0, rule.unit or "day", calendar)
    state = states_of(last.day, seen, due, as_of)
    if bound is not None:
        state = np.where(bound, state, "")
    return part(rule, kind, rows, opens=seen, due=due, state=state, last=last, facts=facts)


def after(
    rule: Rule, kind: str, rows: pd.DataFrame, last: Last, since: np.ndarray, as_of: dt.date, calendar: Calendar | None,
    bound: np.ndarray, facts: tuple[str, ...],
) -> pd.DataFrame:  # fmt: skip
    """Follow up what happened on a day: again and again for a cycle, else once after that day.

    A visit of the day itself was part of what happened; the follow-up is a later one.
    """
    later = last.day > since
    own = Last(np.where(later, last.day, NO_DAY), np.where(later, last.id, None))
    if rule.kind == "cycle":
        return periodic(rule, kind, rows, own, since, as_of, calendar, bound, facts)
    due = due_after(since, rule.amount or 0, rule.unit or "day", calendar)
    state = np.where(bound & ~later, deadline_state(since, due, as_of), "")
    return part(rule, kind, rows, opens=since, due=due, state=state, facts=facts)


def first_visit(
    rule: Rule, rows: pd.DataFrame, last: Last, as_of: dt.date, calendar: Calendar | None, bound: np.ndarray
) -> pd.DataFrame:
    """See a construction site once within so many days of its start; a visit before the start is none."""
    started = days(rows, "started_on")
    due = due_after(started, rule.amount or 0, rule.unit or "day", calendar)
    state = np.where(bound & ~(last.day >= started), deadline_state(started, due, as_of), "")
    return part(rule, "construction", rows, opens=started, due=due, state=state, facts=("workers", "phase", "started_on"))


def _persons(
    rules: dict[str, list[Rule]], subjects: pd.DataFrame, last: dict[str, Last], as_of: dt.date, calendar: Calendar | None
) -> list[Part]:
    """A person of a closed site is bound monthly, a high-risk one to the closer cycle too; others to the plain one."""
    closed, high = days(subjects, "closed_on"), (subjects["grade"] == "high").to_numpy(bool)
    of_closed = ~np.isnat(closed)
    checked, listed = days(subjects, "field_checked_on"), days(subjects, "listed_on")
    met = np.where(np.isnat(checked), listed, checked)
    found = []
    for target, bound, since in (
        ("subject_closed", of_closed, np.fmax(checked, closed)),
        ("subject_high", high, met),
        ("subject", ~high & ~of_closed, met),
    ):
        for rule in rules.get(target, []):
            found.append(periodic(rule, "subject", subjects, last[rule.id], since, as_of, calendar, bound, PERSON_FACTS))
    return found
