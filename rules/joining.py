"""Puts sentences and clauses together with the marks of the script they are written in."""

from __future__ import annotations

from collections.abc import Iterable


def joined(*sentences: str) -> str:
    """Sentences in a row, with a space after one that ends in Latin script; empty ones are left out."""
    found = ""
    for sentence in filter(None, (one.strip() for one in sentences)):
        found += " " + sentence if found and found[-1].isascii() else sentence
    return found


def clauses(parts: Iterable[str]) -> str:
    """Clauses as one sentence: 甲；乙。 or A; b."""
    listed = [part for part in parts if part]
    if not listed:
        return ""
    latin = all(part[-1].isascii() for part in listed)
    whole = ("; " if latin else "；").join(listed)
    return f"{whole[0].upper()}{whole[1:]}." if latin else f"{whole}。"
