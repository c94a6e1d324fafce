"""Writes folium's maps as one page that loads nothing, and in which no imported word is run."""

from __future__ import annotations

import base64
import html
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import branca.element

if TYPE_CHECKING:
    import folium

VENDOR = Path(__file__).resolve().parent.parent / "assets" / "vendor"
LEAFLET = VENDOR / "leaflet" / "dist"
SCRIPTS = {"leaflet.js": LEAFLET / "leaflet.js", "jquery.js": VENDOR / "jquery" / "dist" / "jquery.min.js"}
"""What folium's page runs, by the name under which it asks for it (its pop-ups need jQuery)."""

LIGHT = 1
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
"""What the file may load: nothing that is not inside it."""


class AsWritten:
    """Stands where branca would make a template of text: gives the text as it is."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, *_given: Any, **_more: Any) -> str:
        return self._text


# branca makes a Jinja template of everything that folium's own templates have written, names of
# places and cards included: ``{{ … }}`` in an imported name would run on the server. Its classes
# made their templates when they were imported; from here on text stays text.
branca.element.Template = AsWritten


HAN = re.compile("[\u4e00-\u9fff]")
FIXED_SIZE = re.compile(r",\s*maximum-scale=1\.0,\s*user-scalable=no")
"""What keeps a reader from enlarging the page (WCAG 2.2, 1.4.4)."""


def rendered(made: folium.Map, title: str) -> str:
    """The page of a map with its scripts inside it, in the language of its title; nothing in it names an address to load from."""
    page = FIXED_SIZE.sub("", made.get_root().render())
    page = page.replace("<html>", f'<html lang="{"zh-CN" if HAN.search(title) else "en"}">', 1)
    for tag, inside in _parts().items():
        page = page.replace(tag, inside)
    return page.replace("<head>", f"<head><title>{html.escape(title)}</title>", 1)


def plain(text: str) -> str:
    """Text within HTML that folium writes into a template literal of its script (ECMA-262, 13.2.8): nothing in it is run."""
    return html.escape(text).replace("\\", "&#92;").replace("`", "&#96;").replace("$", "&#36;")


@cache
def _parts() -> dict[str, str]:
    """What stands in the page for each tag that would load something."""
    parts = {}
    for name, file in SCRIPTS.items():
        script = re.sub(r"//# sourceMappingURL=\S+", "", file.read_text(encoding="utf-8")).replace("</script", "<\\/script")
        parts[f'<script src="inline:{name}"></script>'] = f"<script>{script}</script>"
    style = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
    style = re.sub(r"url\((?!data:|#)['\"]?([^)'\"]+)['\"]?\)", _image, style)
    return parts | dict.fromkeys(('<link rel="stylesheet" href="inline:leaflet.css"/>', '<link rel="stylesheet" href="inline:leaflet.css" />'), f"<style>{style}</style>")


def _image(match: re.Match[str]) -> str:
    file = LEAFLET / match[1]
    if not file.exists():
        return "none"
    return f"url(data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()})"
