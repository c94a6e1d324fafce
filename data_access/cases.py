"""The cases (案件) as they were on a day, and the penalties of a period."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import and_, func, select

from data_access.case_state import case_rows, case_states
from data_access.database import Database
from data_access.narrowing import asked_agencies, by_agencies, in_period, rows_of
from data_access.organisations import agency_names
from data_access.registers import narrowed, register, shared
from data_access.rulebooks import rulebook_of, working_days
from data_access.schema import case, penalty, transfer
from data_access.scope import known, select_columns
from rules.due_days import due_after
from rules.event_line import days_of
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
    rows = narrowed(case_rows(database, filters, scope), filters, scope)
    agencies = asked_agencies(database, filters, scope)
    if agencies is not None:
        rows = rows[rows["agency_code"].isin(agencies)]
    state = case_states(database, filters, scope, filters.as_of)
    found = rows.merge(state, left_on="id", right_index=True).reset_index(drop=True)
    found["joint"] = found["joint"].fillna(found["joint_on"].notna()).astype("bool")
    systems = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")["system"]
    found["system"] = found["agency_code"].map(systems).astype("str")
    found["feedback_due"] = _feedback_due(database, filters, scope, found)
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


def _feedback_due(database: Database, filters: Filters, scope: Scope, found: pd.DataFrame) -> pd.Series:
    """When the feedback of each transferred case is due; NaT once it was given."""
    t, day = transfer, pd.Timestamp(filters.as_of)
    rows = register(database, filters, Scope(scope.district), t, ("case_id", "day", "due_on", "feedback_on"))
    rows = rows[rows["case_id"].notna() & (rows["day"] <= day)].reset_index(drop=True)
    waiting = rows["feedback_on"].isna() | (rows["feedback_on"] > day)
    rows["due_on"] = rows["due_on"].fillna(_default_feedback(database, filters, scope, rows["day"]))
    last = rows[waiting].sort_values("day", kind="stable").drop_duplicates("case_id", keep="last").set_index("case_id")["due_on"]
    unrecorded = ~found["id"].isin(rows["case_id"])
    due = last.reindex(found["id"]).set_axis(found.index)
    due = due.where(~unrecorded, _default_feedback(database, filters, scope, found["transferred_on"]))
    return due.where(found["state"] == "transferred").astype("datetime64[s]")


def _default_feedback(database: Database, filters: Filters, scope: Scope, transferred: pd.Series) -> pd.Series:
    rule = rulebook_of(database, filters, scope)["clock.transfer_feedback"]
    calendar = working_days(database, scope, filters.known_at)
    due = due_after(days_of(transferred), rule.amount or 0, rule.unit or "day", calendar)
    return pd.Series(due.astype("datetime64[s]"), index=transferred.index)
