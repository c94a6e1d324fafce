"""Whom harm and seized goods lead to (法释〔2016〕27号 第二条), and every check of a licensed institution."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

from data_access.columns import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CURRENT = {f"{name}_where": sa.text("superseded_at IS NULL") for name in ("sqlite", "postgresql")}
_ADDED = {
    "adverse_event": {"case_id": sa.String(36), "site_id": sa.String(36), "subject_id": sa.String(36)},
    "seizure": {"quality": sa.String(16), "endangering": sa.Boolean()},
}
_CHILDREN = uuid.UUID("6f0a86bb-2f0c-5d0c-9a6e-2b9f0e6c7d11")
_HELD = sa.text(
    "SELECT district_code, row_id, id, source_code, batch_id, row_number, content_hash, recorded_at, checked_on "
    "FROM licensed_institution WHERE checked_on IS NOT NULL AND superseded_at IS NULL"
)
_WRITTEN = sa.text(
    "INSERT INTO institution_check (district_code, row_id, id, source_code, batch_id, row_number, content_hash, recorded_at, institution_id, day) "
    "VALUES (:district_code, :row_id, :own, :source_code, :batch_id, :row_number, :content_hash, :recorded_at, :id, :checked_on)"
)


def upgrade() -> None:
    for table, columns in _ADDED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    op.create_table(
        "institution_check",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("row_id", sa.String(36), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(64)),
        sa.Column("source_code", sa.String(64), nullable=False),
        sa.Column("batch_id", sa.String(36), nullable=False),
        sa.Column("row_number", sa.Integer()),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("superseded_at", Instant()),
        sa.Column("institution_id", sa.String(36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("district_code", "row_id", name="pk_institution_check"),
    )
    op.create_index("ix_institution_check_district_code_id", "institution_check", ["district_code", "id"])
    op.create_index("ix_institution_check_district_code_batch_id", "institution_check", ["district_code", "batch_id"])
    op.create_index("ix_institution_check_district_code_day", "institution_check", ["district_code", "day"])
    op.create_index("uq_institution_check_current", "institution_check", ["district_code", "source_code", "institution_id", "day"], unique=True, **_CURRENT)
    # The day that stood in the register of institutions is the first check on record; its id is the one that an import would give it.
    held = op.get_bind().execute(_HELD).mappings().all()
    made = [{**row, "own": str(uuid.uuid5(_CHILDREN, f"institution_check/{row['id']}/{_iso(row['checked_on'])}"))} for row in held]
    if made:
        op.get_bind().execute(_WRITTEN, made)


def _iso(day: object) -> str:
    return str(day)[:10]
