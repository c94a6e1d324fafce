"""Activities and campaigns; meetings with their decisions, liaisons, snapshots and papers."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from data_access.columns import Code, Id, Instant
from data_access.schema.facts import fact, located, metadata

activity = located(
    "activity",
    Column("day", Date, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("name", String(240)),
    Column("agency_code", Code, comment="牵头部门"),
    Column("materials", Integer, comment="份"),
    Column("attendees", Integer, comment="人"),
    Column("campaign_id", Id),
    Index(None, "district_code", "day"),
)
activity_agency = fact(
    "activity_agency",
    Column("activity_id", Id, nullable=False),
    Column("agency_code", Code, nullable=False),
    Column("role", String(16), nullable=False, comment="lead, support"),
    Column("people", Integer, comment="出动执法人员, 人次"),
    Column("vehicles", Integer, comment="台次"),
    Index(None, "district_code", "activity_id"),
    key=("activity_id", "agency_code", "role"),
)
campaign = fact(
    "campaign",
    Column("name", String(120), nullable=False),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date, nullable=False),
    Column("area_codes", JSON, comment="empty: the whole district"),
)
campaign_milestone = fact(
    "campaign_milestone",
    Column("campaign_id", Id, nullable=False),
    Column("kind", String(16), nullable=False, comment="milestone, stage"),
    Column("name", String(120), nullable=False),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),
    key=("campaign_id", "number"),
)
campaign_target = fact(
    "campaign_target",
    Column("campaign_id", Id, nullable=False),
    Column("indicator", String(16), nullable=False, comment="K1, K4, ..."),
    Column("target", Float, nullable=False),
    Column("unit", String(16)),
    key=("campaign_id", "indicator"),
)
meeting = fact(
    "meeting",
    Column("day", Date, nullable=False),
    Column("level", String(16), nullable=False),
    Column("name", String(240)),
    Column("convener", Code, comment="agency"),
    Column("street_code", Code),
    Column("members", JSON),
    Column("invited", JSON),
    Column("present", JSON),
    Column("minutes_number", String(60)),
    Index(None, "district_code", "day"),
)
decision = located(
    "decision",
    Column("meeting_id", Id),
    Column("kind", String(16), comment="decision, plan (一点一方案); empty: decision"),
    Column("text", Text, nullable=False),
    Column("done_when", Text, comment="完成标准: what counts as done"),
    Column("target_kind", String(16)),
    Column("target_id", Id),
    Column("hotspot", JSON, comment="the hotspot it answers, as it stood in the snapshot"),
    Column("day", Date, nullable=False),
    Column("agency_code", Code, comment="责任部门"),
    Column("support_agencies", JSON),
    Column("due_on", Date),
    Column("state", String(16), nullable=False),
    Column("feedback_on", Date),
    Column("feedback", Text),
    Column("closed_on", Date),
    Index(None, "district_code", "day"),
)
liaison = fact(
    "liaison",
    Column("agency_code", Code, nullable=False),
    Column("name", String(120), comment="personal"),
    Column("phone", String(60), comment="personal"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    key=("agency_code", "valid_from"),
)
snapshot = Table(
    "snapshot",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("id", Id, nullable=False),
    Column("meeting_id", Id, nullable=False),
    Column("number", Integer, nullable=False, comment="第几次快照 of its meeting, from 1"),
    Column("taken_at", Instant, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date, nullable=False),
    Column("data_version", JSON, nullable=False, comment="counter by group"),
    Column("hash", String(64), nullable=False, comment="SHA-256 of the content"),
    Column("content", LargeBinary, nullable=False, comment="compressed canonical JSON"),
    Column("actor_id", Code, nullable=False),
    Column("actor_name", String(120), nullable=False),
    PrimaryKeyConstraint("district_code", "id"),
    UniqueConstraint("district_code", "meeting_id", "number"),
)
paper = Table(
    "paper",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("id", Id, nullable=False),
    Column("snapshot_id", Id),
    Column("meeting_id", Id),
    Column("kind", String(32), nullable=False),
    Column("file_name", String(240), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("scope", JSON, nullable=False, comment="whose rows it holds"),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Code, nullable=False),
    Column("confirmed_at", Instant, comment="empty: 草稿"),
    Column("confirmed_by", Code),
    PrimaryKeyConstraint("district_code", "id"),
)
