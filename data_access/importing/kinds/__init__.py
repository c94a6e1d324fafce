"""A kind is one register that a district can import; every other file of this folder is one kind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pandas as pd

from data_access.importing.problems import Fault
from rules.language import N_


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register.

    Attributes:
        header: the heading in the template (Chinese source string).
        field: column of the table (or of the frame handed to ``Kind.spread``).
        type: ``text``, ``int``, ``number``, ``yuan``, ``day``, ``instant``, ``bool``, ``word``
            (a code list), ``area`` (code, name or alias; ``areas`` is a list), ``agency``
            (likewise; ``agencies`` is a list), ``agency_counts`` (list of agencies, each with
            people and vehicles), ``reference`` (编号 of another kind), ``lon``, ``lat``, ``names``
            (list of texts), ``identity`` (kept as a keyed hash only) and ``phone``.
        required: whether an empty cell refuses the row.
        words: name of the code list in ``rules.vocabulary.TABLES`` for type ``word``.
        refers: name of the kind that a ``reference`` points at.
        level: for ``area``: level that must be met, or empty for any.
        unit: unit of a number: 户次, 人, 元, ...
        aliases: other headings under which files bring this column.
        help: one sentence for the template.
        example: value of the template's example row.
        default: what an empty cell means, or None.
    """

    header: str
    field: str
    type: str = "text"
    required: bool = False
    words: str = ""
    refers: str = ""
    level: str = ""
    unit: str = ""
    aliases: tuple[str, ...] = ()
    help: str = ""
    example: str = ""
    default: object = None


@dataclass(frozen=True, slots=True)
class Child:
    """A table that a register fills beside its own.

    Attributes:
        table: the table.
        column: its column that holds the parent's ``id``.
        parent: the parent's table.
        owned: whether the rows belong to one row of the register, so that what a newer version of
            that row no longer names ends with it.
    """

    table: str
    column: str
    parent: str
    owned: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One importable register.

    Attributes:
        name: word used by ``cli.py template NAME`` and ``cli.py import --kind NAME``.
        label: Chinese name.
        table: table that holds it.
        columns: what a row holds, in template order.
        key: fields that identify a row within its source; empty: file hash and row number.
        located: whether rows need an area or coordinates.
        geometry: whether the file's polygons are kept (areas only).
        lines: whether the file's lines are kept (roads only).
        day: the field that holds the day of the fact, or empty.
        look_alike: fields whose equality with another row asks for confirmation.
        order: registers with a lower number are imported first.
        spread: turns the checked frame (fields as columns, indexed by row number) into frames by
            table, parents first, for a register that fills more than one table; None writes
            ``table`` alone. A frame of a child names its parent by ``parent_row`` (row number) or
            ``parent_key`` (its ``number``) and itself within the parent by ``local_key``.
        children: the tables beside ``table``, in the order in which they are written.
        check: yields (row number, field, fault) for what one column alone cannot tell.
    """

    name: str
    label: str
    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("number",)
    located: bool = False
    geometry: bool = False
    lines: bool = False
    day: str = ""
    look_alike: tuple[str, ...] = ()
    order: int = 50
    spread: Callable[[pd.DataFrame], dict[str, pd.DataFrame]] | None = None
    children: tuple[Child, ...] = ()
    check: Callable[[pd.DataFrame], Iterator[tuple[int, str, Fault]]] | None = None

    def column(self, field: str) -> Column:
        """The column of a field; raises ``KeyError`` for a field that the register does not have."""
        for column in self.columns:
            if column.field == field:
                return column
        raise KeyError(field)


_NUMBER_ALIASES = ("业务编号", "唯一编号", "记录编号", "ID")


def number(*aliases: str, required: bool = True) -> Column:
    """The column of the 编号, under the register's own other headings (案件编号, 案号)."""
    if required:
        told = N_("在来源内不重复；再次导入时按编号识别同一条")
    else:
        told = N_("可留空；填写后再次导入时按编号识别同一条")
    return Column(N_("编号"), "number", required=required, aliases=(*aliases, *_NUMBER_ALIASES), help=told, example="A-0001")


STREET = Column(N_("街镇"), "street_code", "area", level="street", aliases=("街道", "乡镇", "所属街镇", "所属街道", "镇街", "乡镇（街道）", "镇（街道）", "街道（乡镇）", "乡镇街道", "街道（镇）"),
                help=N_("街镇的代码、名称或别名"), example="青禾街道")
NEIGHBOURHOOD = Column(N_("村居"), "neighbourhood_code", "area", level="neighbourhood", aliases=("居委", "村（居）", "居委会", "所属村居"),
                       help=N_("可留空"))
GRID = Column(N_("网格编号"), "grid_code", "area", level="grid", aliases=("网格", "所属网格", "网格代码", "网格号"),
              help=N_("网格的编号；有坐标时可留空"))
LON = Column(N_("经度"), "lon", "lon", aliases=("东经", "X坐标", "lng", "longitude", "x"), help=N_("十进制度；无坐标可留空，仍计入各项数字"), example="121.2500")
LAT = Column(N_("纬度"), "lat", "lat", aliases=("北纬", "Y坐标", "latitude", "y"), help=N_("十进制度"), example="31.3600")
PLACE = (STREET, NEIGHBOURHOOD, GRID, LON, LAT)
CATEGORY = Column(N_("诊疗类别"), "category", "word", words="category", aliases=("诊治科目", "诊疗科目", "违法类别", "类别"), example="静脉输液")
PREMISES = Column(N_("场所类型"), "premises", "word", words="premises", aliases=("场所类别", "场所"), example="出租房屋")
NOTE = Column(N_("备注"), "note", aliases=("说明",))


def day(header: str, field: str = "day", *, required: bool = False, aliases: tuple[str, ...] = (), help: str = "") -> Column:
    """A column that holds a calendar day."""
    return Column(header, field, "day", required, aliases=aliases, help=help, example="2023-07-03")


def agency(header: str, field: str = "agency_code", *, required: bool = False, aliases: tuple[str, ...] = ()) -> Column:
    """A column that holds an agency by code, name or alias."""
    return Column(header, field, "agency", required, aliases=aliases, help=N_("部门的代码、名称或别名"))


def reference(header: str, field: str, refers: str, *, required: bool = False, aliases: tuple[str, ...] = ()) -> Column:
    """A column that holds the 编号 of a row of another register."""
    return Column(header, field, "reference", required, refers=refers, aliases=aliases)


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by name, in the order in which they are imported."""
    found = [
        importlib.import_module(f"{__name__}.{module.name}").KIND
        for module in pkgutil.iter_modules(__path__)
    ]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: (kind.order, kind.name))}
