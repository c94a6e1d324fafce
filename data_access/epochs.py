"""The days on which rows with a first and a last day change: between two of them every day has the same answer."""

from __future__ import annotations

import datetime as dt

import pandas as pd


def change_days(*frames: pd.DataFrame) -> list[dt.date]:
    """The days on which any row begins to hold or holds no longer, rising, each once.

    ``bisect_right(change_days(rows), day)`` is the same for two days that have the same rows.

    Args:
        frames: valid_from and valid_to (the last day, included); an empty one is open.
    """
    begins = {day for rows in frames for day in rows["valid_from"].dropna().dt.date}
    # 9999-12-31, as some registers write 永久, has no day after it.
    ends = {day + dt.timedelta(days=1) for rows in frames for day in rows["valid_to"].dropna().dt.date if day < dt.date.max}
    return sorted(begins | ends)
