"""Reads numbers as people write them: 1,234、¥2,000、31万元、5千、1.5e4、叁万元; refuses hedged ones (260余)."""

from __future__ import annotations

import re

from data_access.importing.problems import CellFault
from rules.language import N_

_HEDGED = re.compile(r"约|大约|近|余|多|左右|上下|几|数[十百千万]|若干|以上|以下|不足|超过|\+$|[*＊]{1,}|[xX某]{2,}")
_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<digits>\d[\d,]*(?:\.\d+)?|\.\d+)(?:[eE](?P<power>[+-]?\d+))?(?P<scale>[十百千万亿]*)(?P<unit>[^\d]*)")
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_DIGITS = {one: index for index, one in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_MONEY_UNITS = {"", "元", "块", "人民币", "元整", "圆", "圆整", "RMB", "CNY"}


def number_of(text: str, *, money: bool = False) -> tuple[float, str | None]:
    """The number and the unit that the cell itself names.

    Args:
        text: half-width text, not empty.
        money: whether the cell is an amount of money, of which the unit is 元.

    Returns:
        The value in single units (31万 is 310000), and the unit: None where the cell names neither
        unit nor scale, '' where it names a scale only.

    Raises:
        CellFault: hedged (260余), or no number.
    """
    plain = text.replace(" ", "").strip("¥￥$").removeprefix("人民币").strip("¥￥")
    if _HEDGED.search(plain):
        raise CellFault(N_("“{found}”是约数或有遮盖，不能统计"), N_("请填准确的数"), found=text)
    found = _NUMBER.fullmatch(plain)
    if not found:
        written = _written(plain)
        if written is None:
            raise CellFault(N_("“{found}”不是数"), N_("请填阿拉伯数字"), found=text)
        return written
    digits, scale, unit = found["digits"], found["scale"], found["unit"]
    if "," in digits and not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        raise CellFault(N_("“{found}”里的逗号位置不对"), N_("请去掉逗号，小数点写作 ."), found=text)
    if found["power"] and abs(int(found["power"])) > 12:
        raise CellFault(N_("{found} 大得不合情理"), N_("请核对数值和单位"), found=text)
    value = float(digits.replace(",", "")) * 10.0 ** int(found["power"] or 0)
    for one in scale:
        value *= _SCALES[one]
    if found["sign"] == "-":
        value = -value
    if money and unit not in _MONEY_UNITS:
        raise CellFault(N_("“{found}”的单位不是元或万元"), N_("请按元填写"), found=text)
    if not money and unit and not re.fullmatch(r"[\u4e00-\u9fff%㎡]{1,4}|\(?[\u4e00-\u9fff]{1,4}\)?", unit):
        raise CellFault(N_("“{found}”不是数"), N_("请填阿拉伯数字"), found=text)
    if unit.strip("()") == "%":
        raise CellFault(N_("“{found}”是百分比"), N_("请填数量"), found=text)
    return round(value, 6), (unit.strip("()") if unit or scale else None)


def _written(text: str) -> tuple[float, str] | None:
    """A number in Chinese numerals with at most a unit behind it: 三十一万元, 叁万元整, 二〇."""
    found = re.fullmatch(r"([零〇○一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿]+)([^\d]{0,4})", text)
    value = chinese_number(found[1]) if found else None
    return None if value is None else (float(value), found[2].removesuffix("整").replace("圆", "元"))


def chinese_number(text: str) -> int | None:
    """The value of Chinese numerals (三十一, 二〇二三, 叁万), or None."""
    if all(one in _DIGITS for one in text):
        return int("".join(str(_DIGITS[one]) for one in text))
    total, section, digit = 0, 0, None
    for one in text:
        if one in _DIGITS:
            digit = _DIGITS[one]
        elif one in _PLACES:
            section += (1 if digit is None else digit) * _PLACES[one]
            digit = None
        elif one in {"万", "亿"}:
            total = (total + section + (digit or 0)) * _SCALES[one]
            section, digit = 0, None
        else:
            return None
    return total + section + (digit or 0)
