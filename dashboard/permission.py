"""Whether the area asked about lies outside what a person may see, and what is said then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import number_text, states
from data_access.areas import path_to

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask


def is_outside(ask: Ask) -> bool:
    """Whether the area asked about neither lies in the scope's areas nor holds one of them.

    False over the whole district, for a scope that is not narrowed by area, and for an area that
    did not exist on the day.
    """
    asked = ask.filters.area
    if asked is None or not ask.scope.areas:
        return False
    above = {code for _, code in ask.look_up(path_to, asked)}
    holds = any(asked == code for mine in ask.scope.areas for _, code in ask.look_up(path_to, mine))
    return bool(above) and not holds and not above & set(ask.scope.areas)


def closed(ask: Ask) -> Component:
    """What is blocked, why, what can be seen instead, and who approves."""
    seen = [ask.name(code) for code in ask.scope.areas]
    sees = ask.t("{areas}明细，全区汇总", areas=number_text.listed(seen, ask.lang))
    who = f"{ask.t(ask.actor.name)} · {ask.t(ask.actor.role)}"
    what = ask.t("{area}的明细", area=ask.name(ask.filters.area))
    return states.not_permitted(ask.t, what, who, sees, seen_area=ask.scope.areas[0])
