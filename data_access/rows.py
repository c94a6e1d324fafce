"""The rows behind any number, in the scope and by the filters that made the number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from sqlalchemy import select

from data_access import schema as s
from data_access.agencies import deadlines, transfers
from data_access.agency_rows import cases_on_hand, joint_parts, matters_due, matters_on_hand
from data_access.assignments import grid_owners
from data_access.blind_spots import blind_spots
from data_access.cases import cases, penalties
from data_access.construction import construction_sites
from data_access.coverage import grid_states, key_places
from data_access.database import Database
from data_access.evidence import evidence, register_rows
from data_access.evidence_bases import Asked
from data_access.leads import leads
from data_access.list_funnel import listed_checks
from data_access.meetings import decisions, meetings
from data_access.narrowing import asked_agencies, by_agencies, in_period, rows_of
from data_access.organisations import agency_names
from data_access.patrol_quality import patrol_evidence
from data_access.people import listed_people
from data_access.row_sets import ROW_SETS, RowColumn, RowSet
from data_access.row_sets import row_set as row_set_of
from data_access.schema import FACTS
from data_access.scope import known, select_columns
from data_access.sites import sites, stock_moves
from data_access.tasks import completion_tasks, tasks
from data_access.unlocated import unlocated
from rules.request import Filters, Scope, UnreadableRequest

__all__ = ["ROW_SETS", "RowColumn", "RowSet", "rows"]

_OWN: dict[str, tuple[str, ...]] = {
    "patrol_visit": ("number", "at", "agency_code", "target_kind", "target_id", "mode", "finding", "visits", "officers", "neighbourhood_code", "grid_code", "lon", "lat", "located"),
    "activity": ("number", "kind", "name", "agency_code", "materials", "attendees"),
    "activity_agency": ("agency_code", "role", "people", "vehicles", "activity_id"),
    "site_event": ("number", "event", "agency_code", "site_id"),
    "case_event": ("event", "agency_code", "case_id", "document"),
    "seizure": ("number", "kind", "item", "quantity", "unit", "agency_code", "case_id", "site_id"),
    "adverse_event": ("number", "kind", "count", "level"),
    "institution_check": ("institution_id",),
}  # fmt: skip


def rows(database: Database, name: str, filters: Filters, scope: Scope, /, **narrow: object) -> pd.DataFrame:
    """The rows of a set; their number, or the sum of the set's counting column, is the figure.

    Codes stay codes: the page translates them by ``RowSet.columns``.

    Args:
        name: one of ``ROW_SETS``.
        narrow: equalities on columns of the frame: ``state="over"``; a text of several codes
            separated by commas takes each of them, an empty text what is missing, ``*`` whatever is
            there, ``true`` and ``false`` truths, an ISO day a day; ``2023-07-01..2023-07-31`` and ``..-1`` take a
            range of days or numbers, both ends included, either end open.

    Returns:
        A frame with at least the set's columns, and ``id`` and ``row_id`` where rows have them. No
        rows: the same columns.

    Raises:
        UnreadableRequest: no such set, or no such column.
    """
    try:
        row_set = row_set_of(name)
    except KeyError as error:
        raise UnreadableRequest(f"rows: expected one of {', '.join(ROW_SETS)}, found {name!r}") from error
    if name == "visits":
        found = _visits(database, filters, scope, narrow)
    elif row_set.registers:
        found = _of_figure(database, row_set, filters, scope)
    elif name.startswith("stock_") or name == "K41":
        found = _stock(database, name.removeprefix("stock_") if name != "K41" else "closing", filters, scope)
    else:
        found = _QUESTIONS[name](database, filters, scope)
    for field, value in narrow.items():
        if field not in found:
            raise UnreadableRequest(f"rows {name}: no column {field!r} to narrow by")
        found = found[_equals(found[field], value)]
    return found.reset_index(drop=True)


def _of_figure(database: Database, row_set: RowSet, filters: Filters, scope: Scope) -> pd.DataFrame:
    asked = Asked(database, filters, scope)
    counted = register_rows(asked, row_set.name)
    parts = [_register(asked, row_set.name, register) for register in row_set.registers]
    shown = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    common = [name for name in counted.columns if name not in shown or name in {"row_id"}]
    found = counted[common].merge(shown, on="row_id", how="left")
    wanted = [column.field for column in row_set.columns if column.field not in found]
    found = found.reindex(columns=[*found.columns, *wanted]) if wanted else found
    return found.sort_values(["day", "row_id"], ascending=[False, True], ignore_index=True)


def _register(asked: Asked, key: str, register: str) -> pd.DataFrame:
    """What is shown of the rows of one register; row_id and columns that the evidence does not carry."""
    anyone = asked.filters.with_(agency=None, system=None)
    if register == "lead":
        return leads(asked.database, anyone, asked.scope).drop(columns=["day", "street_code", "id"])
    if register == "case":
        return cases(asked.database, anyone, asked.scope).drop(columns=["street_code", "id"])
    if register == "penalty":
        return penalties(asked.database, anyone, asked.scope).drop(columns=["day", "street_code", "id"])
    if register == "meeting":
        return meetings(asked.database, anyone, asked.scope).drop(columns=["day", "street_code", "id"])
    if register == "case_event":
        of_case = cases(asked.database, anyone, asked.scope).set_index("id")[["number", "kind", "category"]]
        steps = _own_rows(asked, key, register)
        return steps.merge(of_case, left_on="case_id", right_index=True, how="left")
    if register == "institution_check":
        t = FACTS["licensed_institution"]
        of_check = asked.database.frame(select(*select_columns(t, ("id", "number", "name", "kind"), asked.scope)).where(asked.known(t))).set_index("id")
        return _own_rows(asked, key, register).merge(of_check, left_on="institution_id", right_index=True, how="left")
    return _own_rows(asked, key, register)


def _own_rows(asked: Asked, key: str, register: str) -> pd.DataFrame:
    table, there = FACTS[register], evidence(asked, key).subquery()
    columns = select_columns(table, ("row_id", *_OWN[register]), asked.scope)
    return asked.database.frame(
        select(*columns).where(
            table.c.district_code == asked.scope.district,
            known(table, asked.filters.known_at),
            table.c.row_id.in_(select(there.c.row_id).where(there.c.register == register)),
        )
    )


def _visits(database: Database, filters: Filters, scope: Scope, narrow: dict[str, object]) -> pd.DataFrame:
    t = s.patrol_visit
    agencies = asked_agencies(database, filters, scope)
    exact = [t.c[field] == value for field, value in narrow.items() if field in {"grid_code", "target_id", "id", "street_code", "neighbourhood_code"} and value and "," not in str(value)]
    columns = select_columns(t, ("id", "row_id", "day", "street_code", *_OWN["patrol_visit"]), scope)
    return database.frame(
        select(*columns)
        .where(in_period(t.c.day, filters), rows_of(t, filters, scope), *by_agencies(t.c.agency_code, agencies), *exact)
        .order_by(t.c.day.desc(), t.c.row_id)
    )


def _activities(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    t = s.activity
    agencies = asked_agencies(database, filters, scope)
    columns = select_columns(t, ("id", "row_id", "day", "street_code", *_OWN["activity"]), scope)
    return database.frame(
        select(*columns)
        .where(in_period(t.c.day, filters), rows_of(t, filters, scope), *by_agencies(t.c.agency_code, agencies))
        .order_by(t.c.day.desc(), t.c.row_id)
    )


def _transfers(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The transfers with the systems of both sides, to narrow by."""
    found = transfers(database, filters, scope)
    systems = agency_names(database, scope, filters.as_of, known_at=filters.known_at).set_index("code")["system"]
    sides = {f"{side}_system": found[f"{side}_agency"].map(systems).astype("str") for side in ("from", "to")}
    return found.assign(**sides)


def _grids(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The grids with the code of who looks after each, to narrow by; missing where nobody does."""
    found = grid_states(database, filters, scope)
    owners = grid_owners(database, filters, scope).set_index("code")["owner_code"]
    return found.assign(owner_code=found["code"].map(owners[owners != ""]).astype("str"))


def _cases(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The cases by what is still to do: open ones by days left, then those that wait for feedback, then the others, newest first."""
    found = cases(database, filters, scope)
    ends = found[["filed_on", "decided_on", "transferred_on", "withdrawn_on", "closed_on"]].max(axis=1)
    far = pd.Timestamp.max.floor("D")
    due = found["due_on"].where(found["state"] == "open", found["feedback_due"])
    part = np.select([found["state"] == "open", found["feedback_due"].notna()], [0, 1], default=2)
    order = pd.DataFrame({"part": part, "due": due.fillna(far), "ended": ends, "number": found["number"]})
    order = order.sort_values(["part", "due", "ended", "number"], ascending=[True, True, False, True], kind="stable")
    return found.take(order.index).reset_index(drop=True)


def _stock(database: Database, part: str, filters: Filters, scope: Scope) -> pd.DataFrame:
    moves = stock_moves(database, filters, scope)
    moved = moves.loc[moves["part"] == part, ["site_id", "day"]].rename(columns={"day": "moved_on"})
    found = moved.merge(sites(database, filters, scope), left_on="site_id", right_on="id").drop(columns="site_id")
    return found.sort_values(["moved_on", "id"], ascending=[False, True], ignore_index=True)


_QUESTIONS: dict[str, Callable[[Database, Filters, Scope], pd.DataFrame]] = {
    "activities": _activities,
    "meetings": meetings,
    "penalties": penalties,
    "leads": leads,
    "cases": _cases,
    "sites": sites,
    "grids": _grids,
    "construction_sites": construction_sites,
    "people": listed_people,
    "listed_checks": listed_checks,
    "patrol_evidence": patrol_evidence,
    "blind_spots": blind_spots,
    "key_places": key_places,
    "transfers": _transfers,
    "decisions": decisions,
    "deadlines": deadlines,
    "cases_on_hand": cases_on_hand,
    "matters_on_hand": matters_on_hand,
    "matters_due": matters_due,
    "joint_parts": joint_parts,
    "tasks": tasks,
    "K28": completion_tasks,
    "unlocated": unlocated,
}


def _equals(values: pd.Series, asked: object) -> pd.Series:
    if isinstance(asked, str) and asked in {"true", "false"}:
        return (values == (asked == "true")).fillna(False).astype("bool")
    if isinstance(asked, bool):
        return (values == asked).fillna(False).astype("bool")
    if asked == "" or asked is None:
        return values.isna() | (values.astype("str") == "")
    if asked == "*":
        return values.notna() & (values.astype("str") != "")
    if ".." in str(asked):
        return _between(values, *str(asked).split("..", 1))
    if pd.api.types.is_datetime64_any_dtype(values):
        day = pd.to_datetime(asked, errors="coerce")
        return values == day
    if pd.api.types.is_numeric_dtype(values):
        return (values == pd.to_numeric(asked, errors="coerce")).fillna(False).astype("bool")
    return values.isin(str(asked).split(","))


def _between(values: pd.Series, first: str, last: str) -> pd.Series:
    of_days = pd.api.types.is_datetime64_any_dtype(values)
    read = pd.to_datetime if of_days else pd.to_numeric
    known = values if of_days else pd.to_numeric(values, errors="coerce").astype("Float64")
    inside = known.notna()
    if first:
        inside &= (known >= read(first, errors="coerce")).fillna(False).astype("bool")
    if last:
        inside &= (known <= read(last, errors="coerce")).fillna(False).astype("bool")
    return inside
