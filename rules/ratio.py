"""A ratio with its numerator and denominator; there is no ratio where the denominator is 0."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class Ratio:
    """``n`` of ``N``.

    Attributes:
        n: numerator, a count.
        N: denominator, a count.
    """

    n: int
    N: int

    @property
    def value(self) -> float | None:
        """0..1, or None where ``N`` is 0."""
        return self.n / self.N if self.N else None


def ratio(n: pd.Series, N: pd.Series) -> pd.Series:
    """``n / N`` row by row as floats 0..1, NaN where ``N`` is 0; the index is kept."""
    above, below = n.astype("float64").to_numpy(), N.astype("float64").to_numpy()
    return pd.Series(np.divide(above, below, out=np.full(len(n), np.nan), where=below != 0), index=n.index)


def missing_to_target(n: int, N: int, target: float) -> int:
    """How many more of ``N`` are needed until ``n / N`` reaches ``target`` (0..1); 0 when reached."""
    return max(0, math.ceil(round(target * N, 9)) - n)
