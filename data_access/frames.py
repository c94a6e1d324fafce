"""Turns database rows into frames whose types are the same on both databases, empty or not."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import CursorResult, types
from sqlalchemy.sql import ClauseElement

from data_access.columns import Instant, Shape


def frame_of(result: CursorResult, statement: ClauseElement) -> pd.DataFrame:
    """Read all rows of a result past the row objects.

    Args:
        result: the executed statement.
        statement: the same statement; its columns tell the types. A column without a type (raw
            SQL) is left to pandas.

    Returns:
        A frame with a fresh integer index and one column per selected column:
        text ``str`` (missing NaN), days ``datetime64[s]`` (NaT), instants ``datetime64[us, UTC]``,
        integers ``int64`` or, where one is missing, ``Int64``, other numbers ``float64``,
        truth ``boolean``, JSON and geometry ``object`` (None). Empty: the same columns, no rows.
    """
    names = list(result.keys())
    kinds = _types(statement, len(names))
    rows = result.cursor.fetchall()
    result.close()
    values: Sequence[Sequence] = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    made = [_convert(kind)(list(column)) for kind, column in zip(kinds, values, strict=True)]
    frame = pd.DataFrame(dict(enumerate(made)))
    frame.columns = names
    return frame


def _types(statement: ClauseElement, count: int) -> list[types.TypeEngine]:
    columns = getattr(statement, "selected_columns", None)
    found = [] if columns is None else [column.type for column in columns]
    return found if len(found) == count else [types.NullType()] * count


def _convert(kind: types.TypeEngine) -> Callable[[list], object]:
    for known, convert in _CONVERTERS:
        if isinstance(kind, known):
            return convert
    return pd.Series


def _shapes(values: list) -> np.ndarray:
    # PostGIS hands out its SRID with each shape, SQLite does not.
    return shapely.set_srid(shapely.from_wkb(_objects(values)), 0) if values else _objects(values)


def _objects(values: list) -> np.ndarray:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _days(values: list) -> pd.Series:
    return pd.Series(np.array(values, dtype="datetime64[D]").astype("datetime64[s]"))


def _instants(values: list) -> pd.Series:
    return pd.Series(np.array(values, dtype="datetime64[us]")).dt.tz_localize("UTC")


def _truths(values: list) -> pd.Series:
    return pd.Series([None if v is None else bool(v) for v in values], dtype="boolean")


def _integers(values: list) -> pd.Series:
    if any(value is None for value in values):
        return pd.Series([None if v is None else int(v) for v in values], dtype="Int64")
    return pd.Series(np.array(values, dtype="int64"))


def _numbers(values: list) -> pd.Series:
    return pd.Series(np.array([np.nan if v is None else float(v) for v in values], dtype="float64"))


def _json(values: list) -> np.ndarray:
    return _objects([json.loads(v) if isinstance(v, str) else v for v in values])


def _texts(values: list) -> pd.Series:
    return pd.Series(values, dtype="str")


_CONVERTERS: tuple[tuple[type[types.TypeEngine], Callable[[list], object]], ...] = (
    (Shape, _shapes),
    (Instant, _instants),
    (types.DateTime, _instants),
    (types.Date, _days),
    (types.Boolean, _truths),
    (types.Integer, _integers),
    (types.Float, _numbers),
    (types.Numeric, _numbers),
    (types.JSON, _json),
    (types.String, _texts),
)
