"""The targets of the quarter's lists that are owed on a day, each at the place of its thing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data_access import schema as s
from data_access.database import Database
from data_access.placed import asked_of
from data_access.registers import kept, register
from rules.event_line import days_of
from rules.quarter import quarter_days
from rules.request import Filters, Scope

NAMED = ("grid", "site", "construction", "subject", "lead")
"""Kinds of target that name a thing of a register; any other is only a task."""
PLACES = ("label", "street_code", "neighbourhood_code", "grid_code", "located", "risk", "category", "premises")
OWN = ("label", "street_code", "grid_code")
"""What a task tells of its place where its thing does not."""


@dataclass(frozen=True)
class _Lists:
    """The lists that the scope may see: one entry each.

    Attributes:
        rows: row_id, number, quarter, street_code, agency_code.
        opens_on, due_on: datetime64[D].
        line: of several lists of one line (a street's, an agency's) only the last quarter's is owed.
        rank: the quarters' order.
    """

    rows: pd.DataFrame
    id: pd.Index
    opens_on: np.ndarray
    due_on: np.ndarray
    line: np.ndarray
    rank: np.ndarray


def listed_targets(database: Database, filters: Filters, scope: Scope, *registers: pd.DataFrame) -> pd.DataFrame:
    """The targets of the lists in force on the day, and of the last list before where none is in force yet.

    Args:
        registers: the things that targets may be, with label (or number) and what there is of their places.

    Returns:
        frame as ``rules.duties.matters.task_duties`` takes it. A cleared site or one outside the
        area asked about leaves its task where the list says.
    """
    lists = kept(database, filters, scope, s.task_list, ("lists of the quarters",), lambda: _lists(database, filters, scope))
    wide = replace(scope, areas=(), agencies=())
    targets = kept(database, filters, wide, s.task_target, ("targets of the lists",), lambda: _targets(database, filters, wide))
    wanted = lists.opens_on <= np.datetime64(filters.as_of, "D")
    mask = asked_of(database, filters, scope, s.task_list, lists.rows["row_id"])
    wanted = wanted if mask is None else wanted & mask
    newest = np.full(len(lists.line) + 1, -1)
    np.maximum.at(newest, lists.line[wanted], lists.rank[wanted])
    wanted &= lists.rank == newest[lists.line]
    of_list = lists.id.get_indexer(pd.Index(targets["task_list_id"]))
    owed = np.flatnonzero((of_list >= 0) & np.append(wanted, False)[of_list])
    found, of_list = targets.take(owed).reset_index(drop=True), of_list[owed]
    own = lists.rows.take(of_list).reset_index(drop=True)
    found = found.assign(
        street_code=found["street_code"].fillna(own["street_code"]), agency_code=own["agency_code"], list_number=own["number"], quarter=own["quarter"],
        opens_on=lists.opens_on[of_list].astype("datetime64[s]"), due_on=lists.due_on[of_list].astype("datetime64[s]"),
    )  # fmt: skip
    return found.assign(**_places(found, registers))


def _lists(database: Database, filters: Filters, scope: Scope) -> _Lists:
    rows = register(database, filters, scope, s.task_list, ("row_id", "id", "number", "quarter", "street_code", "agency_code", "issued_on", "due_on"))
    spans = {quarter: quarter_days(quarter) for quarter in rows["quarter"].unique()}
    first, last = (np.array([spans[quarter][end] for quarter in rows["quarter"]], dtype="datetime64[D]") for end in (0, 1))
    issued, due = days_of(rows["issued_on"]), days_of(rows["due_on"])
    line = pd.factorize(rows["street_code"].fillna("") + "\0" + rows["agency_code"].fillna(""))[0]
    rank = pd.factorize(rows["quarter"], sort=True)[0]
    return _Lists(rows, pd.Index(rows["id"]), np.where(np.isnat(issued), first, issued), np.where(np.isnat(due), last, due), line, rank)


def _targets(database: Database, filters: Filters, wide: Scope) -> pd.DataFrame:
    """Every target by the id of its thing: task_list_id, task_id, id, target_kind, label, street_code, grid_code."""
    rows = register(database, filters, wide, s.task_target, ("id", "task_list_id", "number", "target_kind", "target_id", "grid_code", "street_code"))
    named = rows["target_kind"].isin(NAMED)
    place = rows["target_id"].where(rows["target_kind"] != "grid", rows["grid_code"])
    return pd.DataFrame(
        {
            "task_list_id": rows["task_list_id"], "task_id": rows["id"], "id": place.fillna(rows["id"]),
            "target_kind": rows["target_kind"].where(named & place.notna(), "task"), "label": rows["number"],
            "street_code": rows["street_code"], "grid_code": rows["grid_code"],
        }
    )  # fmt: skip


def _places(tasks: pd.DataFrame, registers: tuple[pd.DataFrame, ...]) -> dict[str, object]:
    """The columns of ``PLACES``, lon and lat of each task: of the first register that has its thing, else the task's own."""
    texts = {name: np.full(len(tasks), None, dtype=object) for name in PLACES}
    points = {name: np.full(len(tasks), np.nan) for name in ("lon", "lat")}
    open_, ids = np.ones(len(tasks), dtype=bool), pd.Index(tasks["id"])
    for rows in registers:
        if "label" not in rows and "number" in rows:
            rows = rows.assign(label=rows["number"])
        things = pd.Index(rows["id"])
        if not things.is_unique:
            rows = rows.drop_duplicates("id")
            things = pd.Index(rows["id"])
        place = things.get_indexer(ids)
        at = np.flatnonzero(open_ & (place >= 0))
        open_[at] = False
        for made in (texts, points):
            for name in made:
                if name in rows:
                    made[name][at] = rows[name].to_numpy(made[name].dtype)[place[at]]
    for name in OWN:
        empty = pd.isna(texts[name])
        texts[name][empty] = tasks[name].to_numpy(object)[empty]
    return {name: pd.array(values, dtype="str") for name, values in texts.items()} | points
