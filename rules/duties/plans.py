"""The duties that the state of a site calls for: to clear what was found, to make a plan (一点一方案)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.due_days import Calendar, due_after
from rules.duties.parts import Part, days, deadline_state, part
from rules.event_line import NO_DAY, days_of
from rules.lead_state import COMPLAINTS
from rules.rulebook import Rule

PLAN_DAYS = 15
"""Days within which a plan is due where the rule does not say (this system's default)."""


def clearing_duties(rules: dict[str, list[Rule]], sites: pd.DataFrame, as_of: dt.date, calendar: Calendar | None) -> list[Part]:
    """What was found, or found again, is dealt with (劝导, 责令, 取缔...) within the rule's days.

    Args:
        sites: status, status_since, handled_on (the last day on which the site was warned or
            ordered, NaT where never).
    """
    since, handled = days(sites, "status_since"), days(sites, "handled_on")
    open_ = (sites["status"] == "active").to_numpy(bool) & ~(handled >= since)
    found = []
    for rule in rules.get("site_found", []):
        due = due_after(since, rule.amount or 0, rule.unit or "day", calendar)
        state = np.where(open_, deadline_state(since, due, as_of), "")
        found.append(part(rule, "site", sites, opens=since, due=due, state=state, facts=("status", "status_since", "risk")))
    return found


def plan_duties(
    rules: dict[str, list[Rule]], sites: pd.DataFrame, complaints: pd.DataFrame, as_of: dt.date, calendar: Calendar | None
) -> list[Part]:
    """Sites that still practise and need a plan that nobody has made yet.

    By rule id: ``plan.repeat_complaints`` from the day of the ``amount``-th complaint within
    ``options.within_months``; ``plan.long_unresolved`` from the day on which the site had been
    active for ``amount`` units; ``plan.stubborn`` and ``plan.infusion`` (categories of the options)
    from the day the site became active.

    Args:
        sites: status, status_since, began_on, stubborn, category, has_plan.
        complaints: site_id, day, source of leads.
    """
    since = np.where(np.isnat(days(sites, "status_since")), days(sites, "began_on"), days(sites, "status_since"))
    open_ = sites["status"].isin(["active", "unknown"]).to_numpy(bool) & ~_true(sites, "has_plan")
    day, found = np.datetime64(as_of, "D"), []
    for rule in rules.get("plan", []):
        if rule.id == "plan.repeat_complaints":
            opens = _repeated(sites, complaints, rule, as_of)
        elif rule.id == "plan.long_unresolved":
            opens = due_after(since, rule.amount or 0, rule.unit or "day", calendar)
        elif rule.id == "plan.stubborn":
            opens = np.where(_true(sites, "stubborn"), since, NO_DAY)
        else:
            opens = np.where(sites["category"].isin(list(rule.options.get("categories", ()))).to_numpy(bool), since, NO_DAY)
        opens = np.where(opens <= day, opens, NO_DAY)
        due = due_after(opens, int(rule.options.get("plan_days", PLAN_DAYS)), "day")
        state = np.where(open_, deadline_state(opens, due, as_of), "")
        found.append(part(rule, "site", sites, opens=opens, due=due, state=state, facts=("status", "status_since", "category")))
    return found


def _repeated(sites: pd.DataFrame, complaints: pd.DataFrame, rule: Rule, as_of: dt.date) -> np.ndarray:
    """The day of the n-th complaint about each site within the months before the day; NaT below n."""
    first = np.datetime64(pd.Timestamp(as_of) - pd.DateOffset(months=int(rule.options.get("within_months", 6))), "D")
    day, made = days_of(complaints["day"]), np.full(len(sites), NO_DAY)
    mine = np.flatnonzero(complaints["source"].isin(COMPLAINTS).to_numpy(bool) & (day > first) & (day <= np.datetime64(as_of, "D")))
    site = pd.Index(sites["id"]).get_indexer(pd.Index(complaints["site_id"].to_numpy(object)[mine], dtype=object))
    mine, site = mine[site >= 0], site[site >= 0]
    order = np.lexsort((day[mine], site))
    mine, site = mine[order], site[order]
    nth = np.arange(len(site)) - np.searchsorted(site, site) == (rule.amount or 1) - 1
    made[site[nth]] = day[mine[nth]]
    return made


def _true(rows: pd.DataFrame, name: str) -> np.ndarray:
    return rows[name].fillna(False).to_numpy(bool) if name in rows else np.zeros(len(rows), dtype=bool)
