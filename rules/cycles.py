"""How often each kind of place or person must be seen, with the clause that says so."""

from __future__ import annotations

from dataclasses import dataclass

from rules.language import N_


@dataclass(frozen=True, slots=True)
class Cycle:
    """One obligation to come back.

    Attributes:
        code: what the frames carry.
        name: who or what is to be seen, a Chinese source string.
        days: calendar days between two visits; None takes the grid cycle of the request.
        monthly: due on the same day of the next month, clipped to its end (``days`` is unused).
        source: the clause it comes from, or what the clause leaves open.
        ours: whether the number is this system's default because the source gives none.
    """

    code: str
    name: str
    days: int | None
    monthly: bool
    source: str
    ours: bool


CYCLES: dict[str, Cycle] = {
    cycle.code: cycle
    for cycle in (
        Cycle("grid", N_("网格"), None, False, N_("本系统默认 30 天，可在设置中调整"), True),
        Cycle("site_closed", N_("已取缔或自行歇业的点位"), None, True, N_("S3 附件3 二.4：每月巡查一次"), False),
        Cycle("site_high", N_("高风险点位"), 14, False, N_("S1：增加巡查频次，未写明次数；本系统默认 14 天"), True),
        Cycle("site", N_("其他点位"), None, False, N_("来源未写明周期；本系统按网格周期"), True),
        Cycle("construction", N_("在建工地"), 7, False, N_("来源未写明周期；本系统默认 7 天"), True),
        Cycle("subject_high", N_("高风险人员"), 14, False, N_("S1：增加巡查频次，未写明次数；本系统默认 14 天"), True),
        Cycle("subject", N_("名单内仍在活动人员"), None, False, N_("来源未写明周期；本系统按网格周期"), True),
    )
}  # fmt: skip

FEW_DAYS = 5
"""临期 never begins earlier than this many days before the due day (DESIGN 12)."""

COVERAGE_TARGET = 0.90
"""At least this share keeps a street neutral (DESIGN 12; a setting)."""

COVERAGE_ALARM = 0.85
"""Below this share a street is red, between the two it is yellow (DESIGN 12; a setting)."""

CASE_LIMIT_DAYS = 90
"""Calendar days from filing to decision. Source: 行政处罚法 第六十条."""


def warning_days(cycle_days: int) -> int:
    """Days before the due day on which 临期 begins: ``max(1, min(5, c // 5))`` (DESIGN 12)."""
    return max(1, min(FEW_DAYS, cycle_days // 5))
