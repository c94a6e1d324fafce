"""Kulldorff's scan statistics: where, and when, more happened than chance would bring about."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import ArrayLike

from rules.scan.circles import circles
from rules.scan.cluster import Candidate, Cluster, p_value, relative_risk, without_overlap
from rules.scan.inputs import (
    Largest,
    Places,
    counts,
    day_numbers,
    generator,
    largest,
    places,
    shares,
    whole_number,
    yes_or_no,
)
from rules.scan.likelihood import Bernoulli, Model, Poisson
from rules.scan.person_time import person_time
from rules.scan.space_time import (
    Expected,
    best_cylinders,
    drawn_by_permutation,
    drawn_from_population,
    up_to_each_day,
    windows,
)
from rules.scan.space_time import raise_highest as raise_highest_of_cylinders
from rules.scan.spatial import AT_ONCE, best_circles, raise_highest

__all__ = ["Cluster", "scan_bernoulli", "scan_poisson", "scan_space_time"]


def scan_poisson(
    x: ArrayLike,
    y: ArrayLike,
    cases: ArrayLike,
    population: ArrayLike,
    max_share: float = 0.5,
    simulations: int = 999,
    seed: int = 0,
    great_circle: bool = False,
    max_radius: float | None = None,
) -> list[Cluster]:
    """Clusters of high rates of cases per population, over circles around every place.

    Source: Kulldorff 1997, A spatial scan statistic; the choices SaTScan makes by default: places
    at the same distance enter together, a circle holds at least 2 cases and at most ``max_share``
    of the population, only rates above those outside, clusters share no place. Chance: all cases
    thrown again over the population (multinomial), ``simulations`` times.

    Args:
        x, y: one a row, plane coordinates of any unit, or degrees with ``great_circle``.
        cases: whole numbers from 0.
        population: numbers from 0 of any unit (residents, visits), also fewer than there are cases;
            0 only where there are none.
        max_share: the largest share of the whole population in a circle, above 0, up to 1.
        simulations: the smallest p is 1 / (1 + simulations).
        seed: a whole number from 0; the same seed gives the same p.
        great_circle: x is longitude, y latitude in degrees (EPSG:4326); distances on the sphere.
        max_radius: the largest radius of a circle, in the unit of x and y, or metres with
            ``great_circle``; 0 leaves single places, None sets no bound.

    Returns:
        The highest log likelihood ratio first; empty without cases or with a single place.

    Raises:
        ValueError: a missing or impossible value (a text, a date, a part of a case, cases where nobody
            is, a table for a list), or lengths that differ; names the argument and the row.
    """
    size = largest(max_share, max_radius)
    simulations, chance = whole_number("simulations", simulations, 0), generator(seed)
    where = places(x, y, great_circle)
    each = counts("cases", cases, len(where.of_row))
    at_risk = where.total(shares(population, each))
    happened, total = where.total(each), int(each.sum())
    if not total:
        return []
    share = at_risk / at_risk.sum()
    drawn = chance.multinomial(total, share, size=simulations).T
    return _clusters(Poisson(total), where, happened, share * total, at_risk, drawn, size)


def scan_bernoulli(
    x: ArrayLike,
    y: ArrayLike,
    is_case: ArrayLike,
    max_share: float = 0.5,
    simulations: int = 999,
    seed: int = 0,
    great_circle: bool = False,
    max_radius: float | None = None,
) -> list[Cluster]:
    """Clusters of cases among points that are cases or controls.

    Source: Kulldorff 1997; SaTScan's defaults as in :func:`scan_poisson`. Chance: the cases drawn
    again among all points.

    Args:
        x, y: one a point, as in :func:`scan_poisson`.
        is_case: True or 1 for a case, False or 0 for a control.
        max_share: the largest share of all points in a circle.
        simulations, seed, great_circle, max_radius: as in :func:`scan_poisson`.

    Returns:
        The highest log likelihood ratio first; empty where all or none are cases.

    Raises:
        ValueError: a missing value, one that is neither case nor control, or lengths that differ.
    """
    size = largest(max_share, max_radius)
    simulations, chance = whole_number("simulations", simulations, 0), generator(seed)
    where = places(x, y, great_circle)
    each = counts("is_case", is_case, len(where.of_row))
    if (each > 1).any():
        raise ValueError(f"is_case: expected 1 for a case or 0 for a control, found {each.max()}")
    total, people = int(each.sum()), where.total(np.ones_like(each))
    if total in (0, len(each)):
        return []
    drawn = chance.multivariate_hypergeometric(people, total, size=simulations, method="marginals").T
    return _clusters(Bernoulli(total, len(each)), where, where.total(each), people, people, drawn, size)


def scan_space_time(
    x: ArrayLike,
    y: ArrayLike,
    day: ArrayLike,
    cases: ArrayLike,
    population: ArrayLike | None = None,
    max_share: float = 0.5,
    max_days: int | None = None,
    prospective: bool = False,
    simulations: int = 999,
    seed: int = 0,
    great_circle: bool = False,
    max_radius: float | None = None,
) -> list[Cluster]:
    """Clusters in space and time: circles around every place times runs of days.

    The study period goes from the first to the last day of any row, a row without cases included.
    With a population: cases per person and day, all cases thrown again over the person-time
    (Kulldorff et al. 1998, 2001). Without one: the permutation model, a cylinder expects (cases of
    its places) x (cases of its days) / (all cases), and the days are shuffled among the cases
    (Kulldorff et al. 2005, PLoS Medicine 2(3) e59). LLR = c ln(c/mu) + (C-c) ln((C-c)/(C-mu)).

    Args:
        x, y: one a row, as in :func:`scan_poisson`; rows at the same coordinates are one place.
        day: dates, or texts as 2023-07-31, or whole day numbers.
        cases: whole numbers from 0; a place and day without a row had none.
        population: of the place on that day. Rows of the same place and day must agree; between
            days it is interpolated, before the first and after the last of a place held.
        max_share: the largest share of the person-time in a circle; without a population, of the cases.
        max_days: the longest run of days; None takes half of the study period, rounded down.
        prospective: only clusters that reach the last day of the study period.
        simulations, seed, great_circle, max_radius: as in :func:`scan_poisson`.

    Returns:
        The highest log likelihood ratio first, no two sharing a place, whatever their days.
        ``members`` are the rows inside the circle and within the days.

    Raises:
        ValueError: a missing or impossible value, or lengths that differ.
    """
    size = largest(max_share, max_radius)
    simulations, chance = whole_number("simulations", simulations, 0), generator(seed)
    prospective = yes_or_no("prospective", prospective)
    if max_days is not None:
        max_days = whole_number("max_days", max_days, 1)
    where = places(x, y, great_circle)
    each = counts("cases", cases, len(where.of_row))
    days, dated = day_numbers(day, len(each))
    at_risk = None if population is None else shares(population, each)
    total = int(each.sum())
    if not total:
        return []
    model = Poisson(total)
    length = int(days.max() - days.min()) + 1
    longest = max(1, length // 2) if max_days is None else max_days
    if at_risk is None:
        counted = np.unique(np.append(days[each > 0], days.max() if prospective else days[each > 0][:0]))
        weight = where.total(each.astype("float64"))
    else:
        counted = np.arange(days.min(), days.max() + 1)
        share = person_time(where, days - days.min(), at_risk, length)
        share /= share.sum()
        weight = share.sum(axis=1)
    at_day, when = np.searchsorted(counted, days), windows(counted, longest, prospective)
    with_cases = np.flatnonzero(each)
    observed = np.zeros((len(where), len(counted)), dtype="int64")
    np.add.at(observed, (where.of_row[with_cases], at_day[with_cases]), each[with_cases])
    if at_risk is None:
        until = np.append(0, np.cumsum(observed.sum(axis=0)))
        expected = Expected(weight[:, None], (until[when.last + 1] - until[when.first]) / total)
        of_case = np.repeat(with_cases, each[with_cases])
        drawn = drawn_by_permutation(chance, where.of_row[of_case], at_day[of_case], observed.shape, simulations)
    else:
        expected = Expected(up_to_each_day(total * share), np.empty(0))
        drawn = drawn_from_population(chance, total, share, simulations)
    around = list(circles(where, weight, size, len(where)))
    observed = up_to_each_day(observed)
    found = [one for some in around for one in best_cylinders(model, some, when, observed, expected)]
    highest = [np.empty(0)]
    for batch in drawn:
        highest.append(np.zeros(batch.shape[2]))
        for some in around:
            raise_highest_of_cylinders(model, some, when, batch, expected, highest[-1])
    simulated = np.concatenate(highest)
    return [_cluster(one, where, total, simulated, days, dated) for one in without_overlap(found)]


def _clusters(
    model: Model, where: Places, happened: np.ndarray, weight: np.ndarray, population: np.ndarray, drawn: np.ndarray, size: Largest
) -> list[Cluster]:
    drawn = np.ascontiguousarray(drawn, dtype=np.min_scalar_type(-model.total - 2))
    found, highest = [], np.zeros(drawn.shape[1])
    for around in circles(where, population, size, max(1, AT_ONCE // max(1, drawn.shape[1]))):
        found += best_circles(model, around, happened, weight)
        if len(highest):
            raise_highest(model, around, drawn, weight, highest)
    return [_cluster(one, where, model.total, highest) for one in without_overlap(found)]


def _cluster(
    found: Candidate, where: Places, total: int, simulated: np.ndarray, days: np.ndarray | None = None, dated: bool = False
) -> Cluster:
    rank = np.full(len(where), -1)
    rank[found.places] = np.arange(len(found.places))
    within = rank[where.of_row] >= 0
    if found.days is not None and days is not None:
        within &= (days >= found.days[0]) & (days <= found.days[1])
    inside = np.flatnonzero(within)
    members = inside[np.argsort(rank[where.of_row[inside]], kind="stable")]
    first, last = (None, None) if found.days is None else (_as_given(one, dated) for one in found.days)
    return Cluster(
        members=tuple(members.tolist()),
        observed=found.observed,
        expected=found.expected,
        relative_risk=relative_risk(found.observed, found.expected, total),
        log_likelihood_ratio=found.ratio,
        p=p_value(found.ratio, simulated),
        first_day=first,
        last_day=last,
        centre=int(np.flatnonzero(where.of_row == found.places[0])[0]),
        radius=found.radius,
        simulated=simulated,
    )


def _as_given(day: int, dated: bool) -> dt.date | int:
    return np.datetime64(day, "D").item() if dated else day
