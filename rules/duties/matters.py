"""The duties to finish something by a day: complaints, cases, transfers, decisions, the quarter's list."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from rules.discharge import Last
from rules.due_days import Calendar, due_after
from rules.duties.parts import Part, days, deadline_state, part
from rules.event_line import NO_DAY
from rules.lead_state import COMPLAINTS
from rules.rulebook import Rule


def lead_duties(
    rules: dict[str, list[Rule]], leads: pd.DataFrame, last: dict[str, Last], as_of: dt.date, calendar: Calendar | None
) -> list[Part]:
    """先行联系 and 核查 of complaints: two duties of which neither discharges the other.

    The contact is discharged by its day, or by the answer to the complainant, which is one. The
    check is discharged by its day or result, or by a visit whose target the lead was. A day that the
    register sets for the check (核查期限) stands over the rule's term; a lead that is no complaint is
    bound to the check only where it has such a day. Beside them the answer to the complainant, and
    the notice to the street: of every lead that is not unfounded and that no patrol brought.

    Args:
        leads: id, day, source, due_on, contacted_on, checked_on, feedback_on, street_notified_on, result, as they stood
            on ``as_of`` (``rules.lead_state``).
    """
    received, found = days(leads, "day"), []
    complaint = leads["source"].isin(COMPLAINTS).to_numpy(bool)
    facts = ("source", "day", "at", "contacted_on")
    for rule in rules.get("lead_contact", []):
        open_ = complaint & np.isnat(days(leads, "contacted_on")) & np.isnat(days(leads, "feedback_on"))
        due = due_after(received, rule.amount or 0, rule.unit or "day", calendar)
        state = np.where(open_, deadline_state(received, due, as_of), "")
        found.append(part(rule, "lead", leads, opens=received, due=due, state=state, facts=facts))
    for rule in rules.get("lead_verify", []):
        checked = ~np.isnat(days(leads, "checked_on")) | leads["result"].isin(["confirmed", "unfounded"]).to_numpy(bool)
        own = days(leads, "due_on")
        due = due_after(received, rule.amount or 0, rule.unit or "day", calendar)
        due = np.where(np.isnat(own), due, own)
        bound = (complaint | ~np.isnat(own)) & ~checked & ~(last[rule.id].day >= received)
        state = np.where(bound, deadline_state(received, due, as_of), "")
        found.append(part(rule, "lead", leads, opens=received, due=due, state=state, facts=facts))
    for target, column, owed in (
        ("lead_feedback", "feedback_on", complaint),
        ("lead_notify", "street_notified_on", (leads["result"] != "unfounded").to_numpy(bool) & (leads["source"] != "patrol").to_numpy(bool)),
    ):
        for rule in rules.get(target, []):
            due = due_after(received, rule.amount or 0, rule.unit or "day", calendar)
            state = np.where(owed & np.isnat(days(leads, column)), deadline_state(received, due, as_of), "")
            found.append(part(rule, "lead", leads, opens=received, due=due, state=state, facts=facts))
    return found


def case_duties(rules: dict[str, list[Rule]], cases: pd.DataFrame, as_of: dt.date) -> list[Part]:
    """The term of every open case; its due day comes from the case clock, extensions and pauses in it.

    Args:
        cases: id, filed_on, due_on, state, stage, suspended (``rules.case_clock``), agency_code.
    """
    opens, due, found = days(cases, "filed_on"), days(cases, "due_on"), []
    is_open = (cases["state"] == "open").to_numpy(bool)
    for rule in rules.get("case", []):
        if rule.kind == "clock":
            state = np.where(is_open, deadline_state(opens, due, as_of), "")
            found.append(part(rule, "case", cases, opens=opens, due=due, state=state, facts=("kind", "stage", "filed_on", "suspended")))
    return found


def answer_duties(
    rules: dict[str, list[Rule]], transfers: pd.DataFrame, decisions: pd.DataFrame, as_of: dt.date, calendar: Calendar | None
) -> list[Part]:
    """The feedback of transfers and the decisions of the joint meeting that are still open.

    Args:
        transfers: id, day, due_on, to_agency as agency_code; only those without feedback.
        decisions: id, day, due_on, agency_code; only those not ended.
    """
    found = []
    for target, kind, rows, facts in (
        ("transfer_feedback", "transfer", transfers, ("kind", "day", "accepted_on", "from_agency")),
        ("decision", "decision", decisions, ("day", "text", "done_when")),
    ):
        opens, own = days(rows, "day"), days(rows, "due_on")
        for rule in rules.get(target, []):
            due = own
            if rule.amount:
                due = np.where(np.isnat(own), due_after(opens, rule.amount, rule.unit or "day", calendar), own)
            state = deadline_state(opens, due, as_of)
            found.append(part(rule, kind, rows, opens=opens, due=due, state=state, facts=facts))
    return found


def task_duties(rules: dict[str, list[Rule]], tasks: pd.DataFrame, last: dict[str, Last], as_of: dt.date) -> list[Part]:
    """The targets of the quarter's list: each is to be visited between the list's first day and its due day.

    A missed target stays late until it is visited or the next list is in force. A target that
    stands on several lists is one duty, the earlier due.

    Args:
        tasks: id of the place (code of a grid), target_kind, opens_on, due_on, list_number, quarter;
            only lists in force or not yet followed by another.
    """
    found, kinds = [], tasks["target_kind"].to_numpy(object)
    opens, due = days(tasks, "opens_on"), days(tasks, "due_on")
    in_line = tasks[["due_on", "list_number", "target_kind", "id"]].sort_values(["due_on", "list_number"], kind="stable")
    first = ~in_line.duplicated(["target_kind", "id"]).reindex(tasks.index).to_numpy(bool)
    for rule in rules.get("task_target", []):
        done = last[rule.id].day >= opens
        own = Last(np.where(done, last[rule.id].day, NO_DAY), np.where(done, last[rule.id].id, None))
        in_time = np.datetime64(as_of, "D") <= due
        state = np.where(done, np.where(in_time, "ok", ""), deadline_state(opens, due, as_of))
        state = np.where(opens <= np.datetime64(as_of, "D"), state, "").astype(object)
        state[~first] = ""
        for kind in ("grid", "site", "construction", "subject", "lead", "task"):
            found.append(part(rule, kind, tasks, opens=opens, due=due, state=np.where(kinds == kind, state, ""), last=own, facts=("list_number", "quarter", "task_id")))
    return found
