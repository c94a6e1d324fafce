"""Draws one part of a screen so that its failure stays its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.problems import reported
from dashboard.states import failed
from rules.language import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.question import Ask


def drawn(ask: Ask, what: str, draw: Callable[[Ask], Any], **about: object) -> Any:
    """What ``draw(ask)`` gives; where it fails, a card with a reference number and another try.

    A refusal (a database that is away, a link that cannot be read) is not one part's failure: it
    goes up to the door.

    Args:
        what: Chinese name of the part, through gettext.
        about: written to the log beside the error.
    """
    try:
        return draw(ask)
    except Refusal:
        raise
    except Exception as error:  # the door of one part: its neighbours must not fall with it
        ask.part_failed()
        return failed(ask.t, ask.t(what), reported(error, part=what, **about))
