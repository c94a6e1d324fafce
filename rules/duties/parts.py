"""What one rule obliges to, as rows: the shape that every kind of duty is brought into."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd

from rules.cycles import FEW_DAYS
from rules.discharge import Last
from rules.event_line import NO_DAY, days_of
from rules.rulebook import Rule

TEXTS = ("label", "street_code", "neighbourhood_code", "grid_code", "located", "risk", "category", "premises", "agency_code")
COLUMNS = (
    "rule_id", "target_kind", "target_id", "label", "street_code", "neighbourhood_code", "grid_code", "lon", "lat",
    "located", "risk", "category", "premises", "opens_on", "last_on", "last_id", "due_on", "state", "days_left", "system",
    "points", "ours", "reason", "facts", "agency_code",
)  # fmt: skip


def part(
    rule: Rule, kind: str, rows: pd.DataFrame, *, opens: np.ndarray, due: np.ndarray, state: np.ndarray,
    as_of: dt.date, last: Last | None = None, facts: tuple[str, ...] = (),
) -> pd.DataFrame:  # fmt: skip
    """The rows of one rule; those with an empty state bind nobody and are left out.

    Args:
        rule: the rule.
        kind: target_kind of the rows.
        rows: id, and what there is of ``TEXTS``, lon, lat and the columns named in ``facts``.
        opens: the day from which each duty ran (datetime64[D], NaT where unknown).
        due: the day by which it must be discharged, NaT where nothing says.
        state: ok, due, over, never or empty.
        as_of: the day asked about.
        last: what discharged it last.
        facts: columns of ``rows`` that say why, handed on as a dict a row.
    """
    kept = np.flatnonzero(state != "")
    if not len(kept) and rule is not _NONE:
        return none()
    rows, due, size = rows.take(kept), due[kept], len(kept)
    dated = ~np.isnat(due)
    left = np.where(dated, due - np.datetime64(as_of, "D"), 0).astype("int64")
    found = {"rule_id": _same(rule.id, size), "target_kind": _same(kind, size), "target_id": _text(rows["id"])}
    for name in TEXTS:
        found[name] = _text(rows[name]) if name in rows else _same(None, size)
    for name in ("lon", "lat"):
        found[name] = rows[name].to_numpy("float64") if name in rows else np.full(size, np.nan)
    found |= {
        "opens_on": opens[kept].astype("datetime64[s]"),
        "last_on": (np.full(size, NO_DAY) if last is None else last.day[kept]).astype("datetime64[s]"),
        "last_id": pd.Series(np.full(size, None, dtype=object) if last is None else last.id[kept], dtype="str").array,
        "due_on": due.astype("datetime64[s]"),
        "state": pd.Series(state[kept], dtype="str").array,
        "days_left": pd.arrays.IntegerArray(left, ~dated),
        "system": _same(rule.owner_system, size),
        "points": np.where(np.isin(state[kept], ["due", "over", "never"]), abs(rule.points or 0.0), 0.0),
        "ours": np.full(size, rule.ours),
        "reason": _same(rule.target, size),
        "facts": facts_of(rows, facts),
    }
    return pd.DataFrame({name: found[name] for name in COLUMNS})


@cache
def none() -> pd.DataFrame:
    """No duties: the columns and no rows (shared: never written to)."""
    nothing = np.empty(0, dtype="datetime64[D]")
    return part(_NONE, "", pd.DataFrame({"id": pd.Series(dtype="str")}), opens=nothing, due=nothing, state=np.empty(0, dtype=object), as_of=dt.date.min)


def deadline_state(opens: np.ndarray, due: np.ndarray, as_of: dt.date, warning_days: int | None = None) -> np.ndarray:
    """ok, due (临期) or over of what must be done once by a day; empty where no day is set.

    The due day itself is still in time. 临期 begins as for a cycle: ``max(1, min(5, c // 5))`` days
    before the due day, c being the days between opening and due day (DESIGN 12), unless
    ``warning_days`` is given.
    """
    day = np.datetime64(as_of, "D")
    bound = ~np.isnat(due)
    left = np.where(bound, due - day, 0).astype("int64")
    length = np.where(bound & ~np.isnat(opens), due - opens, 0).astype("int64")
    warned = np.clip(length // 5, 1, FEW_DAYS) if warning_days is None else warning_days
    return np.select([~bound, left < 0, left <= warned], ["", "over", "due"], default="ok").astype(object)


def days(rows: pd.DataFrame, name: str) -> np.ndarray:
    """A column of days as datetime64[D]; all NaT where the frame has none."""
    return days_of(rows[name]) if name in rows else np.full(len(rows), NO_DAY)


def facts_of(rows: pd.DataFrame, names: tuple[str, ...]) -> np.ndarray:
    """One dict a row of the named columns, plain values only; what is missing is left out."""
    made = np.empty(len(rows), dtype=object)
    names = tuple(name for name in names if name in rows)
    columns = [_plain(rows[name]) for name in names]
    if not columns:
        made[:] = [{} for _ in range(len(rows))]
    elif any(None in column for column in columns):
        made[:] = [{name: value for name, value in zip(names, values, strict=True) if value is not None} for values in zip(*columns, strict=True)]
    else:
        made[:] = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    return made


def _plain(column: pd.Series) -> list:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return [None if pd.isna(one) else one.isoformat() for one in column]
    if pd.api.types.is_datetime64_dtype(column):
        day = column.to_numpy("datetime64[D]")
        texts = np.datetime_as_string(day).astype(object)
        texts[np.isnat(day)] = None
        return texts.tolist()
    values = column.to_numpy(object)
    if pd.api.types.is_object_dtype(column):
        return values.tolist()
    missing = column.isna().to_numpy(bool)
    return np.where(missing, None, values).tolist() if missing.any() else column.tolist()


def _same(value: str | None, size: int) -> pd.api.extensions.ExtensionArray:
    return pd.array(np.full(size, value, dtype=object), dtype="str")


def _text(column: pd.Series) -> pd.api.extensions.ExtensionArray:
    return column.astype("str").array


_NONE = Rule("", "", "deadline", "", "", "")
