"""What a part of an area is called: its west, its middle, ..."""

from __future__ import annotations

import math

from rules.language import N_, Translate

PARTS = (
    N_("{name}东片"), N_("{name}东北片"), N_("{name}北片"), N_("{name}西北片"),
    N_("{name}西片"), N_("{name}西南片"), N_("{name}南片"), N_("{name}东南片"),
)  # fmt: skip
MIDDLE = N_("{name}中片")

MIDDLE_SHARE = 0.15
"""Nearer to the middle than this share of the area's breadth has no direction."""


def part_of(name: str, east_km: float, north_km: float, breadth_km: float, t: Translate) -> str:
    """The name of the part of an area that lies so far from its middle: 荷渡西片.

    Args:
        name: of the area, in the reader's language.
        east_km, north_km: from the area's middle.
        breadth_km: of the area, the root of its size.
    """
    if not (math.isfinite(east_km) and math.isfinite(north_km)) or math.hypot(east_km, north_km) <= MIDDLE_SHARE * breadth_km:
        return t(MIDDLE, name=name)
    eighth = round(math.atan2(north_km, east_km) / (math.pi / 4)) % 8
    return t(PARTS[eighth], name=name)
