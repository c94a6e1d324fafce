"""The duties that the notices impose, as data: what is shipped, what a district changed, what it adopted."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

FILE = Path(__file__).with_name("rulebook.toml")

KINDS = ("cycle", "deadline", "count", "report", "clock", "threshold", "follow_up", "stage", "score", "owner")
UNITS = ("day", "working_day", "month", "quarter", "year")
POINTS_UNITS = ("once", "month", "site", "site_month", "person", "event", "task")


class UnreadableRulebook(ValueError):
    """The packaged file is not a rulebook; says which rule, what was found, what is expected."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty, clock, threshold, score or owner, as a document words it or as this system fills it in.

    Attributes:
        id: ``visit.site_closed``; never changes.
        name: Chinese source string.
        kind: one of ``KINDS``: cycle (come back within), deadline (once, by a day), count (so many
            a year), report (a paper by a day), clock (a term that runs), threshold (when a case
            changes hands, when a plan is due), follow_up (what a penalty entails), stage (when the
            source's campaign did what), score (an item
            of the rubric), owner (who answers for a kind of place).
        target: what it is about: ``grid``, ``site_closed``, ``lead_contact``, ``report``...
        amount: how many ``unit``; of a count, how many a ``unit``; None where the row carries its
            own day or there is nothing to count.
        unit: one of ``UNITS``, or None.
        source: where it stands, ``S3 附件3 二.4``.
        clause: the words of the source.
        document, issuer, territory, period: of the source: its title and number, who issued it,
            where and for which time it was written.
        owner_system: ``vocabulary.AGENCY_SYSTEM`` code of who owes it, or None.
        owner: the same in words (管理办).
        discharged_by: visit modes (``vocabulary.VISIT_MODE``) or names of events that discharge it.
        points: demerits of one miss; None where the rubric has no item for it.
        points_unit: one of ``POINTS_UNITS``: what one miss is counted by.
        cap: the most that may be lost by it; None without limit.
        ours: whether the number is this system's default because the source gives none.
        note: what the source leaves open and how it is read here.
        options: further numbers and readings, by name; ``readings`` lists what may be chosen for
            ``reading``.
    """

    id: str
    name: str
    kind: str
    target: str
    source: str
    clause: str
    amount: int | None = None
    unit: str | None = None
    document: str = ""
    issuer: str = ""
    territory: str = ""
    period: str = ""
    owner_system: str | None = None
    owner: str = ""
    discharged_by: tuple[str, ...] = ()
    points: float | None = None
    points_unit: str | None = None
    cap: float | None = None
    ours: bool = False
    note: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules as they stand on a day.

    Attributes:
        rules: every rule by id, in the order of the packaged file.
        adopted: ids that bind in the whole district (or in the area the book was asked for).
        adopted_in: for a rule that only some areas adopted, their codes.
        since: the first day on which a rule bound anywhere.
    """

    rules: Mapping[str, Rule]
    adopted: frozenset[str]
    adopted_in: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    since: Mapping[str, dt.date] = field(default_factory=dict, hash=False)

    def __getitem__(self, rule_id: str) -> Rule:
        return self.rules[rule_id]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def of(self, kind: str | None = None, target: str | None = None) -> list[Rule]:
        """The rules of a kind, about a target, or both, in the order of the file."""
        return [r for r in self if (kind is None or r.kind == kind) and (target is None or r.target == target)]

    def is_adopted(self, rule_id: str, area_code: str | None = None) -> bool:
        """Whether a rule binds in the district or in one area; what does not is 参考."""
        return rule_id in self.adopted or area_code in self.adopted_in.get(rule_id, ())

    def binds(self, rule_id: str, area_codes: pd.Series) -> np.ndarray:
        """``is_adopted`` of each area (street codes), as bools."""
        if rule_id in self.adopted:
            return np.ones(len(area_codes), dtype=bool)
        return area_codes.isin(self.adopted_in.get(rule_id, frozenset())).to_numpy(bool)

    def owner_of(self, *, premises: str | None = None, category: str | None = None, topic: str | None = None) -> Rule | None:
        """The ``owner`` rule that names who answers for a place or a topic; None leaves it to the street."""
        asked = {"premises": premises, "categories": category, "topics": topic}
        for rule in self.of("owner"):
            if any(code is not None and code in rule.options.get(name, ()) for name, code in asked.items()):
                return rule
        return None


@cache
def shipped() -> Mapping[str, Rule]:
    """The rules of the packaged file, by id, in its order.

    Raises:
        UnreadableRulebook: the file is not a rulebook.
    """
    return MappingProxyType(read(FILE.read_text("utf-8")))


def read(text: str) -> dict[str, Rule]:
    """Read a rulebook from TOML: ``[document.S3]`` tables and ``[[rule]]`` entries.

    Raises:
        UnreadableRulebook: not TOML, or a rule lacks a field, has an unknown one or a wrong value.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableRulebook(f"not TOML: {error}") from error
    documents = found.get("document", {})
    rules: dict[str, Rule] = {}
    for entry in found.get("rule", []):
        rule = _rule(dict(entry), documents)
        if rule.id in rules:
            raise UnreadableRulebook(f"rule {rule.id!r} stands twice")
        rules[rule.id] = rule
    for rule in rules.values():
        if rule.options.get("item") and rule.options["item"] not in rules:
            raise UnreadableRulebook(f"rule {rule.id!r}: item {rule.options['item']!r} is no rule")
    return _completed(rules)


def rulebook(
    shipped: Mapping[str, Rule], versions: pd.DataFrame, adoptions: pd.DataFrame, day: dt.date, area_code: str | None = None
) -> Rulebook:
    """The rules of a day: the shipped ones, changed by the version of that day, and which of them bind.

    Args:
        versions: rule_id, content (dict of the fields that differ), valid_from, valid_to; of two
            that hold on the day, the one valid from the later day wins.
        adoptions: rule_id, area_code (missing: the whole district), valid_from, valid_to (last day).
        day: the day asked about.
        area_code: an area whose own adoptions count as adopted; they are in ``adopted_in`` anyway.
    """
    rules = dict(shipped)
    for row in _holding(versions, day).sort_values("valid_from", kind="stable").itertuples(index=False):
        if row.rule_id in shipped:
            rules[row.rule_id] = with_changes(shipped[row.rule_id], row.content or {})
    held = _holding(adoptions, day)
    everywhere = held["area_code"].isna() | (held["area_code"] == "")
    own = held[~everywhere].groupby("rule_id")["area_code"].agg(frozenset) if not everywhere.all() else pd.Series(dtype=object)
    adopted = frozenset(held.loc[everywhere, "rule_id"]) | {i for i, codes in own.items() if area_code in codes}
    begun = pd.to_datetime(adoptions["valid_from"])
    first = begun[begun <= pd.Timestamp(day)].groupby(adoptions["rule_id"]).min()
    since = {rule_id: moment.date() for rule_id, moment in first.items()}
    return Rulebook(_completed(rules), adopted & rules.keys(), dict(own), since)


def with_rule(book: Rulebook, rule: Rule) -> Rulebook:
    """The book with one rule in another version, and what others take from it."""
    return replace(book, rules=_completed({**book.rules, rule.id: rule}))


def whole_rulebook(rules: Mapping[str, Rule] | None = None) -> Rulebook:
    """Every shipped rule, unchanged and adopted: for rules asked about outside a district."""
    found = shipped() if rules is None else rules
    return Rulebook(found, frozenset(found))


def with_changes(rule: Rule, changes: Mapping[str, Any]) -> Rule:
    """The rule with some fields changed; ``options`` are merged by name.

    A number that somebody decided is no longer ours, and follows no other rule's.
    """
    known = {name: value for name, value in changes.items() if name in _FIELDS}
    if "options" in known:
        known["options"] = {**rule.options, **known["options"]}
    if {"amount", "unit"} & known.keys() and "follows" in rule.options:
        known["options"] = {name: value for name, value in (known.get("options") or rule.options).items() if name != "follows"}
    if "discharged_by" in known:
        known["discharged_by"] = tuple(known["discharged_by"])
    decided = any(name in known and known[name] != getattr(rule, name) for name in ("amount", "unit", "options"))
    return replace(rule, **({"ours": False} if decided else {}) | known)


def _rule(entry: dict[str, Any], documents: Mapping[str, Mapping[str, str]]) -> Rule:
    named = entry.get("id", "?")
    cited = documents.get(entry.pop("document", ""), {})
    entry = {**cited, **entry}
    if unknown := entry.keys() - _FIELDS - {"note"}:
        raise UnreadableRulebook(f"rule {named!r}: unknown fields {sorted(unknown)}")
    if missing := _NEEDED - entry.keys():
        raise UnreadableRulebook(f"rule {named!r}: missing fields {sorted(missing)}")
    for name, allowed in (("kind", KINDS), ("unit", UNITS), ("points_unit", POINTS_UNITS)):
        if entry.get(name) is not None and entry[name] not in allowed:
            raise UnreadableRulebook(f"rule {named!r}: {name} expected one of {allowed}, found {entry[name]!r}")
    entry["discharged_by"] = tuple(entry.get("discharged_by", ()))
    return Rule(**entry)


def _completed(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """What a rule takes from another: the points of its item of the rubric, the term of the rule that it follows."""
    made = {}
    for rule in rules.values():
        item, leader = (rules.get(rule.options.get(name, "")) for name in ("item", "follows"))
        if item is not None:
            rule = replace(rule, points=item.points, points_unit=item.points_unit, cap=item.cap)
        if leader is not None:
            rule = replace(rule, amount=leader.amount, unit=leader.unit)
        made[rule.id] = rule
    return made


def _holding(rows: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    at = pd.Timestamp(day)
    begun, ended = pd.to_datetime(rows["valid_from"]), pd.to_datetime(rows["valid_to"])
    return rows[(begun <= at) & (ended.isna() | (ended >= at))]


_FIELDS = {f.name for f in fields(Rule)}
_NEEDED = {"id", "name", "kind", "target", "source", "clause"}
