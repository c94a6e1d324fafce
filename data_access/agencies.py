"""What each agency does: visits, joint actions, cases, transfers, and whether it keeps its days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.agency_rows import due, joint_parts, on_hand, open_in_period
from data_access.cases import cases
from data_access.database import Database
from data_access.evidence import totals
from data_access.evidence_bases import Asked
from data_access.matters import matters
from data_access.narrowing import asked_agencies, last_day
from data_access.organisations import agency_names
from data_access.placed import seen
from data_access.registers import kept_narrowed
from data_access.schema import transfer
from rules.event_line import days_of
from rules.on_time import kept
from rules.ratio import ratio
from rules.request import Filters, Scope
from rules.vocabulary import AGENCY_SYSTEM, name_of

COUNTS = (
    "visits", "people", "joint_actions", "cases_handled", "cases_decided", "transfers_in", "transfers_out",
    "feedback_n", "feedback_N", "on_time_n", "on_time_N", "tasks", "done", "overdue",
)  # fmt: skip
COLUMNS = ("code", "name", "system", *COUNTS[:11], "on_time", *COUNTS[11:])
TRANSFER_COLUMNS = (
    "id", "number", "kind", "day", "from_agency", "to_agency", "due_on", "accepted_on", "feedback_on",
    "days_left", "street_code", "case_id", "lead_id", "feedback", "row_id",
)  # fmt: skip


def agency_work(database: Database, filters: Filters, scope: Scope, by: str = "system") -> pd.DataFrame:
    """What each system, or each agency, did in the period.

    Returns:
        frame[code, name, system, visits (户次), people (人次), joint_actions (次 it took part in, do
        not add up), cases_handled (on hand in the period), cases_decided, transfers_in,
        transfers_out, feedback_n of feedback_N transfers received in the period and answered,
        on_time_n of on_time_N matters due in the period and done by their due day, on_time (0..1,
        NaN where none was due), tasks (matters on hand in the period: cases, leads, transfers,
        decisions), done, overdue (not done and past their due day)]. By system: every system with
        agencies, in the order of ``vocabulary.AGENCY_SYSTEM``, name a Chinese source string. By
        agency: agencies with anything to show.

    Raises:
        ValueError: ``by`` is neither.
    """
    if by not in {"system", "agency"}:
        raise ValueError(f"agency work by: expected system or agency, found {by!r}")
    agencies = agency_names(database, scope, filters.as_of, known_at=filters.known_at)
    group = pd.Series(agencies["system" if by == "system" else "code"].to_numpy(), index=agencies["code"])
    counted = pd.DataFrame(_parts(database, filters, scope, group)).reindex(columns=list(COUNTS))
    if by == "system":
        wanted = [word.code for word in AGENCY_SYSTEM if (agencies["system"] == word.code).any()]
        wanted = [code for code in wanted if filters.system in {None, code}]
    else:
        wanted = sorted(counted.index[counted.fillna(0).sum(axis=1) > 0])
    found = counted.reindex(pd.Index(wanted, name="code", dtype="str")).fillna(0).astype("int64").reset_index()
    names = agencies.set_index("code")
    found["name"] = (
        [name_of("agency_system", code) for code in found["code"]] if by == "system" else found["code"].map(names["name"])
    )
    found["system"] = found["code"] if by == "system" else found["code"].map(names["system"])
    found["on_time"] = ratio(found["on_time_n"], found["on_time_N"])
    return found[list(COLUMNS)]


def deadlines(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Matters not done on the day asked about that have a due day; the most urgent first.

    Returns:
        frame[kind, id, number, title, agency_code, street_code, due_on, days_left]: days_left is
        negative when overdue.
    """
    found = matters(database, filters, scope)
    found = found[found["done_on"].isna() & found["due_on"].notna()].copy()
    found["days_left"] = (found["due_on"] - pd.Timestamp(filters.as_of)).dt.days.astype("int64")
    columns = ["kind", "id", "number", "title", "agency_code", "street_code", "due_on", "days_left"]
    return found.sort_values(["days_left", "kind", "number"], ignore_index=True)[columns]


def transfers(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The transfers of the period, sent or received by the agencies asked about, newest first.

    Returns:
        ``TRANSFER_COLUMNS``: days later than the day asked about are empty; days_left (Int64) until
        the feedback is due, only while there is none.
    """
    agencies = asked_agencies(database, filters, scope)

    def newest_first() -> pd.DataFrame:
        rows = seen(database, filters, scope, transfer, tuple(name for name in TRANSFER_COLUMNS if name != "days_left"))
        return rows.sort_values(["day", "number"], ascending=[False, True], ignore_index=True)

    every = kept_narrowed(database, filters, scope, ("transfers, newest first",), newest_first)
    sent = days_of(every["day"])
    wanted = (sent >= np.datetime64(filters.start, "D")) & (sent <= np.datetime64(last_day(filters), "D"))
    if agencies is not None:
        wanted &= (every["from_agency"].isin(agencies) | every["to_agency"].isin(agencies)).to_numpy(bool)
    found = every.take(np.flatnonzero(wanted)).reset_index(drop=True)
    day = pd.Timestamp(filters.as_of)
    found["feedback"] = found["feedback"].where(found["feedback_on"] <= day)
    for name in ("accepted_on", "feedback_on"):
        found[name] = found[name].where(found[name] <= day)
    left = (found["due_on"] - day).dt.days.astype("Int64")
    found["days_left"] = left.where(found["feedback_on"].isna())
    return found[list(TRANSFER_COLUMNS)]


def _parts(database: Database, filters: Filters, scope: Scope, group: pd.Series) -> dict[str, pd.Series]:
    asked = Asked(database, filters, scope)
    added = totals(asked, ["K1", "K6"], "agency")
    handled = cases(database, filters, scope)
    given = matters(database, filters, scope)
    moved = transfers(database, filters, scope)
    mine = None if asked.agencies is None else set(asked.agencies)

    groups, place_of_code = np.unique(group.to_numpy(object), return_inverse=True)

    def places(codes: pd.Series) -> np.ndarray:
        at = group.index.get_indexer(pd.Index(codes))
        known = at >= 0 if mine is None else (at >= 0) & codes.isin(mine).to_numpy()
        return np.where(known, place_of_code[at], len(groups))

    def summed(place: np.ndarray, weights: np.ndarray | None = None) -> pd.Series:
        return pd.Series(np.bincount(place, weights, len(groups) + 1)[: len(groups)], index=groups)

    def add(key: str) -> pd.Series:
        rows = added[added["key"] == key]
        return summed(places(rows["group"]), rows["counts"].to_numpy())

    first, until, as_of = (np.datetime64(day, "D") for day in (filters.start, last_day(filters), filters.as_of))
    decided = days_of(handled["decided_on"])
    of_case, of_matter = places(handled["agency_code"]), places(given["agency_code"])
    sent, received = places(moved["from_agency"]), places(moved["to_agency"])
    tasks, fell_due = open_in_period(given, filters), due(given, filters)
    done, due_on = days_of(given["done_on"]), days_of(given["due_on"])
    return {
        "visits": add("K1"),
        "people": add("K6"),
        "joint_actions": _joint_actions(database, filters, scope, group),
        "cases_handled": summed(of_case[on_hand(handled, filters)]),
        "cases_decided": summed(of_case[(decided >= first) & (decided <= until)]),
        "transfers_in": summed(received),
        "transfers_out": summed(sent),
        "feedback_n": summed(received[moved["feedback_on"].notna().to_numpy()]),
        "feedback_N": summed(received),
        "on_time_n": summed(of_matter[fell_due & kept(given["done_on"], given["due_on"]).to_numpy("bool")]),
        "on_time_N": summed(of_matter[fell_due]),
        "tasks": summed(of_matter[tasks]),
        "done": summed(of_matter[tasks & (done <= until)]),
        "overdue": summed(of_matter[tasks & np.isnat(done) & (due_on < as_of)]),
    }


def _joint_actions(database: Database, filters: Filters, scope: Scope, group: pd.Series) -> pd.Series:
    parts = joint_parts(database, filters, scope)
    return parts.assign(group=parts["agency_code"].map(group)).drop_duplicates(["id", "group"])["group"].value_counts()
