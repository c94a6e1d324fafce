"""Where the rows of a register lie and what kind of practice they are about, as arrays: ``narrowing.rows_of`` without SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, select
from sqlalchemy.sql import FromClause

from data_access.database import Database
from data_access.narrowing import KIND_PARENTS
from data_access.registers import register
from data_access.schema import FACTS, GROUP_OF
from data_access.scope import PARENTS, PLACE_COLUMNS, known
from data_access.versions import versions
from rules.request import Filters, Scope

KINDS = ("category", "premises")
PARENT_GROUPS = ("activity", "case", "lead", "site", "task")
"""Version groups of the registers through which rows of others lie somewhere."""


@dataclass(frozen=True)
class Link:
    """A column that leads to the rows of another register.

    Attributes:
        rows: the register it leads to.
        of: for each of its rows the number of its id, int64.
        to: for each row here the number of the id that it names, -1 for none.
        count: how many ids there are.
    """

    rows: Placed
    of: np.ndarray
    to: np.ndarray
    count: int

    def reach(self, mask: np.ndarray) -> np.ndarray:
        """Which rows here name a row there that the mask keeps."""
        kept = np.zeros(self.count + 1, dtype=bool)
        kept[self.of[mask]] = True
        kept[-1] = False
        return kept[self.to]


@dataclass(frozen=True)
class Placed:
    """Every known row of a register of the district, whoever may see it.

    Attributes:
        row_id, id: of each row.
        columns: values by name, those of ``PLACE_COLUMNS`` and ``KINDS`` that the table has.
        place_links: parents in whose area a row lies that has no point of its own.
        kind_links: parents whose kind of practice a row is about.
    """

    row_id: pd.Index
    id: pd.Index
    columns: dict[str, np.ndarray]
    place_links: tuple[Link, ...]
    kind_links: tuple[Link, ...]

    def inside(self, area: str) -> np.ndarray:
        """Which rows lie in an area of any level (``scope.within``)."""
        masks = [self.columns[name] == area for name in PLACE_COLUMNS if name in self.columns]
        masks += [link.reach(link.rows.inside(area)) for link in self.place_links]
        return np.logical_or.reduce(masks) if masks else np.zeros(len(self.row_id), dtype=bool)

    def of_kind(self, asked: dict[str, str]) -> np.ndarray | None:
        """Which rows are of a kind of practice; None where nothing here carries it (``narrowing.of_kind``)."""
        if not asked:
            return None
        if self.carries(asked):
            return np.logical_and.reduce([self.columns[name] == code for name, code in asked.items()])
        ways = [link.reach(link.rows.of_kind(asked)) for link in self.kind_links if link.rows.carries(asked)]
        return np.logical_or.reduce(ways) if ways else None

    def carries(self, asked: dict[str, str]) -> bool:
        return all(name in self.columns for name in asked)

    def asked(self, filters: Filters, scope: Scope) -> np.ndarray | None:
        """Which rows lie in the area and are of the kind that the filters ask for; None is every row."""
        kinds = {name: code for name in KINDS if (code := getattr(filters, name))}
        mask = self.of_kind(kinds)
        if filters.area and filters.area != scope.district:
            inside = self.inside(filters.area)
            mask = inside if mask is None else mask & inside
        return mask


def seen(database: Database, filters: Filters, scope: Scope, table: FromClause, names: tuple[str, ...]) -> pd.DataFrame:
    """The rows of a small register that ``narrowing.rows_of`` gives, of every day, from what is kept in memory.

    Args:
        names: the columns wanted, masked as the scope asks; row_id is always there.
    """
    rows = register(database, filters, scope, table, ("row_id", *(name for name in names if name != "row_id")))
    mask = asked_of(database, filters, scope, table, rows["row_id"])
    return rows if mask is None else rows[mask].reset_index(drop=True)


def asked_of(database: Database, filters: Filters, scope: Scope, table: FromClause, row_ids: pd.Series) -> np.ndarray | None:
    """Which rows of a small register, named by row_id, lie in the area and are of the kind asked about; None is every one."""
    if not (filters.category or filters.premises or (filters.area and filters.area != scope.district)):
        return None
    counters = versions(database, scope.district)
    version = tuple(counters[group] for group in sorted({GROUP_OF[table.name], *PARENT_GROUPS}))
    key = ("placed", table.name, scope.district, filters.known_at, version)
    where = database.ledger.get(key, lambda: placed(database, filters, scope, table.name))
    mask = where.asked(filters, scope)
    return None if mask is None else mask[where.row_id.get_indexer(pd.Index(row_ids))]


def placed(database: Database, filters: Filters, scope: Scope, name: str, *where: ColumnElement[bool]) -> Placed:
    """The known rows of a fact table of the district, read now (keep the answer by data version).

    Args:
        where: which of its rows; none is all.
    """
    table = FACTS[name]
    own = [column for column in (*PLACE_COLUMNS, *KINDS) if column in table.c]
    above = () if "located" in table.c else PARENTS.get(name, ())
    kinds = KIND_PARENTS.get(name, ())
    links = dict.fromkeys(column for column, _ in (*above, *kinds))
    rows = database.frame(
        select(*(table.c[column] for column in ("row_id", "id", *own, *links))).where(
            table.c.district_code == scope.district, known(table, filters.known_at), *where
        )
    )
    wide = replace(scope, areas=(), agencies=())
    parents = {parent: placed(database, filters, wide, parent) for parent in dict.fromkeys(parent for _, parent in (*above, *kinds))}

    def link(column: str, parent: str) -> Link:
        of, ids = pd.factorize(parents[parent].id.to_numpy(object))
        return Link(parents[parent], of, pd.Index(ids, dtype=object).get_indexer(rows[column].to_numpy(object)), len(ids))

    return Placed(
        pd.Index(rows["row_id"]), pd.Index(rows["id"]), {column: rows[column].to_numpy(object) for column in own},
        tuple(link(*one) for one in above), tuple(link(*one) for one in kinds),
    )  # fmt: skip
