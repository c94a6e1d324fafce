"""The rows behind a number as a table: words for codes, then sorted, filtered and cut into pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard import number_text
from data_access.row_sets import RowColumn, RowSet, row_set
from data_access.rows import rows
from rules.request import Filters, Scope, UnreadableRequest
from rules.vocabulary import TABLES, name_of

if TYPE_CHECKING:
    from dashboard.question import Ask
    from data_access.database import Database

MOST_ROWS_A_PAGE = 500
FILTERS = ("system", "agency", "area", "category", "premises")
"""Pairs of a narrowing that are filters of the question."""
DAYS = ("start", "end", "as_of")
"""Pairs of a narrowing that are days of the question: a number of another time opens its own rows."""
ANY = "*"
"""A filter of the screen that the rows are free of."""
OF_ROWS = ("category", "premises")
"""Filters that are columns of the rows too: without a value, the rows that name none are meant."""
TEXT_TESTS = {
    "contains": lambda text, asked: text.str.contains(asked, case=False, regex=False),
    "notContains": lambda text, asked: ~text.str.contains(asked, case=False, regex=False),
    "equals": lambda text, asked: text.str.casefold() == asked.casefold(),
    "notEqual": lambda text, asked: text.str.casefold() != asked.casefold(),
    "startsWith": lambda text, asked: text.str.casefold().str.startswith(asked.casefold()),
    "endsWith": lambda text, asked: text.str.casefold().str.endswith(asked.casefold()),
}
NUMBER_TESTS = {
    "equals": lambda values, asked: values == asked,
    "notEqual": lambda values, asked: values != asked,
    "greaterThan": lambda values, asked: values > asked,
    "greaterThanOrEqual": lambda values, asked: values >= asked,
    "lessThan": lambda values, asked: values < asked,
    "lessThanOrEqual": lambda values, asked: values <= asked,
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows ready to be read.

    Attributes:
        row_set: what the rows are.
        frame: one column a field of ``row_set.columns``: text in the reader's words, numbers as
            numbers, days as ISO text ("" when missing), truths as 是/否; order as asked.
        kinds: ``text``, ``number`` or ``day`` by field.
    """

    row_set: RowSet
    frame: pd.DataFrame
    kinds: dict[str, str]


def narrowed(ask: Ask) -> Ask:
    """The question about the open rows: what is narrowed by agency, area or kind is a filter of it.

    So ``narrow=system:health`` opens what stands behind one row of a table without filtering the
    whole screen, ``category:*`` lifts a filter, and ``start``, ``end`` and ``as_of`` open another period's; every other pair
    narrows by equality on a column.

    Raises:
        UnreadableRequest: a day is not of its form, or the period ends before it begins.
    """
    filters: dict[str, Any] = {
        field: None if value in {"", ANY} else value for field, value in ask.view.narrow if field in FILTERS
    }
    filters |= {field: _day(ask, field, value) for field, value in ask.view.narrow if field in DAYS}
    columns = tuple(
        (field, value) for field, value in ask.view.narrow
        if field not in (*FILTERS, *DAYS) or (field in OF_ROWS and not value)
    )
    if not filters:
        return ask
    if "agency" in filters:
        filters.setdefault("system", None)
    if "system" in filters:
        filters.setdefault("agency", None)
    return replace(ask, filters=ask.filters.with_(**filters), view=ask.view.with_(narrow=columns))


def _day(ask: Ask, field: str, text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableRequest(f"narrow: {field}: expected a day, found {text[:20]!r}") from error
    return min(day, ask.today) if field == "as_of" else day


def row_set_of(name: str) -> RowSet:
    """The row set of a name.

    Raises:
        UnreadableRequest: nobody declares it.
    """
    try:
        return row_set(name)
    except KeyError as error:
        raise UnreadableRequest(f"rows: no row set {name[:40]!r}") from error


def table(ask: Ask, name: str, narrow: tuple[tuple[str, str], ...] = ()) -> Table:
    """The rows behind a number, in the reader's words.

    Raises:
        UnreadableRequest: no such row set, or no such column to narrow by.
    """
    asked = row_set_of(name)
    frame = ask.get(_rows, name, tuple(narrow))
    made: dict[str, pd.Series] = {}
    kinds: dict[str, str] = {}
    for column in asked.columns:
        kinds[column.field], made[column.field] = _readable(ask, column, frame[column.field])
    return Table(asked, pd.DataFrame(made, columns=[c.field for c in asked.columns]), kinds)


def chosen(found: Table, sort: list[dict[str, Any]] | None, filters: dict[str, Any] | None) -> pd.DataFrame:
    """The rows that pass the grid's filters, in the grid's order.

    Args:
        sort: AG Grid's sort model: ``[{"colId": "day", "sort": "desc"}]``.
        filters: AG Grid's filter model by field.

    Raises:
        UnreadableRequest: a model names a column or a test that there is not.
    """
    frame = found.frame
    for field, model in (filters or {}).items():
        frame = frame[_passes(found, frame, field, model)]
    orders = [(order.get("colId"), order.get("sort") != "desc") for order in sort or []]
    if any(not isinstance(field, str) or field not in found.kinds for field, _ in orders):
        raise UnreadableRequest("sort: no such column")
    if orders:
        frame = frame.sort_values(
            [field for field, _ in orders], ascending=[up for _, up in orders], kind="stable", na_position="last"
        )
    return frame


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values that JSON holds; missing is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {key: _plain(value) for key, value in row.items()} for row in plain.to_dict("records")
    ]


def _rows(
    database: Database, filters: Filters, scope: Scope, name: str, narrow: tuple[tuple[str, str], ...]
) -> pd.DataFrame:
    return rows(database, name, filters, scope, **dict(narrow))


def _readable(ask: Ask, column: RowColumn, values: pd.Series) -> tuple[str, pd.Series]:
    if column.words:
        words = {code: _word(ask, column.words, code) for code in values.dropna().unique()}
        return "text", values.map(words).astype(object).fillna("").astype("str")
    if pd.api.types.is_bool_dtype(values):
        return "text", values.map({True: ask.t("是"), False: ask.t("否")}).astype(object).fillna("").astype("str")
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return "text", values.dt.tz_convert(ask.now.tzinfo).dt.strftime("%Y-%m-%d %H:%M").fillna("").astype("str")
    if pd.api.types.is_datetime64_any_dtype(values):
        return "day", _days(values)
    if pd.api.types.is_numeric_dtype(values):
        return "number", values.astype("Float64") if values.dtype.kind == "f" else values
    if len(values) and values.map(lambda v: isinstance(v, dt.date)).any():
        return "day", _days(pd.to_datetime(values))
    return "text", values.fillna("").astype("str")


def _days(values: pd.Series) -> pd.Series:
    return values.dt.strftime("%Y-%m-%d").fillna("").astype("str")


def _word(ask: Ask, words: str, code: object) -> str:
    if words in TABLES:
        return ask.t(name_of(words, str(code)))
    return ask.name(str(code))


def _passes(found: Table, frame: pd.DataFrame, field: str, model: Any) -> pd.Series:
    if field not in found.kinds or not isinstance(model, dict):
        raise UnreadableRequest("filter: no such column")
    if "operator" in model:
        if not isinstance(model.get("conditions") or [], list):
            raise UnreadableRequest("filter: expected a list of conditions")
        each = [_passes(found, frame, field, part) for part in model.get("conditions") or [] if isinstance(part, dict)]
        if not each:
            return pd.Series(True, index=frame.index)
        together = each[0]
        for one in each[1:]:
            together = together | one if model["operator"] == "OR" else together & one
        return together
    values, test = frame[field], str(model.get("type"))
    if test in {"blank", "notBlank"}:
        blank = values.isna() | (values.astype("str") == "")
        return blank if test == "blank" else ~blank
    if found.kinds[field] == "number":
        return _number_passes(values, test, model)
    asked = str(model.get("dateFrom") or model.get("filter") or "")
    if found.kinds[field] == "day":
        return _day_passes(values, test, asked[:10], str(model.get("dateTo") or "")[:10])
    if test not in TEXT_TESTS:
        raise UnreadableRequest(f"filter: no test {str(test)[:40]!r}")
    return TEXT_TESTS[test](values, asked)


def _number_passes(values: pd.Series, test: object, model: dict[str, Any]) -> pd.Series:
    try:
        asked = float(model.get("filter"))
        until = float(model.get("filterTo")) if test == "inRange" else asked
    except (TypeError, ValueError) as error:
        raise UnreadableRequest("filter: expected a number") from error
    numbers = pd.to_numeric(values)
    if test == "inRange":
        return ((numbers >= asked) & (numbers <= until)).fillna(False).astype(bool)
    if test not in NUMBER_TESTS:
        raise UnreadableRequest(f"filter: no test {str(test)[:40]!r}")
    return NUMBER_TESTS[test](numbers, asked).fillna(False).astype(bool)


def _day_passes(values: pd.Series, test: object, first: str, last: str) -> pd.Series:
    """Days as ISO text compare as text."""
    tests = {
        "equals": values == first, "notEqual": values != first, "lessThan": (values < first) & (values != ""),
        "greaterThan": values > first, "inRange": (values >= first) & (values <= last),
    }
    if test not in tests:
        raise UnreadableRequest(f"filter: no test {str(test)[:40]!r}")
    return tests[test]


def _plain(value: Any) -> Any:
    if number_text.is_missing(value):
        return None
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value
