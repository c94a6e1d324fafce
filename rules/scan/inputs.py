"""Checks what is handed to a scan and gathers the rows of one place."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

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
    across = numbers("x", x)
    up, great_circle = numbers("y", y, len(across)), yes_or_no("great_circle", great_circle)
    if great_circle and ((np.abs(up) > 90).any() or (np.abs(across) > 360).any()):
        raise ValueError("great_circle: expected x = longitude and y = latitude in degrees, found a latitude beyond 90 or a longitude beyond 360")
    if not len(across):
        return Places(across, up, np.empty(0, dtype="int64"), great_circle)
    _, first, of_row = np.unique(np.column_stack([across, up]), axis=0, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype="int64")
    rank[np.argsort(first)] = np.arange(len(first))
    first.sort()
    return Places(across[first], up[first], rank[np.ravel(of_row)], great_circle)


def real_numbers(name: str, values: ArrayLike) -> np.ndarray:
    """One-dimensional floats of a list, array or Series; a missing value is NaN, a table of one column a list.

    Raises:
        ValueError: it is no list, a table of several columns, or holds something that is no number: a text, a date, a list.
    """
    if isinstance(values, pd.Series | pd.DataFrame):
        values = _of_series(values) if isinstance(values, pd.Series) else values.to_numpy()
    if np.ma.isMaskedArray(values):
        values = values.astype(object).filled(None)
    if values is None or isinstance(values, str | bytes | Mapping | Set) or not (np.isscalar(values) or hasattr(values, "__len__") or hasattr(values, "__array__")):
        raise ValueError(f"{name}: expected a list, an array or a Series of numbers, found {_kind(values)}")
    found = _array(values)
    if found.ndim > 1 and found.size > max(found.shape):
        raise ValueError(f"{name}: expected one list of values, found a table of {' x '.join(map(str, found.shape))}")
    found = found.ravel()
    if found.dtype.kind in "biuf":
        return found.astype("float64")
    if found.dtype.kind != "O":
        raise ValueError(f"{name}: expected numbers, found {_KINDS.get(found.dtype.kind, found.dtype)}")
    made = np.empty(len(found))
    for row, one in enumerate(found):
        missing = one is None or one is pd.NA or one is pd.NaT
        if (not missing and not isinstance(one, int | float | np.number | np.bool_ | Decimal | Fraction)) or isinstance(one, complex | np.complexfloating):
            raise ValueError(f"{name}: expected numbers, found {_kind(one)} in row {row}")
        made[row] = np.nan if missing else _float(one)
    return made


def numbers(name: str, values: ArrayLike, length: int | None = None) -> np.ndarray:
    """One-dimensional finite floats of a list, array or Series.

    Raises:
        ValueError: as :func:`real_numbers`; or a value is missing or infinite, or there are more or fewer than ``length``.
    """
    found = real_numbers(name, values)
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

    Dates are dates, instants, ``datetime64`` or texts as 2023-07-31; an instant counts as its day.

    Raises:
        ValueError: a day is missing, or is neither a date nor a whole number, or the days lie more than MOST_DAYS apart.
    """
    if not isinstance(values, pd.Series | np.ndarray | pd.Index | list | tuple | pd.api.extensions.ExtensionArray | range):
        raise ValueError(f"day: expected a list, an array or a Series of days, found {_kind(values)}")
    if np.ma.isMaskedArray(values):
        values = values.astype(object).filled(None)
    if isinstance(values, np.ndarray) and values.size > max(values.shape, default=1):
        raise ValueError(f"day: expected one list of days, found a table of {' x '.join(map(str, values.shape))}")
    series = values.reset_index(drop=True) if isinstance(values, pd.Series) else pd.Series(_array(values).ravel())
    first = series.iloc[0] if len(series) else 0
    if not pd.api.types.is_datetime64_any_dtype(series) and not isinstance(first, dt.date | np.datetime64 | str):
        found = numbers("day", series, length)
        if (found != np.floor(found)).any():
            raise ValueError("day: expected whole days or dates, found parts of a day")
        return _within_reach(found).astype("int64"), False
    if not pd.api.types.is_datetime64_any_dtype(series):
        if any(isinstance(one, int | float) and not pd.isna(one) for one in series):
            raise ValueError("day: expected either dates or whole numbers, found both")
        series = pd.Series([_day(one, row) for row, one in enumerate(series)], dtype="datetime64[s]")
    days = (series.dt.tz_localize(None) if series.dt.tz is not None else series).to_numpy("datetime64[D]")
    if len(days) != length:
        raise ValueError(f"day: expected {length} values, one for each x, found {len(days)}")
    if np.isnat(days).any():
        raise ValueError(f"day: expected a date, found none in row {int(np.flatnonzero(np.isnat(days))[0])}")
    return _within_reach(days.astype("int64")), True


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest circle that is looked at.

    Attributes:
        share: of the whole population.
        radius: metres on the sphere, else in the units of x and y; infinite sets no bound.
    """

    share: float
    radius: float


def largest(max_share: float, max_radius: float | None) -> Largest:
    """Read how large a circle may be.

    Raises:
        ValueError: the share is not above 0 and up to 1, or the radius is negative or no number.
    """
    share = number("max_share", max_share)
    if not 0 < share <= 1:
        raise ValueError(f"max_share: expected a share of the population above 0 and up to 1, found {max_share}")
    radius = math.inf if max_radius is None else number("max_radius", max_radius)
    if not radius >= 0:
        raise ValueError(f"max_radius: expected a distance from 0, found {max_radius}")
    return Largest(share, radius)


def number(name: str, value: float, wanted: str = "a number") -> float:
    """A single number, NaN and infinity too.

    Raises:
        ValueError: it is something else: a text, a list, nothing, yes or no.
    """
    if isinstance(value, bool | np.bool_ | complex) or not isinstance(value, int | float | np.number | Decimal | Fraction):
        raise ValueError(f"{name}: expected {wanted}, found {_kind(value)}")
    return _float(value)


def whole_number(name: str, value: float, least: int) -> int:
    """A single whole number from ``least``.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return value
    found = number(name, value, f"a whole number from {least}") if not isinstance(value, int) or isinstance(value, bool) else float("nan")
    if not np.isfinite(found) or found != int(found) or found < least:
        raise ValueError(f"{name}: expected a whole number from {least}, found {value}")
    return int(value)


def yes_or_no(name: str, value: bool) -> bool:
    """True or False.

    Raises:
        ValueError: it is something else, also a text that says so.
    """
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name}: expected True or False, found {value!r}")
    return bool(value)


def generator(seed: int) -> np.random.Generator:
    """The source of chance of a seed: the same seed gives the same chance, on every machine.

    Raises:
        ValueError: the seed is no whole number from 0, of any size.
    """
    return np.random.default_rng(whole_number("seed", seed, 0))


_KINDS = {"U": "text", "S": "text", "M": "dates", "m": "lengths of time", "c": "complex numbers"}


def _float(value: float) -> float:
    """A whole number that no float holds is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _of_series(values: pd.Series) -> np.ndarray:
    if isinstance(values.dtype, pd.SparseDtype):
        return np.asarray(values)
    return values.to_numpy(dtype=object if values.dtype.kind == "O" else None, na_value=np.nan)


def _array(values: ArrayLike) -> np.ndarray:
    """An array of what it is made of: a list of mixed things, or of lists of several lengths, of objects."""
    if isinstance(values, np.ndarray | pd.Index | pd.api.extensions.ExtensionArray):
        return np.asarray(values)
    if not np.isscalar(values) and any(isinstance(one, str) for one in values):
        return np.array(values, dtype=object)
    try:
        return np.asarray(values)
    except (ValueError, OverflowError):
        return np.array([None, *values], dtype=object)[1:]


def _kind(value: object) -> str:
    return {"NoneType": "nothing", "str": f"the text {str(value)[:20]!r}"}.get(type(value).__name__, f"a {type(value).__name__}")


def _day(value: object, row: int) -> dt.date | None:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else pd.Timestamp(value).tz_localize(None).date()
    except (ValueError, TypeError):
        raise ValueError(f"day: expected a date as 2023-07-31, found {str(value)[:20]!r} in row {row}") from None


def _within_reach(days: np.ndarray) -> np.ndarray:
    if len(days) and days.max() - days.min() >= MOST_DAYS:
        raise ValueError(f"day: expected days at most {MOST_DAYS} apart, found {days.max() - days.min():.0f}")
    return days
