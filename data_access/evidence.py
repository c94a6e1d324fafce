"""The rows and the totals of figures, both from the one declaration in ``evidence_parts``."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    distinct,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy import case as choose

from data_access.evidence_bases import Asked
from data_access.evidence_parts import KEYS, Part, parts_of
from data_access.ledger import can_tell, told
from rules.indicators import indicator

__all__ = ["KEYS", "evidence", "register_rows", "totals"]


def evidence(asked: Asked, key: str) -> Select | CompoundSelect:
    """The rows that a figure counts.

    Returns:
        A statement with the columns register (table name), row_id, id, day, street_code,
        agency_code, one (the 户 or case that counts once in a shared figure), counts (what the row
        adds to the figure, or to the numerator) and base (to the denominator, else null).

    Raises:
        KeyError: no figure of that key is made of rows.
    """
    parts = [part.rows() for part in parts_of(asked, key)]
    return parts[0] if len(parts) == 1 else union_all(*parts)


def register_rows(asked: Asked, key: str) -> pd.DataFrame:
    """The rows of ``evidence`` as a frame; of a shared figure only the first row of a 户 counts."""
    rows = asked.database.frame(evidence(asked, key))
    if _is_shared(key):
        rows = rows.sort_values(["day", "row_id"], kind="stable").reset_index(drop=True)
        rows["counts"] = (~rows.duplicated("one")).astype("float64")
    return rows


def totals(asked: Asked, keys: Iterable[str], by: str | None = None) -> pd.DataFrame:
    """Several figures, each register read once.

    Args:
        by: ``street``, ``agency`` or ``day``, or None for one total a key.

    Returns:
        frame[key, group, counts, base]: floats, base NaN where the figure is no ratio; without
        ``by`` one row a key, 0.0 where no row counts; with ``by`` only groups that have rows.
    """
    keys = list(dict.fromkeys(keys))
    kept = {key: told(asked, key, by) for key in keys if can_tell(asked, key)}
    wanted = {key: parts_of(asked, key) for key in keys if key not in kept}
    single: dict[int, list[tuple[str, Part]]] = {}
    found: dict[tuple[str, object], list[float]] = {} if by else {(key, None): [0.0, 0.0] for key in keys}
    for key, (sums, _) in kept.items():
        found |= {(key, group): [counts, base] for group, counts, base in sums}
    for key, parts in wanted.items():
        if _is_shared(key) and len(parts) > 1:
            for group, count in _distinct_over(asked, parts, by):
                found[key, group] = [float(count), 0.0]
            continue
        for part in parts:
            single.setdefault(id(part.base), []).append((key, part))
    for group_of in single.values():
        for group, key, counts, base in _sums(asked, group_of, by):
            held = found.setdefault((key, group), [0.0, 0.0])
            held[0], held[1] = held[0] + counts, held[1] + base
    is_ratio = {key: any(part.denominator is not None for part in parts) for key, parts in wanted.items()}
    is_ratio |= {key: ratio for key, (_, ratio) in kept.items()}
    rows = [(key, group, value, base if is_ratio[key] else float("nan")) for (key, group), (value, base) in found.items()]
    return pd.DataFrame(rows, columns=["key", "group", "counts", "base"])


def _is_shared(key: str) -> bool:
    return key.startswith("K") and indicator(key).shared


def _sums(asked: Asked, parts: list[tuple[str, Part]], by: str | None) -> Iterable[tuple[object, str, float, float]]:
    base = parts[0][1].base
    group = None if by is None else getattr(base, by)
    columns: list[ColumnElement] = []
    for key, part in parts:
        if _is_shared(key):
            columns.append(func.count(distinct(choose((part.where, base.premises)))))
        else:
            columns.append(func.sum(choose((part.where, part.counts), else_=0)))
        columns.append(literal(0) if part.denominator is None else func.sum(choose((part.where, part.denominator), else_=0)))
    # The database need only look at rows that some figure counts.
    any_of = or_(*(part.where for _, part in parts))
    labelled = [column.label(f"v{place}") for place, column in enumerate(columns)]
    asked_for = select(*([] if group is None else [group.label("g")]), *labelled).select_from(base.source)
    asked_for = asked_for.where(*base.clauses, any_of)
    if group is not None:
        asked_for = asked_for.group_by(group)
    with asked.database.read() as connection:
        rows = connection.execute(asked_for).all()
    first = 0 if group is None else 1
    for row in rows:
        for place, (key, _) in enumerate(parts):
            counts, denominator = row[first + 2 * place], row[first + 2 * place + 1]
            if group is None or counts or denominator:
                yield (row[0] if first else None), key, float(counts or 0), float(denominator or 0)


def _distinct_over(asked: Asked, parts: tuple[Part, ...], by: str | None) -> Iterable[tuple[object, int]]:
    rows = union_all(*(part.rows() for part in parts)).subquery()
    group = None if by is None else rows.c["day" if by == "day" else f"{by}_code"]
    count = func.count(distinct(rows.c.one))
    asked_for = select(literal(None), count) if group is None else select(group, count).group_by(group)
    with asked.database.read() as connection:
        return [(None if group is None else row[0], row[1]) for row in connection.execute(asked_for.select_from(rows))]
