"""考核: what each street loses under the rubric, what it can still avoid and until when.

Source: S3 附件3 (仙居县2020). The source gives neither base nor cap, and for some items no unit: all
are settings of the rulebook, and every reading of an unclear clause can be asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from rules.event_line import days_of
from rules.rulebook import Rule, Rulebook

MISS = ("street_code", "item", "target_kind", "target_id", "period", "count", "avoidable", "until", "table", "row_id", "worth")
COLUMNS = ("street_code", "item", "reading", "points", "times", "avoidable", "until", "adopted", "evidence", "targets")
Missed = dict[str, np.ndarray]
"""The columns of ``MISS`` as arrays, texts as objects."""
BASE = "score.base"
WHOLE_PERIOD = {"score.R2.2a"}
"""Items that, counted once, are lost only where every month of the period was missed."""
ADVERSE = {"media": "score.R2.5", "undercover": "score.R2.6", "death": "score.R2.7a", "disability": "score.R2.7b"}
KEYS = {
    "once": (), "month": ("period",), "site_month": ("target_kind", "target_id", "period"), "site": ("target_kind", "target_id"),
    "event": ("table", "row_id"), "person": ("table", "row_id"), "task": ("target_kind", "target_id"),
}  # fmt: skip
"""What is counted once under each reading, beside the street and the item."""


def _rows(*names: str) -> pd.DataFrame:
    days = {"day", "since", "handled_on", "warned_on", "applied_on"}
    return pd.DataFrame({name: pd.Series(dtype="datetime64[s]" if name in days else "str") for name in names})


@dataclass(frozen=True)
class Conduct:
    """What streets did in the assessment period, as far as the rubric asks.

    Attributes:
        streets: their codes.
        months: first days of the calendar months that the period touches, in order.
        as_of: the day asked about; the last month ends on its own last day, which may lie ahead.
        owed: target_kind, target_id, street_code, month (first day) of every closed place and person
            that had to be visited in a whole calendar month.
        seen: target_id, month of those that were.
        patrolled: street_code, month of every month in which a street was patrolled at all.
        found: id, street_code, since, handled_on (first step taken since, NaT), warned_on (last
            warning or order since), applied_on (joint action asked for, NaT) of sites that are active.
        adverse: id, street_code, kind, count of what was verified.
        entries: id, street_code, item, points of what a person judged.
        forms_late: id (of the visit), street_code, month of findings without a timely form; None
            where nobody fills the form in this system, and the item is not judged.
    """

    streets: tuple[str, ...]
    months: tuple[dt.date, ...]
    as_of: dt.date
    owed: pd.DataFrame = field(default_factory=lambda: _rows("target_kind", "target_id", "street_code", "month"))
    seen: pd.DataFrame = field(default_factory=lambda: _rows("target_id", "month"))
    patrolled: pd.DataFrame = field(default_factory=lambda: _rows("street_code", "month"))
    found: pd.DataFrame = field(default_factory=lambda: _rows("id", "street_code", "since", "handled_on", "warned_on", "applied_on"))
    adverse: pd.DataFrame = field(default_factory=lambda: _rows("id", "street_code", "kind", "count"))
    entries: pd.DataFrame = field(default_factory=lambda: _rows("id", "street_code", "item", "points"))
    forms_late: pd.DataFrame | None = None


def misses(conduct: Conduct, book: Rulebook) -> pd.DataFrame:
    """Everything that the rubric may take points for, one row an occurrence: frame of ``MISS``.

    ``worth`` is the points that a person gave one, NaN where the item's own count.

    ``avoidable`` rows have not happened yet: they are lost when ``until`` has passed undone.
    """
    parts = [_monthly(conduct), _unpatrolled(conduct), *_found(conduct, book), _adverse(conduct), _judged(conduct, book)]
    if conduct.forms_late is not None:
        late = conduct.forms_late
        parts.append(_miss(late, "score.R2.2b", "visit", late["id"], late["month"], table="patrol_visit", row_id=late["id"]))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in MISS}
    return pd.DataFrame({name: pd.array(values, dtype="str") if values.dtype == object else values for name, values in columns.items()})


def scored(found: pd.DataFrame, book: Rulebook, months: int, readings: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The demerits of each street by item, under the readings of the rulebook or those asked for.

    Args:
        found: from ``misses``.
        months: how many calendar months the period touches.
        readings: item to one of its ``options.readings``, over the rulebook's own.

    Returns:
        ``COLUMNS``, one row a street, item and whether it can still be avoided: points lost (or at
        risk), times they are counted, until the first day that decides, evidence a list of (table,
        id), targets a list of (kind, id) still to be visited, at most the item's cap in all. A time
        counted once under its reading is lost as soon as one of its misses is.

    Raises:
        ValueError: a reading that the item does not have.
    """
    values = {name: found[name].tolist() for name in MISS if name != "until"}
    until, groups = days_of(found["until"]), {}
    for row, key in enumerate(zip(values["item"], values["street_code"], strict=True)):
        groups.setdefault(key, []).append(row)
    rows: list[tuple] = []
    for item, street in sorted(key for key in groups if all(isinstance(one, str) for one in key)):
        rule, mine = book[item], groups[item, street]
        reading = reading_of(rule, readings)
        if item in WHOLE_PERIOD and reading == "once" and len({values["period"][row] for row in mine}) < months:
            continue
        room = np.inf if rule.cap is None else rule.cap
        times_of = _counted_once(values, mine, KEYS[reading])
        for avoidable in (False, True):
            counted = [some for some in times_of if all(values["avoidable"][row] for row in some) == avoidable]
            if not counted:
                continue
            own, some = abs(rule.points or 0.0), sorted(row for times in counted for row in times)
            times = sum(max(values["count"][row] for row in same) for same in counted)
            worth = [max(_worth(values["worth"][row], values["count"][row] * own) for row in same) for same in counted]
            points = min(float(np.sum(worth)), room)
            room -= points
            evidence = list(dict.fromkeys((values["table"][row], values["row_id"][row]) for row in some))
            open_ = [row for row in some if values["avoidable"][row]]
            first = np.fmin.reduce(until[open_]) if avoidable else np.datetime64("NaT", "D")
            targets = list(dict.fromkeys((values["target_kind"][row], values["target_id"][row]) for row in open_)) if avoidable else []
            rows.append((street, item, reading, points, times, avoidable, pd.Timestamp(first), book.is_adopted(item, street), evidence, targets))
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = {"street_code": "str", "item": "str", "reading": "str", "points": "float64", "times": "int64", "avoidable": "bool", "until": "datetime64[s]", "adopted": "bool"}
    return made.astype(kinds)


def _counted_once(values: Mapping[str, list], mine: list[int], keys: tuple[str, ...]) -> list[list[int]]:
    """The rows put together that count once under a reading."""
    made: dict[tuple, list[int]] = {}
    for row in mine:
        made.setdefault(tuple(one if isinstance(one := values[key][row], str) else None for key in keys), []).append(row)
    return list(made.values())


def _worth(given: float, own: float) -> float:
    return own if np.isnan(given) else given


def totals(found: pd.DataFrame, streets: Iterable[str], book: Rulebook) -> pd.DataFrame:
    """The score of every street: frame[street_code, base, lost, at_risk, score, score_if_idle].

    Only items that are adopted count; score_if_idle is what is left if nothing more is done.
    """
    codes = pd.Index(streets, name="street_code", dtype="str")
    base = abs(book[BASE].points or 0.0) if BASE in book.rules else 0.0
    binding = found[found["adopted"]]
    sums = {name: binding.loc[mask, "points"].groupby(binding.loc[mask, "street_code"]).sum().reindex(codes).fillna(0.0).to_numpy("float64")
            for name, mask in (("lost", ~binding["avoidable"]), ("at_risk", binding["avoidable"]))}  # fmt: skip
    score = base - sums["lost"]
    return pd.DataFrame({"street_code": codes, "base": base, **sums, "score": score, "score_if_idle": score - sums["at_risk"]})


def reading_of(rule: Rule, readings: Mapping[str, str] | None = None) -> str:
    """How an item is counted: what is asked for, else the rulebook's reading, else the unit as written.

    Raises:
        ValueError: a reading that the item does not have.
    """
    allowed = tuple(rule.options.get("readings", ())) or (rule.points_unit or "once",)
    asked = (readings or {}).get(rule.id) or rule.options.get("reading") or rule.points_unit or "once"
    if asked not in allowed:
        raise ValueError(f"{rule.id}: expected one of {', '.join(allowed)}, found {asked!r}")
    return asked


def after_visits(conduct: Conduct, visited: Iterable[tuple[str, str]], streets: Iterable[str] = ()) -> Conduct:
    """The conduct as it would be if some targets were visited on the day asked about.

    Args:
        visited: (target_kind, target_id).
        streets: the streets in which those visits lie.
    """
    month = conduct.as_of.replace(day=1).isoformat()
    ids = [target for _, target in visited]
    seen = pd.concat([conduct.seen, pd.DataFrame({"target_id": pd.Series(ids, dtype="str"), "month": month})], ignore_index=True)
    patrolled = pd.concat([conduct.patrolled, pd.DataFrame({"street_code": pd.Series(list(streets), dtype="str"), "month": month})], ignore_index=True)
    return Conduct(
        conduct.streets, conduct.months, conduct.as_of, conduct.owed, seen, patrolled, conduct.found, conduct.adverse, conduct.entries, conduct.forms_late
    )


def month_end(first: str) -> np.datetime64:
    """The last day of the month that begins on a day (``2023-07-01``)."""
    return (np.datetime64(first, "M") + 1).astype("datetime64[D]") - np.timedelta64(1, "D")


def _monthly(conduct: Conduct) -> Missed:
    seen = set(_pairs(conduct.seen, "target_id"))
    missed = [one not in seen for one in _pairs(conduct.owed, "target_id")]
    owed = conduct.owed.take(np.flatnonzero(missed))
    until = _ends(owed["month"])
    return _miss(owed, "score.R2.4", owed["target_kind"], owed["target_id"], owed["month"], until=until, as_of=conduct.as_of,
                 table=owed["target_kind"], row_id=owed["target_id"])  # fmt: skip


def _pairs(rows: pd.DataFrame, name: str) -> list[tuple[str, str]]:
    """A column's value and the month, a row each."""
    return list(zip(rows[name].to_numpy(object), rows["month"].to_numpy(object), strict=True))


def _unpatrolled(conduct: Conduct) -> Missed:
    patrolled = set(_pairs(conduct.patrolled, "street_code"))
    every = sorted((street, month.isoformat()) for street in conduct.streets for month in conduct.months)
    rows = pd.DataFrame([one for one in every if one not in patrolled], columns=["street_code", "month"]).astype("str")
    return _miss(rows, "score.R2.2a", "street", rows["street_code"], rows["month"], until=_ends(rows["month"]), as_of=conduct.as_of,
                 table="area", row_id=rows["street_code"])  # fmt: skip


def _found(conduct: Conduct, book: Rulebook) -> list[Missed]:
    rows = conduct.found
    since, handled, warned, applied = (days_of(rows[name]) for name in ("since", "handled_on", "warned_on", "applied_on"))
    clear = next((rule.amount or 0 for rule in book.of("deadline", "site_found")), 0)
    fruitless = int(book["score.R2.3b"].options.get("fruitless_days", 30)) if "score.R2.3b" in book.rules else 30
    parts = []
    for item, open_, until in (
        ("score.R2.3a", np.isnat(handled), since + np.timedelta64(clear, "D")),
        ("score.R2.3b", ~np.isnat(warned) & np.isnat(applied), warned + np.timedelta64(fruitless, "D")),
    ):
        mine = rows[open_]
        parts.append(_miss(mine, item, "site", mine["id"], "", until=until[open_], as_of=conduct.as_of, table="site", row_id=mine["id"]))
    return parts


def _adverse(conduct: Conduct) -> Missed:
    rows = conduct.adverse[conduct.adverse["kind"].isin(list(ADVERSE))]
    return _miss(rows, rows["kind"].map(ADVERSE), "adverse_event", rows["id"], "", count=rows["count"], table="adverse_event", row_id=rows["id"])


def _judged(conduct: Conduct, book: Rulebook) -> Missed:
    """What a person entered, with the points given; an entry of no points says that nothing was missed."""
    rows = conduct.entries
    item = rows["item"].where(rows["item"].str.startswith("score."), "score." + rows["item"])
    known = item.isin(list(book.rules))
    lost = known & (rows["points"].astype("float64").abs() > 0)
    rows, item = rows[lost], item[lost]
    made = _miss(rows, item, "entry", rows["id"], "", table="score_entry", row_id=rows["id"])
    return made | {"worth": rows["points"].astype("float64").abs().to_numpy()}


def _ends(months: pd.Series) -> np.ndarray:
    firsts = months.to_numpy(object).astype("datetime64[M]") if len(months) else np.empty(0, dtype="datetime64[M]")
    return (firsts + 1).astype("datetime64[D]") - np.timedelta64(1, "D")


def _miss(
    rows: pd.DataFrame, item: object, kind: object, target: pd.Series, period: object, *, table: object, row_id: pd.Series,
    until: np.ndarray | None = None, as_of: dt.date | None = None, count: object = 1,
) -> Missed:  # fmt: skip
    size = len(rows)
    last = np.full(size, np.datetime64("NaT", "D")) if until is None else until
    ahead = np.zeros(size, dtype=bool) if as_of is None else last >= np.datetime64(as_of, "D")
    made = {
        "street_code": rows["street_code"].to_numpy(object), "item": item, "target_kind": kind, "target_id": target, "period": period,
        "count": count, "avoidable": ahead, "until": last.astype("datetime64[s]"), "table": table, "row_id": row_id, "worth": np.nan,
    }  # fmt: skip
    return {name: _values(made[name], name, size) for name in MISS}


def _values(value: object, name: str, size: int) -> np.ndarray:
    """A column of ``MISS`` from a series, an array or one value for all; texts as objects."""
    given = value.to_numpy(object) if isinstance(value, pd.Series) else value if isinstance(value, np.ndarray) else np.full(size, value, dtype=object)
    kind = {"count": "int64", "worth": "float64", "avoidable": "bool", "until": "datetime64[s]"}.get(name)
    return given.astype(object if kind is None else kind)


def by_hand(book: Rulebook) -> list[Rule]:
    """The items that no register tells and a person judges (``options.by_hand``), in the order of the rubric."""
    return [rule for rule in book.of("score") if rule.options.get("by_hand")]
