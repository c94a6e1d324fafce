"""What must be seen or finished, by whom and by when: every rule applied to every target, as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from rules.cycles import with_followers
from rules.discharge import Last, VisitLine, Visits, inherited, with_ancestors
from rules.due_days import Calendar
from rules.duties.aftermath import DONE_ON, penalty_duties
from rules.duties.counted import counted_duties
from rules.duties.handing_over import police_duties
from rules.duties.matters import answer_duties, case_duties, lead_duties, task_duties
from rules.duties.papers import handed_in, papers, report_duties
from rules.duties.parts import Part, outlined, put_together
from rules.duties.places import place_duties
from rules.duties.plans import clearing_duties, plan_duties
from rules.event_line import NO_DAY, days_of
from rules.rulebook import Rule, Rulebook
from rules.vocabulary import VISIT_MODE
from rules.working_days import WorkingCalendar

VISIT_MODES = frozenset(word.code for word in VISIT_MODE)
STATES = ("ok", "due", "over", "never")
DUTY_KINDS = ("cycle", "deadline", "count", "clock", "follow_up", "threshold", "report")
"""Kinds of rule that bind targets; scores and owners are read elsewhere."""

NO_JOURNEY = (
    "lead_feedback", "lead_notify", "plan", "site_found", "penalty", "penalty_rental", "training", "joint_action", "supervision", "typical_case",
)  # fmt: skip
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
        visits: id, day, grid_code, target_id, mode, access (False where nobody could get in); or
            those of the keys ``grid`` and ``target`` in line.
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
        offenders: as in ``rules.duties.handing_over``.
        bodies, stages, given: who hands papers in, what they report on, what was handed in
            (``rules.duties.papers``).
        predecessors: grid code to the codes of the grids before it.
    """

    visits: pd.DataFrame | VisitLine = field(default_factory=lambda: _empty("id", "day", "grid_code", "target_id", "mode", "access"))
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
    offenders: pd.DataFrame = field(default_factory=lambda: _empty("id", "rule_id", "state", "again_on"))
    bodies: pd.DataFrame = field(default_factory=lambda: _empty("code", "level", "label", "street_code"))
    stages: pd.DataFrame = field(default_factory=lambda: _empty("name", "start_on", "end_on"))
    given: pd.DataFrame = field(default_factory=lambda: _empty("id", "number", "name", "day", "code"))
    predecessors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def obligations(
    known: Evidence, book: Rulebook, as_of: dt.date, *, calendar: Calendar | None = None, grid_cycle_days: int | None = None
) -> pd.DataFrame:
    """Every duty of every target on a day: one row a rule and target.

    Args:
        known: the evidence, registers as they stood on the day; visits, activities and complaints
            after ``as_of`` are not looked at.
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
    found = put_together(_parts(known, book, as_of, calendar, grid_cycle_days), as_of)
    found["adopted"] = _adopted(found["rule_id"].to_numpy(object), found["street_code"], book)
    return found


def counted(found: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The duties by rule, most late first: frame[rule_id, due, over, never, every, next_on, adopted, late].

    next_on is the earliest due day that has not passed, NaT where none is ahead; late counts what is
    over or never where the rule binds.

    Args:
        found: rule_id, state, due_on, adopted of the duties.
    """
    rule, rules = pd.factorize(found["rule_id"].to_numpy(object))
    state, adopted, due = found["state"].to_numpy(object), found["adopted"].to_numpy(bool), days_of(found["due_on"])
    counts = {name: np.bincount(rule[state == name], minlength=len(rules)) for name in ("due", "over", "never")}
    next_on, late = np.full(len(rules), NO_DAY), adopted & ((state == "over") | (state == "never"))
    ahead = due >= np.datetime64(as_of, "D")
    np.fmin.at(next_on, rule[ahead], due[ahead])
    bound = np.bincount(rule[adopted], minlength=len(rules)) > 0
    order = np.lexsort((-counts["due"], -counts["never"], -counts["over"], ~bound))
    return pd.DataFrame(
        {"rule_id": pd.array(rules[order], dtype="str"), **{name: values[order] for name, values in counts.items()},
         "every": np.bincount(rule, minlength=len(rules))[order], "next_on": next_on[order].astype("datetime64[s]"),
         "adopted": bound[order], "late": np.bincount(rule[late], minlength=len(rules))[order]}
    )  # fmt: skip


def counted_by_rule(
    known: Evidence, book: Rulebook, as_of: dt.date, *, calendar: Calendar | None = None, grid_cycle_days: int | None = None
) -> pd.DataFrame:
    """``counted`` of ``obligations`` of the same, without the words and places of each duty."""
    found = outlined(_parts(known, book, as_of, calendar, grid_cycle_days))
    return counted(found.assign(adopted=_adopted(found["rule_id"].to_numpy(object), found["street_code"], book)), as_of)


def _parts(known: Evidence, book: Rulebook, as_of: dt.date, calendar: Calendar | None, grid_cycle_days: int | None) -> list[Part]:
    """The duties of every rule, in the order of their kinds."""
    calendar = calendar or WorkingCalendar()
    rules = _by_target(book, grid_cycle_days)
    last = _discharges(rules, known, as_of)
    return [
        *place_duties(rules, known.grids, known.sites, known.construction, known.subjects, last, as_of, calendar),
        *clearing_duties(rules, known.sites, as_of, calendar),
        *plan_duties(rules, known.sites, known.complaints, as_of, calendar),
        *penalty_duties(rules, known.penalties, last, as_of, calendar, known.activities),
        *lead_duties(rules, known.leads, last, as_of, calendar),
        *case_duties(rules, known.cases, as_of),
        *answer_duties(rules, known.transfers, known.decisions, as_of, calendar),
        *task_duties(rules, known.tasks, last, as_of),
        *counted_duties(rules, known.streets, known.activities, as_of),
        *police_duties(rules, known.offenders, as_of),
        *report_duties(rules, _owed_papers(book, known, as_of, calendar), as_of),
    ]


def _owed_papers(book: Rulebook, known: Evidence, as_of: dt.date, calendar: Calendar) -> pd.DataFrame:
    if known.bodies.empty or not isinstance(calendar, WorkingCalendar):
        return papers(book, known.bodies.iloc[:0], known.stages, as_of, WorkingCalendar())
    return handed_in(papers(book, known.bodies, known.stages, as_of, calendar), known.given, {rule.id: rule for rule in book.of("report")})


def _by_target(book: Rulebook, grid_cycle_days: int | None) -> dict[str, list[Rule]]:
    binding = [rule for rule in book if rule.kind in DUTY_KINDS]
    found: dict[str, list[Rule]] = {}
    for rule in with_followers(binding, grid_cycle_days):
        found.setdefault(rule.target, []).append(rule)
    return found


def _adopted(rules: np.ndarray, streets: pd.Series, book: Rulebook) -> np.ndarray:
    adopted = np.isin(rules.astype("U"), list(book.adopted))
    for rule_id in book.adopted_in.keys() - book.adopted:
        place = np.flatnonzero(rules == rule_id)
        adopted[place] = book.binds(rule_id, streets.iloc[place])
    return adopted


VISITED = {
    "grid": "grids", "site_closed": "sites", "site_high": "sites", "site": "sites", "penalised": "sites",
    "construction": "construction", "construction_first": "construction",
    "subject_closed": "subjects", "subject_high": "subjects", "subject": "subjects", "lead_verify": "leads",
}  # fmt: skip
"""Targets that a visit discharges, and the frame of ``Evidence`` that holds their things."""


def _discharges(rules: Mapping[str, Sequence[Rule]], known: Evidence, as_of: dt.date) -> dict[str, Last]:
    """The last visit that discharged each rule, in the order of the rule's things.

    Who could not get in (进不去) has seen neither the place nor the grid in which it lies.
    """
    tasks, grids = known.tasks, pd.Index(known.grids["id"])
    of_grid = (tasks["target_kind"] == "grid").to_numpy(bool)
    listed = [tasks["id"][of_grid], tasks["id"][~of_grid], known.penalties["site_id"]]
    named = pd.Index(pd.unique(np.concatenate([grids.to_numpy(object), listed[0].to_numpy(object)])), dtype="str")
    every = with_ancestors(named, known.predecessors)
    things = [getattr(known, name)["id"].to_numpy(object) for name in ("sites", "construction", "subjects", "leads")]
    targets = pd.Index(pd.unique(np.concatenate([*things, *(column.dropna().to_numpy(object) for column in listed[1:])])), dtype="str")
    asked_of = _last_visit(known.visits, {"grid": every, "target": targets}, as_of)
    made: dict[tuple[str, frozenset[str]], Last] = {}

    def last(key: str, rule: Rule, index: pd.Index, ids: pd.Series) -> Last:
        modes = frozenset(rule.discharged_by) & VISIT_MODES or VISIT_MODES
        if (key, modes) not in made:
            found = asked_of(key, None if modes == VISIT_MODES else modes)
            made[key, modes] = inherited(found, named, every, known.predecessors) if key == "grid" else found
        return made[key, modes].take(index.get_indexer(pd.Index(ids)))

    found: dict[str, Last] = {}
    for target, some in rules.items():
        for rule in some:
            if target == "grid":
                found[rule.id] = last("grid", rule, named, known.grids["id"])
            elif target in VISITED:
                found[rule.id] = last("target", rule, targets, getattr(known, VISITED[target])["id"])
            elif target == "task_target":
                own, other = last("grid", rule, named, listed[0]), last("target", rule, targets, listed[1])
                found[rule.id] = _merged(of_grid, own, other)
            elif target == "penalty" and not set(rule.discharged_by) & set(DONE_ON):
                found[rule.id] = last("target", rule, targets, known.penalties["site_id"])
    return found


def _last_visit(visits: pd.DataFrame | VisitLine, things: Mapping[str, pd.Index], as_of: dt.date) -> Callable[[str, frozenset[str] | None], Last]:
    """What gives the last visits of the things of a key, made in some modes (None: any)."""
    if isinstance(visits, VisitLine):
        return lambda key, modes: visits.last(key, things[key], modes, as_of)
    held = Visits(visits, {key: (things[key], visits[column]) for key, column in (("grid", "grid_code"), ("target", "target_id"))}, as_of)
    return lambda key, modes: held.last(key, modes, entered=True)


def _merged(first: np.ndarray, one: Last, other: Last) -> Last:
    day, visit = np.full(len(first), NO_DAY), np.full(len(first), None, dtype=object)
    day[first], visit[first] = one.day, one.id
    day[~first], visit[~first] = other.day, other.id
    return Last(day, visit)
