"""The roads along which a round is led, and when, how and with what result a complainant was contacted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data_access.columns import Instant, Shape

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CURRENT = {f"{name}_where": sa.text("superseded_at IS NULL") for name in ("sqlite", "postgresql")}


_CONTACT = {"contact_at": Instant(), "contact_how": sa.String(16), "contact_result": sa.String(16)}


def upgrade() -> None:
    for name, kind in _CONTACT.items():
        op.add_column("lead", sa.Column(name, kind))
    op.create_table(
        "road",
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
        sa.Column("name", sa.String(120)),
        sa.Column("road_class", sa.String(24)),
        sa.Column("direction", sa.String(16), nullable=False),
        sa.Column("on_foot", sa.Boolean(), nullable=False),
        sa.Column("geometry", Shape()),
        sa.Column("geometry_hash", sa.String(64)),
        sa.PrimaryKeyConstraint("district_code", "row_id", name="pk_road"),
    )
    op.create_index("ix_road_district_code_id", "road", ["district_code", "id"])
    op.create_index("ix_road_district_code_batch_id", "road", ["district_code", "batch_id"])
    op.create_index("uq_road_current", "road", ["district_code", "source_code", "number"], unique=True, **_CURRENT)
