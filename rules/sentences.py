"""What the statistics of a meeting say in plain words: counts first, chance in words, p only in brackets."""

from __future__ import annotations

import math
from collections.abc import Callable

from rules.compare import WITHIN
from rules.hotspots import cluster_class
from rules.joining import joined
from rules.language import N_, Translate, translator
from rules.scan import Cluster

AGAINST = {"own": N_("人口"), "spread": N_("人口（分摊）"), "area": N_("面积"), "equal": N_("区域个数")}
"""What events are held against, by the basis of the exposure."""


def both(say: Callable[[Translate], str]) -> dict[str, str]:
    """A sentence in both languages: ``{"zh": ..., "en": ...}``, as facts keep it."""
    return {"zh": say(translator("zh_CN")), "en": say(translator("en"))}


def hotspot_sentence(cluster: Cluster, t: Translate, *, days: str, basis: str) -> str:
    """How many there were, how many would be usual, how many times as many.

    Args:
        days: the period, as it is to be read.
        basis: key of ``AGAINST``.
    """
    numbers = {"observed": cluster.observed, "expected": _agreeing(cluster.observed, cluster.expected), "times": _one(cluster.observed / cluster.expected)}
    return t("{days}发生 {observed} 件，按{basis}预期约 {expected} 件，是预期的 {times} 倍。", days=days, basis=t(AGAINST[basis]), **numbers)


def hotspot_detail(cluster: Cluster, t: Translate, *, total: int, basis: str, effort: int, due_effort: float, thin: bool) -> str:
    """How the chance was found and how much was looked there.

    Args:
        total: events of the whole map.
        effort, due_effort: 户次 there, and what falls to it by its exposure.
        thin: whether effort is thin.
    """
    simulations = len(cluster.simulated)
    higher = round(cluster.p * (simulations + 1)) - 1
    values = {"total": total, "basis": t(AGAINST[basis]), "simulations": simulations, "higher": higher, "p": p_in_words(cluster.p)}
    if cluster_class(cluster.p) == "ns":
        said = t("把全部 {total} 件按{basis}随机分布 {simulations} 次，有 {higher} 次出现同样强或更强的聚集（p{p}），属于波动范围内。", **values)
    elif higher == 0:
        said = t("把全部 {total} 件按{basis}随机分布 {simulations} 次，没有一次出现同样强或更强的聚集（p{p}），难以用巧合解释。", **values)
    elif cluster.p >= 0.05:
        said = t("把全部 {total} 件按{basis}随机分布 {simulations} 次，有 {higher} 次出现同样强或更强的聚集（p{p}），有偏多的倾向，还不能排除巧合。", **values)
    else:
        said = t("把全部 {total} 件按{basis}随机分布 {simulations} 次，只有 {higher} 次出现同样强或更强的聚集（p{p}），难以用巧合解释。", **values)
    return joined(said, effort_sentence(t, effort=effort, due_effort=due_effort, thin=thin))


def effort_sentence(t: Translate, *, effort: int, due_effort: float, thin: bool) -> str:
    """How much was looked there, with a warning where that was little."""
    said = t("同期巡查 {effort} 户次，按平均水平应为 {due} 户次。", effort=effort, due=round(due_effort))
    return joined(said, t("此处巡查投入偏少，实际情况可能更多。")) if thin else said


def under_patrolled_sentence(cluster: Cluster, t: Translate, *, days: str, basis: str) -> str:
    """People report more than usual where little is looked.

    Args:
        cluster: the signals of the place against their share.
    """
    return t(
        "{days}收到线索 {observed} 件，按{basis}预期约 {expected} 件，但巡查投入偏少：疑似漏查。",
        days=days, basis=t(AGAINST[basis]), observed=cluster.observed, expected=_one(cluster.expected),
    )  # fmt: skip


def under_patrolled_detail(cluster: Cluster, t: Translate, *, effort: int, due_effort: float, found: int) -> str:
    """The numbers behind 疑似漏查: chance, effort, findings."""
    likely = round(cluster.p * 100)
    chance = t("线索这样多，单看这一片，按平均水平 100 次里约有 {n} 次（p{p}）；全区片多，单凭这一点不能下结论。", n=likely, p=p_in_words(cluster.p)) if likely else t(
        "线索这样多，单看这一片，按平均水平 100 次里不到 1 次（p{p}）。", p=p_in_words(cluster.p)
    )
    looked = t(
        "同期巡查 {effort} 户次，按平均水平应为 {due} 户次，巡查有发现 {found} 户次；应先补巡，再下结论。",
        effort=effort, due=round(due_effort), found=found,
    )  # fmt: skip
    return joined(chance, looked)


def recurrence_sentence(t: Translate, *, closures: int, returned: int, followed_days: int, median_days: int | None, censored: int) -> str:
    """How soon closed sites showed signs of life, and how many are still being watched."""
    if not closures:
        return t("这段时间没有取缔记录，无从计算复现。")
    said = t(
        "取缔 {closures} 户次，其中 {returned} 户次之后又有动静，{censored} 户次到今天为止没有（最长已观察 {days} 天，以后仍可能出现）。",
        closures=closures, returned=returned, censored=censored, days=followed_days,
    )  # fmt: skip
    if median_days is None:
        return joined(said, t("到今天为止复现的不到一半，算不出中位时间。"))
    return joined(said, t("一半在 {days} 天内又有动静。", days=median_days))


def campaign_sentence(
    t: Translate, *, name: str, before: int, during: int, after: int | None, later: str, control_before: int, control_later: int,
    ratio: float, low: float, high: float, verdict: str, control: str,
) -> str:  # fmt: skip
    """What a campaign changed, against what was left alone.

    Args:
        later: ``after`` or ``during``: which period was held against the one before.
        control_before, control_later: events of those periods in the control.
        ratio, low, high: change in the campaign's area over change in the control.
        verdict: one of ``rules.compare.VERDICTS``.
        control: ``streets``, ``last_year`` or ``none``.
    """
    if after is None:
        counts = t("{name}：行动前 {before} 件，行动中 {during} 件。", name=name, before=before, during=during)
    else:
        counts = t("{name}：行动前 {before} 件，行动中 {during} 件，行动后 {after} 件。", name=name, before=before, during=during, after=after)
    held = {
        "streets": N_("行动以外的街镇同期由 {was} 件变为 {now} 件。"),
        "last_year": N_("没有未参加行动的街镇可比（无对照），上年同期由 {was} 件变为 {now} 件。"),
        "none": N_("没有未参加行动的街镇，上年同期也无记录（无对照），只能看前后。"),
    }[control]
    said = joined(counts, t(held, was=control_before, now=control_later))
    if not math.isfinite(ratio):
        return joined(said, t("件数太少，无从比较。"))
    period = t("行动后") if later == "after" else t("行动中")
    values = {"period": period, "ratio": _two(ratio), "low": _two(low), "high": _two(high), "verdict": t(verdict)}
    if control == "none":
        compared = t("{period}为行动前的 {ratio} 倍（可信范围 {low} 至 {high} 倍）", **values)
    else:
        compared = t("扣除同期变化，{period}为行动前的 {ratio} 倍（可信范围 {low} 至 {high} 倍）", **values)
    if verdict == WITHIN:
        return joined(said, t("{compared}，属于{verdict}，不能说行动使它升了或降了。", compared=compared, **values))
    return joined(said, t("{compared}，为{verdict}。", compared=compared, **values))


def backtest_sentence(
    t: Translate, *, confirmed: int, ours: int, theirs: int, low: float, high: float, places: int, top: int, p: float
) -> str:
    """How many of what was confirmed later lay at the top of our list, and of the historic one.

    Args:
        low, high: interval of our share, 0..1.
        places, top: areas of the last list, and those at its top.
        p: of the difference.
    """
    if not confirmed:
        return t("所选时段没有查实的点位，无从回测。")
    said = t(
        "名单共 {places} 处，取前 {top} 处；之后查实的 {confirmed} 个点位中，按本系统次序有 {ours} 个在内（{share}%，可信范围 {low}% 至 {high}%），按历史名单次序有 {theirs} 个（{other}%）。",
        places=places, top=top, confirmed=confirmed, ours=ours, theirs=theirs, share=round(100 * ours / confirmed),
        other=round(100 * theirs / confirmed), low=round(100 * low), high=round(100 * high),
    )  # fmt: skip
    if p >= 0.05 or ours == theirs:
        return joined(said, t("两者之差属于波动范围内（p{p}）。", p=p_in_words(p)))
    better = N_("本系统次序更准，难以用巧合解释（p{p}）。") if ours > theirs else N_("历史名单次序更准，难以用巧合解释（p{p}）。")
    return joined(said, t(better, p=p_in_words(p)))


def p_in_words(p: float) -> str:
    """p to three places with its sign, never 0: ``=0.012`` or ``<0.001``."""
    return f"={p:.3f}" if p >= 0.001 else "<0.001"


def _agreeing(observed: int, expected: float) -> str:
    """What was expected with as few decimals as let a reader divide and find the times that stand beside it."""
    times = _one(observed / expected)
    return next((shown for digits in (1, 2, 3) if float(shown := f"{expected:.{digits}f}") and _one(observed / float(shown)) == times), f"{expected:.3f}")


def _one(number: float) -> str:
    return f"{number:.1f}" if math.isfinite(number) else "∞"


def _two(number: float) -> str:
    return f"{number:.2f}" if math.isfinite(number) else "∞"
