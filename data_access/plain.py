"""Values of frames as JSON holds them: days and instants as text, what is missing or infinite as null."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

DIGITS = 6
"""Decimals kept of a number: more are rounding, and differ between machines."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(value: object) -> object:
    """A value that ``json.dumps`` takes and that reads back the same.

    Raises:
        TypeError: no JSON value can stand for it.
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(one) for one in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return round(float(value), DIGITS) if math.isfinite(value) else None
    if isinstance(value, (pd.Timestamp, np.datetime64)):
        return None if pd.isna(value) else pd.Timestamp(value).date().isoformat()
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return readable(value)
    raise TypeError(f"expected a value that JSON can hold, found {type(value).__name__}")


def readable(text: str) -> str:
    """The text without the control signs that no paper's file can hold (XML 1.0, 2.2); a line broken within its paragraph stays broken."""
    return _CONTROL.sub("", text.replace("\x0b", "\n")) if _CONTROL.search(text) else text


def plain_rows(frame: pd.DataFrame, columns: Iterable[str] | None = None) -> list[dict[str, object]]:
    """The rows of a frame, in order, as dicts of plain values."""
    chosen = frame if columns is None else frame[list(columns)]
    names = list(chosen.columns)
    return [dict(zip(names, map(plain, row), strict=True)) for row in zip(*(chosen[name] for name in names), strict=True)]
