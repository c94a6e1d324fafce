"""What every versioned table has: its keys, its versions, and, where it lies somewhere, its place."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    text,
)

from data_access.columns import Code, Id, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

FACTS: dict[str, Table] = {}
"""Every versioned table by name (they share the columns of ``fact``)."""

LOCATED: dict[str, Table] = {}
"""Every versioned table whose rows carry an area and, where known, a point."""


def fact(name: str, *columns: Column | Index, key: tuple[str, ...] = ("number",), partition: str | None = None) -> Table:
    identity = ("district_code", partition, "row_id") if partition else ("district_code", "row_id")
    options = {"postgresql_partition_by": f"RANGE ({partition})"} if partition else {}
    table = Table(
        name,
        metadata,
        Column("district_code", Code, nullable=False),
        Column("row_id", Id, nullable=False),
        Column("id", Id, nullable=False),
        Column("number", Code, comment="编号 within its source; empty where the file gives none"),
        Column("source_code", Code, nullable=False),
        Column("batch_id", Id, nullable=False),
        Column("row_number", Integer, comment="row in the imported file, from 1 below the headings"),
        Column("content_hash", String(64), nullable=False),
        Column("recorded_at", Instant, nullable=False),
        Column("superseded_at", Instant),
        *(part for part in columns if isinstance(part, Column)),
        *(part for part in columns if isinstance(part, Index)),
        PrimaryKeyConstraint(*identity),
        Index(None, "district_code", "id"),
        Index(None, "district_code", "batch_id"),
        Index(
            f"uq_{name}_current",
            *("district_code", "source_code", *key, *filter(None, (partition,))),
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        **options,
    )
    FACTS[name] = table
    return table


def _place() -> tuple[Column, ...]:
    return (
        Column("street_code", Code),
        Column("neighbourhood_code", Code),
        Column("grid_code", Code),
        Column("lon", Float),
        Column("lat", Float),
        Column("located", String(8), nullable=False, comment="point, area, outside"),
    )


def located(name: str, *columns: Column | Index, **options: object) -> Table:
    table = fact(name, *columns, *_place(), Index(None, "district_code", "street_code"), **options)
    LOCATED[name] = table
    return table
