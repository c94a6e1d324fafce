"""Who owes each duty: the team or neighbourhood that holds the grid, the agency named, else the street."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import select

from data_access.database import Database
from data_access.organisations import agency_names
from data_access.registers import between
from data_access.schema import assignment, handover
from data_access.scope import known
from rules.obligations import NO_JOURNEY
from rules.request import Filters, Scope
from rules.rulebook import Rule, Rulebook

PLACED = ("grid", "site", "construction", "subject", "task")
"""Kinds of target that whoever holds the grid owes."""
VISITED = ("site", "construction")
"""Kinds of target whose visits are owed by kind of premises where no grid is held."""


def with_owners(database: Database, filters: Filters, scope: Scope, duties: pd.DataFrame, book: Rulebook) -> pd.DataFrame:
    """The duties with owner_kind (team, neighbourhood, agency) and owner_code.

    First that holds: the last 转派 of the duty; for a place, who holds its grid on the day; for a
    visit to a site or a construction site, the office that an adopted ``owner`` rule names for its
    kind of premises (S1 三: 工地 = 管理办, 出租房 = 建管中心, ...); the agency that the row itself
    names (承办部门, 办案部门); the agency of the street that the rule
    names in words (管理办), then one of its system; the street's own office; the district's agency
    of the system. Empty where nobody is found.
    """
    agencies = agency_names(database, scope, filters.as_of, known_at=filters.known_at)
    agencies = agencies[agencies["active"]]
    size = len(duties)
    kind, code = np.full(size, None, dtype=object), np.full(size, None, dtype=object)

    def give(codes: np.ndarray, kinds: np.ndarray | str, mask: np.ndarray | None = None) -> None:
        found = np.array([isinstance(one, str) and one != "" for one in codes], dtype=bool) & (code == None)  # noqa: E711
        if mask is not None:
            found &= mask
        code[found] = codes[found]
        kind[found] = kinds if isinstance(kinds, str) else kinds[found]

    moved = _handed_over(database, filters, scope)
    keys = pd.MultiIndex.from_arrays([duties["rule_id"].to_numpy(object), duties["target_id"].to_numpy(object)])
    own = moved.reindex(keys)
    give(own["to_code"].to_numpy(object), own["to_kind"].to_numpy(object))
    held = _held(database, filters, scope).reindex(duties["grid_code"].to_numpy(object))
    give(held["owner_code"].to_numpy(object), held["owner_kind"].to_numpy(object), duties["target_kind"].isin(PLACED).to_numpy(bool))
    local = agencies[agencies["level"] == "street"]
    give(_by_premises(duties, book, local), "agency")
    give(duties["agency_code"].to_numpy(object), "agency", ~duties["target_kind"].isin(PLACED).to_numpy(bool))
    offices = _offices(agencies)
    of_system = {system: _first(local[local["system"] == system]) for system in local["system"].unique()} | {"street": offices}
    rules = {rule_id: book[rule_id] for rule_id in duties["rule_id"].unique()}
    named = {words: _named(local, words) for words in {rule.owner for rule in rules.values()}}
    for rule_id, place in duties.groupby("rule_id", sort=False).indices.items():
        mine, streets = np.zeros(size, dtype=bool), duties["street_code"].iloc[place].to_numpy(object)
        mine[place] = True
        for found in (named[rules[rule_id].owner], of_system.get(rules[rule_id].owner_system, offices)):
            codes = np.full(size, None, dtype=object)
            codes[place] = found.reindex(streets).to_numpy(object)
            give(codes, "agency", mine)
    give(offices.reindex(duties["street_code"].to_numpy(object)).to_numpy(object), "agency")
    give(_of_district(agencies).reindex(duties["system"].to_numpy(object)).to_numpy(object), "agency")
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


def _by_premises(duties: pd.DataFrame, book: Rulebook, local: pd.DataFrame) -> np.ndarray:
    """The code of the street's office that an adopted rule names for the kind of premises; None elsewhere."""
    codes = np.full(len(duties), None, dtype=object)
    visits = duties["target_kind"].isin(VISITED) & ~duties["reason"].isin(NO_JOURNEY)
    kinds = duties.loc[visits, ["target_kind", "premises", "category"]].astype(object)
    for asked, rows in kinds.groupby(list(kinds.columns), dropna=False, sort=False).groups.items():
        rule = owner_rule(book, *asked)
        if rule is None:
            continue
        place = duties.index.get_indexer(rows)
        streets = duties["street_code"].iloc[place]
        found = np.full(len(place), None, dtype=object)
        for named in (*(_named(local, words) for words in rule.owner.split("、")), _first(local[local["system"] == rule.owner_system])):
            own = named.reindex(streets.to_numpy(object)).to_numpy(object)
            empty = np.array([one is None for one in found])
            found[empty] = np.where(pd.isna(own[empty]), None, own[empty])
        codes[place] = np.where(book.binds(rule.id, streets), found, None)
    return codes


def _held(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Who holds each grid on the day: owner_kind and owner_code by grid code."""
    t = assignment
    rows = database.frame(
        select(t.c.grid_code, t.c.owner_kind, t.c.owner_code, t.c.valid_from, t.c.valid_to)
        .where(t.c.district_code == scope.district, known(t, filters.known_at))
    )  # fmt: skip
    rows = rows[between(rows["valid_from"], rows["valid_to"], filters.as_of)]
    return rows.sort_values("valid_from", kind="stable").drop_duplicates("grid_code", keep="last").set_index("grid_code")


def _handed_over(database: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """To whom each duty was last handed: to_kind and to_code by rule and target."""
    t = handover
    rows = database.frame(
        select(t.c.rule_id, t.c.target_id, t.c.to_kind, t.c.to_code, t.c.day, t.c.recorded_at)
        .where(t.c.district_code == scope.district, known(t, filters.known_at), t.c.day <= filters.as_of)
    )  # fmt: skip
    rows = rows.sort_values(["day", "recorded_at"], kind="stable").drop_duplicates(["rule_id", "target_id"], keep="last")
    return rows.set_index(["rule_id", "target_id"])[["to_kind", "to_code"]]


def _named(local: pd.DataFrame, words: str) -> pd.Series:
    """The agency of each street whose name carries the rule's words, by street."""
    if not words:
        return _first(local.iloc[:0])
    called = local["name"].str.contains(words, regex=False) | local["short_name"].fillna("").str.contains(words, regex=False)
    return _first(local[called])


def _offices(agencies: pd.DataFrame) -> pd.Series:
    """Each street's own office: the agency of its system there that stands under no other of them."""
    own = agencies[(agencies["level"] == "street") & (agencies["system"] == "street")]
    return _first(own[~own["parent_code"].isin(own["code"])])


def _of_district(agencies: pd.DataFrame) -> pd.Series:
    """The district's first agency of each system, the one under which the others stand."""
    district = agencies[agencies["level"] == "district"]
    top = district[~district["parent_code"].isin(district["code"])]
    return top.sort_values("code", kind="stable").drop_duplicates("system").set_index("system")["code"]


def _first(found: pd.DataFrame) -> pd.Series:
    return found[found["area_code"].notna()].sort_values("code", kind="stable").drop_duplicates("area_code").set_index("area_code")["code"]
