"""What one rule obliges to, and how the duties of many rules become one frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

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


@dataclass(frozen=True, slots=True)
class Part:
    """The duties of one rule, still as places in the frame of its things: the frame is made once, of all rules.

    Attributes:
        rule: the rule.
        kind: target_kind of the duties.
        rows: the things: id, and what there is of ``TEXTS``, lon, lat and the columns named in ``facts``.
        place: the position in ``rows`` of each duty.
        opens, due: datetime64[D] a duty, NaT where unknown.
        state: ok, due, over or never, a duty.
        last: what discharged each last; None where that is not asked.
        facts: columns of ``rows`` that say why.
        reason: why the duty is there: the rule's target, or what it narrows to.
    """

    rule: Rule
    kind: str
    rows: pd.DataFrame
    place: np.ndarray
    opens: np.ndarray
    due: np.ndarray
    state: np.ndarray
    last: Last | None
    facts: tuple[str, ...]
    reason: str

    def __len__(self) -> int:
        return len(self.place)


def part(
    rule: Rule, kind: str, rows: pd.DataFrame, *, opens: np.ndarray, due: np.ndarray, state: np.ndarray,
    last: Last | None = None, facts: tuple[str, ...] = (), reason: str | None = None,
) -> Part:  # fmt: skip
    """The duties of one rule; those with an empty state bind nobody and are left out.

    Args:
        opens, due, last: a thing each, in the order of ``rows``.
        state: ok, due, over, never or empty.
        reason: None is the rule's target.
    """
    place = np.flatnonzero(state != "")
    done = None if last is None else Last(last.day[place], last.id[place])
    return Part(rule, kind, rows, place, opens[place], due[place], state[place], done, facts, rule.target if reason is None else reason)


def put_together(parts: Sequence[Part], as_of: dt.date) -> pd.DataFrame:
    """The duties of all rules as one frame of ``COLUMNS``, in the order of the parts; facts is a dict a row, plain values only."""
    parts = [one for one in parts if len(one)]
    sizes = np.array([len(one) for one in parts], dtype="int64")
    things = _Things()
    runs = [list(run) for _, run in groupby(parts, key=lambda one: id(one.rows))]
    places = [np.concatenate([one.place for one in run]) for run in runs]

    def same(value: Callable[[Part], object]) -> np.ndarray:
        values = np.empty(len(parts), dtype=object)
        values[:] = [value(one) for one in parts]
        return np.repeat(values, sizes)

    def joined(value: Callable[[Part], np.ndarray], kind: str) -> np.ndarray:
        return np.concatenate([value(one) for one in parts]) if parts else np.empty(0, dtype=kind)

    def read(name: str, values: Callable[[pd.DataFrame, str, np.ndarray], np.ndarray], kind: str) -> np.ndarray:
        return np.concatenate([values(run[0].rows, name, place) for run, place in zip(runs, places, strict=True)]) if runs else np.empty(0, dtype=kind)

    due = joined(lambda one: one.due, "datetime64[D]").astype("datetime64[D]")
    state = joined(lambda one: one.state, "object")
    dated = ~np.isnat(due)
    left = np.where(dated, due - np.datetime64(as_of, "D"), 0).astype("int64")
    found: dict[str, object] = {
        "rule_id": _text(same(lambda one: one.rule.id)),
        "target_kind": _text(same(lambda one: one.kind)),
        "target_id": _text(read("id", things.texts, "object")),
        "opens_on": joined(lambda one: one.opens, "datetime64[D]").astype("datetime64[s]"),
        "last_on": joined(lambda one: np.full(len(one), NO_DAY) if one.last is None else one.last.day, "datetime64[D]").astype("datetime64[s]"),
        "last_id": _text(joined(lambda one: np.full(len(one), None, dtype=object) if one.last is None else one.last.id, "object")),
        "due_on": due.astype("datetime64[s]"),
        "state": _text(state),
        "days_left": pd.arrays.IntegerArray(left, ~dated),
        "system": _text(same(lambda one: one.rule.owner_system)),
        "points": np.where(state == "ok", 0.0, same(lambda one: abs(one.rule.points or 0.0)).astype("float64")),
        "ours": same(lambda one: one.rule.ours).astype(bool),
        "reason": _text(same(lambda one: one.reason)),
        "facts": joined(things.facts, "object"),
    }
    found |= {name: _text(read(name, things.texts, "object")) for name in TEXTS}
    found |= {name: read(name, things.numbers, "float64") for name in ("lon", "lat")}
    return pd.DataFrame({name: found[name] for name in COLUMNS})


def outlined(parts: Sequence[Part]) -> pd.DataFrame:
    """What counting the duties takes, in the order of ``put_together``: rule_id, state, due_on, street_code."""
    parts, things = [one for one in parts if len(one)], _Things()
    columns = {
        "rule_id": [np.full(len(one), one.rule.id, dtype=object) for one in parts],
        "state": [one.state for one in parts],
        "street_code": [things.texts(one.rows, "street_code", one.place) for one in parts],
    }
    made = {name: _text(np.concatenate(values) if values else np.empty(0, dtype=object)) for name, values in columns.items()}
    due = np.concatenate([one.due for one in parts]) if parts else np.empty(0, dtype="datetime64[D]")
    return pd.DataFrame(made | {"due_on": due.astype("datetime64[s]")})


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
    return _STATES[np.select([~bound, left < 0, left <= warned], [0, 1, 2], default=3)]


def days(rows: pd.DataFrame, name: str) -> np.ndarray:
    """A column of days as datetime64[D]; all NaT where the frame has none."""
    return days_of(rows[name]) if name in rows else np.full(len(rows), NO_DAY)


class _Things:
    """The columns of the frames that parts lie in, as plain arrays."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, str], np.ndarray] = {}

    def texts(self, rows: pd.DataFrame, name: str, place: np.ndarray) -> np.ndarray:
        if name not in rows:
            return np.full(len(place), None, dtype=object)
        column = rows[name]
        return (column if isinstance(column.dtype, pd.StringDtype) else column.astype("str")).to_numpy(object)[place]

    def numbers(self, rows: pd.DataFrame, name: str, place: np.ndarray) -> np.ndarray:
        return rows[name].to_numpy("float64")[place] if name in rows else np.full(len(place), np.nan)

    def facts(self, one: Part) -> np.ndarray:
        """One dict a duty of the columns that say why; what is missing is left out."""
        made = np.empty(len(one), dtype=object)
        names = tuple(name for name in one.facts if name in one.rows)
        columns = [self._plain(one.rows, name)[one.place].tolist() for name in names]
        if not columns:
            made[:] = [{} for _ in range(len(one))]
        elif any(None in column for column in columns):
            made[:] = [{name: value for name, value in zip(names, values, strict=True) if value is not None} for values in zip(*columns, strict=True)]
        else:
            made[:] = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
        return made

    def _plain(self, rows: pd.DataFrame, name: str) -> np.ndarray:
        key = (id(rows), name)
        if key not in self._read:
            self._read[key] = _plain(rows[name])
        return self._read[key]


def _plain(column: pd.Series) -> np.ndarray:
    """Plain values as objects, None where missing."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        made = np.empty(len(column), dtype=object)
        made[:] = [None if pd.isna(one) else one.isoformat() for one in column]
        return made
    if pd.api.types.is_datetime64_dtype(column):
        day = column.to_numpy("datetime64[D]")
        texts = np.datetime_as_string(day).astype(object)
        texts[np.isnat(day)] = None
        return texts
    values = column.to_numpy(object)
    if pd.api.types.is_object_dtype(column):
        return values
    missing = column.isna().to_numpy(bool)
    return np.where(missing, None, values) if missing.any() else values


def _text(values: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.array(values, dtype="str")


_STATES = np.array(["", "over", "due", "ok"], dtype=object)
