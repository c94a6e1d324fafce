"""Lines of Chinese text in a PDF: no mark begins a line that may not, none ends it, no number is torn (避头尾)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.lib.textsplit import getCharWidths
from reportlab.platypus import Paragraph

BEGINS_NO_LINE = frozenset("，。、；：！？）》〉」』】〕”’…％‰℃·,.;:!?)]}%")
ENDS_NO_LINE = frozenset("（《〈「『【〔“‘([{")
"""Source: GB/T 15834-2011 5.1; W3C, Requirements for Chinese Text Layout, 3.1.3."""

FIRST_WIDE = 0x2E80
"""Signs from here on are Chinese: a line may end after any of them."""


class ChineseParagraph(Paragraph):
    """A paragraph of one type, whose words may hold line breaks of their own."""

    def breakLinesCJK(self, maxWidths: float | Sequence[float]) -> Any:
        if getattr(self, "_splitpara", 0) or not self.frags:
            return super().breakLinesCJK(maxWidths)
        first, room = self.frags[0], min(maxWidths) if isinstance(maxWidths, (list, tuple)) else maxWidths
        said = "".join("\n" if hasattr(one, "lineBreak") else getattr(one, "text", None) or "".join(getattr(one, "words", ())) for one in self.frags)
        lines: list[tuple[float, list[str]]] = []
        for part in said.split("\n"):
            widths = getCharWidths(part, first.fontName, first.fontSize)
            lines += [(room - sum(widths[start:end]), [part[start:end]]) for start, end in broken(part, widths, room)]
        return first.clone(kind=0, lines=lines, ascent=first.fontSize, descent=-0.2 * first.fontSize)


def broken(text: str, widths: Sequence[float], room: float) -> list[tuple[int, int]]:
    """Start and end of each line, without the spaces at its ends; one empty line for no text.

    Args:
        widths: of each sign, in the unit of ``room``.
    """
    lines, start = [], 0
    while start < len(text) or not lines:
        end, used = start, 0.0
        while end < len(text) and (used + widths[end] <= room + 1e-6 or end == start):
            used += widths[end]
            end += 1
        if end < len(text):
            end = _end(text, start, end)
        after, last = end, end
        while last > start and text[last - 1] == " ":
            last -= 1
        lines.append((start, last))
        while after < len(text) and text[after] == " ":
            after += 1
        start = after
    return lines


def _end(text: str, start: int, end: int) -> int:
    """The last place up to ``end`` where a line may end; ``end`` where there is none in its second half."""
    return next((place for place in range(end, (start + end) // 2, -1) if _may_break(text[place - 1], text[place])), end)


def _may_break(before: str, after: str) -> bool:
    if before == " " or after == " ":
        return True
    if after in BEGINS_NO_LINE or before in ENDS_NO_LINE:
        return False
    return ord(before) >= FIRST_WIDE or ord(after) >= FIRST_WIDE
