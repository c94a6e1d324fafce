"""On-time rate: what was decided or answered by its due day, of what was due in a period (DESIGN 12)."""

from __future__ import annotations

import datetime as dt

import pandas as pd


def due_in(due_on: pd.Series, start: dt.date, end: dt.date, as_of: dt.date) -> pd.Series:
    """Whether each due day lies in the period and has come by ``as_of``, the due day included."""
    last = pd.Timestamp(min(end, as_of))
    return (due_on >= pd.Timestamp(start)) & (due_on <= last)


def kept(done_on: pd.Series, due_on: pd.Series) -> pd.Series:
    """Whether each was done on or before its due day."""
    return done_on.notna() & (done_on <= due_on)
