"""Rules and their adoption, teams and duties handed over, F1 forms with photographs, meetings frozen and on paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data_access.columns import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_DECISION = {
    "kind": sa.String(16), "done_when": sa.Text(), "target_kind": sa.String(16), "target_id": sa.String(36), "hotspot": sa.JSON(),
}


def upgrade() -> None:
    for name, kind in _DECISION.items():
        op.add_column("decision", sa.Column(name, kind))
    _fact(
        "rule_version",
        sa.Column("rule_id", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("reason", sa.Text()),
        key=("rule_id", "valid_from"),
    )
    _fact(
        "adoption",
        sa.Column("rule_id", sa.String(64), nullable=False),
        sa.Column("area_code", sa.String(64)),
        sa.Column("adopter", sa.String(120), nullable=False),
        sa.Column("document", sa.String(240)),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        key=("rule_id", "area_code", "valid_from"),
    )
    _fact(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(60)),
        key=("day",),
    )
    _fact(
        "visit_form",
        sa.Column("visit_id", sa.String(36), nullable=False),
        sa.Column("unit_name", sa.String(120)),
        sa.Column("people", sa.String(240)),
        sa.Column("address", sa.String(240)),
        sa.Column("phone", sa.String(60)),
        sa.Column("school", sa.String(120)),
        sa.Column("major", sa.String(120)),
        sa.Column("qualification", sa.String(24)),
        sa.Column("category", sa.String(24)),
        sa.Column("premises", sa.String(24)),
        sa.Column("joint_wanted", sa.Boolean()),
        sa.Column("advised_to_stop", sa.Boolean()),
        sa.Column("filled_by", sa.String(120)),
        sa.Column("filled_on", sa.Date()),
        sa.Column("reviewed_by", sa.String(120)),
        key=("visit_id",),
        indexes=(("visit_id",),),
    )
    _fact(
        "team",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120)),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("street_code", sa.String(64)),
        sa.Column("neighbourhood_code", sa.String(64)),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        key=("code",),
    )
    _fact(
        "assignment",
        sa.Column("grid_code", sa.String(64), nullable=False),
        sa.Column("street_code", sa.String(64)),
        sa.Column("owner_kind", sa.String(16), nullable=False),
        sa.Column("owner_code", sa.String(64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("note", sa.Text()),
        key=("grid_code", "valid_from"),
    )
    _fact(
        "handover",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("rule_id", sa.String(64), nullable=False),
        sa.Column("target_kind", sa.String(16), nullable=False),
        sa.Column("target_id", sa.String(64), nullable=False),
        sa.Column("street_code", sa.String(64)),
        sa.Column("grid_code", sa.String(64)),
        sa.Column("from_kind", sa.String(16)),
        sa.Column("from_code", sa.String(64)),
        sa.Column("to_kind", sa.String(16)),
        sa.Column("to_code", sa.String(64)),
        sa.Column("reason", sa.Text(), nullable=False),
        indexes=(("target_id",),),
    )
    _fact(
        "liaison",
        sa.Column("agency_code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120)),
        sa.Column("phone", sa.String(60)),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        key=("agency_code", "valid_from"),
    )
    op.create_table(
        "visit_photo",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("visit_id", sa.String(36), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant()),
        sa.PrimaryKeyConstraint("district_code", "id", name="pk_visit_photo"),
    )
    op.create_index("ix_visit_photo_district_code_visit_id", "visit_photo", ["district_code", "visit_id"])
    op.create_table(
        "snapshot",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("meeting_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("data_version", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("district_code", "id", name="pk_snapshot"),
        sa.UniqueConstraint("district_code", "meeting_id", "number", name="uq_snapshot_district_code_meeting_id_number"),
    )
    op.create_table(
        "paper",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("snapshot_id", sa.String(36)),
        sa.Column("meeting_id", sa.String(36)),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("file_name", sa.String(240), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("confirmed_at", Instant()),
        sa.Column("confirmed_by", sa.String(64)),
        sa.PrimaryKeyConstraint("district_code", "id", name="pk_paper"),
    )


def _fact(
    name: str,
    *columns: sa.Column,
    key: tuple[str, ...] = ("number",),
    indexes: tuple[tuple[str, ...], ...] = (),
) -> None:
    op.create_table(
        name,
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
        *columns,
        sa.PrimaryKeyConstraint("district_code", "row_id", name=f"pk_{name}"),
    )
    for parts in (("id",), ("batch_id",), *indexes):
        listed = ["district_code", *parts]
        op.create_index(f"ix_{name}_{'_'.join(listed)}", name, listed)
    op.create_index(
        f"uq_{name}_current",
        name,
        ["district_code", "source_code", *key],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
