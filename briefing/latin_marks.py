"""Marks and numbers as English paper writes them."""

from __future__ import annotations

import re
from typing import Any

from rules.language import Translate

MARKS = {"、": ", ", "，": ", ", "；": "; ", "：": ": ", "。": ". ", "（": " (", "）": ")", "／": "/"}
_MARK = re.compile("\\s?(?:(）)(?=\\w)|([、，；：。（）／])[ ]?)")

COUNTS = frozenset(["n", "m", "k", "j", "N", "people", "papers", "visits", "grids"])
"""Placeholders that counts stand in."""


def grouped(value: Any) -> Any:
    """A number as English writes it: 15,599, 1,023.8; anything else as it is."""
    whole, point, rest = str(value).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.isdecimal() and (not point or rest.isdecimal()) else value


def latin(t: Translate) -> Translate:
    """A translator whose marks are those of Latin script, also where a sentence is put together from parts."""

    def said(message: str, /, **named: Any) -> str:
        named = {name: grouped(value) if name in COUNTS else value for name, value in named.items()}
        return _MARK.sub(lambda found: ") " if found[1] else MARKS[found[2]], t(message, **named))

    return said
