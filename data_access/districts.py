"""Which district a database holds, and whether its rows are a demonstration."""

from __future__ import annotations

from sqlalchemy import select

from data_access.database import Database
from data_access.schema import area, import_batch
from rules.language import N_, Refusal


class NoSingleDistrict(Refusal):
    """The database holds no district, or several and nobody said which."""


def districts(database: Database) -> list[str]:
    """Codes of the districts that have areas, in order; empty before the first import."""
    asked = select(area.c.district_code).where(area.c.superseded_at.is_(None)).distinct()
    return sorted(database.frame(asked)["district_code"])


def only_district(database: Database) -> str:
    """The code of the one district in a database.

    Raises:
        NoSingleDistrict: there is none, or more than one.
    """
    found = districts(database)
    if not found:
        raise NoSingleDistrict(
            N_("数据库里还没有区域：请先导入区域（python cli.py import），并把 ONEMAP_DISTRICT 设为区县代码。")
        )
    if len(found) > 1:
        raise NoSingleDistrict(
            N_("数据库里有多个区县（{codes}）：请把 ONEMAP_DISTRICT 设为其中一个。"), codes=", ".join(found)
        )
    return found[0]


def is_demo(database: Database, district: str) -> bool:
    """Whether any batch that still counts was brought in as a demonstration."""
    asked = (
        select(import_batch.c.id)
        .where(
            import_batch.c.district_code == district,
            import_batch.c.demo,
            import_batch.c.undone_at.is_(None),
        )
        .limit(1)
    )
    return len(database.frame(asked)) > 0
