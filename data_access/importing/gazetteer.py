"""The areas a district knows: finds one by code, name or alias, and says in which a point falls."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import shapely

from data_access.importing.cells import narrow
from data_access.importing.nearness import nearest
from data_access.importing.problems import CellFault, Term
from rules.language import N_
from rules.vocabulary import name_of

LEVELS = ("district", "street", "neighbourhood", "grid")
METRES_PER_DEGREE = 111_320.0
"""Length of one degree of latitude (and of longitude at the equator) on the mean sphere; for distances
of a few kilometres, not for areas."""

COLUMNS = ("code", "level", "parent_code", "name", "short_name", "aliases", "valid_from", "valid_to", "geometry")
_WHOLE_DISTRICT = {"全区", "区级", "全县", "县级", "全市", "本区", "本县"}
_SUFFIX = re.compile(r"(街道办事处|街道办|人民政府|办事处|管理委员会|管委会|社区居委会|居民委员会|村民委员会|居委会|村委会|居委|街道|镇|乡|社区|村|网格)$")
_ALWAYS = np.iinfo(np.int64).max // 4
EPOCH = dt.date(1970, 1, 1)


def days_of(days: Iterable[object]) -> np.ndarray:
    """Days since 1970-01-01 as integers; a missing one is the far future, where only what still exists is valid."""
    made = pd.to_datetime(pd.Series(list(days), dtype=object), errors="coerce").to_numpy().astype("datetime64[D]")
    numbers = made.astype(np.int64)
    return np.where(np.isnat(made), _ALWAYS - 1, numbers)


class Gazetteer:
    """Names, parents, days and outlines of areas, every version of each.

    Args:
        frame: columns ``COLUMNS``; geometry in EPSG:4326 or None, days or missing; may be empty.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        frame = frame[list(COLUMNS)].sort_values(["code", "valid_from"], ignore_index=True, key=lambda part: part.astype(str))
        self.frame = frame
        self.codes = frame["code"].to_numpy(dtype=object)
        self.levels = frame["level"].to_numpy(dtype=object)
        self.names = frame["name"].to_numpy(dtype=object)
        self._start = np.where(frame["valid_from"].isna(), -_ALWAYS, days_of(frame["valid_from"]))
        self._end = np.where(frame["valid_to"].isna(), _ALWAYS, days_of(frame["valid_to"]))
        self.geometry = frame["geometry"].to_numpy(dtype=object)
        self._drawn = np.array([one is not None for one in self.geometry], dtype=bool)
        self._by_key = self._index(lambda row: _keys(row))
        self._by_stem = self._index(lambda row: {_stem(key) for key in _keys(row)})
        self._versions: dict[str, list[int]] = {}
        for position, code in enumerate(self.codes):
            self._versions.setdefault(code, []).append(position)
        self._above = {code: self._climb(code) for code in self._versions}

    def _index(self, keys_of) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.frame.itertuples(index=False):
            for key in keys_of(row):
                if key:
                    found[key].add(row.code)
        return found

    def __len__(self) -> int:
        return len(self.codes)

    def has(self, level: str, *, drawn: bool = False) -> bool:
        """Whether any area of a level is known (with an outline)."""
        return bool(((self.levels == level) & (self._drawn | (not drawn))).any())

    @property
    def extent(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of everything drawn, in degrees; None where nothing is."""
        if not self._drawn.any():
            return None
        return tuple(float(edge) for edge in shapely.total_bounds(self.geometry[self._drawn]))

    def level_of(self, code: str) -> str:
        return self.levels[self._versions[code][-1]]

    def name_of(self, code: str) -> str:
        """The newest name of an area; the code itself where it is unknown."""
        return self.names[self._versions[code][-1]] if code in self._versions else code

    def parents_of(self, code: str) -> tuple[str | None, str | None]:
        """(street, neighbourhood) that an area belongs to or is; None where it has none."""
        return self._above.get(code, (None, None))

    def valid_on(self, code: str, day: dt.date | None) -> bool:
        """Whether an area exists on a day; with None, whether it still does."""
        number = _ALWAYS - 1 if day is None else (day - EPOCH).days
        return any(self._start[at] <= number <= self._end[at] for at in self._versions.get(code, ()))

    def find(self, text: str, level: str = "", *, street: str | None = None) -> str:
        """The code of the area that a text means.

        By code, then name, short name or alias, then without its ending (古美路街道, 古美街道).

        Args:
            level: level it must be of; empty for any. ``全区`` gives the district.
            street: street it must lie in, where known.

        Raises:
            CellFault: unknown, of another level, or of more than one meaning.
        """
        key = _key(text)
        if key in _WHOLE_DISTRICT and (districts := self.codes[self.levels == "district"]).size:
            return districts[0]
        short = self._shortened(key)
        for known in (self._by_key.get(key, ()), self._by_stem.get(_stem(key), ()), self._by_key.get(short, ()), self._by_stem.get(_stem(short), ())):
            fitting = {code for code in known if level in ("", self.level_of(code)) or self.level_of(code) == "district"}
            if len(fitting) > 1 and street:
                fitting = {code for code in fitting if self.parents_of(code)[0] == street} or fitting
            if len(fitting) > 1 and (exact := {code for code in fitting if code == text}):
                fitting = exact
            if len(fitting) == 1:
                return fitting.pop()
            if fitting:
                raise CellFault(N_("“{found}”可以指 {names}"), N_("请改填代码"), found=text,
                                names=tuple(f"{self.name_of(code)}（{code}）" for code in sorted(fitting)[:5]))
        raise self._unknown(text, level)

    def _shortened(self, key: str) -> str:
        """Without the name of the district or of a street in front: 嘉禾区青禾街道 is 青禾街道."""
        for name in self.names[np.isin(self.levels, ("district", "street"))]:
            prefix = _key(name)
            if len(key) > len(prefix) + 1 and key.startswith(prefix):
                return key.removeprefix(prefix)
        return key

    def _unknown(self, text: str, level: str) -> CellFault:
        others = [code for code in self._by_key.get(_key(text), ()) if self.level_of(code) != level]
        if others:
            return CellFault(N_("“{found}”是{other}，不是{level}"), N_("请填{level}的代码或名称"), found=text,
                             other=Term(name_of("area_level", self.level_of(others[0]))), level=Term(name_of("area_level", level)))
        names = {name: name for name, one in zip(self.names, self.levels, strict=True) if level in ("", one)}
        close = nearest(text, names)
        label = Term(name_of("area_level", level)) if level else Term(N_("区域"))
        if close:
            return CellFault(N_("找不到{level}“{found}”"), N_("是否为“{close}”？"), found=text, level=label, close=close)
        return CellFault(N_("找不到{level}“{found}”"), N_("请改正，或先导入区域边界"), found=text, level=label)

    def locate(self, lon: Sequence[float], lat: Sequence[float], days: Sequence[object]) -> pd.DataFrame:
        """The street, neighbourhood and grid that each point falls in on its day; one join for all.

        A point on a shared border belongs to the area with the lower code. Parents of the finest
        area found fill the coarser columns.

        Args:
            lon, lat: degrees, all present.
            days: day of each point; missing means what still exists.

        Returns:
            Columns ``street_code``, ``neighbourhood_code``, ``grid_code``, None where there is none.
        """
        count = len(lon)
        found = {level: np.full(count, None, dtype=object) for level in LEVELS[1:]}
        areas = np.flatnonzero(self._drawn & (self.levels != "district"))
        if count and areas.size:
            points = shapely.points(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
            area, point = shapely.STRtree(points).query(self.geometry[areas], predicate="intersects")
            area = areas[area]
            numbers = days_of(days)[point]
            valid = (self._start[area] <= numbers) & (numbers <= self._end[area])
            area, point = area[valid], point[valid]
            # Later assignments win: the lowest code (the frame is in order of codes) comes last.
            order = np.argsort(-area, kind="stable")
            for level in found:
                of_level = order[self.levels[area[order]] == level]
                found[level][point[of_level]] = self.codes[area[of_level]]
        self._fill_above(found, "neighbourhood", found["neighbourhood"])
        self._fill_above(found, "grid", found["grid"])
        return pd.DataFrame({f"{level}_code": codes for level, codes in found.items()}, dtype=object)

    def _fill_above(self, found: dict[str, np.ndarray], level: str, codes: np.ndarray) -> None:
        for position in np.flatnonzero(codes != None):  # noqa: E711
            street, neighbourhood = self._above[codes[position]]
            if street:
                found["street"][position] = street
            if level == "grid" and neighbourhood:
                found["neighbourhood"][position] = neighbourhood

    def distance_m(self, lon: Sequence[float], lat: Sequence[float], codes: Sequence[str]) -> np.ndarray:
        """Metres from each point to the newest outline of its area; 0 inside, NaN without an outline.

        Computed on a plane true to scale at the point's own latitude: within 1 % up to 50 km.
        """
        result = np.full(len(codes), np.nan)
        for index, (x, y, code) in enumerate(zip(lon, lat, codes, strict=True)):
            shape = next((self.geometry[at] for at in reversed(self._versions.get(code, [])) if self._drawn[at]), None)
            if shape is not None:
                result[index] = _metres(shape, x, y)
        return result

    def distance_to_any_m(self, lon: float, lat: float) -> float:
        """Metres from a point to the nearest outline of the district; NaN where nothing is drawn."""
        if not self._drawn.any():
            return float("nan")
        shapes = self.geometry[self._drawn]
        closest = shapes[np.argmin(shapely.distance(shapes, shapely.Point(lon, lat)))]
        return _metres(closest, lon, lat)

    def _climb(self, code: str) -> tuple[str | None, str | None]:
        street = neighbourhood = None
        seen: set[str] = set()
        while code in self._versions and code not in seen:
            seen.add(code)
            at = self._versions[code][-1]
            if self.levels[at] == "street":
                street = code
            elif self.levels[at] == "neighbourhood":
                neighbourhood = code
            parent = self.frame["parent_code"].iat[at]
            code = parent if isinstance(parent, str) else ""
        return street, neighbourhood


def _metres(shape: shapely.Geometry, lon: float, lat: float) -> float:
    scale = np.array([METRES_PER_DEGREE * np.cos(np.radians(lat)), METRES_PER_DEGREE])
    flat = shapely.transform(shape, lambda points: (points - (lon, lat)) * scale)
    return float(shapely.distance(flat, shapely.Point(0, 0)))


def _key(text: str) -> str:
    return narrow(str(text)).replace(" ", "").lower()


def _stem(key: str) -> str:
    """A name without its kind of area and the 路 before it: 古美路街道, 古美街道 and 古美路 are 古美."""
    stem = _SUFFIX.sub("", key)
    if len(stem) > 2:
        stem = stem.removesuffix("路")
    return stem if len(stem) >= 2 else key


def _keys(row) -> set[str]:
    aliases = row.aliases if isinstance(row.aliases, list) else []
    return {_key(name) for name in (row.code, row.name, row.short_name, *aliases) if isinstance(name, str) and name}
