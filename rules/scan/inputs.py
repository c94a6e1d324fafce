"""Checks what is handed to a scan and gathers the rows of one place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth. Source: IUGG."""

MOST_CASES = 10_000_000
"""Cases of a scan: more would not be thrown again in any memory, and no office has them."""

MOST_DAYS = 100_000
"""Days of a study period: 270 years. A longer one is a wrong date."""

LARGEST = 1e100
"""Coordinates and populations beyond this, or below its inverse, are wrong units: their squares leave the range of a float."""


@dataclass(frozen=True, slots=True)
class Places:
    """The distinct coordinates of the rows, in the order in which they first appear.

    Attributes:
        x, y: one a place.
        of_row: the number of its place, one a row.
        great_circle: whether x and y are longitude and latitude in degrees.
    """

    x: np.ndarray
    y: np.ndarray
    of_row: np.ndarray
    great_circle: bool

    def __len__(self) -> int:
        return len(self.x)

    def total(self, values: np.ndarray) -> np.ndarray:
        """The sum of a value of the rows, one a place."""
        return np.bincount(self.of_row, weights=values, minlength=len(self)).astype(values.dtype)

    def distances(self, centres: np.ndarray) -> np.ndarray:
        """From some places to all, centres x places: metres on the sphere (haversine), else in the units of x and y."""
        x, y = self.x[centres, None], self.y[centres, None]
        if not self.great_circle:
            return np.hypot(self.x - x, self.y - y)
        lon, lat = np.radians(self.x - x), np.radians(self.y)
        up = np.radians(y)
        half = np.sin((lat - up) / 2) ** 2 + np.cos(lat) * np.cos(up) * np.sin(lon / 2) ** 2
        return 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))


def places(x: ArrayLike, y: ArrayLike, great_circle: bool) -> Places:
    """Gather the rows at the same coordinates.

    Raises:
        ValueError: the lengths differ, a coordinate is missing, or is no longitude and latitude.
    """
    across, up = numbers("x", x), numbers("y", y, len(np.ravel(np.asarray(x))))
    if great_circle and ((np.abs(up) > 90).any() or (np.abs(across) > 360).any()):
        raise ValueError("great_circle: expected x = longitude and y = latitude in degrees, found a latitude beyond 90 or a longitude beyond 360")
    if not len(across):
        return Places(across, up, np.empty(0, dtype="int64"), great_circle)
    _, first, of_row = np.unique(np.column_stack([across, up]), axis=0, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype="int64")
    rank[np.argsort(first)] = np.arange(len(first))
    first.sort()
    return Places(across[first], up[first], rank[np.ravel(of_row)], great_circle)


def numbers(name: str, values: ArrayLike, length: int | None = None) -> np.ndarray:
    """One-dimensional finite floats of a list, array or Series.

    Raises:
        ValueError: a value is missing or infinite, or there are more or fewer than ``length``.
    """
    try:
        found = np.ravel(pd.to_numeric(pd.Series(np.ravel(np.asarray(values, dtype=object)), dtype=object)).to_numpy(na_value=np.nan))
    except TypeError as error:
        raise ValueError(f"{name}: expected numbers, found {type(values).__name__} with something else") from error
    if np.iscomplexobj(found):
        raise ValueError(f"{name}: expected real numbers, found complex ones")
    found = found.astype("float64")
    if length is not None and len(found) != length:
        raise ValueError(f"{name}: expected {length} values, one for each x, found {len(found)}")
    if not np.isfinite(found).all():
        row = int(np.flatnonzero(~np.isfinite(found))[0])
        raise ValueError(f"{name}: expected a number, found {found[row]} in row {row}; leave rows without a value out")
    if len(found) and np.abs(found).max() > LARGEST:
        row = int(np.abs(found).argmax())
        raise ValueError(f"{name}: expected at most {LARGEST:g}, found {found[row]:g} in row {row}")
    return found


def counts(name: str, values: ArrayLike, length: int) -> np.ndarray:
    """Whole numbers from 0, as int64.

    Raises:
        ValueError: a value is missing, negative or no whole number, or there are more than MOST_CASES in all.
    """
    found = numbers(name, values, length)
    wrong = np.flatnonzero((found < 0) | (found != np.floor(found)))
    if len(wrong):
        raise ValueError(f"{name}: expected whole numbers from 0, found {found[wrong[0]]} in row {wrong[0]}")
    if found.sum() > MOST_CASES:
        raise ValueError(f"{name}: expected at most {MOST_CASES} in all, found {found.sum():.0f}")
    return found.astype("int64")


def shares(values: ArrayLike, cases: np.ndarray) -> np.ndarray:
    """Populations from 0, as float64.

    Raises:
        ValueError: a population is missing or negative, or cases happened where nobody is.
    """
    found = numbers("population", values, len(cases))
    if (found < 0).any():
        row = int(np.flatnonzero(found < 0)[0])
        raise ValueError(f"population: expected numbers from 0, found {found[row]} in row {row}")
    if ((found > 0) & (found < 1 / LARGEST)).any():
        row = int(np.flatnonzero((found > 0) & (found < 1 / LARGEST))[0])
        raise ValueError(f"population: expected 0 or at least {1 / LARGEST:g}, found {found[row]:g} in row {row}")
    nobody = np.flatnonzero((found == 0) & (cases > 0))
    if len(nobody):
        raise ValueError(f"population: expected more than 0 where there are cases, found 0 with {cases[nobody[0]]} cases in row {nobody[0]}")
    return found


def day_numbers(values: ArrayLike, length: int) -> tuple[np.ndarray, bool]:
    """Whole day numbers, and whether they were given as dates (then days since 1970-01-01).

    Raises:
        ValueError: a day is missing, or is neither a date nor a whole number, or the days lie more than MOST_DAYS apart.
    """
    series = pd.Series(np.ravel(np.asarray(values))) if not isinstance(values, pd.Series) else values.reset_index(drop=True)
    first = series.iloc[0] if len(series) else 0
    dated = pd.api.types.is_datetime64_any_dtype(series) or isinstance(first, (dt.date, np.datetime64))
    if not dated:
        found = numbers("day", series, length)
        if (found != np.floor(found)).any():
            raise ValueError("day: expected whole days or dates, found parts of a day")
        return _within_reach(found).astype("int64"), False
    if not pd.api.types.is_datetime64_any_dtype(series) and any(isinstance(one, (int, float)) and not pd.isna(one) for one in series):
        raise ValueError("day: expected either dates or whole numbers, found both")
    local = pd.to_datetime(series)
    days = (local.dt.tz_localize(None) if local.dt.tz is not None else local).to_numpy("datetime64[D]")
    if len(days) != length:
        raise ValueError(f"day: expected {length} values, one for each x, found {len(days)}")
    if np.isnat(days).any():
        raise ValueError(f"day: expected a date, found none in row {int(np.flatnonzero(np.isnat(days))[0])}")
    return _within_reach(days.astype("int64")), True


def check_share(max_share: float, simulations: int) -> int:
    """Refuse a share outside 0..1 and a negative number of simulations.

    Returns:
        The number of simulations.

    Raises:
        ValueError: one of them.
    """
    if isinstance(max_share, str) or max_share is None or not 0 < max_share <= 1:
        raise ValueError(f"max_share: expected a share of the population above 0 and up to 1, found {max_share}")
    return whole_number("simulations", simulations, 0)


def whole_number(name: str, value: float, least: int) -> int:
    """A single whole number from ``least``.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(value, str) or value is None or not np.isfinite(value) or value != int(value) or value < least:
        raise ValueError(f"{name}: expected a whole number from {least}, found {value}")
    return int(value)


def _within_reach(days: np.ndarray) -> np.ndarray:
    if len(days) and days.max() - days.min() >= MOST_DAYS:
        raise ValueError(f"day: expected days at most {MOST_DAYS} apart, found {days.max() - days.min():.0f}")
    return days
