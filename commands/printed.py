"""Tables on a terminal, in columns that Chinese characters keep."""

import unicodedata
from collections.abc import Iterable, Sequence


def table(rows: Iterable[Sequence[object]]) -> None:
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(columns_of, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        padded = [cell + " " * (width - columns_of(cell)) for cell, width in zip(row, widths, strict=True)]
        print("  " + "  ".join(padded).rstrip())


def columns_of(text: str) -> int:
    """Columns that a text takes on a terminal: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
