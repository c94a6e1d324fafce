"""Every matter that an agency must finish by a day: cases, leads, transfers, decisions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.case_state import asked_cases, case_states
from data_access.database import Database
from data_access.leads import OWN as LEAD_COLUMNS
from data_access.narrowing import asked_agencies
from data_access.placed import seen
from data_access.registers import kept_narrowed, narrowed, register, shared
from data_access.schema import decision, lead, transfer
from rules.event_line import days_of
from rules.request import Filters, Scope
from rules.vocabulary import TABLES

COLUMNS = ("kind", "id", "number", "title", "agency_code", "street_code", "received_on", "due_on", "done_on")


def matters(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What agencies had on hand in the period, or was due in it, as known on the day asked about.

    What was done before the period and fell due before it is left out.

    A case is the handling agency's, from filing to decision (a transferred one leaves its clock to
    the transfer); a lead that of the agency in charge, to its check; a transfer the receiving
    agency's, to its feedback; a decision its owner's, to its feedback or its end. Cancelled
    decisions, and matters that are done on an unknown day, are left out.

    Returns:
        ``COLUMNS``: kind (``vocabulary.DEADLINE_KIND``), title (Chinese: a source string or the
        decision's own words), done_on NaT while it is not done on the day asked about.
    """
    asked, start = filters.of_day(), pd.Timestamp(filters.start)
    found = shared(database, asked, scope, "matters", lambda: _matters(database, asked, scope))
    passed = (found["ended_on"] < start) & ~(found["due_on"] >= start)
    return found[~passed].drop(columns="ended_on").reset_index(drop=True)


def _matters(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every matter that has begun by the day, with the day it was or will be done as ``ended_on``."""
    agencies = asked_agencies(database, filters, scope)
    others = kept_narrowed(database, filters, scope, ("matters but cases", agencies), lambda: _but_cases(database, filters, scope, agencies))
    begun = others.take(np.flatnonzero(days_of(others["received_on"]) <= np.datetime64(filters.as_of, "D")))
    found = pd.concat([_cases(database, filters, scope, agencies), begun], ignore_index=True)
    found["ended_on"] = found["done_on"]
    found["done_on"] = found["done_on"].where(found["done_on"] <= pd.Timestamp(filters.as_of))
    return found


def _but_cases(database: Database, filters: Filters, scope: Scope, agencies: tuple[str, ...] | None) -> pd.DataFrame:
    """Every lead, transfer and decision that must be finished, whatever the day it began."""
    made = {"lead": _leads(database, filters, scope), "transfer": _transfers(database, filters, scope), "decision": _decisions(database, filters, scope)}
    found = pd.concat([part.assign(kind=kind)[list(COLUMNS)] for kind, part in made.items()], ignore_index=True)
    return found if agencies is None else found[found["agency_code"].isin(agencies)].reset_index(drop=True)


def _cases(database: Database, filters: Filters, scope: Scope, agencies: tuple[str, ...] | None) -> pd.DataFrame:
    rows = asked_cases(database, filters, scope)
    state = case_states(database, filters, scope, filters.as_of)
    at = state.index.get_indexer(pd.Index(rows["id"]))
    ended = np.fmin.reduce([days_of(state[name]) for name in ("decided_on", "withdrawn_on", "closed_on")])
    handed_over = ~np.isnat(days_of(state["transferred_on"])) & np.isnat(ended)
    here = (at >= 0) & ~np.append(handed_over, False)[at]
    here = np.flatnonzero(here if agencies is None else here & rows["agency_code"].isin(agencies).to_numpy(bool))
    at = at[here]
    title = _named("category", rows["category"]).fillna(_named("case_kind", rows["kind"]))
    made = {name: rows[name].array.take(here) for name in ("id", "number", "agency_code", "street_code")}
    made |= {"kind": pd.array(["case"] * len(here), dtype="str"), "title": title.array.take(here)}
    made |= {"received_on": state["filed_on"].array.take(at), "due_on": state["due_on"].array.take(at), "done_on": ended[at].astype("datetime64[s]")}
    return pd.DataFrame({name: made[name] for name in COLUMNS})


def _leads(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    names = ("id", "number", "agency_code", "street_code", "source", "category", "day", "checked_on", "due_on", "result")
    rows = narrowed(register(database, filters, scope, lead, LEAD_COLUMNS), filters, scope)[list(names)]
    rows = rows[rows["checked_on"].notna() | rows["result"].isna() | (rows["result"] == "pending")]
    found = rows.rename(columns={"day": "received_on", "checked_on": "done_on"}).reset_index(drop=True)
    return found.assign(title=_named("category", found["category"]).fillna(_named("lead_source", found["source"])))


def _transfers(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    names = ("id", "number", "kind", "to_agency", "street_code", "day", "due_on", "feedback_on")
    rows = seen(database, filters, scope, transfer, names)
    found = rows.rename(columns={"to_agency": "agency_code", "day": "received_on", "feedback_on": "done_on"})
    return found.assign(title=_named("transfer_kind", found["kind"]))


def _decisions(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    names = ("id", "number", "text", "agency_code", "street_code", "day", "due_on", "feedback_on", "closed_on", "state")
    rows = seen(database, filters, scope, decision, names)
    over = rows["feedback_on"].notna() | rows["closed_on"].notna()
    rows = rows[(rows["state"] != "cancelled") & ((rows["state"] == "open") | over)].reset_index(drop=True)
    done = rows[["feedback_on", "closed_on"]].min(axis=1)
    return rows.rename(columns={"text": "title", "day": "received_on"}).assign(done_on=done)


def _named(table: str, codes: pd.Series) -> pd.Series:
    return codes.map({word.code: word.name for word in TABLES[table]}).astype("str")
