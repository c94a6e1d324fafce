"""Reads the register of areas: level, code, name, parent by name or position, and the district's own outline."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd
import shapely

from data_access.importing.cells import blank, narrow, text_of
from data_access.importing.gazetteer import COLUMNS as GAZETTEER_COLUMNS
from data_access.importing.gazetteer import LEVELS, Gazetteer
from data_access.importing.headings import Heading
from data_access.importing.outlines import measures
from data_access.importing.problems import CellFault, Fault, Findings, ImportRefused, Term
from data_access.importing.tables import Table
from rules.language import N_
from rules.vocabulary import code_of, name_of

ALWAYS = dt.date(1900, 1, 1)
"""First day of an area of which no first day is known."""

_CODE = re.compile(r"(代码|编号|编码|号|code|id)$")
_STEMS = {
    "district": ("区县", "行政区划", "区划"),
    "street": ("街镇", "街道", "乡镇", "镇街", "所属街镇", "所属街道", "功能区"),
    "neighbourhood": ("村居", "居委会", "居委", "社区", "居村", "村", "所属村居", "所属居委"),
    "grid": ("单元网格", "网格管理单元", "网格单元", "责任网格", "网格"),
}
_ENDINGS = {
    "street": re.compile(r"(街道|镇|乡|新区|工业区|开发区|园区|功能区|管委会)$"),
    "neighbourhood": re.compile(r"(居委会|居委|村委会|村|社区|居民区)$"),
    "grid": re.compile(r"网格"),
}
_TYPE_OF_ENDING = (("街道", "street"), ("镇", "town"), ("乡", "town"), ("居委会", "committee"), ("居委", "committee"), ("居民区", "committee"),
                   ("社区", "committee"), ("村委会", "village"), ("村", "village"), ("新区", "zone"), ("工业区", "zone"), ("开发区", "zone"),
                   ("园区", "zone"), ("功能区", "zone"))
_CODE_TEXT = re.compile(r"[\w.\-]+")
LEAST_OVERLAP = 0.5
"""Share of an area that must lie in another for it to be its parent by position."""


def level_columns(table: Table) -> dict[str, dict[str, str]]:
    """Which of the file's own headings hold the code and the name of which level.

    Returns:
        ``{"street": {"code": "街镇代码", "name": "街镇名称"}, ...}``; a heading that names only the
        level (街镇) counts as the name.
    """
    found: dict[str, dict[str, str]] = {}
    for heading in map(str, table.raw.columns):
        plain = narrow(heading).replace(" ", "").lower()
        for level, stems in _STEMS.items():
            for stem in stems:
                rest = plain.removeprefix(stem) if plain.startswith(stem) else None
                if rest is None:
                    continue
                role = "code" if _CODE.fullmatch(rest) or (rest and any(full.startswith(rest) for full in ("代码", "编号", "编码"))) else (
                    "name" if rest in {"", "名", "名称"} else None)
                if role:
                    found.setdefault(level, {}).setdefault(role, heading)
                    break
        if plain in {"单元网", "单元网格编"}:
            found.setdefault("grid", {}).setdefault("code", heading)
    return found


def levelled(table: Table, level: str | None, gazetteer: Gazetteer, findings: Findings) -> pd.DataFrame:
    """The texts ``code``, ``name``, ``level``, ``parent_code`` of every row, from whichever headings hold them.

    Args:
        level: level of the whole file as the person says, or None.

    Raises:
        ImportRefused: the level cannot be told.
    """
    if level is not None:
        level = _level(level)
    by_level = level_columns(table)
    texts = table.cells.copy()
    if level is None and "level" not in texts:
        level = _guessed(table, by_level, gazetteer, findings)
    if level is None:
        return texts
    texts["level"] = level
    own = by_level.get(level, {})
    generic = {field: table.headings[field].text for field in ("code", "name", "parent_code") if field in table.headings}
    elsewhere = {heading for other, roles in by_level.items() if other != level for heading in roles.values()}

    def take(field: str, heading: str | None) -> None:
        if heading is not None:
            texts[field] = pd.Series([text_of(cell) for cell in table.raw[heading]], index=texts.index, dtype=object)
            table.headings[field] = Heading(table.raw.columns.get_loc(heading), heading, field)
        elif field in texts:
            texts[field] = ""

    take("code", own.get("code") or (generic.get("code") if generic.get("code") not in elsewhere else None))
    take("name", own.get("name") or (generic.get("name") if generic.get("name") not in elsewhere else None))
    above = [roles for other in reversed(LEVELS[: LEVELS.index(level)]) if (roles := by_level.get(other))]
    parent = table.headings.get("parent_code")
    if above and (parent is None or parent.text in {*own.values(), *elsewhere}):
        take("parent_code", above[0].get("code") or above[0].get("name"))
    elif parent is not None and parent.text in own.values():
        take("parent_code", None)
    table.unused = [one for one in table.unused if one not in {*own.values(), *elsewhere}]
    table.cells = texts
    return texts


def _level(text: str) -> str:
    code = code_of("area_level", text)
    if code is None:
        raise ImportRefused(N_("没有名为 {level} 的层级：可以是 district、street、neighbourhood、grid（区县、街镇、村居、网格）。"), level=text)
    return code


def _guessed(table: Table, by_level: dict[str, dict[str, str]], gazetteer: Gazetteer, findings: Findings) -> str:
    """The finest level with codes of its own; of two that fit, the one whose parents are known."""
    with_code = [level for level in LEVELS if "code" in by_level.get(level, {})]
    if with_code:
        whole = [level for level in reversed(with_code) if not _repeats(table, by_level[level]["code"])] or with_code[-1:]
        rooted = [level for level in whole if level in {"district", "street"} or gazetteer.has("street")]
        guess = (rooted or whole)[0]
    else:
        names = [text for text in table.cells.get("name", pd.Series(dtype=object)) if text]
        guess = next((level for level, ending in _ENDINGS.items() if names and all(ending.search(name) for name in names)), None)
    if guess is None:
        raise ImportRefused(N_("看不出这些区域是哪一层级：请加一列“层级”（区县、街镇、村居、网格），或在导入时指定（如 --level street）。"))
    findings.note(N_("按表头和名称认作{level}。"), level=Term(name_of("area_level", guess)))
    return guess


def _repeats(table: Table, heading: str) -> bool:
    texts = [text for cell in table.raw[heading] if (text := text_of(cell))]
    return len(set(texts)) < len(texts)


def finished(values: pd.DataFrame, shapes: np.ndarray | None, district: str, gazetteer: Gazetteer, findings: Findings) -> pd.DataFrame:
    """Check codes, fill names, types, first days and parents, measure the outlines.

    Args:
        values: parsed columns of the register, index ``row_number``.
        shapes: outlines in EPSG:4326 aligned with it (None where refused), or None for a table
            without outlines.

    Returns:
        The columns of table ``area`` that an import fills; same index.
    """
    frame = values.copy()
    for field in ("code", "name", "level", "parent_code", "name_en", "short_name", "aliases", "predecessors", "priority", "type", "valid_from", "valid_to"):
        if field not in frame:
            frame[field] = blank(frame.index)
    for row in frame.index[frame["level"].isna()]:
        findings.refuse(row, "level", Fault(N_("没有层级"), N_("请填区县、街镇、村居或网格")))
    for row in frame.index[frame["code"].isna()]:
        findings.refuse(row, "code", Fault(N_("没有代码"), N_("请填这个区域的代码")))
    unnamed = frame["name"].isna()
    frame.loc[unnamed & (frame["level"] == "grid"), "name"] = frame["code"]
    for row in frame.index[frame["name"].isna()]:
        findings.refuse(row, "name", Fault(N_("没有名称"), N_("请填这个区域的名称")))
    for row, code, level in zip(frame.index, frame["code"], frame["level"], strict=True):
        if code is None:
            continue
        if not _CODE_TEXT.fullmatch(code) or len(code) > 64:
            findings.refuse(row, "code", Fault(N_("代码“{found}”里有不能用的字符"), N_("代码只能用字母、数字、汉字和 - _ .，不超过 64 个字"), {"found": code}))
        if level == "district" and code != district:
            findings.refuse(row, "code", Fault(N_("区县代码 {found} 与本库的区划代码 {district} 不同"), N_("请改正代码，或检查 ONEMAP_DISTRICT"), {"found": code, "district": district}))
        if level != "district" and code == district:
            findings.refuse(row, "code", Fault(N_("代码 {found} 是区县自己的代码"), N_("请改正代码或层级"), {"found": code}))
    ends = frame["valid_to"].notna() & frame["valid_from"].notna()
    for row in frame.index[ends]:
        if frame.at[row, "valid_to"] < frame.at[row, "valid_from"]:
            findings.refuse(row, "valid_to", Fault(N_("停用日期早于启用日期"), N_("请改正其中一个")))
    frame["valid_from"] = [day or ALWAYS for day in frame["valid_from"]]
    _refuse_overlapping(frame, gazetteer, findings)
    frame["type"] = [given or _type(level, name) for given, level, name in zip(frame["type"], frame["level"], frame["name"], strict=True)]
    frame["aliases"] = [given or None for given in frame["aliases"]]
    drawn = np.full(len(frame), None, dtype=object) if shapes is None else shapes
    for column, series in measures(drawn).items():
        frame[column] = series.to_numpy(dtype=object)
    _parents(frame, district, gazetteer, findings)
    return frame


def _refuse_overlapping(frame: pd.DataFrame, gazetteer: Gazetteer, findings: Findings) -> None:
    """Refuse a version of an area whose days overlap those of another version of the same code."""
    given = set(zip(frame["code"], frame["valid_from"], strict=True))
    spans: dict[str, list[tuple[dt.date, dt.date | None]]] = {}
    for code, start, end in gazetteer.frame.loc[gazetteer.frame["code"].isin(set(frame["code"])), ["code", "valid_from", "valid_to"]].itertuples(index=False):
        first, last = (None if pd.isna(day) else pd.Timestamp(day).date() for day in (start, end))
        if (code, first) not in given:
            spans.setdefault(code, []).append((first, last))
    for row, code, start, end in zip(frame.index, frame["code"], frame["valid_from"], frame["valid_to"], strict=True):
        for first, last in spans.get(code, ()) if code is not None else ():
            if first != start and (last is None or start <= last) and (end is None or first <= end):
                findings.refuse(row, "valid_from", Fault(
                    N_("代码 {code} 已有从 {first} 起有效的另一个版本，两个版本的日子重叠"),
                    N_("请在同一文件里给旧的版本填上停用日期，只改内容时不要改启用日期"), {"code": code, "first": first.isoformat()}))
                break
        if code is not None:
            spans.setdefault(code, []).append((start, end))


def _type(level: str | None, name: str | None) -> str | None:
    if level in {"street", "neighbourhood"} and name:
        return next((kind for ending, kind in _TYPE_OF_ENDING if name.endswith(ending)), None)
    return None


def _parents(frame: pd.DataFrame, district: str, gazetteer: Gazetteer, findings: Findings) -> None:
    """Replace what a row says about its parent by the parent's code; by position where it says nothing."""
    together = pd.concat([gazetteer.frame[~gazetteer.frame["code"].isin(set(frame["code"].dropna()))], _known_part(frame, findings)], ignore_index=True)
    for level in ("street", "neighbourhood", "grid"):
        rows = frame.index[(frame["level"] == level) & frame["code"].notna()]
        if not len(rows):
            continue
        if level == "street":
            frame.loc[rows, "parent_code"] = district
            continue
        everyone = Gazetteer(together)
        above = [_Above(everyone, one) for one in reversed(LEVELS[1 : LEVELS.index(level)])]
        found = []
        for row, shape in zip(rows, frame.loc[rows, "geometry"], strict=True):
            claim = _claimed(frame, row, level, everyone, findings)
            found.append(None if row in findings.faults else _by_position(shape, claim, everyone, above, findings, row))
        frame.loc[rows, "parent_code"] = pd.Series(found, index=rows, dtype=object)
        together = together.set_index("code")
        parents = frame.loc[rows].drop_duplicates("code").set_index("code")["parent_code"]
        together.loc[together.index.isin(parents.index), "parent_code"] = parents
        together = together.reset_index()


def _known_part(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    fit = frame[~frame.index.isin(list(findings.faults))]
    return fit[list(GAZETTEER_COLUMNS)].assign(parent_code=None).drop_duplicates("code")


def _claimed(frame: pd.DataFrame, row: int, level: str, everyone: Gazetteer, findings: Findings) -> str | None:
    text = frame.at[row, "parent_code"]
    if not isinstance(text, str) or not text:
        return None
    try:
        code = everyone.find(text)
    except CellFault as found:
        findings.refuse(row, "parent_code", found.fault)
        return None
    if LEVELS.index(everyone.level_of(code)) >= LEVELS.index(level):
        findings.refuse(row, "parent_code", Fault(N_("{parent}不是{level}的上级"), N_("请填上一级区域的代码或名称"),
                                                  {"parent": everyone.name_of(code), "level": Term(name_of("area_level", level))}))
        return None
    return None if everyone.level_of(code) == "district" else code


class _Above:
    """The drawn areas of one level, to find which of them holds an outline."""

    def __init__(self, everyone: Gazetteer, level: str) -> None:
        drawn = np.array([shape is not None for shape in everyone.geometry], dtype=bool)
        self.level = level
        self.codes = everyone.codes[(everyone.levels == level) & drawn]
        self.shapes = everyone.geometry[(everyone.levels == level) & drawn]
        self.tree = shapely.STRtree(self.shapes)

    def shares(self, shape: shapely.Geometry) -> dict[str, float]:
        """The share of an outline that lies in each area it touches, by code."""
        near = self.tree.query(shape, predicate="intersects")
        parts = shapely.area(shapely.intersection(self.shapes[near], shape)) / shapely.area(shape)
        return dict(zip(self.codes[near], parts.tolist(), strict=True))


def _by_position(
    shape: shapely.Geometry | None, claim: str | None, everyone: Gazetteer, above: list[_Above], findings: Findings, row: int
) -> str | None:
    """The parent: the finest area above that holds at least half of the outline, within what the row claims."""
    if shape is None:
        if claim is None:
            findings.refuse(row, "parent_code", Fault(N_("没有上级，也没有图形，归不了街镇"), N_("请填上级的代码或名称")))
        return claim
    for level in above:
        shares = level.shares(shape)
        fitting = {code: share for code, share in shares.items() if claim is None or claim in (code, everyone.parents_of(code)[0])}
        best = max(fitting, key=lambda code: (fitting[code], code), default=None)
        if best is not None and fitting[best] >= LEAST_OVERLAP:
            return best
        if claim is not None and claim in level.codes:
            findings.doubt(row, "parent_code", Fault(N_("只有 {share}% 的面积在所填的上级{parent}里"), N_("请核对上级和坐标系"),
                                                     {"share": round(100 * shares.get(claim, 0.0)), "parent": everyone.name_of(claim)}))
            return claim
    if claim is None:
        findings.refuse(row, "parent_code", Fault(N_("不在任何已知的街镇里"), N_("请先导入街镇边界，或填上级的代码或名称")))
    return claim


UNNAMED = N_("本区")
"""Name of a district that has not been given one."""

DRAWN_ROW = 0
"""Row number of the district's own row where it was drawn from its streets and stands in no file."""


def district_outline(frame: pd.DataFrame, district: str, gazetteer: Gazetteer) -> pd.DataFrame | None:
    """The district's own row, drawn as the union of its streets, where nobody has given one.

    Args:
        frame: finished rows that will be kept.

    Returns:
        One row with the same columns (index ``DRAWN_ROW``), or None where no street is drawn.
    """
    streets = {code: shape for code, level, shape, end in zip(gazetteer.codes, gazetteer.levels, gazetteer.geometry, gazetteer.frame["valid_to"], strict=True)
               if level == "street" and shape is not None and pd.isna(end)}
    streets |= {row.code: row.geometry for row in frame.itertuples() if row.level == "street" and row.geometry is not None and row.valid_to is None}
    if not streets:
        return None
    # Outlines drawn apart leave slivers of centimetres between neighbours; they are closed and not kept.
    union = shapely.union_all(list(streets.values()), grid_size=1e-7)
    shape = np.array([shapely.normalize(_without_slivers(union))], dtype=object)
    made = measures(shape).set_axis([DRAWN_ROW])
    name = gazetteer.name_of(district)
    plain = {"code": district, "name": UNNAMED if name == district else name, "level": "district", "valid_from": ALWAYS}
    return made.assign(**{column: plain.get(column) for column in frame.columns if column not in made})[list(frame.columns)]


def _without_slivers(shape: shapely.Geometry) -> shapely.Geometry:
    parts = []
    for part in shapely.get_parts(shape):
        holes = [ring for ring in part.interiors if shapely.area(shapely.Polygon(ring)) > 1e-7]
        parts.append(shapely.Polygon(part.exterior, holes))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
