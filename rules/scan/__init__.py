"""Kulldorff's scan statistics: where, and when, more happened than chance would bring about."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rules.scan.circles import circles
from rules.scan.cluster import Candidate, Cluster, p_value, relative_risk, without_overlap
from rules.scan.inputs import Places, check_share, counts, numbers, places, shares
from rules.scan.likelihood import Bernoulli, Model, Poisson
from rules.scan.spatial import best_circles, highest_ratios

__all__ = ["Cluster", "scan_bernoulli", "scan_poisson"]


def scan_poisson(
    x: ArrayLike,
    y: ArrayLike,
    cases: ArrayLike,
    population: ArrayLike,
    max_share: float = 0.5,
    simulations: int = 999,
    seed: int = 0,
    great_circle: bool = False,
) -> list[Cluster]:
    """Clusters of high rates of cases per population, over circles around every place.

    Source: Kulldorff 1997, A spatial scan statistic; the choices SaTScan makes by default: places
    at the same distance enter together, a circle holds at least 2 cases and at most ``max_share``
    of the population, only rates above those outside, clusters share no place. Chance: all cases
    thrown again over the population (multinomial), ``simulations`` times.

    Args:
        x, y: one a row, plane coordinates of any unit, or degrees with ``great_circle``.
        cases: whole numbers from 0.
        population: numbers from 0 of any unit (residents, visits); 0 only where there are no cases.
        max_share: the largest share of the whole population in a circle, above 0, up to 1.
        simulations: the smallest p is 1 / (1 + simulations).
        seed: the same seed gives the same p.
        great_circle: x is longitude, y latitude in degrees (EPSG:4326); distances on the sphere.

    Returns:
        The highest log likelihood ratio first; empty without cases or with a single place.

    Raises:
        ValueError: a missing or impossible value, or lengths that differ.
    """
    check_share(max_share, simulations)
    where = places(x, y, great_circle)
    each = counts("cases", cases, len(where.of_row))
    at_risk = where.total(shares(population, each))
    happened, total = where.total(each), int(each.sum())
    if not total:
        return []
    share = at_risk / at_risk.sum()
    drawn = np.random.default_rng(seed).multinomial(total, share, size=simulations).T
    return _clusters(Poisson(total), where, happened, share * total, at_risk, drawn, max_share)


def scan_bernoulli(
    x: ArrayLike,
    y: ArrayLike,
    is_case: ArrayLike,
    max_share: float = 0.5,
    simulations: int = 999,
    seed: int = 0,
    great_circle: bool = False,
) -> list[Cluster]:
    """Clusters of cases among points that are cases or controls.

    Source: Kulldorff 1997; SaTScan's defaults as in :func:`scan_poisson`. Chance: the cases drawn
    again among all points.

    Args:
        x, y: one a point, as in :func:`scan_poisson`.
        is_case: True or 1 for a case, False or 0 for a control.
        max_share: the largest share of all points in a circle.
        simulations, seed, great_circle: as in :func:`scan_poisson`.

    Returns:
        The highest log likelihood ratio first; empty where all or none are cases.

    Raises:
        ValueError: a missing value, one that is neither case nor control, or lengths that differ.
    """
    check_share(max_share, simulations)
    where = places(x, y, great_circle)
    each = counts("is_case", is_case, len(where.of_row))
    if (each > 1).any():
        raise ValueError(f"is_case: expected 1 for a case or 0 for a control, found {each.max()}")
    total, people = int(each.sum()), where.total(np.ones_like(each))
    if total in (0, len(each)):
        return []
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(people, total, size=simulations, method="marginals").T
    return _clusters(Bernoulli(total, len(each)), where, where.total(each), people, people, drawn, max_share)


def _clusters(
    model: Model, where: Places, happened: np.ndarray, weight: np.ndarray, population: np.ndarray, drawn: np.ndarray, max_share: float
) -> list[Cluster]:
    around = list(circles(where, population, max_share))
    chosen = without_overlap(best_circles(model, around, happened, weight))
    if not chosen:
        return []
    simulated = highest_ratios(model, around, np.ascontiguousarray(drawn, dtype="int32"), weight)
    return [_cluster(one, where, model.total, simulated) for one in chosen]


def _cluster(found: Candidate, where: Places, total: int, simulated: np.ndarray) -> Cluster:
    rank = np.full(len(where), -1)
    rank[found.places] = np.arange(len(found.places))
    inside = np.flatnonzero(rank[where.of_row] >= 0)
    members = inside[np.argsort(rank[where.of_row[inside]], kind="stable")]
    return Cluster(
        members=tuple(members.tolist()),
        observed=found.observed,
        expected=found.expected,
        relative_risk=relative_risk(found.observed, found.expected, total),
        log_likelihood_ratio=found.ratio,
        p=p_value(found.ratio, simulated),
        centre=int(members[0]),
        radius=found.radius,
        simulated=simulated,
    )
