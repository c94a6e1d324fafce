"""The bodies that fight unlicensed practice: those of S0 for the district, those of S1 三 in every unit."""

from __future__ import annotations

import pandas as pd

from data_access.demo.geography import Geography
from data_access.demo.units import DISTRICT, Unit, district_name

LEADING, COMMISSION, INSPECTORATE, POLICE = "DFB", "WJW", "WJS", "GAJ"
MARKET, URBAN, HOUSING, BUILDING, PROCURATORATE = "SCJ", "CGJ", "FGJ", "JGW", "JCY"
OVERSIGHT, CITY_COMMISSION, CITY_INSPECTORATE, CITY_OFFICE = "JWW", "SWJW", "SWJS", "SDFB"

# code, name after 市 or 区, English, system, level, parent, former names (S4: 卫生局, 工商, 食药监)
_ABOVE = (
    (CITY_OFFICE, "打击非法行医专项行动领导小组办公室", "Leading Group Office", "leading", "city", None, "市打非办", ()),
    (CITY_COMMISSION, "卫生健康委员会", "Health Commission", "health", "city", None, "市卫健委",
     ("市卫生和计划生育委员会(~2018-11-30)",)),
    (CITY_INSPECTORATE, "卫生健康委员会监督所", "Health Inspectorate", "health", "city", CITY_COMMISSION, "市卫健委监督所",
     ("市卫生和计划生育委员会监督所(~2018-11-30)",)),
    (LEADING, "打击非法行医专项行动领导小组办公室", "Leading Group Office", "leading", "district", CITY_OFFICE, "区打非办", ()),
    (COMMISSION, "卫生健康委员会", "Health Commission", "health", "district", CITY_COMMISSION, "区卫健委",
     ("区卫生局(~2014-06-30)", "区卫生和计划生育委员会(2014-07-01~2019-02-28)", "区卫计委(2014-07-01~2019-02-28)")),
    (INSPECTORATE, "卫生健康委员会监督所", "Health Inspectorate", "health", "district", COMMISSION, "区卫监所",
     ("区卫生监督所(~2014-06-30)", "区卫生和计划生育委员会监督所(2014-07-01~2019-02-28)")),
    (POLICE, "公安分局", "Public Security Branch", "police", "district", None, "区公安分局", ()),
    (MARKET, "市场监督管理局", "Market Regulation Bureau", "market", "district", None, "区市场监管局",
     ("区工商分局(~2014-12-31)", "区食品药品监督管理局(~2014-12-31)", "区食药监局(~2014-12-31)")),
    (URBAN, "城市管理行政执法局", "Urban Management Bureau", "urban", "district", None, "区城管执法局", ()),
    (HOUSING, "住房保障和房屋管理局", "Housing Bureau", "housing", "district", None, "区房管局", ()),
    (BUILDING, "建设和管理委员会", "Construction Commission", "housing", "district", None, "区建管委", ()),
    (PROCURATORATE, "人民检察院", "Procuratorate", "justice", "district", None, "区检察院", ()),
    (OVERSIGHT, "监察委员会", "Supervisory Commission", "supervision", "district", None, "区监委", ()),
)  # fmt: skip

# code ending, body, English, system, parent (a code ending, or a district body), source in S1 三
_IN_UNIT = (
    ("FWB", "社区服务办公室", "Community Services Office", "street", "ZF", "服务办"),
    ("WSZX", "社区卫生服务中心", "Community Health Centre", "health", COMMISSION, "卫生中心"),
    ("PCS", "派出所", "Police Station", "police", POLICE, "派出所"),
    ("SCS", "市场监督管理所", "Market Regulation Office", "market", MARKET, "市场所"),
    ("JGZX", "城市建设管理事务中心", "Construction and Housing Centre", "housing", "ZF", "建管中心"),
    ("ZFD", "综合行政执法队", "Law Enforcement Team", "urban", "ZF", "综合行政执法队"),
    ("PAB", "社区平安办公室", "Public Safety Office", "street", "ZF", "平安办"),
    ("GLB", "社区管理办公室", "Community Management Office", "street", "ZF", "管理办"),
    ("ZZB", "社区自治办公室", "Self-Governance Office", "street", "ZF", "自治办"),
    ("JCB", "监察办公室", "Supervision Office", "supervision", OVERSIGHT, "监察办"),
)


def of_unit(street_code: str, body: str) -> str:
    """Code of a unit's body, e.g. ``of_unit("990114005", "WSZX")`` its 卫生中心; ``ZF`` is its government."""
    return f"{street_code}-{body}"


def of_committee(neighbourhood_code: str) -> str:
    """Code of a committee (居民区) as a body that patrols and reports (S1 三 11)."""
    return f"{neighbourhood_code}-JM"


def agencies(units: tuple[Unit, ...], geography: Geography, names: str) -> pd.DataFrame:
    """Every body, one row each: the columns of the register of agencies, parents before children."""
    rows = [*_above(names), *(row for unit in units for row in _of_one_unit(unit))]
    committees = geography.areas[geography.areas["level"] == "neighbourhood"]
    for code, name, name_en, short_name in committees[["code", "name", "name_en", "short_name"]].itertuples(index=False):
        rows.append(_row(of_committee(code), f"{name}居民区" if name.endswith("村") else name.replace("居委会", "居民区"), f"{name_en} Residents' Area", "street",
                         "neighbourhood", of_unit(code[:9], "ZZB"), code, short_name, ()))  # fmt: skip
    return pd.DataFrame(rows)


def _above(names: str) -> list[dict]:
    district, district_en = district_name(names)
    city, city_en = ("示范市", "Demo City") if names == "fictional" else ("上海市", "Shanghai")
    found = []
    for code, name, name_en, system, level, parent, short_name, former in _ABOVE:
        owner, owner_en = (city, city_en) if level == "city" else (district, district_en)
        area = DISTRICT if level == "district" else None
        found.append(_row(code, f"{owner}{name}", f"{owner_en} {name_en}", system, level, parent, area, short_name, former))
    return found


def _of_one_unit(unit: Unit) -> list[dict]:
    government = {"street": "办事处", "town": "人民政府", "zone": "管理委员会"}[unit.type]
    government_en = {"street": "Office", "town": "Government", "zone": "Administration"}[unit.type]
    rows = [_row(of_unit(unit.code, "ZF"), f"{unit.name}{government}", f"{unit.name_en} {government_en}", "street", "street",
                 LEADING, unit.code, unit.name, ())]  # fmt: skip
    for ending, body, body_en, system, parent, short in _IN_UNIT:
        owner = unit.short_name if ending in {"WSZX", "PCS", "SCS"} else unit.name
        above = of_unit(unit.code, parent) if parent == "ZF" else parent
        former = (f"{unit.short_name}房管办", f"{unit.short_name}房管所") if ending == "JGZX" else ()
        if ending == "SCS":
            former = (f"{unit.short_name}工商所(~2014-12-31)",)
        rows.append(_row(of_unit(unit.code, ending), f"{owner}{body}", f"{unit.name_en} {body_en}", system, "street", above,
                         unit.code, f"{unit.short_name}{short}", former))  # fmt: skip
    return rows


def _row(code, name, name_en, system, level, parent_code, area_code, short_name, aliases) -> dict:
    return {"code": code, "name": name, "name_en": name_en, "system": system, "level": level, "parent_code": parent_code,
            "area_code": area_code, "short_name": short_name, "aliases": list(aliases), "valid_from": None, "valid_to": None}  # fmt: skip
