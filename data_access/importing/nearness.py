"""Suggests the known name that a misspelt one most likely means."""

from __future__ import annotations

import difflib
from collections.abc import Mapping


def nearest(text: str, known: Mapping[str, str]) -> str | None:
    """The value whose key is most like a text, or None where none is at all alike."""
    found = difflib.get_close_matches(text[:60], list(known)[:5000], n=1, cutoff=0.6)
    return known[found[0]] if found else None
