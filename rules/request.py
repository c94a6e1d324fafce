"""The values that every question and every write carry: Filters, Scope and Actor."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from rules.language import N_, Translate

DEFAULT_CYCLE_DAYS = 30
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years in which an instant can be taken to any time zone and kept by any database."""
LEVELS = ("district", "street", "neighbourhood", "grid")


_FIELD = re.compile(r"(?P<field>[\w.\-]{1,40}): .*")
_FOUND = re.compile(r"found (?P<found>.+)$")
_KNOWN = re.compile(r"expected one of (?P<known>.+?)[;,] found")


class UnreadableRequest(ValueError):
    """A request value that cannot be decoded; says which field, what was found, what is expected.

    The text itself is for logs and programs: ``field: expected what; found what``.
    """

    def say(self, t: Translate) -> str:
        """What people read in their language: the field, what it cannot be, what it may be, what to do."""
        text = str(self)
        field, found, known = _FIELD.fullmatch(text), _FOUND.search(text), _KNOWN.search(text)
        if field is None:
            return t(N_("有一处内容读不懂。请从页面上重新选择。"))
        named = {"field": field["field"]}
        said = [t(N_("参数“{field}”不能是 {found}。"), found=found["found"], **named) if found else t(N_("参数“{field}”读不懂。"), **named)]
        if known:
            said.append(t(N_("可用的值：{known}。"), known=known["known"]))
        return "".join((" " if one[0].isascii() and place else "") + one for place, one in enumerate([*said, t(N_("请从页面上重新选择。"))]))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may see; applied inside every query and part of every cache key.

    Attributes:
        district: code of the district whose rows are asked for.
        areas: codes of the streets, neighbourhoods or grids whose rows may be seen;
            empty means the whole district (unless ``agencies`` narrows it).
        agencies: codes of the agencies whose rows may be seen (performed, handled, supported or
            to be answered by them); empty means every agency.
        personal: whether personal data leaves the query unmasked.
        exact_points: whether true coordinates leave the query; False merges points per grid
            (wall and meeting, DESIGN 12).
    """

    district: str
    areas: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    personal: bool = False
    exact_points: bool = True

    @property
    def is_whole_district(self) -> bool:
        return not self.areas and not self.agencies

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def parse(cls, text: str, district: str) -> Scope:
        """Read ``district``, ``street:CODE``, ``area:CODE,CODE`` or ``agency:CODE``.

        Raises:
            UnreadableRequest: for any other form.
        """
        kind, _, codes = text.partition(":")
        listed = tuple(sorted(code.strip() for code in codes.split(",") if code.strip()))
        if kind == "district" and not listed:
            return cls(district)
        if kind in {"street", "area", "neighbourhood", "grid"} and listed:
            return cls(district, areas=listed)
        if kind == "agency" and listed:
            return cls(district, agencies=listed)
        raise UnreadableRequest(
            f"scope {text!r}: expected 'district', 'street:CODE', 'area:CODE,CODE' or 'agency:CODE'"
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: named in every written row's batch and in every audit row."""

    id: str
    name: str
    role: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked: frozen, hashable, JSON both ways, in the URL and in every cache key.

    Attributes:
        start, end: the period, both days inclusive.
        as_of: the day whose states are asked for (never later than the product's today).
        known_at: instant up to which recorded rows count; None means everything known now.
        area: code of the street, neighbourhood or grid drilled to; None is the whole district.
        system: agency system asked about (``vocabulary.AGENCY_SYSTEM``), or None.
        agency: agency code asked about, or None.
        category: 诊疗类别 code, or None.
        premises: premises type code, or None.
        cycle_days: days within which a grid must be visited again (DESIGN 12; default 30, ours).
        by: level below the street, ``neighbourhood`` or ``grid``.
    """

    start: dt.date
    end: dt.date
    as_of: dt.date
    known_at: dt.datetime | None = None
    area: str | None = None
    system: str | None = None
    agency: str | None = None
    category: str | None = None
    premises: str | None = None
    cycle_days: int = DEFAULT_CYCLE_DAYS
    by: str = "grid"

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise UnreadableRequest(f"period: {self.start} is after {self.end}")
        if not 1 <= self.cycle_days <= 366:
            raise UnreadableRequest(f"cycle_days: expected 1 to 366, found {self.cycle_days}")
        if self.by not in {"neighbourhood", "grid"}:
            raise UnreadableRequest(f"by: expected neighbourhood or grid, found {self.by!r}")
        if self.known_at is not None and self.known_at.tzinfo is None:
            raise UnreadableRequest("known_at: expected an instant with its time zone")
        if self.known_at is not None and not FIRST_YEAR <= self.known_at.year <= LAST_YEAR:
            raise UnreadableRequest(f"known_at: expected a year from {FIRST_YEAR} to {LAST_YEAR}, found {self.known_at.year}")

    def with_(self, **changes: Any) -> Filters:
        return replace(self, **changes)

    def of_day(self) -> Filters:
        """The question about the day alone: the same for every period."""
        return replace(self, start=self.as_of, end=self.as_of)

    def to_query(self) -> dict[str, str]:
        """The non-default fields as text, for the URL: ``from``, ``to``, ``as_of``, ``area``, ..."""
        found = {"from": self.start.isoformat(), "to": self.end.isoformat(), "as_of": self.as_of.isoformat()}
        if self.known_at is not None:
            found["known_at"] = self.known_at.isoformat()
        for name in ("area", "system", "agency", "category", "premises"):
            if getattr(self, name):
                found[name] = getattr(self, name)
        if self.cycle_days != DEFAULT_CYCLE_DAYS:
            found["cycle"] = str(self.cycle_days)
        if self.by != "grid":
            found["by"] = self.by
        return found

    @classmethod
    def from_query(cls, query: dict[str, str], today: dt.date) -> Filters:
        """Read the fields of a URL; missing ones take the month of ``as_of`` up to that day.

        Raises:
            UnreadableRequest: a field is not of its form.
        """
        asked = _day("as_of", query)
        as_of = min(asked, today) if asked else today
        start = _day("from", query) or as_of.replace(day=1)
        end = _day("to", query) or max(as_of, start)
        known_at = _read("known_at", query, dt.datetime.fromisoformat, "an instant")
        days = _read("cycle", query, int, "a number of days")
        cycle = DEFAULT_CYCLE_DAYS if days is None else days
        texts = {n: _code(n, query.get(n)) for n in ("area", "system", "agency", "category", "premises")}
        return cls(start, end, as_of, known_at, cycle_days=cycle, by=query.get("by") or "grid", **texts)

    def to_json(self) -> str:
        plain = {f.name: _plain(getattr(self, f.name)) for f in fields(self)}
        return json.dumps(plain, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Filters:
        """Raises UnreadableRequest when a field is missing, unknown or not of its form."""
        try:
            plain = json.loads(text)
            days = {n: dt.date.fromisoformat(plain.pop(n)) for n in ("start", "end", "as_of")}
            known = plain.pop("known_at", None)
            known_at = dt.datetime.fromisoformat(known) if known else None
            return cls(**days, known_at=known_at, **plain)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UnreadableRequest(str(error)) from error


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value


def _day(name: str, query: dict[str, str]) -> dt.date | None:
    return _read(name, query, dt.date.fromisoformat, "a day as 2023-07-31")


def _read(name: str, query: dict[str, str], read: Callable[[str], Any], form: str) -> Any:
    text = query.get(name)
    if not text:
        return None
    try:
        return read(text)
    except ValueError as error:
        raise UnreadableRequest(f"{name}: expected {form}, found {text[:40]!r}") from error


def _code(name: str, text: str | None) -> str | None:
    if not text:
        return None
    if len(text) > 64 or not text.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise UnreadableRequest(f"{name}: expected a code of letters, digits and dashes, found {text[:70]!r}")
    return text
