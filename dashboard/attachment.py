"""Names the file that an answer hands out, in any script."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from flask import Response


def attach(response: Response, name: str) -> None:
    """Let the browser save an answer under a name; a header holds no Chinese itself (RFC 6266, 4.3 and RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    shown = plain.replace("/", "_").replace('"', "")
    options = {"filename": shown if shown.strip(".").count(".") else f"file{shown}"}
    if plain != name:
        # After the plain one: who knows both takes this one.
        options["filename*"] = f"UTF-8''{quote(name, safe='!#$&+.^_`|~-')}"
    response.headers.set("Content-Disposition", "attachment", **options)
