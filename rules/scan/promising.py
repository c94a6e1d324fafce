"""Gathers the windows of simulations that may raise a highest ratio, to be worked out together."""

from __future__ import annotations

import numpy as np

from rules.scan.likelihood import Model

MOST_KEPT = 1 << 17
"""So many windows are kept before they are worked out."""


class Promising:
    """Windows whose cases reach the fewest that could beat a ratio reached already.

    Args:
        model: Poisson or Bernoulli.
        highest: one a simulation; raised in place.
    """

    def __init__(self, model: Model, highest: np.ndarray) -> None:
        self.model, self.highest = model, highest
        self.kept: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.length = 0

    def add(self, run: np.ndarray, cases: np.ndarray, weight: np.ndarray) -> None:
        """Keep windows: the simulation they belong to, their cases and their weight."""
        self.kept.append((run, cases.astype("int64"), weight))
        self.length += len(run)
        if self.length > MOST_KEPT:
            self.work_out()

    def work_out(self) -> None:
        """Raise the highest ratios to those of the windows kept."""
        if self.kept:
            run, cases, weight = (np.concatenate(column) for column in zip(*self.kept, strict=True))
            np.maximum.at(self.highest, run, self.model.ratio(cases, weight))
        self.kept, self.length = [], 0
