"""The cases (案件) as they were on a day, and the penalties of a period."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from sqlalchemy import and_, func, select

from data_access.case_state import OWN, asked_cases, case_states
from data_access.database import Database
from data_access.narrowing import asked_agencies, by_agencies, in_period, rows_of
from data_access.organisations import system_of
from data_access.registers import kept, register, shared
from data_access.rulebooks import rulebook_of, working_days
from data_access.schema import case, penalty, transfer
from data_access.scope import known, select_columns
from rules.due_days import due_after
from rules.event_line import NO_DAY, days_of
from rules.request import Filters, Scope

COLUMNS = (
    "id", "number", "kind", "category", "premises", "street_code", "neighbourhood_code", "grid_code", "lon", "lat",
    "located", "agency_code", "system", "joint", "stage", "filed_on", "due_on", "days_left", "decided_on",
    "transferred_on", "feedback_due", "closed_on", "withdrawn_on", "state", "suspended", "title", "site_id",
    "subject_id", "row_id", "due_plain", "extended", "extension_document", "days_excluded",
)  # fmt: skip


def cases(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every case that exists on the day asked about, by whichever agency handles it, whatever its age.

    ``filters.agency`` and ``filters.system`` narrow to the handling agency.

    Returns:
        ``COLUMNS``, by filing day and number: stage (``vocabulary.CASE_EVENT``, empty where no step
        is on record), state (``vocabulary.CASE_STATE``), due_on and days_left (Int64, only while
        open; negative when late); due_plain, the last day without its extension, extended,
        extension_document and days_excluded (``rules.case_clock``); feedback_due, the day by which
        the police must answer, while a transferred case has no feedback: the transfer's own, else
        the rulebook's term after the transfer; system of the handling agency; title masked by
        scope; days are datetime64[s]. No cases: no rows.
    """
    # A case is what it is on a day, whatever the period.
    asked = filters.of_day()
    return shared(database, asked, scope, "cases", lambda: _cases(database, asked, scope))


def _cases(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    rows = asked_cases(database, filters, scope)
    agencies = asked_agencies(database, filters, scope)
    state = case_states(database, filters, scope, filters.as_of)
    at = state.index.get_indexer(pd.Index(rows["id"]))
    here = np.flatnonzero(at >= 0 if agencies is None else (at >= 0) & rows["agency_code"].isin(agencies).to_numpy(bool))
    filed = days_of(state["filed_on"])[at[here]]
    number = rows["number"].fillna("\U0010ffff").to_numpy("U")[here]
    here = here[np.lexsort((rows["id"].to_numpy("U")[here], number, filed, np.isnat(filed)))]
    at = at[here]
    taken = {name: rows[name].array.take(here) for name in OWN if name in COLUMNS} | {name: state[name].array.take(at) for name in state}
    joint, joint_on = rows["joint"].array.take(here), days_of(rows["joint_on"])[here]
    systems = system_of(database, scope, filters.as_of, known_at=filters.known_at)
    taken["joint"] = np.where(joint.isna(), ~np.isnat(joint_on), joint.to_numpy(bool, na_value=False))
    taken["system"] = pd.Series(taken["agency_code"]).map(systems).astype("str").array
    taken["feedback_due"] = _feedback_due(database, filters, scope, taken)
    return pd.DataFrame({name: taken[name] for name in COLUMNS})


def open_cases(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The cases that are neither decided, transferred, withdrawn nor closed; fewest days left first."""
    return open_ones(cases(database, filters, scope))


def open_ones(found: pd.DataFrame) -> pd.DataFrame:
    """``open_cases`` of an answer of ``cases`` that is already there."""
    return found[found["state"] == "open"].sort_values(["days_left", "number"], ignore_index=True)


def penalties(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The penalties decided in the period, of cases of every kind, by day and number.

    Returns:
        frame[id, number, day, kind, agency_code, fine_yuan, confiscated_yuan, document, pushed_on,
        case_id, case_number, case_kind, category, premises, site_id, subject_id, street_code,
        row_id]; money in 元; street of the case where the penalty names none.
    """
    p, c = penalty, case
    agencies = asked_agencies(database, filters, scope)
    joined = p.outerjoin(c, and_(c.c.id == p.c.case_id, c.c.district_code == scope.district, known(c, filters.known_at)))
    own = ("id", "row_id", "number", "day", "kind", "agency_code", "fine_yuan", "confiscated_yuan", "document", "pushed_on", "case_id")
    found = database.frame(
        select(
            *select_columns(p, own, scope), c.c.number.label("case_number"), c.c.kind.label("case_kind"),
            c.c.category, c.c.premises, func.coalesce(p.c.site_id, c.c.site_id).label("site_id"),
            func.coalesce(p.c.subject_id, c.c.subject_id).label("subject_id"),
            func.coalesce(p.c.street_code, c.c.street_code).label("street_code"),
        )
        .select_from(joined)
        .where(in_period(p.c.day, filters), rows_of(p, filters, scope), *by_agencies(p.c.agency_code, agencies))
    )  # fmt: skip
    found["pushed_on"] = found["pushed_on"].where(found["pushed_on"] <= pd.Timestamp(filters.as_of))
    return found.sort_values(["day", "number", "row_id"], ignore_index=True)


def _feedback_due(database: Database, filters: Filters, scope: Scope, found: Mapping[str, ExtensionArray]) -> np.ndarray:
    """When the feedback of each transferred case is due, datetime64[s]; NaT once it was given."""
    t, day, wide = transfer, np.datetime64(filters.as_of, "D"), Scope(scope.district)

    def by_day() -> tuple[np.ndarray, ...]:
        rows = register(database, filters, wide, t, ("case_id", "day", "due_on", "feedback_on"))
        rows = rows[rows["case_id"].notna()].sort_values("day", kind="stable")
        return rows["case_id"].to_numpy(object), *(days_of(rows[name]) for name in ("day", "due_on", "feedback_on"))

    case_id, sent, due_on, answered = kept(database, filters, wide, t, ("transfers of cases by day",), by_day)
    owner = pd.Index(found["id"]).get_indexer(pd.Index(case_id, dtype=object))
    past = (sent <= day) & (owner >= 0)
    recorded = np.zeros(len(found["id"]), dtype=bool)
    recorded[owner[past]] = True
    waiting = past & ~(answered <= day)
    last = np.full(len(recorded), NO_DAY)
    last[owner[waiting]] = np.where(np.isnat(due_on), _default_feedback(database, filters, scope, sent), due_on)[waiting]
    due = np.where(recorded, last, _default_feedback(database, filters, scope, np.asarray(found["transferred_on"], dtype="datetime64[D]")))
    return np.where(np.asarray(found["state"]) == "transferred", due, NO_DAY).astype("datetime64[s]")


def _default_feedback(database: Database, filters: Filters, scope: Scope, transferred: np.ndarray) -> np.ndarray:
    rule = rulebook_of(database, filters, scope)["clock.transfer_feedback"]
    calendar = working_days(database, scope, filters.known_at)
    return due_after(transferred, rule.amount or 0, rule.unit or "day", calendar).astype("datetime64[D]")
