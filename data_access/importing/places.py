"""Gives each row its street, neighbourhood and grid: from what it claims, from its coordinates, or both compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyproj

from data_access.importing.cells import blank
from data_access.importing.gazetteer import Gazetteer
from data_access.importing.problems import CellFault, Fault, Findings, Term
from data_access.importing.projections import (
    CHINA_EAST,
    CHINA_NORTH,
    CHINA_SOUTH,
    CHINA_WEST,
    reading,
)
from data_access.importing.shifts import common_shift
from rules.language import N_
from rules.vocabulary import name_of

CLAIMS = ("street_code", "neighbourhood_code", "grid_code")
LEVEL_OF = {"street_code": "street", "neighbourhood_code": "neighbourhood", "grid_code": "grid"}

NEAR_M = 50.0
"""A point this near to the area that its row names is taken to lie in it (accuracy of a phone)."""
BESIDE_M = 5_000.0
"""A point outside every area this near to the street its row names is kept without asking."""
FAR_M = 50_000.0
"""A point without any named area this far from the district asks for confirmation."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the rows of a file lie.

    Attributes:
        frame: ``street_code``, ``neighbourhood_code``, ``grid_code``, ``lon``, ``lat`` (degrees),
            ``located`` (point, area, outside; None where refused), indexed as the rows.
        claimed: codes that the rows name, same index: what their content is compared by.
    """

    frame: pd.DataFrame
    claimed: pd.DataFrame


def claimed_areas(cells: pd.DataFrame, gazetteer: Gazetteer, findings: Findings, *, fields: tuple[str, ...] = CLAIMS) -> pd.DataFrame:
    """The codes of the areas that rows name; a named grid also names its street.

    The district itself (全区) gives no street. A level of which no area is known is left out with a
    note, so that everything works with street boundaries alone.

    Args:
        cells: texts, with or without the claim columns.

    Returns:
        Columns ``fields`` and ``whole`` (whether a row names the whole district), index as ``cells``.
    """
    result = pd.DataFrame({field: blank(cells.index) for field in fields}, index=cells.index)
    whole = np.zeros(len(cells), dtype=bool)
    streets = np.full(len(cells), None, dtype=object)
    for field in fields:
        if field not in cells:
            continue
        level, texts = LEVEL_OF.get(field, ""), cells[field].to_numpy(dtype=object)
        if level and not gazetteer.has(level) and not (level == "street" and len(gazetteer)):
            if (texts != "").any():
                if level == "street":
                    findings.note(N_("库里还没有区域边界：请先导入街镇边界。"))
                else:
                    findings.note(N_("库里还没有{level}，“{field}”一列没有采用。"), level=_level_name(level), field=_level_name(level))
            if level != "street":
                continue
        found = _resolved(texts, streets, level, gazetteer)
        codes = np.full(len(cells), None, dtype=object)
        for position in np.flatnonzero(texts != ""):
            answer = found[texts[position], streets[position]]
            if isinstance(answer, Fault):
                findings.refuse(cells.index[position], field, answer)
            elif gazetteer.level_of(answer) == "district":
                whole[position] = True
            else:
                codes[position] = answer
        result[field] = pd.Series(codes, index=cells.index, dtype=object)
        if field == "street_code":
            streets = codes
    _complete(result, gazetteer, findings)
    result["whole"] = whole
    return result


def _level_name(level: str) -> Term:
    return Term(name_of("area_level", level))


def _resolved(texts: np.ndarray, streets: np.ndarray, level: str, gazetteer: Gazetteer) -> dict[tuple[str, str | None], str | Fault]:
    answers: dict[tuple[str, str | None], str | Fault] = {}
    for pair in set(zip(texts, streets, strict=True)):
        if pair[0]:
            try:
                answers[pair] = gazetteer.find(pair[0], level, street=pair[1])
            except CellFault as found:
                answers[pair] = found.fault
    return answers


def _complete(claims: pd.DataFrame, gazetteer: Gazetteer, findings: Findings) -> None:
    """Fill the street and neighbourhood of a named grid or neighbourhood; refuse what contradicts itself."""
    for field in ("grid_code", "neighbourhood_code"):
        if field not in claims:
            continue
        above = {code: gazetteer.parents_of(code) for code in set(claims[field].dropna())}
        for place, name in enumerate(("street_code", "neighbourhood_code")):
            if name not in claims or name == field:
                continue
            known = {code: parents[place] for code, parents in above.items() if parents[place] is not None}
            parent = claims[field].map(known)
            given = parent.notna()
            for row in claims.index[given & claims[name].notna() & (claims[name] != parent)]:
                findings.refuse(row, field, Fault(
                    N_("{area} 属于{above}，不在{named}"), N_("请改正其中一个"),
                    {"area": gazetteer.name_of(claims.at[row, field]), "above": gazetteer.name_of(parent[row]),
                     "named": gazetteer.name_of(claims.at[row, name])},
                ))
            claims.loc[given, name] = parent[given].to_numpy(dtype=object)


def coordinates(
    lon: pd.Series, lat: pd.Series, claimed: pd.Series, gazetteer: Gazetteer, findings: Findings, *, asked: pyproj.CRS | None
) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates in degrees: projected ones converted, exchanged ones exchanged back, (0, 0) left out.

    Args:
        lon, lat: numbers as read, None where empty; same index.
        claimed: whether the row names an area, same index.
        asked: coordinate system that the person names.

    Returns:
        Longitudes and latitudes, NaN where a row has none or they are refused.

    Raises:
        ImportRefused: projected coordinates that fit no system, or several.
    """
    rows = lon.index
    x, y = (part.to_numpy(dtype=float, na_value=np.nan) for part in (lon, lat))
    x, y = x.copy(), y.copy()
    half = np.isnan(x) != np.isnan(y)
    for position in np.flatnonzero(half):
        missing = N_("经度") if np.isnan(x[position]) else N_("纬度")
        if not any(field in {"lon", "lat"} for field, _ in findings.faults.get(rows[position], ())):
            findings.refuse(rows[position], "lon" if np.isnan(x[position]) else "lat", Fault(
                N_("只有一个坐标，缺{missing}"), N_("请补上，或把两格都清空"), {"missing": Term(missing)}))
    x[half], y[half] = np.nan, np.nan
    zero = (x == 0) & (y == 0)
    if zero.any():
        findings.note(N_("{count} 行坐标是 0, 0，按没有坐标处理。"), count=int(zero.sum()))
        x[zero], y[zero] = np.nan, np.nan
    projected = (np.abs(x) > 1000) & (np.abs(y) > 1000)
    if projected.any() or (asked is not None and not asked.is_geographic and not np.isnan(x).all()):
        told = reading(x[projected], y[projected], declared=None, asked=asked, extent=gazetteer.extent)
        findings.notes += told.notes
        x[projected], y[projected] = told.degrees(x[projected], y[projected])
    swapped = (x >= CHINA_SOUTH) & (x <= CHINA_NORTH) & (y >= CHINA_WEST) & (y <= CHINA_EAST)
    for position in np.flatnonzero(swapped):
        findings.doubt(rows[position], "lon", Fault(
            N_("经度 {x}、纬度 {y} 写反了"), N_("确认后按对调的坐标入库"), {"x": x[position], "y": y[position]}))
    x[swapped], y[swapped] = y[swapped], x[swapped]
    known = ~np.isnan(x)
    abroad = known & ~((x >= CHINA_WEST) & (x <= CHINA_EAST) & (y >= CHINA_SOUTH) & (y <= CHINA_NORTH))
    for position in np.flatnonzero(abroad):
        axis = "lon" if not CHINA_WEST <= x[position] <= CHINA_EAST else "lat"
        findings.refuse(rows[position], axis, Fault(
            N_("坐标 {x}, {y} 不在中国境内"), N_("请填十进制度，如经度 121.2500、纬度 31.3600"), {"x": _shown(x[position]), "y": _shown(y[position])}))
    x[abroad], y[abroad] = np.nan, np.nan
    return np.round(x, 7), np.round(y, 7)


def _shown(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def place(
    claims: pd.DataFrame, lon: np.ndarray, lat: np.ndarray, days: pd.Series, gazetteer: Gazetteer, findings: Findings, *,
    required: bool = True, shifted: str | None = None,
) -> Placed:
    """Compare what rows claim with where their coordinates fall.

    Args:
        claims: answer of ``claimed_areas``.
        lon, lat: degrees, NaN where a row has none.
        days: day of each row (None: what still exists).
        required: whether a row with neither area nor coordinates is refused.
        shifted: a remark that names a shifted coordinate system, if the file has one.

    Returns:
        ``Placed``; doubts and faults are in ``findings``.
    """
    rows = claims.index
    codes = {field: claims[field].to_numpy(dtype=object).copy() for field in CLAIMS}
    claim = np.array([grid or neighbourhood or street for street, neighbourhood, grid in zip(*codes.values(), strict=True)], dtype=object)
    named = np.array([one is not None for one in claim], dtype=bool)
    whole = claims["whole"].to_numpy()
    located = np.where(named | whole, "area", None).astype(object)
    pointed = ~np.isnan(lon)
    if shifted and pointed.any():
        lon, lat, pointed = _without_shifted(rows, lon, lat, pointed, shifted, findings)
    fell = _fell(lon, lat, days, pointed, gazetteer)
    if pointed.any():
        shift = common_shift(lon[pointed], lat[pointed], claim[pointed], gazetteer)
        if shift is not None:
            reason = Fault(N_("全文件的坐标一致偏移约 {distance} 米，像是高德（GCJ-02）或百度（BD-09）坐标"),
                           N_("请换算成 WGS84 或 CGCS2000；确认后只按所填区域入库，不采用坐标"), {"distance": shift})
            lon, lat, pointed = _dropped(rows, lon, lat, pointed, reason, findings)
            fell = _fell(lon, lat, days, pointed, gazetteer)
    drawn = gazetteer.extent is not None
    for position in np.flatnonzero(pointed):
        there = {field: fell[field][position] for field in CLAIMS}
        inside = any(there.values())
        if not named[position]:
            for field in CLAIMS:
                codes[field][position] = there[field]
            located[position] = "point" if inside else "outside"
            if not inside and drawn and (away := gazetteer.distance_to_any_m(lon[position], lat[position])) > FAR_M:
                findings.doubt(rows[position], "lon", Fault(
                    N_("坐标离本区约 {distance} 公里"), N_("请核对坐标；确认后记为未落入网格"), {"distance": round(away / 1000)}))
            continue
        located[position] = _compared(rows[position], position, codes, there, claim[position], lon, lat, gazetteer, findings)
    for position in np.flatnonzero(located == None):  # noqa: E711
        if required and rows[position] not in findings.faults:
            findings.refuse(rows[position], "street_code", Fault(
                N_("既没有区域，也没有坐标"), N_("请填街镇的代码或名称，或填经度和纬度"), {}))
    _doubt_ended(rows, claim, days, gazetteer, findings)
    outside = int((located == "outside").sum())
    if outside:
        findings.note(N_("{count} 行的坐标没有落入任何区域，照样计入并列入未落入网格。"), count=outside)
    frame = pd.DataFrame({**codes, "lon": lon, "lat": lat, "located": located}, index=rows, dtype=object)
    return Placed(frame, claims)


def _fell(lon: np.ndarray, lat: np.ndarray, days: pd.Series, pointed: np.ndarray, gazetteer: Gazetteer) -> dict[str, np.ndarray]:
    found = gazetteer.locate(lon[pointed], lat[pointed], days.to_numpy(dtype=object)[pointed])
    fell = {field: np.full(len(lon), None, dtype=object) for field in CLAIMS}
    for field in CLAIMS:
        fell[field][pointed] = found[field].to_numpy(dtype=object)
    return fell


def _compared(
    row: int, position: int, codes: dict[str, np.ndarray], there: dict[str, str | None], claim: str,
    lon: np.ndarray, lat: np.ndarray, gazetteer: Gazetteer, findings: Findings,
) -> str:
    """Settle one row that names an area and has coordinates; gives how it is located."""
    agrees = all(codes[field][position] in (None, there[field]) for field in CLAIMS if there[field] or codes[field][position])
    if agrees:
        for field in CLAIMS:
            codes[field][position] = there[field]
        return "point"
    away = gazetteer.distance_m([lon[position]], [lat[position]], [claim])[0]
    inside = any(there.values())
    if np.isnan(away):
        if not inside:
            return "area" if gazetteer.extent is None else "outside"
        named_street = codes["street_code"][position]
        if named_street == there["street_code"]:
            return "point"
        away = gazetteer.distance_m([lon[position]], [lat[position]], [named_street])[0] if named_street else np.nan
    if away <= NEAR_M:
        _fill_below(position, codes, there)
        return "point"
    fell_in = there["grid_code"] or there["neighbourhood_code"] or there["street_code"]
    values = {"claimed": gazetteer.name_of(claim), "distance": "?" if np.isnan(away) else f"{away:,.0f}"}
    if inside:
        findings.doubt(row, "lon", Fault(
            N_("坐标落在{found}，离所填的{claimed} {distance} 米"), N_("请核对坐标和区域；确认后按坐标归入{found}"),
            values | {"found": _path(fell_in, there, gazetteer)}))
        for field in CLAIMS:
            codes[field][position] = there[field]
        return "point"
    if not away <= BESIDE_M:
        findings.doubt(row, "lon", Fault(
            N_("坐标不在本区任何区域内，离所填的{claimed} {distance} 米"), N_("请核对坐标；确认后按所填区域计，记为未落入网格"), values))
    return "outside"


def _fill_below(position: int, codes: dict[str, np.ndarray], there: dict[str, str | None]) -> None:
    """Add the finer areas of the point where they lie in what the row names."""
    for above, below in (("street_code", "neighbourhood_code"), ("neighbourhood_code", "grid_code")):
        if codes[below][position] is None and codes[above][position] == there[above]:
            codes[below][position] = there[below]


def _path(code: str, there: dict[str, str | None], gazetteer: Gazetteer) -> str:
    street = there["street_code"]
    return gazetteer.name_of(code) if street in (None, code) else f"{gazetteer.name_of(street)}{gazetteer.name_of(code)}"


def _without_shifted(rows: pd.Index, lon, lat, pointed, remark: str, findings: Findings):
    reason = Fault(N_("文件注明“{remark}”，这种坐标与本系统相差 300 到 700 米"),
                   N_("请换算成 WGS84 或 CGCS2000；确认后只按所填区域入库，不采用坐标"), {"remark": remark[:60]})
    return _dropped(rows, lon, lat, pointed, reason, findings)


def _dropped(rows: pd.Index, lon, lat, pointed, reason: Fault, findings: Findings):
    """Leave coordinates out that are known to be wrong, and ask."""
    for position in np.flatnonzero(pointed):
        findings.doubt(rows[position], "lon", reason)
    nothing = np.full(len(lon), np.nan)
    return nothing, nothing.copy(), np.zeros(len(lon), dtype=bool)


def _doubt_ended(rows: pd.Index, claim: np.ndarray, days: pd.Series, gazetteer: Gazetteer, findings: Findings) -> None:
    """Doubt rows that name an area on a day on which it did not exist."""
    for code, day in set(zip(claim, days.to_numpy(dtype=object), strict=True)):
        if code is None or day is None or gazetteer.valid_on(code, day):
            continue
        fault = Fault(N_("{area}在 {day} 还没有启用或已经停用"), N_("请核对日期和区域"), {"area": gazetteer.name_of(code), "day": day.isoformat()})
        for position in np.flatnonzero((claim == code) & (days.to_numpy(dtype=object) == day)):
            findings.doubt(rows[position], "grid_code", fault)
