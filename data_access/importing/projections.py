"""Finds out in which coordinate system numbers are written, by testing, and turns them into EPSG:4326."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyproj
import shapely

from data_access.importing.gazetteer import METRES_PER_DEGREE
from data_access.importing.problems import ImportRefused, Note, Term
from rules.language import N_

CHINA_WEST, CHINA_SOUTH, CHINA_EAST, CHINA_NORTH = 73.0, 3.0, 136.0, 54.0
FAR_DEGREES = 1.0
"""How far (about 100 km) the middle of a file may lie from the known areas of the district."""

SHIFTED = re.compile(r"百度|bd-?\s?09|高德|gcj-?\s?02|火星坐标|腾讯地图", re.I)
"""Words of a remark that name a shifted coordinate system."""

_NAMED = {"wgs84": 4326, "wgs-84": 4326, "wgs1984": 4326, "cgcs2000": 4490, "国家2000": 4490, "2000国家大地坐标系": 4490, "webmercator": 3857}
_OLD_DATUMS = re.compile(r"beijing|xian|krasovsky|krassowsky|iag 1975|北京|西安", re.I)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file's coordinates are to be read.

    Attributes:
        crs: the system, or None for degrees of WGS 84 or CGCS2000 as they are.
        swapped: whether x and y change places first.
        notes: what to tell.
    """

    crs: pyproj.CRS | None = None
    swapped: bool = False
    notes: list[Note] = field(default_factory=list)

    def degrees(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Longitude and latitude; infinite where the system does not reach."""
        if self.swapped:
            x, y = y, x
        if self.crs is None:
            return x, y
        return pyproj.Transformer.from_crs(self.crs, 4326, always_xy=True).transform(x, y)

    def shapes(self, geometry: np.ndarray) -> np.ndarray:
        """Geometries in EPSG:4326."""
        if self.crs is None and not self.swapped:
            return geometry
        return shapely.transform(geometry, lambda points: np.column_stack(self.degrees(points[:, 0], points[:, 1])))


def asked_crs(text: str) -> pyproj.CRS:
    """The coordinate system that a person names: ``EPSG:4528``, ``4528``, ``CGCS2000``, ``WGS84``.

    Raises:
        ImportRefused: unknown, or one of the shifted systems of internet maps.
    """
    plain = text.strip().lower().replace(" ", "")
    if SHIFTED.search(plain):
        raise ImportRefused(N_("不换算 {crs}（互联网地图的偏移坐标）：请向数据提供单位索取 WGS84 或 CGCS2000 坐标，或去掉坐标按街镇导入。"), crs=text)
    try:
        return pyproj.CRS.from_user_input(_NAMED.get(plain, int(plain) if plain.isdigit() else text))
    except (pyproj.exceptions.CRSError, ValueError) as error:
        raise ImportRefused(N_("不认识坐标系 {crs}：请写 EPSG 编号，如 4326、4490 或 4528。"), crs=text) from error


def reading(
    x: np.ndarray, y: np.ndarray, *, declared: pyproj.CRS | None, asked: pyproj.CRS | None,
    extent: tuple[float, float, float, float] | None,
) -> Reading:
    """Test what is declared against the numbers and the district, and look for what fits where it does not.

    Args:
        x, y: finite sample coordinates (at least one).
        declared: what the file says; never trusted.
        asked: what the person says; used if the result lies in China.
        extent: west, south, east, north of the known areas in degrees, or None.

    Raises:
        ImportRefused: nothing or more than one system fits; says which to name.
    """
    middle = float(np.median(x)), float(np.median(y))
    in_degrees = abs(middle[0]) <= 180.5 and abs(middle[1]) <= 180.5
    if asked is not None:
        _refuse_old(asked)
        return _fits(Reading(None if asked.is_geographic else asked), middle, extent, asked.to_string())
    if in_degrees:
        if declared is not None and declared.is_geographic:
            _refuse_old(declared)
        swapped = CHINA_SOUTH <= middle[0] <= CHINA_NORTH and CHINA_WEST <= middle[1] <= CHINA_EAST
        notes = [Note(N_("经度与纬度写反了，已对调。"))] if swapped else []
        if declared is not None and declared.is_projected:
            notes.append(Note(N_("文件声明为 {crs}，但数值是经纬度，按经纬度读取。"), {"crs": _label(declared)}))
        return _fits(Reading(None, swapped, notes), middle, extent, Term(N_("经纬度")))
    if declared is not None and declared.is_projected:
        _refuse_old(declared)
        found = Reading(declared, notes=[Note(N_("按声明的坐标系 {crs} 换算。"), {"crs": _label(declared)})])
        if _inside(found, middle, extent):
            return found
    return _found(middle, extent, declared)


def _found(middle: tuple[float, float], extent: tuple | None, declared: pyproj.CRS | None) -> Reading:
    """The one system under which metres fall into the district."""
    fitting: dict[tuple[float, float], tuple[int, Reading]] = {}
    for epsg, swapped in _candidates(*middle):
        one = Reading(pyproj.CRS.from_epsg(epsg), swapped)
        if _inside(one, middle, extent):
            lon, lat = one.degrees(*(np.array([part]) for part in middle))
            fitting.setdefault((round(float(lon[0]), 5), round(float(lat[0]), 5)), (epsg, one))
    if len(fitting) == 1:
        epsg, one = next(iter(fitting.values()))
        told = N_("文件声明的坐标系与数值不符，按数值和本区位置认作 EPSG:{epsg} 换算。") if declared is not None else N_("文件没有声明坐标系，按数值和本区位置认作 EPSG:{epsg} 换算。")
        return Reading(one.crs, one.swapped, [Note(told, {"epsg": epsg})])
    if not fitting:
        raise ImportRefused(
            N_("坐标（如 {x}, {y}）是米制的，但按各种坐标系换算都不在{where}：请问数据提供单位用的是哪个坐标系，并在导入时指定（如 --crs 4528）。"),
            x=round(middle[0], 1), y=round(middle[1], 1), where=_where(extent),
        )
    raise ImportRefused(
        N_("坐标（如 {x}, {y}）是米制的，没有可靠的坐标系说明，可能是 {candidates}：请在导入时指定（如 --crs {first}）。"),
        x=round(middle[0], 1), y=round(middle[1], 1), first=next(iter(fitting.values()))[0],
        candidates=tuple(f"EPSG:{epsg}" for epsg, _ in list(fitting.values())[:6]),
    )


def _candidates(x: float, y: float) -> Iterator[tuple[int, bool]]:
    """(EPSG code, whether x and y change places) that numbers of this size may be.

    CGCS2000 Gauss-Kruger: 3-degree zones 25 to 45 are 4513 to 4533 with the zone number before the
    easting and 4534 to 4554 without; 6-degree zones 13 to 23 are 4491 to 4501 and 4502 to 4512.
    """
    for east, north, swapped in ((x, y, False), (y, x, True)):
        if not 300_000 <= north <= 7_500_000:
            continue
        zone = int(east // 1_000_000)
        if 25 <= zone <= 45:
            yield 4513 + zone - 25, swapped
        if 13 <= zone <= 23:
            yield 4491 + zone - 13, swapped
        if 8_100_000 <= east <= 15_200_000:
            yield 3857, swapped
        if 100_000 <= east <= 900_000:
            yield from ((epsg, swapped) for epsg in range(4534, 4555))
            yield from ((epsg, swapped) for epsg in range(4502, 4513))
            yield from ((epsg, swapped) for epsg in range(32643, 32654))


def _inside(one: Reading, middle: tuple[float, float], extent: tuple | None) -> bool:
    lon, lat = (float(part[0]) for part in one.degrees(*(np.array([part]) for part in middle)))
    if not (CHINA_WEST <= lon <= CHINA_EAST and CHINA_SOUTH <= lat <= CHINA_NORTH):
        return False
    if extent is None:
        return True
    west, south, east, north = extent
    margin = max(east - west, north - south) / 2
    return west - margin <= lon <= east + margin and south - margin <= lat <= north + margin


def _fits(one: Reading, middle: tuple[float, float], extent: tuple | None, name: str) -> Reading:
    lon, lat = (float(part[0]) for part in one.degrees(*(np.array([part]) for part in middle)))
    if not (CHINA_WEST <= lon <= CHINA_EAST and CHINA_SOUTH <= lat <= CHINA_NORTH):
        raise ImportRefused(N_("按{crs}读取，坐标（如 {x}, {y}）不在中国境内：请检查坐标系和经纬度的先后。"),
                            crs=name, x=round(middle[0], 4), y=round(middle[1], 4))
    if extent is not None:
        west, south, east, north = extent
        away = max(west - lon, lon - east, south - lat, lat - north)
        if away > FAR_DEGREES:
            raise ImportRefused(N_("按{crs}读取，这些区域离本区约 {distance} 公里：请检查坐标系，或是否选错了文件。"),
                                crs=name, distance=round(away * METRES_PER_DEGREE / 1000))
    return one


def _refuse_old(crs: pyproj.CRS) -> None:
    datum = crs.geodetic_crs.datum if crs.geodetic_crs else None
    if datum is not None and _OLD_DATUMS.search(f"{datum.name} {crs.name}"):
        raise ImportRefused(N_("坐标系是 {crs}，与 CGCS2000 相差数十米到一百多米：请由测绘部门换算成 CGCS2000 后再导入。"), crs=crs.name)


def _label(crs: pyproj.CRS) -> str:
    epsg = crs.to_epsg(min_confidence=70)
    return f"EPSG:{epsg}" if epsg else crs.name


def _where(extent: tuple | None) -> Term:
    return Term(N_("本区") if extent else N_("中国境内"))
