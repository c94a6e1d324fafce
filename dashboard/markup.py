"""Turns what only shows into one component, so that new figures do not wake a thousand of them.

Every Dash component listens to every change in the page, so a change of period cost the browser a
second with 1,500 of them on the screen (``docs/decisions/map.md``). Panels are words, numbers and
buttons that carry their press in ``data-go``: they travel as HTML, and
``assets/onemap/markup.js`` shows it. What is alive (a chart, a grid of rows) stays a component of
its own among them.
"""

from __future__ import annotations

import copy
import html
import re
from functools import cache
from typing import Any, ClassVar

from dash.development.base_component import Component

STILL = "dash_html_components"
VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
NAMES = {"className": "class", "htmlFor": "for"}
NOT_SHOWN = frozenset({"children", "n_clicks", "key", "disable_n_clicks", "style"})
WILD = ("aria-", "data-")
UNITLESS = frozenset({"flex", "flexGrow", "flexShrink", "fontWeight", "lineHeight", "opacity", "order", "zIndex"})
ADDRESSES = frozenset({"href", "src", "action", "formAction", "cite", "data"})
OWN_ADDRESS = re.compile(r"(?:https?:|mailto:|data:image/|[/?#.])|[^:]*$", re.IGNORECASE)
"""What an address may begin with; a scheme that runs a script is left out."""


class Markup(Component):
    """An element whose inside is HTML that ``as_markup`` wrote: every text in it is escaped.

    Args:
        tag: the element's name.
        attributes: the element's own properties as React names them.
        html: what is inside.
        id: the element's id.
    """

    _namespace = "onemap_parts"
    _type = "Markup"
    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = ["children"]
    _prop_names: ClassVar[list[str]] = ["id", "tag", "attributes", "html"]
    available_properties = _prop_names
    _valid_wildcard_attributes: ClassVar[list[str]] = []
    available_wildcard_properties: ClassVar[list[str]] = []


def as_markup(drawn: Any) -> Any:
    """The same drawing with every largest part that only shows as one ``Markup``.

    A part that holds a component of another kind than HTML keeps its own kind, and its children are
    turned one by one. Texts stay texts; nothing that is handed in is changed.
    """
    if isinstance(drawn, (list, tuple)):
        return [as_markup(part) for part in drawn]
    if not isinstance(drawn, Component):
        return drawn
    children = getattr(drawn, "children", None)
    inside = _html(children) if drawn._namespace == STILL else None
    if inside is None:
        if children is None:
            return drawn
        kept = copy.copy(drawn)
        kept.children = as_markup(children)
        return kept
    known = drawn.to_plotly_json()["props"]
    attributes = {name: value for name, value in known.items() if name not in ("children", "id") and value is not None}
    own = {"id": drawn.id} if getattr(drawn, "id", None) else {}
    return Markup(tag=drawn._type.lower(), attributes=attributes, html=inside, **own)


def _html(drawn: Any) -> str | None:
    """A drawing as HTML; None where a part of it is alive."""
    if type(drawn) is str:
        return html.escape(drawn, quote=False)
    if drawn is None or isinstance(drawn, bool):
        return ""
    if isinstance(drawn, Component):
        return _element(drawn)
    if isinstance(drawn, (list, tuple)):
        parts = []
        for part in drawn:
            text = _html(part)
            if text is None:
                return None
            parts.append(text)
        return "".join(parts)
    return html.escape(str(drawn), quote=False)


def _element(drawn: Component) -> str | None:
    if drawn._namespace != STILL:
        return None
    inside = _html(getattr(drawn, "children", None))
    if inside is None:
        return None
    tag = drawn._type.lower()
    held, own = vars(drawn), _own_names(type(drawn))
    attributes = "".join([_attribute(name, held[name]) for name in sorted([name for name in held if name in own or name.startswith(WILD)])])
    return f"<{tag}{attributes}>" if tag in VOID else f"<{tag}{attributes}>{inside}</{tag}>"


@cache
def _own_names(kind: type[Component]) -> frozenset[str]:
    """The properties of a kind of element that an attribute may show; a component names its own anew each time."""
    return frozenset(kind()._prop_names) - NOT_SHOWN | {"style"}


def _attribute(name: str, value: Any) -> str:
    if name == "style" and value:
        return f' style="{html.escape(_style(value))}"'
    if value is None or name in NOT_SHOWN:
        return ""
    if isinstance(value, bool) and not name.startswith(WILD):
        return f" {NAMES.get(name, name.lower())}" if value else ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if name in ADDRESSES and not OWN_ADDRESS.match(text):
        return ""
    # What is asked for by a press is JSON: within single quotes its own need no escape.
    if '"' in text:
        quoted = html.escape(text, quote=False).replace("'", "&#39;")
        return f" {NAMES.get(name, name.lower())}='{quoted}'"
    return f' {NAMES.get(name, name.lower())}="{html.escape(text)}"'


def _style(value: dict[str, Any]) -> str:
    return ";".join(f"{_css_name(name)}:{_css_value(name, one)}" for name, one in value.items() if one is not None)


def _css_name(name: str) -> str:
    return name if name.startswith("--") else re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)


def _css_value(name: str, value: Any) -> str:
    is_length = isinstance(value, (int, float)) and value and name not in UNITLESS and not name.startswith("--")
    return f"{value}px" if is_length else str(value)
