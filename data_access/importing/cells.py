"""Reads the cells of one column: each distinct text once, into the value its column type promises."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from data_access.importing.days import day_of, instant_of
from data_access.importing.degrees import degrees_of
from data_access.importing.kinds import Column
from data_access.importing.nearness import nearest
from data_access.importing.numbers import number_of
from data_access.importing.problems import CellFault, Fault, Term
from rules.language import LANGUAGES, N_, translator
from rules.vocabulary import TABLES, name_of

EMPTY = frozenset({"", "-", "--", "—", "——", "－", "/", "\\", "N/A", "n/a", "NA", "#N/A", "null", "NULL", "None", "nan", "NaN", "空"})
"""Texts that mean an empty cell in every column."""

EMPTY_UNLESS_TEXT = frozenset({"无", "未知", "不详", "暂无", "不明", "待查", "?", "？"})
"""Texts that mean an empty cell in columns of days, numbers and coordinates."""

TRUE = frozenset({"是", "有", "√", "✓", "✔", "1", "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "对", "已", "属实"})
FALSE = frozenset({"否", "无", "没有", "×", "✗", "x", "X", "0", "n", "N", "no", "No", "NO", "false", "False", "FALSE", "不是", "未", "不属实"})

_FORMULA_STARTS = ("=", "+", "-", "@")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f\u00ad]")
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")


@dataclass(frozen=True, slots=True)
class Parsed:
    """One column after reading.

    Attributes:
        values: one value a row, None where empty or unreadable; index as the cells'.
        faults: ``Fault`` by row label where the cell refuses the row.
        doubts: ``Fault`` by row label where a person should look.
    """

    values: pd.Series
    faults: dict[int, Fault]
    doubts: dict[int, Fault]


class Doubt(Exception):
    """A value that can be read, with a reason to look at it."""

    def __init__(self, value: object, message: str, mend: str = "", /, **values: object) -> None:
        super().__init__(message)
        self.value = value
        self.fault = Fault(message, mend, values)


def blank(index: pd.Index) -> pd.Series:
    """An object column of None (pandas itself would fill it with NaN)."""
    return pd.Series([None] * len(index), index=index, dtype=object)


def text_of(cell: object) -> str:
    """The cell as a person would write it: 121.0 as ``121``, a day as 2023-07-03, true as 是; '' when empty."""
    if cell is None or cell is pd.NaT:
        return ""
    if isinstance(cell, str):
        if cell[:1] == "'" and cell[1:2] in _FORMULA_STARTS:
            cell = cell[1:]
        return cleaned(cell) if not cell.isascii() or not cell.isprintable() else cell.strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if cell != cell:
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, dt.timedelta):
        return str((dt.datetime.min + cell).time()) if dt.timedelta(0) <= cell < dt.timedelta(days=1) else str(cell)
    return str(cell).strip()


def cleaned(text: str) -> str:
    """Text without invisible characters and with single plain spaces."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones, for reading values: １２１．３ is 121.3."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def parsed(column: Column, cells: pd.Series, *, factor: float = 1.0, unit: str = "", max_length: int = 0) -> Parsed:
    """Read a column of texts.

    Args:
        cells: texts as ``text_of`` gives them.
        factor: what the heading multiplies numbers by (罚款（万元）: 10,000).
        unit: unit that the heading names, or empty.
        max_length: characters that fit the database column; 0 is any number.

    Returns:
        Values of the column's type: ``str``, ``int``, ``float``, ``date``, ``datetime`` with zone
        (``time`` without day for an instant of which only the time is given), ``bool``, code, list.
    """
    codes, uniques = pd.factorize(cells.to_numpy(dtype=object))
    read = _reader(column, factor, unit, max_length)
    values = np.empty(len(uniques), dtype=object)
    faults: dict[int, Fault] = {}
    doubts: dict[int, Fault] = {}
    for index, text in enumerate(uniques):
        try:
            values[index] = None if text in EMPTY else read(text)
        except CellFault as found:
            faults[index] = found.fault
        except Doubt as found:
            values[index] = found.value
            doubts[index] = found.fault
    taken = pd.Series(values[codes] if len(uniques) else values, index=cells.index, dtype=object)
    if column.default is not None:
        taken = taken.where(taken.notna() | pd.Series(cells.to_numpy() != "", index=cells.index), column.default)
    return Parsed(taken, _by_row(codes, cells.index, faults), _by_row(codes, cells.index, doubts))


def _by_row(codes: np.ndarray, index: pd.Index, found: dict[int, Fault]) -> dict[int, Fault]:
    if not found:
        return {}
    rows = np.flatnonzero(np.isin(codes, list(found)))
    return {int(index[row]): found[int(codes[row])] for row in rows}


def _reader(column: Column, factor: float, unit: str, max_length: int) -> Callable[[str], object]:
    def numeric(text: str) -> object:
        return _number(text, column, factor, unit)

    def text(value: str) -> str:
        if max_length and len(value) > max_length:
            raise CellFault(N_("有 {length} 个字，超过 {limit} 个字的上限"), N_("请缩短"), length=len(value), limit=max_length)
        return value

    readers: dict[str, Callable[[str], object]] = {
        "int": numeric, "number": numeric, "yuan": numeric,
        "day": _day, "instant": _instant, "bool": _bool,
        "word": lambda value: _word(column.words, value),
        "lon": lambda value: _degrees(value, "lon"), "lat": lambda value: _degrees(value, "lat"),
        "names": _names, "identity": _identity, "phone": _phone,
    }  # fmt: skip
    return readers.get(column.type, text)


def _day(text: str) -> dt.date | None:
    return None if text in EMPTY_UNLESS_TEXT or text in {"长期", "至今", "现在"} else day_of(narrow(text))


def _instant(text: str) -> dt.datetime | dt.time | None:
    return None if text in EMPTY_UNLESS_TEXT else instant_of(narrow(text))


def _degrees(text: str, axis: str) -> float | None:
    return None if text in EMPTY_UNLESS_TEXT else degrees_of(narrow(text), axis)


def _number(text: str, column: Column, factor: float, unit: str) -> float | int | None:
    if text in EMPTY_UNLESS_TEXT:
        return None
    value, own_unit = number_of(narrow(text), money=column.type == "yuan")
    if own_unit is None:
        value *= factor
    if value < 0:
        raise CellFault(N_("{found} 是负数"), N_("请填不小于 0 的数"), found=text)
    if column.type == "int":
        if abs(value - round(value)) > 1e-6:
            raise CellFault(N_("{found} 不是整数"), N_("请填整数"), found=text)
        value = round(value)
    if value >= (2**31 if column.type == "int" else 1e12):
        raise CellFault(N_("{found} 大得不合情理"), N_("请核对数值和单位"), found=text)
    named = own_unit or unit
    if column.unit == "户次" and named in {"户", "家"}:
        raise Doubt(value, N_("按“{unit}”填写，本列按“户次”统计（同一户去几次计几户次）"), N_("请确认这个数是户次"), unit=named)
    if column.type == "yuan" and own_unit is None and factor == 10_000 and value >= 10_000_000:
        raise Doubt(value, N_("表头单位是万元，{found} 即 {value} 元"), N_("请确认不是按元填写的"), found=text, value=f"{value:,.0f}")
    if column.unit and own_unit not in {None, "", "元", column.unit} and not _same_unit(own_unit, column.unit):
        raise Doubt(value, N_("单位是“{unit}”，本列的单位是“{expected}”"), N_("请确认数值按本列单位计"),
                    unit=own_unit, expected=Term(column.unit))
    return round(value, 2) if column.type == "yuan" else value


def _same_unit(one: str, other: str) -> bool:
    groups = ({"人", "人次", "名", "个人", "人数"}, {"台次", "辆次", "台", "辆", "车次"}, {"份", "册", "张", "本"},
              {"天", "日", "个自然日", "自然日"}, {"次", "场", "场次", "期", "回"}, {"户次", "户", "家"})
    return any(one in group and other in group for group in groups)


def _bool(text: str) -> bool | None:
    found = narrow(text)
    if found in TRUE:
        return True
    if found in FALSE:
        return False
    if found in EMPTY_UNLESS_TEXT:
        return None
    raise CellFault(N_("“{found}”不是“是”或“否”"), N_("请填“是”或“否”"), found=text)


def _word(table: str, text: str) -> str | None:
    known = _words(table)
    key = word_key(text)
    if key in known:
        return known[key]
    if text in EMPTY_UNLESS_TEXT:
        return None
    names = [word.name for word in TABLES[table]]
    close = nearest(key, {one: name_of(table, code) for one, code in known.items()})
    if close:
        raise CellFault(N_("“{found}”不在代码表里"), N_("是否为“{close}”？"), found=text, close=Term(close))
    raise CellFault(N_("“{found}”不在代码表里"), N_("请填：{names}"), found=text, names=tuple(Term(one) for one in names))


@cache
def _words(table: str) -> dict[str, str]:
    """The code of every code, name, translation and alias of a list, by its ``word_key``."""
    found: dict[str, str] = {}
    for names in (lambda word: (word.code, word.name), lambda word: [translator(one)(word.name) for one in LANGUAGES], lambda word: word.aliases):
        for word in TABLES[table]:
            for name in names(word):
                found.setdefault(word_key(name), word.code)
    return found


def word_key(text: str) -> str:
    """How words are compared: half-width, lower case, without spaces."""
    return narrow(text).replace(" ", "").lower()


def _names(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、,，;；\n|]+", text) if part.strip()]


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _identity(text: str) -> str:
    """An identity number, upper case; a number of 18 must bear its check digit. Source: GB 11643-1999."""
    number = narrow(text).replace(" ", "").upper().lstrip("'")
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", number):
        raise CellFault(N_("号码被表格软件改成了科学计数，后几位已丢失"), N_("请把该列设为文本后重新填写"))
    if re.fullmatch(r"\d{17}[\dX]", number):
        expected = "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True)) % 11]
        if number[17] != expected:
            raise CellFault(N_("18 位身份证号的校验位不符"), N_("请核对号码，或留空"))
    return number


def _phone(text: str) -> str:
    number = re.sub(r"[\s\-()]", "", narrow(text))
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", number.upper()):
        raise CellFault(N_("号码被表格软件改成了科学计数，后几位已丢失"), N_("请把该列设为文本后重新填写"))
    if len(text) > 60:
        raise CellFault(N_("有 {length} 个字，超过 {limit} 个字的上限"), N_("请缩短"), length=len(text), limit=60)
    return text.strip()
