"""The agencies a district knows, by every name they have had: finds one by code, name, short name or alias."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict

import pandas as pd

from data_access.importing.cells import narrow
from data_access.importing.days import day_of
from data_access.importing.nearness import nearest
from data_access.importing.numbers import number_of
from data_access.importing.problems import CellFault
from rules.language import N_

COLUMNS = ("code", "name", "short_name", "aliases", "area_code", "valid_from", "valid_to")
_DATED = re.compile(r"^(.+?)[(（]\s*([^()（）~～至]*?)\s*[~～至]\s*([^()（）~～]*?)\s*[)）]$")


class AgencyNames:
    """Looks agencies up.

    Args:
        frame: columns ``COLUMNS``; ``aliases`` are lists of ``{"name", "from", "to"}``; may be empty.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.codes = set(frame["code"])
        self._names = dict(zip(frame["code"], frame["name"], strict=True))
        self._areas = dict(zip(frame["code"], frame["area_code"], strict=True))
        self._by_key: dict[str, list[tuple[str, str | None, str | None]]] = defaultdict(list)
        for row in frame.itertuples(index=False):
            for name in {row.code, row.name, row.short_name}:
                if isinstance(name, str) and name:
                    self._by_key[_key(name)].append((row.code, None, None))
            for alias in row.aliases if isinstance(row.aliases, list) else ():
                self._by_key[_key(alias["name"])].append((row.code, alias.get("from"), alias.get("to")))

    def __len__(self) -> int:
        return len(self.codes)

    def name_of(self, code: str) -> str:
        return self._names.get(code, code)

    def find(self, text: str, *, street: str | None = None, day: dt.date | None = None) -> str:
        """The code of the agency that a text means.

        A name that several agencies bear (市场所) is told by the street of the row, then by the day.

        Raises:
            CellFault: unknown, or of more than one meaning.
        """
        key = _key(text)
        fitting = {code for code, *_ in self._by_key.get(key, ())}
        if len(fitting) > 1 and day is not None:
            fitting = {code for code, start, end in self._by_key[key] if _held(start, end, day)} or fitting
        if not fitting and street is not None:
            fitting = {code for code, name in self._names.items() if self._areas.get(code) == street and _key(name).endswith(key) and len(key) >= 3}
        if len(fitting) > 1 and street is not None:
            fitting = {code for code in fitting if self._areas.get(code) == street} or fitting
        if len(fitting) > 1 and text in fitting:
            fitting = {text}
        if len(fitting) == 1:
            return fitting.pop()
        if fitting:
            raise CellFault(N_("“{found}”可以指 {names}"), N_("请改填代码"), found=text,
                            names=tuple(f"{self.name_of(code)}（{code}）" for code in sorted(fitting)[:5]))
        close = nearest(text, {name: name for name in self._names.values()})
        if close:
            raise CellFault(N_("找不到部门“{found}”"), N_("是否为“{close}”？"), found=text, close=close)
        raise CellFault(N_("找不到部门“{found}”"), N_("请改正，或先导入部门机构"), found=text)

    def counts(self, text: str, *, street: str | None = None, day: dt.date | None = None) -> list[dict]:
        """Agencies with people and vehicles: ``区公安分局:3;区市场监管局:2:1``.

        Raises:
            CellFault: an unknown agency, or numbers that cannot be read.
        """
        found: dict[str, dict] = {}
        for part in re.split(r"[;；\n]+", text):
            pieces = [piece.strip() for piece in re.split(r"[:：]", part)]
            if not pieces[0]:
                continue
            for name in re.split(r"[、,，]", pieces[0]) if len(pieces) == 1 else pieces[:1]:
                numbers = [None if not piece else round(number_of(narrow(piece))[0]) for piece in pieces[1:3]]
                people, vehicles = (*numbers, None, None)[:2]
                code = self.find(name.strip(), street=street, day=day)
                if code in found:
                    raise CellFault(N_("{agency}写了两次"), N_("请合成一个"), agency=self.name_of(code))
                found[code] = {"agency": code, "people": people, "vehicles": vehicles}
        return list(found.values())


def dated_alias(text: str) -> dict[str, str | None]:
    """``区卫生监督所(~2018-12-31)`` as name, first and last day (ISO, None where open).

    Raises:
        CellFault: a day that cannot be read.
    """
    found = _DATED.match(text.strip())
    if not found:
        return {"name": text.strip(), "from": None, "to": None}
    start, end = (day_of(narrow(part)).isoformat() if part else None for part in found.groups()[1:])
    return {"name": found[1].strip(), "from": start, "to": end}


def _held(start: str | None, end: str | None, day: dt.date) -> bool:
    return (start is None or start <= day.isoformat()) and (end is None or day.isoformat() <= end)


def _key(text: str) -> str:
    return narrow(str(text)).replace(" ", "").lower()
