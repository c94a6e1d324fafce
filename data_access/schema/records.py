"""What the product writes of itself: imports, sources, accounts, looks at personal data, versions, settings."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from data_access.columns import Code, Id, Instant
from data_access.schema.facts import metadata

import_batch = Table(
    "import_batch",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("id", Id, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("source_code", Code, nullable=False),
    Column("file_name", String(240), nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("actor_id", Code, nullable=False),
    Column("actor_name", String(120), nullable=False),
    Column("rows_read", Integer, nullable=False),
    Column("rows_new", Integer, nullable=False),
    Column("rows_changed", Integer, nullable=False),
    Column("rows_same", Integer, nullable=False),
    Column("rows_refused", Integer, nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("undone_at", Instant),
    Column("undone_by", Code),
    Column("demo", Boolean, nullable=False, default=False, comment="演示数据"),
    PrimaryKeyConstraint("district_code", "id"),
)
refused_row = Table(
    "refused_row",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("batch_id", Id, nullable=False),
    Column("row_number", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("content", JSON, nullable=False, comment="personal"),
    PrimaryKeyConstraint("district_code", "batch_id", "row_number"),
)
source = Table(
    "source",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("code", Code, nullable=False),
    Column("name", String(120), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("expected_every_hours", Integer, comment="empty: no rhythm is expected"),
    Column("shown", Boolean, nullable=False, default=True),
    PrimaryKeyConstraint("district_code", "code"),
)
user = Table(
    "user",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("id", Id, nullable=False),
    Column("login", String(60), nullable=False),
    Column("name", String(120), nullable=False),
    Column("password_hash", String(240)),
    Column("disabled_at", Instant),
    PrimaryKeyConstraint("district_code", "id"),
    UniqueConstraint("district_code", "login"),
)
grant = Table(
    "grant",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("id", Id, nullable=False),
    Column("user_id", Id, nullable=False),
    Column("role", String(24), nullable=False),
    Column("area_codes", JSON),
    Column("agency_codes", JSON),
    Column("personal", Boolean, nullable=False, default=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    PrimaryKeyConstraint("district_code", "id"),
)
audit_event = Table(
    "audit_event",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_id", Code, nullable=False),
    Column("actor_name", String(120), nullable=False),
    Column("actor_role", String(24), nullable=False),
    Column("scope", JSON, nullable=False),
    Column("action", String(32), nullable=False, comment="import, undo, export, look, ..."),
    Column("subject_table", String(32)),
    Column("subject_id", String(64)),
    Column("detail", JSON),
    PrimaryKeyConstraint("district_code", "id"),
    Index(None, "district_code", "at"),
)
data_version = Table(
    "data_version",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("group", String(24), nullable=False),
    Column("counter", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    PrimaryKeyConstraint("district_code", "group"),
)
setting = Table(
    "setting",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("name", String(64), nullable=False),
    Column("value", JSON, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", Code, nullable=False),
    PrimaryKeyConstraint("district_code", "name"),
)
