"""Reads days and instants in the forms of the field: 2023.7.3, 2023年7月3日, 20230703, spreadsheet serials, ..."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from data_access.importing.numbers import chinese_number
from data_access.importing.problems import CellFault
from rules.language import N_

CHINA = dt.timezone(dt.timedelta(hours=8))
"""Beijing time: the only one in which files write."""

FIRST, LAST = dt.date(1949, 10, 1), dt.date(2100, 12, 31)
_SERIAL_ORIGIN = dt.date(1899, 12, 30)
_MEND = N_("请写作 2023-07-03")
_YMD = re.compile(r"(\d{4})\s*[-/.年_\\]\s*(\d{1,2})\s*[-/.月_\\]\s*(\d{1,2})(?:\s*[日号])?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DMY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SHORT_YEAR = re.compile(r"\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?")
_NO_YEAR = re.compile(r"(\d{1,2}\s*月\s*\d{1,2}\s*[日号]?|\d{1,2}[-/.]\d{1,2})")
_NO_DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_CHINESE = re.compile(r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?")
_TIME = re.compile(
    r"(?P<part>凌晨|早上|上午|中午|下午|晚上|晚)?\s*(?P<hour>\d{1,2})\s*[:：时点]\s*(?P<minute>\d{1,2})?\s*(?:[:：分]\s*(?P<second>\d{1,2})?(?:\.\d+)?\s*秒?)?\s*(?P<half>[AaPp][Mm])?"
)
_ZONE = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_WEEKDAY = re.compile(r"[\s(]*(星期|周)[一二三四五六日天]\)?")


def day_of(text: str) -> dt.date:
    """The calendar day that a text names; a time of day behind it is left out.

    Args:
        text: half-width text, not empty.

    Raises:
        CellFault: no day, no such day, more than one reading, or far from our time.
    """
    return _split(text)[0]


def instant_of(text: str) -> dt.datetime | dt.time:
    """An aware instant in Beijing time where the text has a day, else the time of day alone.

    Raises:
        CellFault: as ``day_of``, or no such time.
    """
    plain = text.strip()
    if re.fullmatch(r"0?\.\d+", plain):
        return (dt.datetime.min + dt.timedelta(seconds=round(float(plain) * 86_400))).time()
    if _TIME.fullmatch(plain):
        return _time(plain)
    if _SERIAL.fullmatch(plain):
        seconds = round(float(plain) % 1 * 86_400)
        return dt.datetime.combine(day_of(plain), dt.time(), CHINA) + dt.timedelta(seconds=seconds)
    zone = CHINA
    if (found := _ZONE.search(plain)) and "T" in plain:
        zone = dt.datetime.fromisoformat(f"2000-01-01T00:00:00{found[1].replace('Z', '+00:00')}").tzinfo
        plain = plain[: found.start()]
    day, rest = _split(plain)
    return dt.datetime.combine(day, _time(rest) if rest else dt.time(), zone)


def _split(text: str) -> tuple[dt.date, str]:
    """The day at the beginning of a text, and the time of day behind it ('' where there is none)."""
    plain = _WEEKDAY.sub(" ", text).strip()
    if _SERIAL.fullmatch(plain):
        return _checked_serial(plain, text), ""
    for pattern, read in ((_YMD, _numbers), (_COMPACT, _numbers), (_CHINESE, _chinese_numbers), (_DMY, _month_first)):
        found = pattern.match(plain)
        if found and _ends(plain, found.end()):
            return _checked(*read(found, text), text), _rest(plain[found.end() :], text)
    if _SHORT_YEAR.fullmatch(plain):
        raise CellFault(N_("“{found}”的年份只有两位"), _MEND, found=text)
    if _NO_YEAR.fullmatch(plain):
        raise CellFault(N_("“{found}”没有年份"), _MEND, found=text)
    if _NO_DAY.fullmatch(plain):
        raise CellFault(N_("“{found}”没有日"), _MEND, found=text)
    raise CellFault(N_("“{found}”不是日期"), _MEND, found=text)


def _ends(text: str, end: int) -> bool:
    """Whether a match ends where the number ends: 2023-7-101 is no day with a 1 behind it."""
    return end == len(text) or not text[end].isdigit()


def _rest(rest: str, text: str) -> str:
    rest = _ZONE.sub("", rest.strip().lstrip("T,，").strip()).strip() if ":" in rest or "时" in rest or "点" in rest else rest.strip()
    if rest and not _TIME.fullmatch(rest):
        raise CellFault(N_("“{found}”不是一个日期"), N_("一格只填一个日期，如 2023-07-03"), found=text)
    return rest


def _numbers(found: re.Match[str], text: str) -> tuple[int, int, int]:
    return int(found[1]), int(found[2]), int(found[3])


def _chinese_numbers(found: re.Match[str], text: str) -> tuple[int, int, int]:
    return tuple(chinese_number(part) or 0 for part in found.groups())


def _month_first(found: re.Match[str], text: str) -> tuple[int, int, int]:
    first, second, year = (int(part) for part in found.groups())
    if first <= 12 and second <= 12 and first != second:
        raise CellFault(N_("“{found}”分不清哪个是月、哪个是日"), _MEND, found=text)
    return (year, second, first) if first > 12 else (year, first, second)


def _checked_serial(plain: str, text: str) -> dt.date:
    day = _SERIAL_ORIGIN + dt.timedelta(days=int(float(plain)))
    if not dt.date(1980, 1, 1) <= day <= dt.date(2079, 12, 31):
        raise CellFault(N_("“{found}”不是日期"), _MEND, found=text)
    return day


def _checked(year: int, month: int, number: int, text: str) -> dt.date:
    if not 1 <= month <= 12:
        raise CellFault(N_("“{found}”里没有 {month} 月"), _MEND, found=text, month=month)
    last = calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 31
    if not 1 <= number <= last:
        raise CellFault(N_("“{found}”：{year} 年 {month} 月只有 {last} 天"), _MEND, found=text, year=year, month=month, last=last)
    if not FIRST.year <= year <= LAST.year:
        raise CellFault(N_("“{found}”的年份不合情理"), _MEND, found=text)
    return dt.date(year, month, number)


def _time(text: str) -> dt.time:
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise CellFault(N_("“{found}”不是时间"), N_("请写作 09:12"), found=text)
    hour, minute, second = int(found["hour"]), int(found["minute"] or 0), int(found["second"] or 0)
    late = found["part"] in {"下午", "晚上", "晚"} or (found["half"] or "").lower() == "pm"
    if late and hour < 12:
        hour += 12
    if (found["half"] or "").lower() == "am" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        raise CellFault(N_("“{found}”不是时间"), N_("请写作 09:12"), found=text)
    return dt.time(hour, minute, second)
