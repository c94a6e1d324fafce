"""The table that says the same as a layer: for the keyboard, the screen reader, and without WebGL2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers import Column, Layer, layers
from rules.request import UnreadableRequest
from rules.vocabulary import TABLES, name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.question import Ask

PAGE_ROWS = 100


def layer_table(ask: Ask, name: str, page: int = 0, sort: str = "", down: bool = True) -> dict[str, object]:
    """One page of a layer's rows, ready to show.

    Args:
        name: the layer.
        page: from 0; at most 100 rows each.
        sort: field of a column; empty puts the gravest class first.
        down: greatest first.

    Returns:
        ``title``, ``columns`` (field, header, number or not), ``rows`` (``select`` as
        ``kind:id``, ``cells`` as text), ``total``, ``page``, ``pages``. No rows: an empty list.

    Raises:
        UnreadableRequest: no such layer, column or page.
    """
    layer = layers().get(name)
    if layer is None:
        raise UnreadableRequest(f"layer: expected one of {', '.join(layers())}; found {name[:40]!r}")
    return table_of(ask, layer, lambda: ask.get(layer_frame, name), page, sort, down)


def table_of(ask: Ask, layer: Layer, frame_of: Callable[[], pd.DataFrame], page: int = 0, sort: str = "", down: bool = True) -> dict[str, object]:
    """The same for a layer and the frame that is asked for once the question is found readable."""
    if sort and sort not in {column.field for column in layer.columns}:
        raise UnreadableRequest(f"sort: expected a column of {layer.name}; found {sort[:40]!r}")
    frame = frame_of()
    pages = max(1, -(-len(frame) // PAGE_ROWS))
    if not 0 <= page < pages:
        raise UnreadableRequest(f"page: expected 0 to {pages - 1}, found {page}")
    shown = _sorted(layer, frame, sort, down).iloc[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]
    cells = [[_text(ask, layer, column, value) for value in shown[column.field]] for column in layer.columns]
    return {
        "title": ask.t(layer.title),
        "columns": [
            {
                "field": column.field,
                "header": ask.t("{name}（{unit}）", name=ask.t(column.header), unit=ask.t(column.unit)) if column.unit else ask.t(column.header),
                "number": bool(column.unit),
            }
            for column in layer.columns
        ],
        "rows": [
            {"select": f"{layer.kind}:{feature}", "cells": list(row)}
            for feature, *row in zip(shown["feature_id"].astype(str), *cells, strict=True)
        ],
        "total": len(frame),
        "page": page,
        "pages": pages,
    }


def layer_frame(database, filters, scope, name: str) -> pd.DataFrame:
    """The checked frame of a layer, to be kept in the cache of answers."""
    return layers()[name].ask(database, filters, scope)


def _sorted(layer: Layer, frame: pd.DataFrame, sort: str, down: bool) -> pd.DataFrame:
    if sort and sort != "class":
        return frame.sort_values(sort, ascending=not down, kind="stable", na_position="last")
    weights = {one.key: one.weight for one in layer.classes}
    order = frame.assign(_weight=frame["class"].map(weights))
    return order.sort_values(["_weight", "value"], ascending=not down, kind="stable", na_position="last")


def _text(ask: Ask, layer: Layer, column: Column, value: object) -> str:
    if value is None or value is pd.NA or (not isinstance(value, (list, dict, str)) and pd.isna(value)):
        return "—"
    if column.words == "class":
        return ask.t(layer.class_of(value).label)
    if column.words in {"area", "agency"}:
        return ask.name(value) or "—"
    if column.words in TABLES:
        return ask.t(name_of(column.words, value))
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:,.1f}".removesuffix(".0")
    if isinstance(value, (bool, str)) or column.field == "number":
        return str(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
