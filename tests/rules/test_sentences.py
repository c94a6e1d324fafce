"""Every sentence of the meeting as a person approved it, in both languages."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from rules.compare import DOWN, LEANS_UP, WITHIN, two_periods
from rules.day_words import days_words
from rules.joining import clauses, joined
from rules.language import translator
from rules.places import part_of
from rules.proposals import Evidence, propose
from rules.scan import Cluster
from rules.sentences import (
    backtest_sentence,
    both,
    campaign_sentence,
    hotspot_detail,
    hotspot_sentence,
    p_in_words,
    recurrence_sentence,
    under_patrolled_detail,
    under_patrolled_sentence,
)
from tests.approval import APPROVED, assert_approved

ZH, EN = translator("zh_CN"), translator("en")
FIRST, LAST = dt.date(2023, 2, 1), dt.date(2023, 7, 31)


def cluster(p: float, observed: int = 14, expected: float = 4.64) -> Cluster:
    return Cluster((0, 1), observed, expected, 3.2, 9.4, p, simulated=np.zeros(999))


def period(t) -> dict[str, str]:
    return {"days": days_words(FIRST, LAST, t)}


def in_both(*said) -> str:
    return "".join(f"{say(ZH)}\n{say(EN)}\n\n" for say in said)


def test_a_hot_spot_says_counts_first_and_chance_in_words():
    detail = {"total": 332, "basis": "own", "effort": 173, "due_effort": 124.5, "thin": False}
    assert_approved("hotspot", in_both(
        lambda t: hotspot_sentence(cluster(0.001), t, basis="own", **period(t)),
        lambda t: hotspot_detail(cluster(0.001), t, **detail),
        lambda t: hotspot_detail(cluster(0.002), t, **detail),
        lambda t: hotspot_detail(cluster(0.07), t, **detail | {"basis": "spread"}),
        lambda t: hotspot_detail(cluster(0.31), t, **detail | {"basis": "area", "effort": 20, "thin": True}),
    ))  # fmt: skip


def test_an_under_patrolled_place_says_how_little_was_looked():
    assert_approved("under_patrolled", in_both(
        lambda t: under_patrolled_sentence(cluster(0.011, 6, 1.84), t, basis="own", **period(t)),
        lambda t: under_patrolled_detail(cluster(0.011, 6, 1.84), t, effort=46, due_effort=121.8, found=2),
        lambda t: under_patrolled_detail(cluster(0.0004, 9, 1.84), t, effort=46, due_effort=121.8, found=0),
    ))  # fmt: skip


def test_two_periods_say_plainly_when_nothing_can_be_said():
    assert_approved("comparison", in_both(
        lambda t: two_periods(12, 11, 30, 31).sentence(t), lambda t: two_periods(68, 43, 30, 31).sentence(t),
        lambda t: two_periods(13, 5, 30, 31).sentence(t), lambda t: two_periods(0, 3, 30, 31).sentence(t), lambda t: two_periods(0, 0, 30, 31).sentence(t),
    ))  # fmt: skip


def test_recurrence_says_how_many_are_still_watched():
    said = {"closures": 133, "returned": 14, "followed_days": 724, "censored": 119}
    assert_approved("recurrence", in_both(
        lambda t: recurrence_sentence(t, median_days=None, **said), lambda t: recurrence_sentence(t, median_days=210, **said | {"returned": 90, "censored": 43}),
        lambda t: recurrence_sentence(t, closures=0, returned=0, followed_days=0, median_days=None, censored=0),
    ))  # fmt: skip


def test_a_campaign_says_what_it_was_held_against():
    said = {"name": "蓝盾9号", "before": 42, "during": 28, "after": None, "later": "during", "control_before": 26, "control_later": 19}
    ratio = {"ratio": 0.912, "low": 0.426, "high": 1.952, "verdict": WITHIN}
    assert_approved("campaign", in_both(
        lambda t: campaign_sentence(t, **said, **ratio, control="streets"),
        lambda t: campaign_sentence(t, **said | {"after": 12, "later": "after"}, **ratio | {"verdict": DOWN, "ratio": 0.4, "low": 0.2, "high": 0.8}, control="last_year"),
        lambda t: campaign_sentence(t, **said, **ratio | {"verdict": LEANS_UP, "ratio": 1.5, "high": math.inf}, control="none"),
        lambda t: campaign_sentence(t, **said, **ratio | {"ratio": math.nan}, control="streets"),
    ))  # fmt: skip


def test_a_back_test_says_both_lists_and_the_interval():
    said = {"low": 0.436, "high": 0.62, "places": 706, "top": 141}
    assert_approved("backtest", in_both(
        lambda t: backtest_sentence(t, confirmed=121, ours=64, theirs=44, p=0.0022, **said),
        lambda t: backtest_sentence(t, confirmed=121, ours=44, theirs=64, p=0.0022, **said),
        lambda t: backtest_sentence(t, confirmed=12, ours=5, theirs=4, p=1.0, **said),
        lambda t: backtest_sentence(t, confirmed=0, ours=0, theirs=0, p=1.0, **said),
    ))  # fmt: skip


def test_a_proposal_gives_its_reason_for_every_agency():
    assert_approved("proposal", in_both(
        propose(Evidence("cluster", 14, {"rental": 6, "shopfront": 3}, {"infusion": 14}, 2, must_transfer=1)).sentence,
        propose(Evidence("cluster", 15, {"beauty": 6, "hotel": 2, "rental": 1}, {"cosmetic": 8}, watch=2)).sentence,
        propose(Evidence("cluster", 8, {"construction": 4}, {"infusion": 8}, 3)).sentence,
        propose(Evidence("under_patrolled", 6, {"rental": 2}, {"internal": 6}, overdue_grids=4)).sentence,
    ))  # fmt: skip


def test_p_never_stands_alone():
    approved = [line for file in sorted(APPROVED.glob("*.txt")) for line in file.read_text("utf-8").splitlines()]
    with_p = [line for line in approved if re.search(r"[（(]p[=<]", line)]
    assert len(with_p) >= 12
    chance = ("巧合", "chance", "波动范围", "variation", "按平均水平", "average level")
    assert [line for line in with_p if not any(word in line for word in chance)] == []


def test_p_is_never_nought():
    assert p_in_words(0.0) == "<0.001"
    assert p_in_words(0.0114) == "=0.011"


def test_both_holds_the_sentence_in_both_languages():
    assert both(lambda t: t("波动范围内")) == {"zh": "波动范围内", "en": EN("波动范围内")}


@pytest.mark.parametrize(
    ("east", "north", "called"),
    [(3.4, 0.8, "东片"), (3, 3, "东北片"), (0.2, 4, "北片"), (-3, 3, "西北片"), (-4, -0.2, "西片"), (-3, -3, "西南片"), (0, -4, "南片"), (3, -3, "东南片"), (0.4, 0.4, "中片")],
)
def test_a_part_of_a_street_is_called_by_its_direction(east, north, called):
    assert part_of("荷渡", east, north, 7.0, ZH) == f"荷渡{called}"


def test_a_street_without_an_outline_has_only_a_middle():
    assert part_of("荷渡", math.nan, math.nan, 0.0, ZH) == "荷渡中片"


def test_sentences_stand_apart_only_in_latin_script():
    assert joined("甲。", "", "乙。") == "甲。乙。"
    assert joined("A.", "B.") == "A. B."
    assert clauses(["a b", "c"]) == "A b; c."
    assert clauses(["甲", "乙"]) == "甲；乙。"
    assert clauses([]) == ""


@pytest.mark.parametrize(("observed", "expected", "told"), [(23, 2.34, "2.34"), (14, 4.6, "4.6"), (7, 0.0354, "0.035")])
def test_a_reader_who_divides_finds_the_times_that_are_told(observed: int, expected: float, told: str) -> None:
    said = hotspot_sentence(replace(cluster(0.001), observed=observed, expected=expected), translator("zh_CN"), basis="own", days="2023年")
    assert f"预期约 {told} 件" in said
