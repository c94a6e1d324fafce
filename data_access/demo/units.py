"""The twelve street-level units of the demo district: invented names, a district's true proportions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rules.language import N_, Refusal

DISTRICT = "990114"
"""No province begins with 99, so the code cannot be mistaken for a real district (DESIGN 10)."""

NAMINGS = ("fictional", "jiading")


class UnknownNaming(Refusal):
    """Names other than the two that exist were asked for."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One street, town or functional zone.

    Attributes:
        code: area code, the district's code and three digits.
        prefix: two letters before the numbers of its grids, as in ``HD-025``.
        name, short_name, name_en: how it is called.
        type: code of ``vocabulary.AREA_TYPE``.
        area_km2: size that the drawing aims at.
        grids, committees: how many of each it is cut into.
        never: grids that nobody had visited by the day the demo shows.
        overdue: grids last visited more than 30 days before that day.
        seed_km: point (east, north of the district's middle) around which it lies.
        town_km: where most of its people live, relative to ``seed_km``.
    """

    code: str
    prefix: str
    name: str
    short_name: str
    name_en: str
    type: str
    area_km2: float
    grids: int
    committees: int
    never: int
    overdue: int
    seed_km: tuple[float, float]
    town_km: tuple[float, float] = (0.0, 0.0)


# 706 unit grids and 399 committees as in DESIGN 7; sizes as in DESIGN 10.
FICTIONAL = (
    Unit("990114001", "QH", "青禾街道", "青禾", "Qinghe Subdistrict", "street", 5.2, 34, 19, 0, 1, (9.6, 4.2)),
    Unit("990114002", "WZ", "望泽街道", "望泽", "Wangze Subdistrict", "street", 4.6, 27, 15, 0, 0, (0.2, 1.9)),
    Unit("990114003", "JT", "锦堤街道", "锦堤", "Jindi Subdistrict", "street", 5.0, 24, 14, 0, 0, (2.7, 1.5)),
    Unit("990114004", "YT", "云汀街道", "云汀", "Yunting Subdistrict", "street", 5.4, 31, 17, 0, 1, (0.9, 4.4)),
    Unit("990114005", "HD", "荷渡镇", "荷渡", "Hedu Town", "town", 43.0, 81, 46, 3, 14, (8.6, -3.6), (1.6, 0.4)),
    Unit("990114006", "LZ", "芦渚镇", "芦渚", "Luzhu Town", "town", 89.0, 105, 59, 1, 9, (-8.2, -5.6), (1.8, 0.6)),
    Unit("990114007", "ND", "南荻镇", "南荻", "Nandi Town", "town", 58.0, 85, 48, 0, 5, (1.0, -4.6), (0.4, 1.2)),
    Unit("990114008", "BW", "白苇镇", "白苇", "Baiwei Town", "town", 34.0, 75, 42, 1, 8, (7.2, 1.2), (0.6, -0.6)),
    Unit("990114009", "SP", "石蒲镇", "石蒲", "Shipu Town", "town", 52.0, 58, 33, 1, 4, (-9.4, 2.0), (1.2, 0.0)),
    Unit("990114010", "DH", "稻河镇", "稻河", "Daohe Town", "town", 40.0, 54, 31, 0, 2, (6.4, 7.2), (-1.0, -0.8)),
    Unit("990114011", "CW", "澄湾工业区", "澄湾", "Chengwan Industrial Zone", "zone", 79.0, 88, 50, 2, 8, (-5.4, 8.0), (1.6, -1.6)),
    Unit("990114012", "QC", "晴川新区", "晴川", "Qingchuan New Area", "zone", 45.0, 44, 25, 0, 2, (1.6, 10.0), (0.4, -1.4)),
)  # fmt: skip

_JIADING = {
    "990114001": ("ZX", "真新街道", "真新", "Zhenxin Subdistrict", "street"),
    "990114002": ("JD", "嘉定镇街道", "嘉定镇", "Jiadingzhen Subdistrict", "street"),
    "990114003": ("XC", "新成路街道", "新成路", "Xincheng Road Subdistrict", "street"),
    "990114004": ("JY", "菊园新区", "菊园", "Juyuan New Area", "zone"),
    "990114005": ("JQ", "江桥镇", "江桥", "Jiangqiao Town", "town"),
    "990114006": ("AT", "安亭镇", "安亭", "Anting Town", "town"),
    "990114007": ("ML", "马陆镇", "马陆", "Malu Town", "town"),
    "990114008": ("NX", "南翔镇", "南翔", "Nanxiang Town", "town"),
    "990114009": ("WG", "外冈镇", "外冈", "Waigang Town", "town"),
    "990114010": ("XH", "徐行镇", "徐行", "Xuhang Town", "town"),
    "990114011": ("GY", "嘉定工业区", "工业区", "Jiading Industrial Zone", "zone"),
    "990114012": ("HT", "华亭镇", "华亭", "Huating Town", "town"),
}


def units(names: str = "fictional") -> tuple[Unit, ...]:
    """The twelve units in code order.

    Args:
        names: ``fictional``, or ``jiading`` for the real unit names on the same invented outline
            (internal use only, DESIGN 10).

    Raises:
        UnknownNaming: for any other word.
    """
    if names not in NAMINGS:
        raise UnknownNaming(N_("名称方案只有 {known}，没有 {found}"), known="、".join(NAMINGS), found=names)
    if names == "fictional":
        return FICTIONAL
    return tuple(_renamed(unit) for unit in FICTIONAL)


def district_name(names: str = "fictional") -> tuple[str, str]:
    """The district's name in Chinese and in English."""
    return ("示范区", "Demo District") if names == "fictional" else ("嘉定区", "Jiading District")


def _renamed(unit: Unit) -> Unit:
    prefix, name, short_name, name_en, type_ = _JIADING[unit.code]
    return replace(unit, prefix=prefix, name=name, short_name=short_name, name_en=name_en, type=type_)
