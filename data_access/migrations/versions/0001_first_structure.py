"""The first structure: every register, its versions, the people, the audit.

PostgreSQL gets PostGIS, monthly partitions of the visits and a spatial index besides.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data_access.columns import Instant, Shape

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_VISIT_INDEXES = {
    "ix_patrol_visit_by_day": (
        "day", "superseded_at", "street_code", "neighbourhood_code", "grid_code", "agency_code",
        "target_kind", "mode", "finding", "visits", "mobile",
    ),
    "ix_patrol_visit_by_grid": ("grid_code", "day", "superseded_at"),
    "ix_patrol_visit_by_target": ("target_id", "day", "superseded_at"),
}  # fmt: skip


def upgrade() -> None:
    on_postgresql = op.get_context().dialect.name == "postgresql"
    if on_postgresql:
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    _fact(
        "area",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("type", sa.String(16)),
        sa.Column("parent_code", sa.String(64)),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120)),
        sa.Column("short_name", sa.String(60)),
        sa.Column("aliases", sa.JSON()),
        sa.Column("predecessors", sa.JSON()),
        sa.Column("priority", sa.Boolean()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("geometry", Shape()),
        sa.Column("geometry_hash", sa.String(64)),
        sa.Column("west", sa.Float()),
        sa.Column("south", sa.Float()),
        sa.Column("east", sa.Float()),
        sa.Column("north", sa.Float()),
        sa.Column("label_lon", sa.Float()),
        sa.Column("label_lat", sa.Float()),
        sa.Column("area_km2", sa.Float()),
        key=("code", "valid_from"),
    )
    _fact(
        "agency",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120)),
        sa.Column("short_name", sa.String(60)),
        sa.Column("system", sa.String(16), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("parent_code", sa.String(64)),
        sa.Column("area_code", sa.String(64)),
        sa.Column("aliases", sa.JSON()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        key=("code",),
    )
    _fact(
        "area_population",
        sa.Column("area_code", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer()),
        sa.Column("residents_from_elsewhere", sa.Integer()),
        sa.Column("workers", sa.Integer()),
        key=("area_code", "year"),
    )
    _fact(
        "subject",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(120)),
        sa.Column("phone", sa.String(60)),
        sa.Column("address", sa.String(240)),
        sa.Column("identity_hash", sa.String(64)),
        sa.Column("phone_hash", sa.String(64)),
        sa.Column("school", sa.String(120)),
        sa.Column("major", sa.String(120)),
        sa.Column("qualification", sa.String(24)),
        sa.Column("residence", sa.String(16)),
        sa.Column("category", sa.String(24)),
        sa.Column("prior_penalties", sa.Integer()),
        sa.Column("listed_on", sa.Date()),
        *_place(),
        indexes=(("street_code",),),
    )
    _fact(
        "list_check",
        sa.Column("subject_id", sa.String(36), nullable=False),
        sa.Column("listed_on", sa.Date()),
        sa.Column("system_checked_on", sa.Date()),
        sa.Column("field_checked_on", sa.Date()),
        sa.Column("still_active", sa.Boolean()),
        sa.Column("graded_on", sa.Date()),
        sa.Column("grade", sa.String(16)),
        sa.Column("control_measure", sa.String(240)),
        sa.Column("control_on", sa.Date()),
        sa.Column("joint_action_on", sa.Date()),
        sa.Column("due_on", sa.Date()),
        *_place(),
        indexes=(("subject_id",), ("street_code",)),
    )
    _fact(
        "site",
        sa.Column("name", sa.String(120)),
        sa.Column("address", sa.String(240)),
        sa.Column("premises", sa.String(24)),
        sa.Column("category", sa.String(24)),
        sa.Column("itinerant", sa.Boolean()),
        sa.Column("stubborn", sa.Boolean()),
        sa.Column("plan", sa.Text()),
        sa.Column("first_seen", sa.Date()),
        sa.Column("subject_id", sa.String(36)),
        *_place(),
        indexes=(("street_code",),),
    )
    _fact(
        "site_event",
        sa.Column("site_id", sa.String(36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("risk", sa.String(16)),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("case_id", sa.String(36)),
        sa.Column("note", sa.Text()),
        indexes=(("site_id", "day"),),
    )
    _fact(
        "lead",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", Instant()),
        sa.Column("source", sa.String(24), nullable=False),
        sa.Column("category", sa.String(24)),
        sa.Column("premises", sa.String(24)),
        sa.Column("site_id", sa.String(36)),
        sa.Column("subject_id", sa.String(36)),
        sa.Column("visit_id", sa.String(36)),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("contacted_on", sa.Date()),
        sa.Column("due_on", sa.Date()),
        sa.Column("checked_on", sa.Date()),
        sa.Column("result", sa.String(16)),
        sa.Column("street_notified_on", sa.Date()),
        sa.Column("feedback_on", sa.Date()),
        sa.Column("summary", sa.Text()),
        *_place(),
        indexes=(("day",), ("street_code",)),
    )
    _fact(
        "case",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("category", sa.String(24)),
        sa.Column("premises", sa.String(24)),
        sa.Column("site_id", sa.String(36)),
        sa.Column("subject_id", sa.String(36)),
        sa.Column("lead_id", sa.String(36)),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("joint", sa.Boolean()),
        sa.Column("joint_agencies", sa.JSON()),
        sa.Column("joint_on", sa.Date()),
        sa.Column("limit_days", sa.Integer()),
        sa.Column("title", sa.String(240)),
        *_place(),
        indexes=(("street_code",),),
    )
    _fact(
        "case_event",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("document", sa.String(120)),
        sa.Column("note", sa.Text()),
        indexes=(("case_id", "day"),),
    )
    _fact(
        "penalty",
        sa.Column("case_id", sa.String(36)),
        sa.Column("site_id", sa.String(36)),
        sa.Column("subject_id", sa.String(36)),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("fine_yuan", sa.Numeric(14, 2)),
        sa.Column("confiscated_yuan", sa.Numeric(14, 2)),
        sa.Column("document", sa.String(120)),
        sa.Column("street_code", sa.String(64)),
        sa.Column("pushed_on", sa.Date()),
        indexes=(("day",),),
    )
    _fact(
        "seizure",
        sa.Column("case_id", sa.String(36)),
        sa.Column("site_id", sa.String(36)),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("item", sa.String(120)),
        sa.Column("quantity", sa.Numeric(14, 2), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("street_code", sa.String(64)),
        indexes=(("day",),),
    )
    _fact(
        "transfer",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("lead_id", sa.String(36)),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_agency", sa.String(64), nullable=False),
        sa.Column("to_agency", sa.String(64), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("accepted_on", sa.Date()),
        sa.Column("feedback_on", sa.Date()),
        sa.Column("feedback", sa.Text()),
        sa.Column("street_code", sa.String(64)),
        indexes=(("day",),),
    )
    _fact(
        "construction_site",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("address", sa.String(240)),
        sa.Column("phase", sa.String(16)),
        sa.Column("workers", sa.Integer()),
        sa.Column("contractor", sa.String(120)),
        sa.Column("started_on", sa.Date()),
        sa.Column("finished_on", sa.Date()),
        *_place(),
        indexes=(("street_code",),),
    )
    _fact(
        "patrol_visit",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", Instant()),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("target_kind", sa.String(16), nullable=False),
        sa.Column("target_id", sa.String(36)),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("finding", sa.String(16), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("officers", sa.Integer()),
        sa.Column("mobile", sa.Boolean()),
        sa.Column("note", sa.Text()),
        *_place(),
        partition="day",
        indexes=(("street_code",),),
    )
    # What counts visits by day, grid or target is answered from the index alone.
    for name, columns in _VISIT_INDEXES.items():
        op.create_index(name, "patrol_visit", ["district_code", *columns])
    _fact(
        "task_list",
        sa.Column("quarter", sa.String(8), nullable=False),
        sa.Column("street_code", sa.String(64)),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("issued_on", sa.Date()),
        sa.Column("due_on", sa.Date()),
        sa.Column("quota", sa.Integer()),
    )
    _fact(
        "task_target",
        sa.Column("task_list_id", sa.String(36), nullable=False),
        sa.Column("target_kind", sa.String(16), nullable=False),
        sa.Column("target_id", sa.String(36)),
        sa.Column("grid_code", sa.String(64)),
        sa.Column("street_code", sa.String(64)),
        key=("task_list_id", "number"),
        indexes=(("task_list_id",),),
    )
    _fact(
        "activity",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.String(240)),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("materials", sa.Integer()),
        sa.Column("attendees", sa.Integer()),
        sa.Column("campaign_id", sa.String(36)),
        *_place(),
        indexes=(("day",), ("street_code",)),
    )
    _fact(
        "activity_agency",
        sa.Column("activity_id", sa.String(36), nullable=False),
        sa.Column("agency_code", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("people", sa.Integer()),
        sa.Column("vehicles", sa.Integer()),
        key=("activity_id", "agency_code", "role"),
        indexes=(("activity_id",),),
    )
    _fact(
        "campaign",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("area_codes", sa.JSON()),
    )
    _fact(
        "campaign_milestone",
        sa.Column("campaign_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date()),
        key=("campaign_id", "number"),
    )
    _fact(
        "campaign_target",
        sa.Column("campaign_id", sa.String(36), nullable=False),
        sa.Column("indicator", sa.String(16), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(16)),
        key=("campaign_id", "indicator"),
    )
    _fact(
        "meeting",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("name", sa.String(240)),
        sa.Column("convener", sa.String(64)),
        sa.Column("street_code", sa.String(64)),
        sa.Column("members", sa.JSON()),
        sa.Column("invited", sa.JSON()),
        sa.Column("present", sa.JSON()),
        sa.Column("minutes_number", sa.String(60)),
        indexes=(("day",),),
    )
    _fact(
        "decision",
        sa.Column("meeting_id", sa.String(36)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("agency_code", sa.String(64)),
        sa.Column("support_agencies", sa.JSON()),
        sa.Column("due_on", sa.Date()),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("feedback_on", sa.Date()),
        sa.Column("feedback", sa.Text()),
        sa.Column("closed_on", sa.Date()),
        *_place(),
        indexes=(("day",), ("street_code",)),
    )
    _fact(
        "adverse_event",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(16)),
        sa.Column("verified", sa.Boolean()),
        sa.Column("summary", sa.Text()),
        *_place(),
        indexes=(("street_code",),),
    )
    _fact(
        "score_entry",
        sa.Column("street_code", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item", sa.String(16), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("evidence", sa.JSON()),
    )
    _fact(
        "rented_premises",
        sa.Column("address", sa.String(240)),
        sa.Column("landlord", sa.String(120)),
        sa.Column("tenant", sa.String(120)),
        sa.Column("registered_on", sa.Date()),
        sa.Column("committee_notified_on", sa.Date()),
        *_place(),
        indexes=(("street_code",),),
    )
    _fact(
        "licensed_institution",
        sa.Column("name", sa.String(240), nullable=False),
        sa.Column("kind", sa.String(60)),
        sa.Column("licence", sa.String(60)),
        sa.Column("checked_on", sa.Date()),
        *_place(),
        indexes=(("street_code",),),
    )
    op.create_table(
        "import_batch",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("source_code", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(240), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_same", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date()),
        sa.Column("last_day", sa.Date()),
        sa.Column("undone_at", Instant()),
        sa.Column("undone_by", sa.String(64)),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("district_code", "id", name="pk_import_batch"),
    )
    op.create_table(
        "refused_row",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("batch_id", sa.String(36), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("district_code", "batch_id", "row_number", name="pk_refused_row"),
    )
    op.create_table(
        "source",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("expected_every_hours", sa.Integer()),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("district_code", "code", name="pk_source"),
    )
    op.create_table(
        "user",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("login", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("password_hash", sa.String(240)),
        sa.Column("disabled_at", Instant()),
        sa.PrimaryKeyConstraint("district_code", "id", name="pk_user"),
        sa.UniqueConstraint("district_code", "login", name="uq_user_district_code_login"),
    )
    op.create_table(
        "grant",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("area_codes", sa.JSON()),
        sa.Column("agency_codes", sa.JSON()),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.PrimaryKeyConstraint("district_code", "id", name="pk_grant"),
    )
    op.create_table(
        "audit_event",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("actor_role", sa.String(24), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject_table", sa.String(32)),
        sa.Column("subject_id", sa.String(64)),
        sa.Column("detail", sa.JSON()),
        sa.PrimaryKeyConstraint("district_code", "id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_district_code_at", "audit_event", ["district_code", "at"])
    op.create_table(
        "data_version",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("group", sa.String(24), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("district_code", "group", name="pk_data_version"),
    )
    op.create_table(
        "setting",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("district_code", "name", name="pk_setting"),
    )
    if on_postgresql:
        op.execute("CREATE TABLE patrol_visit_default PARTITION OF patrol_visit DEFAULT")
        op.execute("CREATE INDEX ix_area_geometry ON area USING gist (geometry)")


def downgrade() -> None:
    for table in (
        "setting",
        "data_version",
        "audit_event",
        "grant",
        "user",
        "source",
        "refused_row",
        "import_batch",
        "licensed_institution",
        "rented_premises",
        "score_entry",
        "adverse_event",
        "decision",
        "meeting",
        "campaign_target",
        "campaign_milestone",
        "campaign",
        "activity_agency",
        "activity",
        "task_target",
        "task_list",
        "patrol_visit",
        "construction_site",
        "transfer",
        "seizure",
        "penalty",
        "case_event",
        "case",
        "lead",
        "site_event",
        "site",
        "list_check",
        "subject",
        "area_population",
        "agency",
        "area",
    ):
        op.drop_table(table)


def _fact(
    name: str,
    *columns: sa.Column,
    key: tuple[str, ...] = ("number",),
    partition: str | None = None,
    indexes: tuple[tuple[str, ...], ...] = (),
) -> None:
    identity = ("district_code", partition, "row_id") if partition else ("district_code", "row_id")
    options = {"postgresql_partition_by": f"RANGE ({partition})"} if partition else {}
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
        sa.PrimaryKeyConstraint(*identity, name=f"pk_{name}"),
        **options,
    )
    for parts in (("id",), ("batch_id",), *indexes):
        listed = ["district_code", *parts]
        op.create_index(f"ix_{name}_{'_'.join(listed)}", name, listed)
    op.create_index(
        f"uq_{name}_current",
        name,
        ["district_code", "source_code", *key, *filter(None, (partition,))],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def _place() -> tuple[sa.Column, ...]:
    return (
        sa.Column("street_code", sa.String(64)),
        sa.Column("neighbourhood_code", sa.String(64)),
        sa.Column("grid_code", sa.String(64)),
        sa.Column("lon", sa.Float()),
        sa.Column("lat", sa.Float()),
        sa.Column("located", sa.String(8), nullable=False),
    )
