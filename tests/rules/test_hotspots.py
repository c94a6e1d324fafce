"""Classes, sentences and 疑似漏查 on a small map whose numbers can be checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from libpysal.weights import lat2W

from rules.hotspots import (
    CLASSES,
    area_significance,
    cluster_class,
    cluster_sentence,
    effort_is_thin,
    significance,
    simulation_histogram,
    under_patrolled,
)
from rules.language import translator
from rules.scan import Cluster, scan_poisson

T = translator("zh_CN")
LINE = [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]]


def cluster(p: float, simulations: int = 999, observed: int = 14, expected: float = 4.56) -> Cluster:
    return Cluster((0,), observed, expected, 3.4, 7.5, p, simulated=np.linspace(1, 9, simulations))


def test_a_class_follows_sign_and_p():
    found = significance([3, 2, 1.7, 1.7, -3, -1.7, math.nan], [0.009, 0.04, 0.05, 0.10, 0.009, 0.09, 1])
    assert found.tolist() == ["h99", "h95", "h90", "ns", "c95", "ns", "ns"]
    assert [cluster_class(p) for p in (0.001, 0.01, 0.049, 0.05, 0.1)] == ["h99", "h95", "h95", "h90", "ns"]
    assert set(found) <= set(CLASSES)


def test_a_corner_with_many_events_per_resident_is_hot_and_stands():
    events, residents = np.ones(64), np.full(64, 500.0)
    corner = np.zeros((8, 8), dtype=bool)
    corner[:3, :3] = True
    events[corner.ravel()] = 9
    found = area_significance(events, residents, lat2W(8, 8))
    assert found.loc[9, ["code", "stands"]].tolist() == ["h99", True]
    assert (found.loc[~corner.ravel(), "code"] != "h99").all()
    assert found["expected"].tolist() == pytest.approx([events.sum() / 64] * 64)


def test_maps_of_few_events_show_a_hot_spot_no_oftener_than_stated():
    rng, weights = np.random.default_rng(5), lat2W(16, 16)
    residents = rng.uniform(200, 3000, 256)
    maps = [area_significance(rng.multinomial(120, residents / residents.sum()), residents, weights) for _ in range(60)]
    # By Gi*'s normal distribution alone 15 of them had an area that stands; at most 10 % may.
    assert sum(one["stands"].any() for one in maps) <= 6


def test_many_events_among_many_residents_are_no_hot_spot():
    residents = np.full(64, 500.0)
    residents[:9] = 9000
    assert (area_significance(residents / 100, residents, lat2W(8, 8))["code"] == "ns").all()


def test_a_map_without_events_or_residents_has_no_hot_spot():
    for events, residents in ((np.zeros(6), np.full(6, 10.0)), (np.zeros(6), np.zeros(6))):
        found = area_significance(events, residents, LINE)
        assert (found["code"] == "ns").all()
        assert not found["stands"].any()


def test_where_people_report_and_nobody_looks_is_likely_under_patrolled():
    # areas 0 and 1 hold a third of the people, 18 of 24 signals (8 expected) and 10 of 600 visits
    found = under_patrolled([9, 9, 0, 2, 2, 2], [0, 0, 1, 2, 3, 3], [5, 5, 150, 140, 150, 150], [100] * 6, LINE)
    assert found["missed"].tolist() == [True, False, False, False, False, False]
    first = found.iloc[0]
    assert first[["signals", "expected_signals", "effort", "due_effort", "findings", "expected_findings"]].tolist() == [18, 8, 10, 200, 0, 3]
    assert first["p"] == pytest.approx(1 - sum(math.exp(-8) * 8**k / math.factorial(k) for k in range(18)))
    assert found["thin"].tolist() == [True, False, False, False, False, False]  # 0 to 2: 160 of 300, more than half


@pytest.mark.parametrize(
    ("signals", "findings", "effort"),
    [
        ([3, 3, 3, 3, 3, 3], [0, 0, 1, 2, 3, 3], [5, 5, 150, 140, 150, 150]),  # nobody reports more
        ([9, 9, 0, 2, 2, 2], [5, 5, 1, 0, 0, 0], [5, 5, 150, 140, 150, 150]),  # found all the same
        ([9, 9, 0, 2, 2, 2], [0, 0, 1, 2, 3, 3], [100] * 6),  # looked as elsewhere
        ([0] * 6, [0] * 6, [0] * 6),
    ],
)
def test_one_reason_missing_and_nothing_is_under_patrolled(signals, findings, effort):
    assert not under_patrolled(signals, findings, effort, [100] * 6, LINE)["missed"].any()


def test_nobody_there_nobody_missed():
    assert not under_patrolled([9, 9, 0, 2, 2, 2], [0] * 6, [5, 5, 150, 140, 150, 150], [0] * 6, LINE)["missed"].any()
    with pytest.raises(ValueError, match="effort"):
        under_patrolled([1] * 6, [1] * 6, [1, 2, math.nan, 1, 1, 1], [100] * 6, LINE)


def test_half_of_the_effort_due_is_thin():
    assert effort_is_thin(50, 100, 600, 600)
    assert not effort_is_thin(51, 100, 600, 600)
    assert not effort_is_thin(0, 0, 600, 600)
    assert not effort_is_thin(0, 0, 0, 0)


def test_a_sentence_gives_counts_and_simulations_before_p():
    assert cluster_sentence(cluster(0.002), T) == "发生 14 起，按平均水平应为 4.6 起；999 次随机模拟中只有 1 次出现同样强的聚集（p=0.002）。"
    assert cluster_sentence(cluster(0.001), T) == "发生 14 起，按平均水平应为 4.6 起；999 次随机模拟中没有一次出现同样强的聚集（p=0.001）。"
    assert "999 次随机模拟中有 311 次出现同样强的聚集，属于波动范围内" in cluster_sentence(cluster(0.312), T)
    assert cluster_sentence(cluster(0.002), T, thin=True).endswith("此处巡查投入偏少，实际情况可能更多。")


def test_the_sentence_of_a_scan_counts_its_own_simulations():
    found = scan_poisson([0, 9, 19, 29], [0] * 4, [12, 1, 1, 1], [10] * 4, simulations=99)[0]
    higher = int((found.simulated >= found.log_likelihood_ratio).sum())
    assert higher == 0
    assert "99 次随机模拟中没有一次" in cluster_sentence(found, T)


def test_the_histogram_holds_every_simulation_and_the_cluster():
    edges, counts, own = simulation_histogram(cluster(0.01, 99), bars=10)
    assert (len(edges), len(counts), counts.sum(), own) == (11, 10, 99, 7.5)
    assert edges[0] == 0
    assert edges[-1] == 9
