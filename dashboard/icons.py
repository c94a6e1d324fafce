"""Gives the icons as one small style sheet, cut from the local Lucide sprite."""

from __future__ import annotations

import base64
import re
from pathlib import Path

SPRITE = "lucide-static/sprite.svg"
ICONS = (
    "arrow-down-to-line", "arrow-left", "arrow-right", "arrow-up", "bell", "building", "calendar-clock", "camera",
    "check", "chevron-down", "chevron-left", "chevron-right", "chevron-up", "circle-check", "circle-x",
    "clipboard-check", "clock", "cloud-off", "crosshair", "download", "expand", "eye", "file-spreadsheet",
    "file-text", "flame", "funnel", "footprints", "hard-hat", "rotate-ccw-clock", "house", "inbox", "info", "keyboard", "languages",
    "layers", "list", "list-checks", "loader-circle", "locate-fixed", "lock", "map", "map-pin", "map-pin-off", "maximize", "menu",
    "minimize", "minus", "monitor", "moon", "navigation", "phone-call", "plus", "printer", "refresh-cw", "route", "scale",
    "search", "search-x", "send", "settings", "shield-alert", "sun", "table", "table-2", "trash",
    "triangle-alert", "undo-2", "upload", "user", "user-round", "users", "wifi-off", "x", "zoom-in",
)
"""Every icon the page may show, by its Lucide name; add a name here to use it."""


class MissingIcon(LookupError):
    """The sprite has no icon of that name."""


def style_sheet(vendor: Path) -> str:
    """One rule an icon: its shape as a mask, so that it takes the colour of the text around it.

    Args:
        vendor: the folder that the build fills (assets/vendor).

    Raises:
        FileNotFoundError: the folder was never built.
        MissingIcon: the sprite lacks a name of ``ICONS``.
    """
    sprite = (vendor / SPRITE).read_text("utf-8")
    symbols = dict(re.findall(r'<symbol[^>]*\bid="([a-z0-9-]+)"[^>]*>(.*?)</symbol>', sprite, re.S))
    missing = [name for name in ICONS if name not in symbols]
    if missing:
        raise MissingIcon(f"{SPRITE} has no {', '.join(missing)}")
    return "\n".join(f".ic-{name}{{--ic:url({_address(symbols[name])})}}" for name in ICONS)


def _address(shapes: str) -> str:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{" ".join(shapes.split())}</svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
