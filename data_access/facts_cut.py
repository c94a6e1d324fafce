"""Cuts the facts of a meeting to a street's or an agency's reader: its own rows, and the published totals of others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from data_access.facts_fields import HOTSPOT_ELSEWHERE, KNOWN, NAMED, OPEN, PUBLISHED, allowed

Facts = dict[str, Any]

LEAST_PERSONS = 3
"""Counts of persons below this could name one (where they are another street's) and are withheld."""

PERSONS = ("must_transfer", "watch")
"""Counts of persons in a hot spot."""


class UnknownStreet(ValueError):
    """The facts hold no street of that code."""


def cut(facts: Facts, street_code: str) -> Facts:
    """The facts that a street's reader gets (:func:`cut_for`); facts that were taken for that street alone stay whole.

    Raises:
        UnknownStreet: there is no such street.
    """
    return cut_for(facts, areas=(street_code,))


def cut_for_agencies(facts: Facts, codes: tuple[str, ...]) -> Facts:
    """The facts that a member agency gets (:func:`cut_for`)."""
    return cut_for(facts, agencies=codes)


def cut_for(facts: Facts, *, areas: Collection[str] = (), agencies: Collection[str] = ()) -> Facts:
    """The facts that a reader of streets, of agencies, or of agencies within streets gets: a new value.

    Only what ``facts_fields`` names is handed on, at every depth: a fact that nobody allowed there is
    not in the answer. Besides what is open to all:

    A street's reader keeps its rows whole. Of other streets it gets the published totals; their hot
    spots with place, counts of matters and sentences (``elsewhere``), but no repeated complaints, no open
    cases and no counts of persons below ``LEAST_PERSONS``; open cases as a count by street; moves between
    other streets not at all, moves from and to it without counts below that. Decisions stay where
    the street owns, helps, or lies in the place, or where they concern no single street. Agencies
    stay: their work is the district's.

    An agency's reader keeps the decisions that it owns or supports, cases, persons and deadlines that
    it handles, what it handed to others and waits for, its own row of work; of everything else it gets what any other street's reader would,
    of other agencies their names (DESIGN 12: for an agency, rows that it performs, handles, supports
    or must answer).

    Who reads for agencies within streets keeps a row only where both hold, as everywhere
    (``data_access.scope.within``): the agency's rows in those streets.

    Withheld numbers are null, with ``suppressed: true`` beside them.

    Args:
        areas: codes of streets; empty for all.
        agencies: codes; empty for no agency's reader. Without both: everything that is known.

    Raises:
        UnknownStreet: the facts hold none of that code, or were cut to others before.
    """
    return Cutter(facts).cut_for(areas=areas, agencies=agencies)


class Cutter:
    """Cuts the same facts for many readers; what is open to all is read once and shared by the answers.

    Args:
        facts: left as they are.
    """

    def __init__(self, facts: Facts) -> None:
        whole = self._whole = allowed(KNOWN, facts)
        self._streets = {row["code"] for row in whole["streets"]}
        if "joint_needs" in whole:
            whole["joint_needs"] = {code: row for code, row in whole["joint_needs"].items() if code in self._streets}
        self._open = {name: value for name, value in whole.items() if name in OPEN}
        self._open["district"] = allowed(OPEN["district"], whole["district"])
        self._published = [allowed(PUBLISHED, row) for row in whole["streets"]]

    def cut_for(self, *, areas: Collection[str] = (), agencies: Collection[str] = ()) -> Facts:
        """See :func:`cut_for`."""
        reader, whole = _Reader(frozenset(areas), frozenset(agencies)), self._whole
        taken = whole["scope"]
        if reader.is_whole or (not reader.agencies and reader.areas == frozenset(taken["areas"])):
            return dict(whole)
        open_to = self._streets & set(taken["areas"]) if taken["areas"] else self._streets
        for code in sorted(reader.areas - open_to):
            raise UnknownStreet(f"expected the code of one of {len(open_to)} streets whose own rows the facts hold, found {code!r}")
        made = {**self._open, "scope": {"areas": sorted(reader.areas or taken["areas"]), "agencies": sorted(reader.agencies or taken["agencies"])}}
        rows = _rows(whole, reader)
        rows["streets"] = [row if reader.owns_streets([row["code"]]) else open_ for row, open_ in zip(whole["streets"], self._published, strict=True)]
        made |= {name: found for name, found in rows.items() if name in whole or name == "cases_elsewhere"}
        if whole.get("recurrence") is not None:
            moves = whole["recurrence"].get("displaced") or []
            mine = [] if reader.agencies else [_withheld(row, ("count",)) for row in moves if reader.areas & set(_ends(row))]
            made["recurrence"] = allowed(OPEN["recurrence"], whole["recurrence"]) | {"displaced": mine}
        return made


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads: streets, agencies, or both."""

    areas: frozenset[str]
    agencies: frozenset[str]

    @property
    def is_whole(self) -> bool:
        return not self.areas and not self.agencies

    def holds(self, row: Facts) -> bool:
        """Whether a row of a street and an agency is the reader's own."""
        return (not self.areas or row.get("street_code") in self.areas) and (not self.agencies or row.get("agency_code") in self.agencies)

    def sent(self, row: Facts) -> bool:
        """Whether what an agency handed to another is the reader's own: it signs the letter."""
        return row.get("from_code") in self.agencies and (not self.areas or row.get("street_code") in self.areas)

    def owns_streets(self, codes: Iterable[str]) -> bool:
        """Whether all that lies in one of the streets is the reader's own."""
        return not self.agencies and bool(self.areas.intersection(codes))

    def decides(self, one: Facts) -> bool:
        """Whether a decision is the reader's to know."""
        units = [{"code": one.get("agency_code"), "area_code": one.get("agency_area")}, *(one.get("support") or ())]
        if self.agencies and not self.agencies & {unit.get("code") for unit in units}:
            return False
        return not self.areas or bool(self.areas & {unit.get("area_code") for unit in units}) or one.get("street_code") in {None, *self.areas}


def _rows(whole: Facts, reader: _Reader) -> Facts:
    """The lists of rows as this reader gets them, but for the streets."""
    cases = whole.get("cases") or []
    return {
        "agencies": [_agency(row, reader) for row in whole.get("agencies") or []],
        "hotspots": [_spot(one, reader) for one in whole["hotspots"]],
        "decisions": [one for one in whole["decisions"] if reader.decides(one)],
        "trackers": {name: [row for row in rows if reader.holds(row)] for name, rows in whole["trackers"].items()},
        "cases": [row for row in cases if reader.holds(row)],
        "cases_elsewhere": _counted_elsewhere([row for row in cases if not reader.holds(row)]),
        "deadlines": [row for row in whole["deadlines"] if reader.holds(row) or reader.sent(row)],
        "registered_places": [] if reader.agencies else [row for row in whole.get("registered_places") or [] if reader.holds(row)],
        "joint_needs": {} if reader.agencies else {code: row for code, row in (whole.get("joint_needs") or {}).items() if code in reader.areas},
    }


def _agency(row: Facts, reader: _Reader) -> Facts:
    if not reader.agencies or row["code"] in reader.agencies:
        return row
    return dict.fromkeys(row) | allowed(NAMED, row)


def _spot(spot: Facts, reader: _Reader) -> Facts:
    if reader.owns_streets(spot["street_codes"]):
        return spot
    closed = _withheld(allowed(HOTSPOT_ELSEWHERE, spot), PERSONS)
    # The reason tells how many persons bring in the police.
    quiet = {"reason": {"zh": "", "en": ""}} if closed.get("suppressed") else {}
    return {**closed, "elsewhere": True, "repeat": [], "open_cases": [], **quiet}


def _withheld(row: Facts, names: tuple[str, ...]) -> Facts:
    small = [name for name in names if row.get(name) is not None and 0 < row[name] < LEAST_PERSONS]
    return {**row, **dict.fromkeys(small), "suppressed": True} if small else row


def _ends(row: Facts) -> tuple[object, object]:
    return row["from_street"], row["to_street"]


def _counted_elsewhere(cases: list[Facts]) -> list[Facts]:
    """How many cases are open in each street, beside the reader's own: no more is said before a decision (DESIGN 12)."""
    counts: dict[tuple[str, str], int] = {}
    for row in cases:
        if row["street_code"] is not None:
            key = row["street_code"], row["street"]
            counts[key] = counts.get(key, 0) + 1
    return [{"street_code": code, "street": name, "open_cases": number} for (code, name), number in sorted(counts.items())]
