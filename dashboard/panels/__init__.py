"""Declares what a panel is and finds the panels: every other file of this folder is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

SIDES = ("street", "agency")
EVERY_TAB = ""
"""The tab of a panel that stands above whatever tab of its column is open."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a column: ``name`` in the URL, ``title`` in Chinese through gettext."""

    name: str
    title: str


TABS: dict[str, tuple[Tab, ...]] = {
    "street": (
        Tab("coverage", N_("覆盖")), Tab("sites", N_("点位")),
        Tab("leads", N_("线索")), Tab("enforcement", N_("查处")), Tab("trend", N_("趋势")),
        Tab("duties", N_("职责")), Tab("list", N_("名单")), Tab("blind", N_("盲区")),
    ),
    "agency": (
        Tab("agencies", N_("部门")), Tab("cases", N_("案件")),
        Tab("transfers", N_("移送")), Tab("construction", N_("工地")), Tab("figures", N_("指标")),
        Tab("supervision", N_("督查")),
    ),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel of the overview.

    Attributes:
        name: letters and underscores, unique; its place in the page and in ``cli.py views``.
        title: Chinese title through gettext.
        side: the column it hangs in, ``street`` (left) or ``agency`` (right).
        tab: name of the tab of that column (``TABS``), or ``EVERY_TAB``.
        order: place from the top of its tab, lowest first.
        content: draws the panel's body for a question, heading apart; reads through ``ask.get``
            only. May give a tuple ``(body, aside)``: ``aside`` stands at the right of the heading
            (the unit or the base of the numbers below). None: there is nothing to ask here, and the
            panel is left out (a street's bars over the whole district, a selection of nothing).
        questions: names of the data functions it asks, for ``cli.py views`` and the docs.
    """

    name: str
    title: str
    side: str
    tab: str
    order: int
    content: Callable[[Ask], Component | tuple[Component, object] | None]
    questions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.side not in SIDES:
            raise ValueError(f"panel {self.name}: side is street or agency, found {self.side!r}")
        if self.tab not in {EVERY_TAB, *(tab.name for tab in TABS[self.side])}:
            raise ValueError(f"panel {self.name}: no tab {self.tab!r} on side {self.side}")


@cache
def panels() -> tuple[Panel, ...]:
    """Every panel of this folder, by side, tab and order.

    Raises:
        ValueError: two panels carry one name.
    """
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    found = [importlib.import_module(f"{__name__}.{name}").PANEL for name in names]
    if len({panel.name for panel in found}) != len(found):
        raise ValueError(f"panels: a name is given twice among {sorted(p.name for p in found)}")
    places = {(side, tab.name): i for side in SIDES for i, tab in enumerate((Tab(EVERY_TAB, ""), *TABS[side]))}
    return tuple(sorted(found, key=lambda p: (p.side != "street", places[p.side, p.tab], p.order, p.name)))


def panels_of(side: str, tab: str) -> tuple[Panel, ...]:
    """The panels of one tab of a column, from the top, with those of every tab before them."""
    return tuple(panel for panel in panels() if panel.side == side and panel.tab in (EVERY_TAB, tab))
