"""Who owes each duty: the team or neighbourhood that holds the grid, the agency named, else the street."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sqlalchemy import select

from data_access.database import Database
from data_access.epochs import change_days
from data_access.organisations import agencies_kept
from data_access.registers import between
from data_access.schema import assignment, handover
from data_access.scope import known
from data_access.versions import versions
from rules.obligations import NO_JOURNEY
from rules.request import Filters, Scope
from rules.rulebook import Rule, Rulebook

PLACED = ("grid", "site", "construction", "subject", "task")
"""Kinds of target that whoever holds the grid owes."""
VISITED = ("site", "construction")
"""Kinds of target whose visits are owed by kind of premises where no grid is held."""

ByPlace = Mapping[object, str]


def with_owners(database: Database, filters: Filters, scope: Scope, duties: pd.DataFrame, book: Rulebook) -> pd.DataFrame:
    """The duties with owner_kind (team, neighbourhood, agency) and owner_code.

    First that holds: the last 转派 of the duty; for a place, who holds its grid on the day; for a
    visit to a site or a construction site, the office that an adopted ``owner`` rule names for its
    kind of premises (S1 三: 工地 = 管理办, 出租房 = 建管中心, ...); the agency that the row itself
    names (承办部门, 办案部门); the agency of the street that the rule
    names in words (管理办), then one of its system; the street's own office; the district's agency
    of the system. Empty where nobody is found.
    """
    offices = _offices(database, filters, scope)
    size = len(duties)
    kind, code = np.full(size, None, dtype=object), np.full(size, None, dtype=object)

    def give(place: np.ndarray, codes: np.ndarray, kinds: np.ndarray | str) -> None:
        open_ = np.equal(code[place], None) & ~np.equal(codes, None)
        at = place[open_]
        code[at] = codes[open_]
        kind[at] = kinds if isinstance(kinds, str) else kinds[open_]

    every = np.arange(size)
    street_of, streets = pd.factorize(duties["street_code"].to_numpy(object), use_na_sentinel=False)

    def of_streets(found: ByPlace, place: np.ndarray) -> np.ndarray:
        return _codes(found, streets)[street_of[place]]

    moved = _handed_over(database, filters, scope)
    if moved:
        new = [moved.get(one, (None, None)) for one in zip(duties["rule_id"], duties["target_id"], strict=True)]
        give(every, _known([one[1] for one in new]), _known([one[0] for one in new]))
    targets = duties["target_kind"].to_numpy(object)
    placed = np.isin(targets.astype("U"), PLACED)
    held = _held(database, filters, scope)
    if held:
        there = np.flatnonzero(placed)
        holders = [held.get(grid, (None, None)) for grid in duties["grid_code"].to_numpy(object)[there]]
        give(there, _known([one[1] for one in holders]), _known([one[0] for one in holders]))
    give(every, _by_premises(duties, targets, book, offices, street_of, streets), "agency")
    own = np.flatnonzero(~placed)
    give(own, _known(duties["agency_code"].to_numpy(object)[own]), "agency")
    rule_of, rules = pd.factorize(duties["rule_id"].to_numpy(object))
    by_rule = np.split(np.argsort(rule_of, kind="stable"), np.cumsum(np.bincount(rule_of, minlength=len(rules)))[:-1]) if size else []
    for rule_id, place in zip(rules, by_rule, strict=True):
        rule = book[rule_id]
        for found in (offices.named(rule.owner), offices.of_system.get(rule.owner_system, offices.own)):
            give(place, of_streets(found, place), "agency")
    give(every, of_streets(offices.own, every), "agency")
    give(every, _codes(offices.of_district, duties["system"].to_numpy(object)), "agency")
    return duties.assign(owner_kind=pd.array(kind, dtype="str"), owner_code=pd.array(code, dtype="str"))


def owner_rule(book: Rulebook, target_kind: str, premises: object, category: object) -> Rule | None:
    """The ``owner`` rule of a visit to a place of this kind; None leaves it to the street.

    Args:
        premises, category: codes, or anything else where unknown; a construction site is one by its kind.
    """
    if target_kind not in VISITED:
        return None
    known = "construction" if target_kind == "construction" else premises
    return book.owner_of(premises=known if isinstance(known, str) else None, category=category if isinstance(category, str) else None)


@dataclass(frozen=True)
class _Offices:
    """Who answers in each street and in the district on a day; of several the one with the first code.

    Attributes:
        local: code, name, short name, system and street of the streets' agencies, by code.
        of_system: each street's agency of each system; of the system ``street`` its own office.
        own: each street's own office: the agency of its system there that stands under no other of them.
        of_district: the district's agency of each system, the one under which the others stand.
    """

    local: tuple[tuple[str, str, str, str, str], ...]
    of_system: Mapping[str, ByPlace]
    own: ByPlace
    of_district: ByPlace
    _named: dict[str, ByPlace] = field(default_factory=dict)

    def named(self, words: str) -> ByPlace:
        """The agency of each street whose name or short name carries the words; none of no words."""
        if words not in self._named:
            self._named[words] = _first((street, code) for code, name, short, _, street in self.local if words and (words in name or words in short))
        return self._named[words]

    def first_of(self, system: str | None) -> ByPlace:
        """The first agency of a system in each street."""
        return _first((street, code) for code, _, _, its, street in self.local if its == system and system is not None)


def _offices(database: Database, filters: Filters, scope: Scope) -> _Offices:
    return agencies_kept(database, scope, filters.as_of, "offices", _offices_of, known_at=filters.known_at)


def _offices_of(agencies: pd.DataFrame) -> _Offices:
    there = agencies[agencies["active"]].sort_values("code", kind="stable")
    there = there[["code", "name", "short_name", "system", "level", "parent_code", "area_code"]].astype(object)
    rows = list(there.where(there.notna(), None).itertuples(index=False))
    local = tuple((row.code, row.name, row.short_name or "", row.system, row.area_code) for row in rows if row.level == "street" and row.area_code is not None)
    streets = [row for row in rows if row.level == "street" and row.system == "street"]
    district = [row for row in rows if row.level == "district"]
    under = {row.code for row in streets}
    own = _first((row.area_code, row.code) for row in streets if row.parent_code not in under and row.area_code is not None)
    over = {row.code for row in district}
    systems = {row.system for row in rows if row.level == "street"}
    of_system = {system: _first((street, code) for code, _, _, its, street in local if its == system) for system in systems}
    return _Offices(local, of_system | {"street": own}, own, _first((row.system, row.code) for row in district if row.parent_code not in over))


def _by_premises(
    duties: pd.DataFrame, targets: np.ndarray, book: Rulebook, offices: _Offices, street_of: np.ndarray, streets: np.ndarray
) -> np.ndarray:
    """The code of the street's office that an adopted rule names for the kind of premises; None elsewhere."""
    codes = np.full(len(duties), None, dtype=object)
    visits = np.flatnonzero(np.isin(targets.astype("U"), VISITED) & ~duties["reason"].isin(NO_JOURNEY).to_numpy(bool))
    kinds: dict[tuple, list[int]] = {}
    names = [duties[name].to_numpy(object)[visits] for name in ("premises", "category")]
    for place, kind, premises, category in zip(visits.tolist(), targets[visits], *names, strict=True):
        asked = kind, premises if isinstance(premises, str) else None, category if isinstance(category, str) else None
        kinds.setdefault(asked, []).append(place)
    for asked, rows in kinds.items():
        rule = owner_rule(book, *asked)
        if rule is None:
            continue
        found: dict[object, str] = {}
        for named in (offices.first_of(rule.owner_system), *(offices.named(words) for words in reversed(rule.owner.split("、")))):
            found |= named
        bound = {street: code for street, code in found.items() if book.is_adopted(rule.id, street)}
        codes[rows] = _codes(bound, streets)[street_of[rows]]
    return codes


def _held(database: Database, filters: Filters, scope: Scope) -> dict[str, tuple[str, str]]:
    """Who holds each grid on the day: owner_kind and owner_code by grid code."""
    t = assignment
    key = ("held grids", scope.district, versions(database, scope.district)["assignment"], filters.known_at)

    def read() -> tuple[pd.DataFrame, list[dt.date]]:
        rows = database.frame(
            select(t.c.grid_code, t.c.owner_kind, t.c.owner_code, t.c.valid_from, t.c.valid_to)
            .where(t.c.district_code == scope.district, known(t, filters.known_at))
        )  # fmt: skip
        return rows, change_days(rows)

    rows, changes = database.kept.get(key, read)

    def on_day() -> dict[str, tuple[str, str]]:
        found = rows[between(rows["valid_from"], rows["valid_to"], filters.as_of)].sort_values("valid_from", kind="stable")
        return {row.grid_code: (row.owner_kind, row.owner_code) for row in found.itertuples(index=False)}

    return database.kept.get((*key, bisect_right(changes, filters.as_of)), on_day)


def _handed_over(database: Database, filters: Filters, scope: Scope) -> dict[tuple[str, str], tuple[str, str]]:
    """To whom each duty was last handed: to_kind and to_code by rule and target."""
    t = handover
    key = ("handed over", scope.district, versions(database, scope.district)["assignment"], filters.known_at)

    def read() -> tuple[tuple, ...]:
        rows = database.frame(
            select(t.c.rule_id, t.c.target_id, t.c.to_kind, t.c.to_code, t.c.day, t.c.recorded_at)
            .where(t.c.district_code == scope.district, known(t, filters.known_at))
        ).sort_values(["day", "recorded_at"], kind="stable")  # fmt: skip
        return tuple((row.day.date(), (row.rule_id, row.target_id), (row.to_kind, row.to_code)) for row in rows.itertuples(index=False))

    return {duty: to for day, duty, to in database.kept.get(key, read) if day <= filters.as_of}


def _first(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first code of each place."""
    made: dict[str, str] = {}
    for place, code in found:
        made.setdefault(place, code)
    return made


def _codes(found: ByPlace, places: np.ndarray) -> np.ndarray:
    """The code of each place as objects, None where there is none."""
    return _known([found.get(place) for place in places])


def _known(values: Iterable[object]) -> np.ndarray:
    """Codes as objects, None for what is none."""
    listed = [one if isinstance(one, str) and one else None for one in values]
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made
