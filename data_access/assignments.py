"""Who looks after which grid, and what was handed on (转派) or given back (退回): read and written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import select

from data_access.areas import areas
from data_access.database import Database
from data_access.entries import enter
from data_access.narrowing import inside, rows_of
from data_access.organisations import agency_names
from data_access.schema import FACTS, assignment, handover, team
from data_access.scope import known
from data_access.versions import wait_for_turn
from rules.language import N_, Refusal
from rules.request import Actor, Filters, Scope

OWNER_KINDS = ("team", "neighbourhood", "agency")
ACTIONS = {"reassign": N_("转派"), "return": N_("退回")}
ASSIGNING, HANDING = "assign_grids", "handover"
"""Kinds of the batches written here (also their sources)."""
TARGETS = {"site": "site", "subject": "subject", "construction": "construction_site", "lead": "lead", "case": "case", "decision": "decision", "task": "task_target"}
"""The table of a duty's target; a grid is an area."""
MOST_REASON = 400
GRID_COLUMNS = ("code", "name", "street_code", "neighbourhood_code", "owner_kind", "owner_code", "owner_name", "since", "priority", "note")
HANDOVER_COLUMNS = (
    "id", "day", "action", "rule_id", "target_kind", "target_id", "street_code", "grid_code", "from_kind", "from_code",
    "to_kind", "to_code", "reason", "batch_id",
)  # fmt: skip


def teams(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The teams (巡查队) of a day; reference data for every scope of the district.

    Returns:
        frame[code, name, name_en, agency_code, street_code, neighbourhood_code], by code.
    """
    t = team
    found = database.frame(
        select(t.c.code, t.c.name, t.c.name_en, t.c.agency_code, t.c.street_code, t.c.neighbourhood_code, t.c.valid_from, t.c.valid_to)
        .where(rows_of(t, filters.with_(area=None), scope))
    )  # fmt: skip
    found = found[_on(found, filters.as_of)].drop(columns=["valid_from", "valid_to"])
    return found.sort_values("code", ignore_index=True)


def grid_owners(database: Database, filters: Filters, scope: Scope, owner: str | None = None) -> pd.DataFrame:
    """Every grid of the scope with who looks after it on the day asked about (我的网格 with ``owner``).

    Of two assignments that hold on the day the one that began later wins, then the one written
    later. A grid without one has an empty owner: its duties are then the street's
    (``data_access.duty_owners``).

    Args:
        owner: code of a team, neighbourhood or agency: its grids alone.

    Returns:
        ``GRID_COLUMNS``, by code: owner_kind in ``OWNER_KINDS``, owner_name Chinese, since its first
        day; empty and NaT where nothing is assigned; priority whether its neighbourhood or itself is marked (重点村居).
    """
    every = areas(database, scope, filters.as_of, known_at=filters.known_at)
    grids = inside(every[every["level"] == "grid"], filters, scope)
    marked = set(every.loc[every["priority"].fillna(False).astype("bool"), "code"])
    t = assignment
    rows = database.frame(
        select(t.c.grid_code, t.c.owner_kind, t.c.owner_code, t.c.valid_from, t.c.valid_to, t.c.note, t.c.recorded_at)
        .where(t.c.district_code == scope.district, known(t, filters.known_at), t.c.grid_code.is_not(None))
    )  # fmt: skip
    rows = rows[_on(rows, filters.as_of)].sort_values(["valid_from", "recorded_at"], kind="stable").drop_duplicates("grid_code", keep="last")
    own = rows.set_index("grid_code").reindex(grids["code"]).reset_index(drop=True)
    found = pd.DataFrame(grids[["code", "name", "street_code", "neighbourhood_code"]])
    found["owner_kind"], found["owner_code"] = own["owner_kind"].fillna("").astype("str"), own["owner_code"].fillna("").astype("str")
    found["since"], found["note"] = own["valid_from"], own["note"]
    found["priority"] = found["code"].isin(marked) | found["neighbourhood_code"].isin(marked)
    found["owner_name"] = _names(database, filters, scope, found, every)
    if owner is not None:
        found = found[found["owner_code"] == owner]
    return found.sort_values("code", ignore_index=True)[list(GRID_COLUMNS)]


def handovers(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What was handed on or given back up to the day asked about, the newest first: ``HANDOVER_COLUMNS``."""
    t = handover
    return database.frame(
        select(*(t.c[name] for name in HANDOVER_COLUMNS))
        .where(rows_of(t, filters, scope), t.c.day <= filters.as_of)
        .order_by(t.c.day.desc(), t.c.recorded_at.desc(), t.c.row_id.desc())
    )


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owes something: ``kind`` of ``OWNER_KINDS`` and its code."""

    kind: str
    code: str


def assign_grids(
    database: Database, grids: list[str], owner: Owner, *, valid_from: dt.date, actor: Actor, now: dt.datetime, note: str = ""
) -> str:
    """Give grids to an owner from a day on; whoever had them before keeps the days before it.

    Returns:
        The id of the batch; ``data_access.importing.undo`` takes it back.

    Raises:
        Refusal: no grid, one that is not the actor's, or an owner that does not exist.
    """
    filters = Filters(valid_from, valid_from, valid_from)
    places = inside(areas(database, actor.scope, valid_from, "grid"), filters, actor.scope).set_index("code")
    chosen = sorted(set(grids))
    if not chosen or not set(chosen) <= set(places.index):
        raise Refusal(N_("有网格不存在，或不在你的权限范围内。"))
    _must_exist(database, filters, actor.scope, owner)
    common = {"owner_kind": owner.kind, "owner_code": owner.code, "valid_from": valid_from, "valid_to": None, "note": note.strip()[:MOST_REASON] or None}
    t = assignment
    with database.write() as connection:
        wait_for_turn(connection, actor.scope.district)
        asked = select(t.c.grid_code, t.c.row_id, t.c.id).where(
            t.c.district_code == actor.scope.district, t.c.source_code == ASSIGNING, t.c.superseded_at.is_(None),
            t.c.valid_from == valid_from, t.c.grid_code.in_(chosen),
        )  # fmt: skip
        old = {row.grid_code: row for row in connection.execute(asked)}
        rows = [
            {"grid_code": code, "street_code": _plain(places["street_code"][code]), **common, **({"id": old[code].id} if code in old else {})}
            for code in chosen
        ]
        return enter(
            connection, {"assignment": rows}, kind=ASSIGNING, words=f"{owner.code} {valid_from}", actor=actor, now=now,
            ended={"assignment": [row.row_id for row in old.values()]},
            detail={"grids": chosen, "owner_kind": owner.kind, "owner": owner.code, "valid_from": str(valid_from)},
        )  # fmt: skip


def hand_over(
    database: Database, *, rule_id: str, target_kind: str, target_id: str, action: str, to: Owner, reason: str,
    day: dt.date, actor: Actor, now: dt.datetime, came_from: Owner | None = None,
) -> str:
    """Hand a duty on (转派) or give it back (退回), with the reason; nothing is overwritten.

    Args:
        action: ``reassign`` or ``return``.
        to: who owes it from now on; for a return, who gets it back.
        came_from: who owed it until now, where known.

    Returns:
        The id of the batch; ``data_access.importing.undo`` takes it back.

    Raises:
        Refusal: no reason, an unknown action or owner, the owner of now, or a target that does not exist for the actor.
    """
    reason = reason.strip()
    if action not in ACTIONS:
        raise Refusal(N_("只能转派或退回。"))
    if not reason:
        raise Refusal(N_("请写明转派或退回的理由。"))
    if len(reason) > MOST_REASON:
        raise Refusal(N_("理由最多 {n} 个字。"), n=MOST_REASON)
    if came_from == to:
        raise Refusal(N_("这一项已经由所选的责任方负责：请另选一个。"))
    filters = Filters(day, day, day)
    place = _place_of(database, filters, actor.scope, target_kind, target_id)
    _must_exist(database, filters, replace(actor.scope, areas=(), agencies=()) if action == "return" else actor.scope, to)
    row = {
        "day": day, "action": action, "rule_id": rule_id, "target_kind": target_kind, "target_id": target_id,
        "street_code": place[0], "grid_code": place[1], "from_kind": came_from and came_from.kind,
        "from_code": came_from and came_from.code, "to_kind": to.kind, "to_code": to.code, "reason": reason,
    }  # fmt: skip
    with database.write() as connection:
        return enter(
            connection, {"handover": [row]}, kind=HANDING, words=f"{target_kind}:{target_id} {to.code}", actor=actor, now=now,
            detail={"action": action, "rule": rule_id, "target": f"{target_kind}:{target_id}", "to": f"{to.kind}:{to.code}"},
        )  # fmt: skip


def _on(rows: pd.DataFrame, day: dt.date) -> pd.Series:
    at = pd.Timestamp(day)
    return (rows["valid_from"].isna() | (rows["valid_from"] <= at)) & (rows["valid_to"].isna() | (rows["valid_to"] >= at))


def _names(database: Database, filters: Filters, scope: Scope, found: pd.DataFrame, every: pd.DataFrame) -> pd.Series:
    known_names = dict(zip(every["code"], every["name"], strict=True))
    agencies = agency_names(database, scope, filters.as_of, known_at=filters.known_at)
    known_names |= dict(zip(agencies["code"], agencies["name"], strict=True))
    named = teams(database, filters, scope)
    known_names |= dict(zip(named["code"], named["name"], strict=True))
    return found["owner_code"].map(known_names).fillna(found["owner_code"]).astype("str")


def _must_exist(database: Database, filters: Filters, scope: Scope, owner: Owner) -> None:
    """Refuse an owner that there is not; neighbourhoods and teams must be the scope's own."""
    if owner.kind == "neighbourhood":
        mine = inside(areas(database, scope, filters.as_of, "neighbourhood", known_at=filters.known_at), filters, scope)
        known_codes = set(mine["code"])
    elif owner.kind == "team":
        listed = teams(database, filters, scope)
        streets = set(inside(areas(database, scope, filters.as_of, "street", known_at=filters.known_at), filters, scope)["code"])
        open_to = listed["street_code"].isna() | listed["street_code"].isin(streets) if scope.areas else listed["code"].notna()
        known_codes = set(listed.loc[open_to, "code"])
    else:
        known_codes = set(agency_names(database, scope, filters.as_of, known_at=filters.known_at)["code"]) if owner.kind == "agency" else set()
    if owner.code not in known_codes:
        raise Refusal(N_("找不到这个队伍、村居或部门，或不在你的权限范围内。"))


def _place_of(database: Database, filters: Filters, scope: Scope, kind: str, target_id: str) -> tuple[str | None, str | None]:
    """(street, grid) of a target within the scope; an unknown one and another's get one answer."""
    missing = Refusal(N_("找不到这个对象，或不在你的权限范围内。"))
    if kind == "grid":
        grids = inside(areas(database, scope, filters.as_of, "grid", known_at=filters.known_at), filters, scope).set_index("code")
        if target_id not in grids.index:
            raise missing
        return _plain(grids["street_code"][target_id]), target_id
    if kind not in TARGETS:
        raise missing
    table = FACTS[TARGETS[kind]]
    found = database.frame(select(table.c.street_code, table.c.grid_code).where(rows_of(table, filters, scope), table.c.id == target_id))
    if found.empty:
        raise missing
    return _plain(found["street_code"].iloc[0]), _plain(found["grid_code"].iloc[0])


def _plain(value: object) -> str | None:
    return value if isinstance(value, str) else None
