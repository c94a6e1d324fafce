"""Matches the headings of a file with the columns of a register, units and aliases included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from data_access.importing.cells import narrow
from data_access.importing.kinds import Column, Kind, kinds
from rules.language import LANGUAGES, translator

_REQUIRED_MARK = re.compile(r"[*＊]|\((必填|选填|可空|required|optional)\)", re.I)
_UNIT = re.compile(r"^(.+?)[(\[【/](?:单位[:：]?)?([^()\[\]【】/]{1,6})[)\]】]?$")
_FACTORS = {"万元": 10_000, "万": 10_000, "千元": 1_000, "亿元": 100_000_000, "万份": 10_000, "万人": 10_000, "百元": 100}
_UNITS = {"元", "户次", "户", "家", "次", "人", "人次", "份", "册", "件", "台次", "辆次", "天", "日", "场", "场次", "起", "名", "yuan", "个"}


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a file that a column of the register answers to.

    Attributes:
        column: position in the file's row.
        text: the heading as the file has it.
        field: field of the register.
        factor: what its unit multiplies numbers by (万元: 10,000).
        unit: unit it names, or empty.
    """

    column: int
    text: str
    field: str
    factor: float = 1.0
    unit: str = ""


def matched(kind: Kind, texts: Sequence[str], *, cut: bool = False) -> dict[str, Heading]:
    """The headings of one row that the register knows, by field; the first of two equal ones.

    Args:
        texts: the cells of the row.
        cut: whether headings may have been cut short (Shapefile field names).
    """
    found: dict[str, Heading] = {}
    ranks: dict[str, int] = {}
    for position, text in enumerate(texts):
        plain = _plain(text)
        if not plain or len(plain) > 40:
            continue
        heading = _answer(kind, plain, text, position) or (_cut(kind, plain, text, position) if cut else None)
        if heading is None:
            continue
        rank = _names(kind).get(plain, (heading.field, 99))[1]
        if heading.field not in found or rank < ranks[heading.field]:
            found[heading.field], ranks[heading.field] = heading, rank
    return found


def likeliest(texts: Sequence[str], *, cut: bool, geometry: str) -> list[tuple[float, str]]:
    """(score, kind name) of every register that a row of headings may belong to, best first.

    The score is the number of headings that the register knows, less two for each required column
    that is missing; polygons count for areas and against the rest, lines for roads.

    Args:
        geometry: ``polygon``, ``line``, ``point`` or empty.
    """
    scores = []
    for kind in kinds().values():
        known = matched(kind, texts, cut=cut)
        missing = sum(column.required and column.field not in known for column in kind.columns)
        exact = sum(_plain(one.text) == _plain(_column(kind, one.field).header) for one in known.values())
        score = len(known) - 2 * missing + 0.1 * exact
        if geometry == "polygon":
            score += 4 if kind.geometry else -4
        elif geometry == "line" or kind.lines:
            score += 4 if geometry == "line" and kind.lines else -4
        elif geometry == "point" and (kind.geometry or not kind.located):
            score -= 4
        if known or (geometry == "line" and kind.lines):
            scores.append((round(score, 2), kind.name))
    return sorted(scores, key=lambda one: -one[0])


def _answer(kind: Kind, plain: str, text: str, position: int) -> Heading | None:
    names = _names(kind)
    if plain in names:
        return Heading(position, text, names[plain][0])
    found = _UNIT.match(plain)
    if found and found[1] in names and (found[2] in _UNITS or found[2] in _FACTORS):
        return Heading(position, text, names[found[1]][0], _FACTORS.get(found[2], 1.0), found[2])
    for unit in sorted({*_FACTORS, *_UNITS}, key=len, reverse=True):
        if plain.endswith(unit) and plain[: -len(unit)] in names and names[plain[: -len(unit)]][0] not in {"number", "code"}:
            return Heading(position, text, names[plain[: -len(unit)]][0], _FACTORS.get(unit, 1.0), unit)
    return None


def _cut(kind: Kind, plain: str, text: str, position: int) -> Heading | None:
    """The one column of which a heading of at least three characters is the beginning."""
    fields = {field for name, (field, _) in _names(kind).items() if len(plain) >= 3 and name.startswith(plain)}
    return Heading(position, text, fields.pop()) if len(fields) == 1 else None


def _names(kind: Kind) -> dict[str, tuple[str, int]]:
    """(field, rank) by plain heading: the header, its translations, the aliases in their order, the field."""
    return _names_of(kind.name)


@cache
def _names_of(name: str) -> dict[str, tuple[str, int]]:
    kind = kinds()[name]
    found: dict[str, tuple[str, int]] = {}
    for column in kind.columns:
        translated = [translator(language)(column.header) for language in LANGUAGES]
        for rank, name in enumerate((column.header, *translated)):
            found.setdefault(_plain(name), (column.field, rank))
    for column in kind.columns:
        for rank, name in enumerate((*column.aliases, column.field), start=10):
            found.setdefault(_plain(name), (column.field, rank))
    return found


def _column(kind: Kind, field: str) -> Column:
    return next(column for column in kind.columns if column.field == field)


def _plain(text: object) -> str:
    plain = re.sub(r"\s+", "", narrow(str(text or ""))).lower()
    return _REQUIRED_MARK.sub("", plain).rstrip(":")
