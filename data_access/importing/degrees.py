"""Reads one coordinate: decimal degrees, degrees-minutes-seconds, with E, N, 东经 or 北纬."""

from __future__ import annotations

import re

from data_access.importing.problems import CellFault
from rules.language import N_

_MEND = N_("请填十进制度，如经度 121.2500、纬度 31.3600")
_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?")
_SEXAGESIMAL = re.compile(
    r"(\d{1,3})\s*[°º度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’‘分]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"″”“秒]|''|′′|’’)?)?)?"
)
_SPACED = re.compile(r"(\d{2,3}) +(\d{1,2}) +(\d{1,2}(?:\.\d+)?)")
_LETTERS = {"lon": re.compile(r"^(东经|经度|E)[:：]?|(E|°E)$", re.I), "lat": re.compile(r"^(北纬|纬度|N)[:：]?|(N|°N)$", re.I)}


def degrees_of(text: str, axis: str) -> float:
    """Degrees east or north (or metres, where a projected coordinate is written: thousands and more).

    Args:
        text: half-width text, not empty.
        axis: ``lon`` or ``lat``.

    Raises:
        CellFault: not a number, or of the other axis (北纬 in the column of longitudes).
    """
    other = "lat" if axis == "lon" else "lon"
    plain = _SPACED.sub(r"\1°\2′\3″", text.strip()).replace(" ", "")
    if _LETTERS[other].search(plain):
        raise CellFault(N_("“{found}”是另一列的坐标"), N_("请把经度和纬度换到各自的列"), found=text)
    plain = _LETTERS[axis].sub("", plain)
    if _DECIMAL.fullmatch(plain):
        return float(plain)
    if plain.endswith(("°", "度")) and _DECIMAL.fullmatch(plain[:-1]):
        return float(plain[:-1])
    found = _SEXAGESIMAL.fullmatch(plain)
    if found:
        degrees, minutes, seconds = (float(part or 0) for part in found.groups())
        if minutes >= 60 or seconds >= 60:
            raise CellFault(N_("“{found}”的分或秒不小于 60"), _MEND, found=text)
        return round(degrees + minutes / 60 + seconds / 3600, 8)
    if re.fullmatch(r"\d{2,3},\d+", plain):
        raise CellFault(N_("“{found}”里的逗号不是小数点"), N_("小数点请写作 ."), found=text)
    if re.fullmatch(r"[+-]?\d+(\.\d+)?[,/;、]\s*[+-]?\d+(\.\d+)?", plain):
        raise CellFault(N_("“{found}”一格里有两个坐标"), N_("请把经度和纬度分在两列"), found=text)
    raise CellFault(N_("“{found}”不是坐标"), _MEND, found=text)
