"""Reads a drawn panel as a person would: its words, its numbers, what a press opens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dash.development.base_component import Component
from plotly.utils import PlotlyJSONEncoder


def walk(drawn: object) -> Iterator[Component]:
    """Every component of a drawing, the outer before the inner."""
    if isinstance(drawn, Component):
        yield drawn
        yield from walk(getattr(drawn, "children", None))
    elif isinstance(drawn, (list, tuple)):
        for part in drawn:
            yield from walk(part)


def words(drawn: object) -> str:
    """Every text that is shown, in order, with spaces between the parts."""
    if isinstance(drawn, Component):
        return words(getattr(drawn, "children", None))
    if isinstance(drawn, (list, tuple)):
        return " ".join(filter(None, (words(part).strip() for part in drawn)))
    return "" if drawn is None else str(drawn)


def wire(drawn: object) -> str:
    """What travels to the browser, as text."""
    return json.dumps(drawn, cls=PlotlyJSONEncoder, ensure_ascii=False)


def of_class(drawn: object, name: str) -> list[Component]:
    """The components that carry a class."""
    return [part for part in walk(drawn) if name in (getattr(part, "className", None) or "").split()]


def changes(part: Component) -> dict[str, Any] | None:
    """What a press on a component changes in the address, or None."""
    text = part.to_plotly_json()["props"].get("data-go")
    return json.loads(text) if text else None
