"""The population of every place on every day, from the days on which it is known."""

from __future__ import annotations

import itertools

import numpy as np

from rules.scan.inputs import Places


def person_time(where: Places, day: np.ndarray, population: np.ndarray, length: int) -> np.ndarray:
    """Places x days: interpolated between known days, held before the first and after the last.

    Args:
        where: the places of the rows.
        day: of each row, 0 to ``length`` - 1.
        population: of the row's place on that day.
        length: days of the study period.

    Raises:
        ValueError: two rows give one place different populations on one day.

    Source: SaTScan User Guide, population file.
    """
    cell, first = np.unique(where.of_row * length + day, return_index=True)
    differs = np.flatnonzero(population != population[first][np.searchsorted(cell, where.of_row * length + day)])
    if len(differs):
        raise ValueError(
            f"population: expected one number for a place and day, found {population[differs[0]]} and another in row {differs[0]}; "
            "give strata of one place their sum"
        )
    of_place, on_day, known = cell // length, cell % length, population[first]
    if len(cell) == len(where) * length:
        return known.reshape(len(where), length).astype("float64")
    every = np.arange(length)
    bounds = np.searchsorted(of_place, np.arange(len(where) + 1))
    return np.array([np.interp(every, on_day[a:b], known[a:b]) for a, b in itertools.pairwise(bounds)])
