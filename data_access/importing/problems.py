"""What is wrong with a cell, a row or a file, said so that a person can mend it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.language import N_, Refusal, Translate


class Term(str):
    """A value of a sentence that is itself a source string and is translated with it."""

    __slots__ = ()


class ImportRefused(Refusal):
    """A whole file, a take or an undo cannot be done; the sentence says what to do instead."""

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message, **values)
        self.args = (self.say(lambda told, /, **given: told.format(**given) if given else told),)

    def say(self, t: Translate) -> str:
        return filled(self.message, self.values, t)


class SeveralSheets(ImportRefused):
    """More than one sheet or layer of a file fits: a person must say which.

    Attributes:
        sheets: their names, in the order of the file.
    """

    def __init__(self, file: str, sheets: tuple[str, ...]) -> None:
        self.sheets = sheets
        super().__init__(
            N_("{file} 里有 {count} 个工作表或图层都读得出来（{sheets}）：请选定一个，命令行加 --layer 名称，每个导入一次。"),
            file=file, count=len(sheets), sheets=sheets,
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one cell or row is refused, or asks for confirmation.

    Attributes:
        message: a source string that says what was found.
        mend: a source string that says what to do.
        values: what the placeholders of both take.
    """

    message: str
    mend: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


class CellFault(Exception):
    """Raised by a cell's reader; ``fault`` says why."""

    def __init__(self, message: str, mend: str = "", /, **values: object) -> None:
        super().__init__(message)
        self.fault = Fault(message, mend, values)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one row of the file.

    Attributes:
        row_number: row in the file, from 1 below the headings; 0 for the file as a whole.
        field: heading of the column, a source string or the file's own heading; empty for the row.
        found: the cell as the file has it; empty for personal identifiers.
        message: source string: what is wrong.
        values: what the placeholders of ``message`` and ``mend`` take.
        mend: source string: what to do.
        file_row: row as a spreadsheet program counts it, from 1 at the top of the sheet.
    """

    row_number: int
    field: str
    found: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    mend: str = ""
    file_row: int = 0

    def sentence(self, t: Translate) -> str:
        """Heading, what is wrong and what to do, in the reader's language."""
        colon, semicolon = ("：", "；") if _is_chinese(t(self.message)) else (": ", "; ")
        told = filled(self.message, self.values, t)
        if self.field:
            told = f"{t(self.field)}{colon}{told}"
        return f"{told}{semicolon}{filled(self.mend, self.values, t)}" if self.mend else told


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that the import noticed and did, for the preview to say."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, t: Translate) -> str:
        return filled(self.message, self.values, t)


def filled(message: str, values: Mapping[str, object], t: Translate) -> str:
    """The sentence in the reader's language, every ``Term`` translated and every tuple listed."""
    between = "、" if _is_chinese(t(message)) else ", "
    return t(message, **{name: _said(value, t, between) for name, value in values.items()})


def _said(value: object, t: Translate, between: str) -> object:
    if isinstance(value, Term):
        return t(str(value))
    if isinstance(value, tuple):
        return between.join(str(_said(part, t, between)) for part in value)
    return value


def _is_chinese(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


class Findings:
    """What was found about the rows of one file while it is read.

    Attributes:
        faults: (field, ``Fault``) pairs by row number: the row is refused.
        doubts: likewise: a person should look.
        notes: what to tell about the file as a whole.
    """

    def __init__(self) -> None:
        self.faults: dict[int, list[tuple[str, Fault]]] = {}
        self.doubts: dict[int, list[tuple[str, Fault]]] = {}
        self.notes: list[Note] = []

    def refuse(self, row: int, field: str, fault: Fault) -> None:
        self.faults.setdefault(int(row), []).append((field, fault))

    def doubt(self, row: int, field: str, fault: Fault) -> None:
        self.doubts.setdefault(int(row), []).append((field, fault))

    def note(self, message: str, /, **values: object) -> None:
        self.notes.append(Note(message, values))
