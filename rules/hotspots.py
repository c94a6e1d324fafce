"""What a hot spot is called, what it says in plain words, and where little was found because little was looked."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import binom, poisson

from rules.language import N_, Translate
from rules.local_statistics import false_discovery_rate, getis_ord
from rules.neighbours import Neighbours, binary, neighbour_matrix
from rules.scan import Cluster
from rules.smoothing import empirical_bayes, local_empirical_bayes

CLASSES = {
    "h99": N_("极显著偏多"), "h95": N_("显著偏多"), "h90": N_("倾向偏多"),
    "ns": N_("不显著"), "c95": N_("显著偏少"), "missed": N_("疑似漏查"),
}  # fmt: skip
"""Classes of an area by code: far above expected to below, and likely under-patrolled, a class of its own."""

LIMITS = (("h99", 0.01), ("h95", 0.05), ("h90", 0.10))
"""Below these p an area or cluster with more than expected has the class."""

FALSE_SHARE = 0.10
"""Of the areas that stand, at most this share may be false alarms (Benjamini & Hochberg)."""

THIN_EFFORT = 0.5
"""Effort is thin at up to this share of what falls to the place by its exposure. This system's own choice."""

SIGNAL_ALPHA = 0.10
"""Signals are more than chance below this one-sided p. This system's own choice."""

BARS = 24
"""Bars of the histogram of simulations."""


def area_significance(events: ArrayLike, exposure: ArrayLike, neighbours: Neighbours) -> pd.DataFrame:
    """How each area stands with its neighbours, by events per exposure.

    Gi* is taken of the globally smoothed rates: small exposures make no hot spots, and what is
    smoothed with the neighbours is not compared with them again. Counts of a few events an area are
    too skewed for the normal distribution, by which every fifth map without any hot spot would show
    one: an area stands only where the count of the area with its neighbours, binomial given the
    total, is as unlikely. p is the larger of both.

    Args:
        events: one an area, matters as DESIGN 12 defines them.
        exposure: residents, workers, or 户次 for findings; an area with 0 must have no events.
        neighbours: what ``rules.neighbours.neighbour_matrix`` takes.

    Returns:
        events, exposure, expected (events at the overall rate), rate (smoothed with the
        surroundings, for the map), z (Gi*), p (two-sided, of both), stands (held against false discoveries),
        code (of ``CLASSES``); one row an area, in their order.

    Raises:
        ValueError: a missing or impossible value, or other areas in ``neighbours``.
    """
    E, n = np.ravel(np.asarray(events, dtype="float64")), np.ravel(np.asarray(exposure, dtype="float64"))
    smoothed = empirical_bayes(E, n)
    rate = local_empirical_bayes(E, n, neighbours)
    z, p = getis_ord(smoothed, neighbours) if n.sum() > 0 else (np.full(len(E), np.nan), np.ones(len(E)))
    expected = E.sum() * n / n.sum() if n.sum() > 0 else np.full(len(E), np.nan)
    p = np.maximum(p, _exact_p(E, expected, z, neighbours))
    return pd.DataFrame({
        "events": E, "exposure": n, "expected": expected, "rate": rate, "z": z, "p": p,
        "stands": false_discovery_rate(p, FALSE_SHARE), "code": significance(z, p),
    })  # fmt: skip


def _exact_p(events: np.ndarray, expected: np.ndarray, z: np.ndarray, neighbours: Neighbours) -> np.ndarray:
    """Two-sided binomial p of what happened in each area with its neighbours, on the side that z tells; 1 without events."""
    total = events.sum()
    if not total > 0:
        return np.ones(len(events))
    around = binary(neighbour_matrix(neighbours, len(events)), with_self=True)
    inside, share = np.rint(around @ events), np.clip(around @ expected / total, 0.0, 1.0)
    return np.minimum(1.0, 2 * np.where(z < 0, binom.cdf(inside, total, share), binom.sf(inside - 1, total, share)))


def significance(z: ArrayLike, p: ArrayLike) -> np.ndarray:
    """The code of each area: h99, h95, h90 (more than expected, p below 0.01, 0.05, 0.10), c95 (fewer, below 0.05), else ns."""
    score, chance = np.asarray(z, dtype="float64"), np.asarray(p, dtype="float64")
    more, fewer = score > 0, score < 0
    return np.select([*(more & (chance < limit) for _, limit in LIMITS), fewer & (chance < 0.05)], [*(code for code, _ in LIMITS), "c95"], default="ns")


def cluster_class(p: float) -> str:
    """The code of a cluster of high rates: h99, h95, h90 or ns."""
    return next((code for code, limit in LIMITS if p < limit), "ns")


def under_patrolled(signals: ArrayLike, findings: ArrayLike, effort: ArrayLike, exposure: ArrayLike, neighbours: Neighbours) -> pd.DataFrame:
    """疑似漏查: people report more than chance brings about, yet little is looked and little found.

    Asked of every area together with its neighbours, whose exposure gives their share of all:

    1. signals are above their share, one-sided Poisson p < 0.10;
    2. effort is at most half of its share;
    3. findings are at most their share.

    Args:
        signals: what comes in without looking (complaints, tips), one an area.
        findings: what patrols found.
        effort: 户次.
        exposure: residents and workers; an area with 0 is never 疑似漏查.
        neighbours: what ``rules.neighbours.neighbour_matrix`` takes.

    Returns:
        signals, expected_signals, p (of the signals), effort, due_effort, findings, expected_findings
        (all of the area with its neighbours), thin (effort at most half of what is due), missed; one
        row an area. Nothing is missed where there is no exposure, effort or signal at all.

    Raises:
        ValueError: a missing or negative value, or lengths that differ.
    """
    given = {"exposure": exposure, "signals": signals, "effort": effort, "findings": findings}
    values = {name: np.ravel(np.asarray(value, dtype="float64")) for name, value in given.items()}
    areas = len(values["exposure"])
    for name, column in values.items():
        if len(column) != areas or not np.isfinite(column).all() or (column < 0).any():
            raise ValueError(f"{name}: expected {areas} numbers from 0, found {len(column)} of which {int((~(column >= 0)).sum())} are missing or negative")
    around = binary(neighbour_matrix(neighbours, areas), with_self=True)
    total = values["exposure"].sum()
    share = around @ values["exposure"] / total if total > 0 else np.zeros(areas)
    inside = {name: around @ values[name] for name in ("signals", "effort", "findings")}
    due = {name: share * values[name].sum() for name in inside}
    p = np.where(inside["signals"] > 0, poisson.sf(inside["signals"] - 1, due["signals"]), 1.0)
    thin = (share > 0) & (due["effort"] > 0) & (inside["effort"] <= THIN_EFFORT * due["effort"])
    missed = thin & (values["exposure"] > 0) & (p < SIGNAL_ALPHA) & (inside["findings"] <= due["findings"])
    return pd.DataFrame({
        "signals": inside["signals"], "expected_signals": due["signals"], "p": p, "effort": inside["effort"], "due_effort": due["effort"],
        "findings": inside["findings"], "expected_findings": due["findings"], "thin": thin, "missed": missed,
    })  # fmt: skip


def effort_is_thin(effort: float, exposure: float, all_effort: float, all_exposure: float) -> bool:
    """Whether a place had at most half of the effort that falls to it by its exposure; never without any exposure."""
    return all_exposure > 0 and exposure > 0 and effort <= THIN_EFFORT * all_effort * exposure / all_exposure


def cluster_sentence(cluster: Cluster, t: Translate, thin: bool = False) -> str:
    """What a cluster says: counts and simulations first, p in brackets, a warning where effort is thin.

    Args:
        cluster: from a scan with at least one simulation.
        t: translator.
        thin: whether effort there is thin.
    """
    simulations = len(cluster.simulated)
    higher = round(cluster.p * (simulations + 1)) - 1
    numbers = {"observed": cluster.observed, "expected": _short(cluster.expected), "simulations": simulations, "higher": higher, "p": _p(cluster.p)}
    if cluster_class(cluster.p) == "ns":
        chance = t("{simulations} 次随机模拟中有 {higher} 次出现同样强的聚集，属于波动范围内（p={p}）。", **numbers)
    elif higher == 0:
        chance = t("{simulations} 次随机模拟中没有一次出现同样强的聚集（p={p}）。", **numbers)
    else:
        chance = t("{simulations} 次随机模拟中只有 {higher} 次出现同样强的聚集（p={p}）。", **numbers)
    said = t("发生 {observed} 起，按平均水平应为 {expected} 起；{chance}", chance=chance, **numbers)
    return said + t("此处巡查投入偏少，实际情况可能更多。") if thin else said


def simulation_histogram(cluster: Cluster, bars: int = BARS) -> tuple[np.ndarray, np.ndarray, float]:
    """The highest ratio of each simulation as bars, beside the cluster's own.

    Returns:
        Edges (bars + 1, from 0, wide enough for all and the own), counts (bars), the cluster's ratio.
    """
    highest = max(cluster.log_likelihood_ratio, float(cluster.simulated.max(initial=0.0)), 1e-9)
    counts, edges = np.histogram(cluster.simulated, bins=bars, range=(0.0, highest))
    return edges, counts, cluster.log_likelihood_ratio


def _short(number: float) -> str:
    return f"{number:.1f}" if math.isfinite(number) else "∞"


def _p(p: float) -> str:
    return f"{p:.3f}" if p >= 0.001 else "<0.001"
