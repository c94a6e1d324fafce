"""Where a question stands: the area drilled to, its level and the areas above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from data_access.areas import path_to

if TYPE_CHECKING:
    from dashboard.question import Ask


@dataclass(frozen=True, slots=True)
class Place:
    """The area drilled to.

    Attributes:
        level: ``district``, ``street``, ``neighbourhood`` or ``grid``.
        code: its code; None at the level of the district.
        street, neighbourhood: the codes above it or its own; None where there is none.
    """

    level: str = "district"
    code: str | None = None
    street: str | None = None
    neighbourhood: str | None = None


def place(ask: Ask) -> Place:
    """The place of ``ask.filters.area``; the district where no area, or an unknown one, is asked for."""
    code = ask.filters.area
    if not code:
        return Place()
    above = dict(ask.look_up(path_to, code))
    level = next((level for level, found in above.items() if found == code), None)
    if level in (None, "district"):
        return Place()
    return Place(level, code, above.get("street"), above.get("neighbourhood"))
