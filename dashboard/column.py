"""One column of the overview: its row of tabs and the panels of the open one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.panels import TABS, Panel, panels_of
from dashboard.partial import drawn
from dashboard.permission import closed, is_outside
from dashboard.states import empty
from dashboard.view_state import DEFAULT_TABS, go
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

LABELS = {"street": N_("按街镇"), "agency": N_("按部门")}
KEYS = {"street": "tab", "agency": "tab_agency"}


def column(ask: Ask, side: str) -> list[Component]:
    """The tabs and the open tab's panels; a tab nobody declares opens the first."""
    names = [tab.name for tab in TABS[side]]
    opened = ask.view.tab(side) if ask.view.tab(side) in names else names[0]
    sections = [_panel(ask, panel) for panel in panels_of(side, opened)]
    shown = [section for section in sections if section is not None]
    if side == "street" and is_outside(ask):
        shown.insert(0, closed(ask))
    return [
        _tabs(ask, side, opened),
        html.Div(
            shown or empty(ask.t("这一栏还没有内容")),
            className="panels", role="tabpanel", id=f"{side}-panel", tabIndex=0,
            **{"aria-labelledby": f"{side}-tab-{opened}"},
        ),
    ]


def _tabs(ask: Ask, side: str, opened: str) -> Component:
    buttons = [
        html.Button(
            ask.t(tab.title), type="button", role="tab", id=f"{side}-tab-{tab.name}",
            tabIndex=0 if tab.name == opened else -1,
            **{"aria-selected": str(tab.name == opened).lower(), "aria-controls": f"{side}-panel"},
            **go(**{KEYS[side]: None if tab.name == DEFAULT_TABS[side] else tab.name}),
        )
        for tab in TABS[side]
    ]
    return html.Div(buttons, className="tabs", role="tablist", **{"aria-label": ask.t(LABELS[side])})


def _panel(ask: Ask, panel: Panel) -> Component | None:
    """One panel, None where it has nothing to ask."""
    made = drawn(ask, panel.title, panel.content, panel=panel.name)
    if made is None:
        return None
    body, aside = made if isinstance(made, tuple) else (made, None)
    heading = html.H2([html.Span(ask.t(panel.title)), html.Span(aside, className="aside")])
    return html.Section([heading, body], className=f"panel panel-{panel.name}", **{"data-panel": panel.name})
