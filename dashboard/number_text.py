"""Writes numbers as people read them: thousands, 万, money, percent, days, dates.

Source: design specification 8. English never uses 万; "—" means no data, 0 a true zero.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import lru_cache

from babel.dates import format_skeleton

from rules.language import N_, Translate, translator

NONE = "—"
WAN_FROM = 100_000


def is_missing(value: object) -> bool:
    """Whether a value is no data: None, NaN, NaT or pandas' NA."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:
        return True


def count(value: float | None, lang: str = "zh_CN") -> str:
    """``3,175``; from 100,000 on ``12.6 万`` in Chinese; "—" when missing."""
    if is_missing(value):
        return NONE
    if lang != "en" and abs(value) >= WAN_FROM:
        return translator(lang)(N_("{n} 万"), n=f"{value / 10_000:,.1f}".removesuffix(".0"))
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def money(value: float | None, lang: str = "zh_CN") -> tuple[str, str]:
    """(number, Chinese unit) of an amount in yuan: 530 元, 31 万元; 310,000 元 (CNY) in English."""
    unit = N_("元")
    if is_missing(value):
        return NONE, unit
    if lang != "en" and abs(value) >= 10_000:
        return f"{value / 10_000:,.2f}".rstrip("0").rstrip("."), N_("万元")
    return f"{value:,.2f}".removesuffix(".00"), unit


def percent(ratio: float | None) -> str:
    """``91.1`` for 0.911, one decimal, without its sign; "—" when missing."""
    return NONE if is_missing(ratio) else f"{_half_up(ratio * 100, 1):.1f}"


def days_left(days: int | None, t: Translate) -> str:
    """剩 3 天, 今天到期, 逾期 25 天; "—" when missing."""
    if is_missing(days):
        return NONE
    if days > 0:
        return t("剩 {n} 天", n=int(days))
    return t("今天到期") if days == 0 else t("逾期 {n} 天", n=int(-days))


def day_text(day: dt.date | None, lang: str = "zh_CN") -> str:
    """``7月31日``; ``Jul 31`` in English; "—" when missing."""
    return NONE if is_missing(day) else _written("MMMd", day.year, day.month, day.day, lang)


def long_day_text(day: dt.date, lang: str = "zh_CN") -> str:
    """``2023年7月31日 周一``; ``Jul 31, 2023, Mon`` in English."""
    whole, weekday = (_written(skeleton, day.year, day.month, day.day, lang) for skeleton in ("yMMMd", "E"))
    return f"{whole} {weekday}"


@lru_cache(4_096)
def _written(skeleton: str, year: int, month: int, day: int, lang: str) -> str:
    """A day under a skeleton of CLDR; finding the locale costs more than writing the day."""
    return format_skeleton(skeleton, dt.date(year, month, day), locale=lang)


def period_text(start: dt.date, end: dt.date) -> str:
    """``7.1 – 7.31``; with its year where the two differ; one day alone."""
    if start == end:
        return f"{start.month}.{start.day}"
    if start.year != end.year:
        return f"{start.year}.{start.month}.{start.day} – {end.year}.{end.month}.{end.day}"
    return f"{start.month}.{start.day} – {end.month}.{end.day}"


def listed(names: list[str], lang: str = "zh_CN") -> str:
    """``东街道、西镇``; a comma in English."""
    return (", " if lang == "en" else "、").join(names)


def _half_up(value: float, digits: int) -> float:
    """Round as people do by hand: 79.25 to 79.3 (binary noise of the ratio taken off first)."""
    scale = 10**digits
    return math.floor(round(value * scale, 6) + 0.5) / scale
