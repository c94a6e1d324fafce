"""Two periods compared: R's published numbers, small counts by hand, and the plain verdict."""

from __future__ import annotations

import math

import pytest

from rules.compare import DOWN, LEANS_DOWN, LEANS_UP, UP, VERDICTS, WITHIN, two_periods
from rules.language import translator

T = translator("zh_CN")


def test_the_numbers_are_those_of_r():
    # Source: R 4, example(poisson.test): 11 in 800 against 21 in 3011
    found = two_periods(21, 11, 3011, 800)
    assert found.ratio == pytest.approx(1.971488, abs=1e-6)
    assert found.p == pytest.approx(0.07967, abs=5e-6)
    assert found.interval == pytest.approx((0.8584264, 4.2772659), abs=1e-6)
    assert found.verdict == LEANS_UP


def test_small_counts_by_hand():
    # 0 against 5 with equal exposure: 2 / 2^5; the lowest share that gives 5 of 5 in 2.5 % is 0.025^(1/5)
    found = two_periods(0, 5, 1, 1)
    assert found.p == pytest.approx(2 / 32)
    share = 0.025 ** (1 / 5)
    assert found.interval == (pytest.approx(share / (1 - share)), math.inf)
    assert (math.isinf(found.ratio), found.verdict) == (True, LEANS_UP)
    back = two_periods(5, 0, 1, 1)
    assert (back.ratio, back.p, back.verdict) == (0, pytest.approx(2 / 32), LEANS_DOWN)
    assert back.interval == (0, pytest.approx((1 - share) / share))


def test_p_counts_all_outcomes_no_likelier_not_twice_one_side():
    # 2 of 2 in a period with 1/4 of the exposure: 1/16 alone, the other side (0 of 2) has 9/16
    assert two_periods(0, 2, 3, 1).p == pytest.approx(1 / 16)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [(18, 11, WITHIN), (24, 10, DOWN), (10, 24, UP), (5, 5, WITHIN), (1, 0, WITHIN), (0, 6, UP), (6, 0, DOWN), (22, 11, LEANS_DOWN), (11, 22, LEANS_UP)],
)
def test_the_verdict_is_plain(before, after, verdict):
    found = two_periods(before, after, 1, 1)
    assert found.verdict == verdict
    assert found.verdict in VERDICTS


def test_exposure_decides():
    assert two_periods(20, 40, 100, 200).ratio == pytest.approx(1)
    assert two_periods(20, 40, 100, 200).verdict == "波动范围内"
    assert two_periods(20, 40, 100, 100).verdict == "显著上升"


def test_nothing_in_either_period_is_no_change():
    found = two_periods(0, 0, 10, 20)
    assert math.isnan(found.ratio)
    assert (found.interval, found.p, found.verdict) == ((0, math.inf), 1, WITHIN)
    assert found.sentence(T) == "前后两期均为 0 起，无从比较。"


def test_it_unpacks_into_ratio_interval_p_and_verdict():
    ratio, interval, p, verdict = two_periods(24, 10, 1, 1)
    assert (round(ratio, 4), round(p, 4), verdict) == (0.4167, 0.0243, "显著下降")
    assert interval[0] < ratio < interval[1]


def test_the_sentence_says_counts_meaning_and_range_and_no_bare_p():
    assert two_periods(18, 11, 1003, 800).sentence(T) == (
        "前期 18 起，后期 11 起，按投入折算为前期的 0.77 倍（可信范围 0.33 至 1.71 倍），属于波动范围内，不能说升了或降了。"
    )
    assert two_periods(24, 10, 1, 1).sentence(T) == "前期 24 起，后期 10 起，按投入折算为前期的 0.42 倍（可信范围 0.18 至 0.90 倍），为显著下降。"
    assert two_periods(0, 6, 1, 1).sentence(T) == "前期 0 起，后期 6 起，为显著上升。"
    assert "∞" in two_periods(3, 300, 1, 1).sentence(T) or "300" in two_periods(3, 300, 1, 1).sentence(T)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((-1, 2, 1, 1), "before"), ((1, 2.5, 1, 1), "after"), ((math.nan, 2, 1, 1), "before"),
        ((1, 2, 0, 1), "exposure_before"), ((1, 2, 1, math.inf), "exposure_after"), ((1, 2, -3, 1), "exposure_before"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        two_periods(*arguments)


def test_what_p_and_the_interval_disagree_about_is_a_leaning_only():
    found = two_periods(0, 6, 1.0, 1.3)
    # p = (1.3 / 2.3) ** 6 and the outcomes at the other end that are no likelier
    assert found.p == pytest.approx((1.3 / 2.3) ** 6 + (1 / 2.3) ** 6)
    assert found.p < 0.05
    assert found.interval[0] < 1
    assert found.verdict == "倾向上升"
