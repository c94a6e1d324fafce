"""Says days as people write them: 2023年7月31日, 31 July 2023."""

from __future__ import annotations

import datetime as dt

from rules.language import N_, Translate

MONTHS = (
    N_("1月"), N_("2月"), N_("3月"), N_("4月"), N_("5月"), N_("6月"), N_("7月"), N_("8月"), N_("9月"), N_("10月"), N_("11月"), N_("12月"),
)  # fmt: skip


def day_words(day: dt.date, t: Translate) -> str:
    """The whole day."""
    return t("{year}年{month}{day}日", year=day.year, month=t(MONTHS[day.month - 1]), day=day.day)


def short_day_words(day: dt.date, t: Translate) -> str:
    """The day without its year."""
    return t("{month}{day}日", month=t(MONTHS[day.month - 1]), day=day.day)


def days_words(first: dt.date, last: dt.date, t: Translate) -> str:
    """From the first to the last; the year is said once where it is the same, one day alone where both are."""
    if first == last:
        return day_words(first, t)
    if first.year != last.year:
        return t("{start}至{end}", start=day_words(first, t), end=day_words(last, t))
    names = {"year": first.year, "month": t(MONTHS[first.month - 1]), "day": first.day, "month2": t(MONTHS[last.month - 1]), "day2": last.day}
    return t("{year}年{month}{day}日至{month2}{day2}日", **names)


def months_words(first: dt.date, last: dt.date, t: Translate) -> str:
    """A period for a title: 2023年7月, 2023年1月至3月 where it is whole months of a year, else ``days_words``."""
    whole = first.day == 1 and (last + dt.timedelta(days=1)).day == 1 and first.year == last.year
    if not whole:
        return days_words(first, last, t)
    if first.month == last.month:
        return t("{year}年{month}", year=first.year, month=t(MONTHS[first.month - 1]))
    return t("{year}年{month}至{month2}", year=first.year, month=t(MONTHS[first.month - 1]), month2=t(MONTHS[last.month - 1]))
