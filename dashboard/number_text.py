"""Writes numbers as people read them: thousands, 万, money, percent, days, dates.

Source: design specification 8. English never uses 万; "—" means no data, 0 a true zero.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import lru_cache

from babel.dates import format_interval, format_skeleton

from rules.language import N_, Translate, translator

NONE = "—"
WAN_FROM = 100_000
LOCALES = {"en": "en_GB"}
"""Whose customs days follow, by language: the day before its month, as in the papers."""


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
    """``7月31日``; ``31 Jul`` in English; "—" when missing."""
    return NONE if is_missing(day) else _written("MMMd", day.year, day.month, day.day, lang)


def whole_day_text(day: dt.date, lang: str = "zh_CN") -> str:
    """``2023年7月31日``; ``31 Jul 2023`` in English."""
    return _written("yMMMd", day.year, day.month, day.day, lang)


def long_day_text(day: dt.date, lang: str = "zh_CN") -> str:
    """``2023年7月31日 周一``; ``31 Jul 2023, Mon`` in English."""
    whole, weekday = (_written(skeleton, day.year, day.month, day.day, lang) for skeleton in ("yMMMd", "E"))
    return f"{whole}, {weekday}" if lang == "en" else f"{whole} {weekday}"


@lru_cache(4_096)
def _written(skeleton: str, year: int, month: int, day: int, lang: str) -> str:
    """A day under a skeleton of CLDR; finding the locale costs more than writing the day."""
    return format_skeleton(skeleton, dt.date(year, month, day), locale=LOCALES.get(lang, lang))


def period_text(start: dt.date, end: dt.date, lang: str = "zh_CN") -> str:
    """``7.1 – 7.31``, with its year where the two differ; ``1–31 Jul 2023`` in English; one day alone."""
    if start == end:
        return day_text(start, lang) if lang == "en" else f"{start.month}.{start.day}"
    if lang == "en":
        return _span("yMMMd", start, end)
    if start.year != end.year:
        return f"{start.year}.{start.month}.{start.day} – {end.year}.{end.month}.{end.day}"
    return f"{start.month}.{start.day} – {end.month}.{end.day}"


def month_text(month: dt.date, lang: str = "zh_CN") -> str:
    """``2023.7``; ``Jul 2023`` in English."""
    return _written("yMMM", month.year, month.month, 1, lang) if lang == "en" else f"{month.year}.{month.month}"


def months_text(first: dt.date, last: dt.date, lang: str = "zh_CN") -> str:
    """``2022.8 – 2023.7``, ``1 – 7`` within one year; ``Aug 2022 – Jul 2023`` in English."""
    if lang == "en":
        return _span("yMMM", first, last)
    if first.year == last.year:
        return f"{first.month} – {last.month}" if first.month != last.month else f"{first.month}"
    return f"{first.year}.{first.month} – {last.year}.{last.month}"


def _span(skeleton: str, start: dt.date, end: dt.date) -> str:
    """Two days under a skeleton of CLDR, in English, with plain spaces about the dash."""
    return format_interval(start, end, skeleton, locale=LOCALES["en"]).replace("\u2009", " ")


def listed(names: list[str], lang: str = "zh_CN") -> str:
    """``东街道、西镇``; a comma in English."""
    return (", " if lang == "en" else "、").join(names)


def _half_up(value: float, digits: int) -> float:
    """Round as people do by hand: 79.25 to 79.3 (binary noise of the ratio taken off first)."""
    scale = 10**digits
    return math.floor(round(value * scale, 6) + 0.5) / scale
