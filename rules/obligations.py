"""What must be seen or finished, by whom and by when: every rule applied to every target, as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from rules.discharge import NO_VISIT, Last, last_of, last_of_grids
from rules.due_days import Calendar
from rules.duties.aftermath import DONE_ON, penalty_duties
from rules.duties.counted import counted_duties
from rules.duties.matters import answer_duties, case_duties, lead_duties, task_duties
from rules.duties.parts import none
from rules.duties.places import place_duties, with_grid_cycle
from rules.duties.plans import clearing_duties, plan_duties
from rules.rulebook import Rule, Rulebook
from rules.working_days import WorkingCalendar

STATES = ("ok", "due", "over", "never")
DUTY_KINDS = ("cycle", "deadline", "count", "clock", "follow_up", "threshold")
"""Kinds of rule that bind targets (of thresholds, those of a plan); scores, owners, reports are read elsewhere."""

NO_JOURNEY = ("lead_feedback", "lead_notify", "plan", "site_found", "penalty", "penalty_rental", "training", "joint_action")
"""Reasons that ask for a paper, a step or a plan, which no visit discharges: not for a worklist."""

COLUMNS = (
    "rule_id", "target_kind", "target_id", "label", "street_code", "neighbourhood_code", "grid_code", "lon", "lat",
    "located", "risk", "category", "premises", "opens_on", "last_on", "last_id", "due_on", "state", "days_left",
    "owner_kind", "owner_code", "system", "points", "ours", "adopted", "reason", "facts",
)  # fmt: skip


def _empty(*names: str) -> pd.DataFrame:
    kinds = {"day": "datetime64[s]"} | {name: "datetime64[s]" for name in names if name.endswith("_on")}
    return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "str")) for name in names})


@dataclass(frozen=True)
class Evidence:
    """What is known on the day asked about; every frame keeps its columns when it is empty.

    Every place and thing has id, label and its place columns (street_code, neighbourhood_code,
    grid_code, lon, lat, located); days are datetime64.

    Attributes:
        visits: id, day, grid_code, target_id, mode, access (False where nobody could get in).
        grids: id is the code; priority.
        sites: status, status_since, risk, began_on, last_event_on (``rules.site_status``),
            penalised_on, handled_on (last warned or ordered), stubborn, category, has_plan.
        construction: phase, workers, started_on; those that exist.
        subjects: grade, listed_on, field_checked_on, closed_on (the day a site of theirs was
            closed, NaT where none is); those still active.
        leads, cases, transfers, decisions, tasks: as in ``rules.duties.matters``.
        penalties: as in ``rules.duties.aftermath``, with site_id; those of the health authority.
        complaints: site_id, day, source of the leads about sites.
        streets, activities: as in ``rules.duties.counted``.
        predecessors: grid code to the codes of the grids before it.
    """

    visits: pd.DataFrame = field(default_factory=lambda: _empty("id", "day", "grid_code", "target_id", "mode", "access"))
    grids: pd.DataFrame = field(default_factory=lambda: _empty("id"))
    sites: pd.DataFrame = field(default_factory=lambda: _empty("id", "status", "risk", "category", "began_on", "last_event_on", "penalised_on"))
    construction: pd.DataFrame = field(default_factory=lambda: _empty("id", "phase", "started_on"))
    subjects: pd.DataFrame = field(default_factory=lambda: _empty("id", "grade", "listed_on", "field_checked_on", "closed_on"))
    leads: pd.DataFrame = field(default_factory=lambda: _empty("id", "day", "source", "due_on", "contacted_on", "checked_on", "feedback_on", "result"))
    cases: pd.DataFrame = field(default_factory=lambda: _empty("id", "filed_on", "due_on", "state", "stage"))
    transfers: pd.DataFrame = field(default_factory=lambda: _empty("id", "day", "due_on"))
    decisions: pd.DataFrame = field(default_factory=lambda: _empty("id", "day", "due_on"))
    tasks: pd.DataFrame = field(default_factory=lambda: _empty("id", "target_kind", "opens_on", "due_on", "list_number", "quarter", "task_id"))
    penalties: pd.DataFrame = field(default_factory=lambda: _empty("id", "day", "site_id", "premises"))
    complaints: pd.DataFrame = field(default_factory=lambda: _empty("site_id", "day", "source"))
    streets: pd.DataFrame = field(default_factory=lambda: _empty("id"))
    activities: pd.DataFrame = field(default_factory=lambda: _empty("id", "day", "kind", "street_code"))
    predecessors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def obligations(
    known: Evidence, book: Rulebook, as_of: dt.date, *, calendar: Calendar | None = None, grid_cycle_days: int | None = None
) -> pd.DataFrame:
    """Every duty of every target on a day: one row a rule and target.

    Args:
        known: the evidence; what lies after ``as_of`` is not looked at.
        book: the rules of the day.
        as_of: the day asked about.
        calendar: for terms in working days; without one China's own.
        grid_cycle_days: the grid's cycle that the request asks for; None takes the rulebook's.

    Returns:
        ``COLUMNS`` without the owner, with agency_code (the agency that the row itself names):
        state ok, due (临期), over (逾期) or never (从未); days_left Int64, negative when late;
        points the demerits at stake while it is due or late; adopted False where the rule is 参考;
        reason the rule's target. What binds nobody (a cleared site, a finished case) has no row.
    """
    calendar = calendar or WorkingCalendar()
    rules = with_grid_cycle(_by_target(book), grid_cycle_days)
    last = _discharges(rules, known, as_of)
    parts = [
        *place_duties(rules, known.grids, known.sites, known.construction, known.subjects, last, as_of, calendar),
        *clearing_duties(rules, known.sites, as_of, calendar),
        *plan_duties(rules, known.sites, known.complaints, as_of, calendar),
        *penalty_duties(rules, known.penalties, last, as_of, calendar),
        *lead_duties(rules, known.leads, last, as_of, calendar),
        *case_duties(rules, known.cases, as_of),
        *answer_duties(rules, known.transfers, known.decisions, as_of, calendar),
        *task_duties(rules, known.tasks, last, as_of),
        *counted_duties(rules, known.streets, known.activities, as_of),
    ]
    parts = [rows for rows in parts if len(rows)]
    found = pd.concat(parts, ignore_index=True) if parts else none()
    found["adopted"] = _adopted(found, book)
    return found


def _by_target(book: Rulebook) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in book:
        if rule.kind in DUTY_KINDS and (rule.kind != "threshold" or rule.target == "plan"):
            found.setdefault(rule.target, []).append(rule)
    return found


def _adopted(found: pd.DataFrame, book: Rulebook) -> np.ndarray:
    adopted = np.zeros(len(found), dtype=bool)
    for rule_id, place in found.groupby("rule_id", sort=False).indices.items():
        adopted[place] = book.binds(rule_id, found["street_code"].iloc[place])
    return adopted


VISITED = {
    "grid": "grids", "site_closed": "sites", "site_high": "sites", "site": "sites", "penalised": "sites",
    "construction": "construction", "construction_first": "construction",
    "subject_closed": "subjects", "subject_high": "subjects", "subject": "subjects", "lead_verify": "leads",
}  # fmt: skip
"""Targets that a visit discharges, and the frame of ``Evidence`` that holds their things."""


def _discharges(rules: Mapping[str, Sequence[Rule]], known: Evidence, as_of: dt.date) -> dict[str, Last]:
    """The last visit that discharged each rule, in the order of the rule's things."""
    entered = known.visits
    if "access" in entered and len(entered):
        entered = entered[entered["access"].fillna(True).astype("bool")]
    found: dict[str, Last] = {}
    made: dict[tuple[str, frozenset[str] | None], Last] = {}

    def last(name: str, rule: Rule) -> Last:
        visits = known.visits if name == "grids" else entered
        modes = _modes(rule, visits)
        key = (name, modes)
        if key not in made:
            counting = visits if modes is None else visits[visits["mode"].isin(modes)]
            ids = pd.Index(getattr(known, name)["id"])
            made[key] = (
                last_of_grids(ids, counting, known.predecessors, as_of) if name == "grids"
                else last_of(ids, counting["target_id"], counting, as_of)
            )  # fmt: skip
        return made[key]

    for target, some in rules.items():
        for rule in some:
            if target in VISITED:
                found[rule.id] = last(VISITED[target], rule)
            elif target == "task_target":
                found[rule.id] = _last_of_tasks(rule, known, entered, as_of)
            elif target == "penalty" and not set(rule.discharged_by) & set(DONE_ON):
                found[rule.id] = _last_after_penalties(rule, known, entered, as_of)
    return found


def _last_of_tasks(rule: Rule, known: Evidence, entered: pd.DataFrame, as_of: dt.date) -> Last:
    tasks = known.tasks
    if not len(tasks):
        return NO_VISIT
    of_grid = (tasks["target_kind"] == "grid").to_numpy(bool)
    day, visit = np.full(len(tasks), np.datetime64("NaT", "D")), np.full(len(tasks), None, dtype=object)
    for mask, visits in ((of_grid, known.visits), (~of_grid, entered)):
        modes = _modes(rule, visits)
        counting = visits if modes is None else visits[visits["mode"].isin(modes)]
        ids = pd.Index(tasks["id"].to_numpy(object)[mask])
        unique = ids.unique()
        if mask is of_grid:
            found = last_of_grids(unique, counting, known.predecessors, as_of)
        else:
            found = last_of(unique, counting["target_id"], counting, as_of)
        own = found.take(unique.get_indexer(ids))
        day[mask], visit[mask] = own.day, own.id
    return Last(day, visit)


def _last_after_penalties(rule: Rule, known: Evidence, entered: pd.DataFrame, as_of: dt.date) -> Last:
    sites = pd.Index(known.penalties["site_id"].dropna().unique())
    modes = _modes(rule, entered)
    counting = entered if modes is None else entered[entered["mode"].isin(modes)]
    return last_of(sites, counting["target_id"], counting, as_of).take(sites.get_indexer(pd.Index(known.penalties["site_id"])))


def _modes(rule: Rule, visits: pd.DataFrame) -> frozenset[str] | None:
    """The modes that discharge a rule; None where all that occur do."""
    modes = frozenset(rule.discharged_by)
    return None if not modes or not len(visits) or set(visits["mode"].dropna().unique()) <= modes else modes
