"""Declares what a view is and finds the views: every other file of this folder is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.question import Ask, Context


@dataclass(frozen=True, slots=True)
class View:
    """One page of the product.

    Attributes:
        path: where it is served, ``/``, ``/wall``, ``/import``.
        name: letters and underscores; becomes ``data-view`` of the page, for style sheets.
        title: Chinese title through gettext, for the browser's tab.
        layout: the whole view for a question; called again on every load, never at import.
        register: adds the view's callbacks and routes to an application, once an application.
        theme: the theme it is always shown in; None follows the URL.
    """

    path: str
    name: str
    title: str
    layout: Callable[[Ask], Component]
    register: Callable[[Dash, Context], None]
    theme: str | None = None


@cache
def views() -> tuple[View, ...]:
    """Every view of this folder, by path.

    Raises:
        ValueError: two views carry one path.
    """
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    found = [importlib.import_module(f"{__name__}.{name}").VIEW for name in names]
    if len({view.path for view in found}) != len(found):
        raise ValueError(f"views: a path is given twice among {sorted(v.path for v in found)}")
    return tuple(sorted(found, key=lambda view: view.path))
