"""The cases (案件) as they were on a day, and the penalties of a period."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import and_, func, or_, select

from data_access.case_state import case_rows, case_states
from data_access.database import Database
from data_access.narrowing import asked_agencies, by_agencies, in_period, rows_of
from data_access.organisations import agency_names
from data_access.registers import narrowed
from data_access.schema import case, penalty, transfer
from data_access.scope import known, select_columns
from rules.request import Filters, Scope

COLUMNS = (
    "id", "number", "kind", "category", "premises", "street_code", "neighbourhood_code", "grid_code", "lon", "lat",
    "located", "agency_code", "system", "joint", "stage", "filed_on", "due_on", "days_left", "decided_on",
    "transferred_on", "feedback_due", "closed_on", "withdrawn_on", "state", "suspended", "title", "site_id",
    "subject_id", "row_id",
)  # fmt: skip


def cases(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every case that exists on the day asked about, by whichever agency handles it, whatever its age.

    ``filters.agency`` and ``filters.system`` narrow to the handling agency.

    Returns:
        ``COLUMNS``, by filing day and number: stage (``vocabulary.CASE_EVENT``, empty where no step
        is on record), state (``vocabulary.CASE_STATE``), due_on and days_left (Int64, only while
        open; negative when late); feedback_due, the day by which the police must answer, while a
        transferred case has no feedback; system of the handling agency; title masked by scope;
        days are datetime64[s]. No cases: no rows.
    """
    rows = narrowed(case_rows(database, filters, scope), filters, scope)
    agencies = asked_agencies(database, filters, scope)
    if agencies is not None:
        rows = rows[rows["agency_code"].isin(agencies)]
    state = case_states(database, filters, scope, filters.as_of)
    found = rows.merge(state, left_on="id", right_index=True).reset_index(drop=True)
    found["joint"] = found["joint"].fillna(found["joint_on"].notna()).astype("bool")
    systems = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")["system"]
    found["system"] = found["agency_code"].map(systems).astype("str")
    due = _feedback_due(database, filters, scope).reindex(found["id"]).set_axis(found.index)
    found["feedback_due"] = due.where(found["state"] == "transferred").astype("datetime64[s]")
    return found.sort_values(["filed_on", "number", "id"], ignore_index=True)[list(COLUMNS)]


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


def _feedback_due(database: Database, filters: Filters, scope: Scope) -> pd.Series:
    t = transfer
    rows = database.frame(
        select(t.c.case_id, t.c.day, t.c.due_on).where(
            t.c.district_code == scope.district, known(t, filters.known_at), t.c.case_id.is_not(None),
            t.c.day <= filters.as_of, or_(t.c.feedback_on.is_(None), t.c.feedback_on > filters.as_of),
        )
    )  # fmt: skip
    return rows.sort_values("day", kind="stable").drop_duplicates("case_id", keep="last").set_index("case_id")["due_on"]
