"""Lists every component that a callback names, so that the browser can check them before any is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import dash_ag_grid
from dash import dcc, html

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

KINDS = (html.Div, html.Button, dcc.Store, dcc.Location, dcc.Upload, dcc.Input, dcc.Download, dcc.Graph,
         dash_ag_grid.AgGrid)


def every_id(app: Dash) -> Component:
    """One component an id that any callback of the application names, of a kind with those properties.

    Views are shown one at a time; this is what the browser checks the callbacks against.
    """
    named: dict[str, set[str]] = {}
    for callback in app._callback_list:
        for target in _targets(callback):
            if not target["id"].startswith("{"):
                named.setdefault(target["id"], set()).add(target["property"].partition("@")[0])
    return html.Div([_kind_with(properties)(id=name) for name, properties in sorted(named.items())])


def _targets(callback: dict[str, Any]) -> list[dict[str, str]]:
    listed = [*callback["inputs"], *callback["state"]]
    for output in callback["output"].removeprefix("..").removesuffix("..").split("..."):
        if output and not callback.get("no_output"):
            name, _, prop = output.rpartition(".")
            listed.append({"id": name, "property": prop})
    return [{"id": t["id"] if isinstance(t["id"], str) else json.dumps(t["id"]), "property": t["property"]}
            for t in listed]


def _kind_with(properties: set[str]) -> type[Component]:
    """The first kind that has most of the properties."""
    return max(KINDS, key=lambda kind: len(properties & set(kind(id="x")._prop_names)))
