"""Every table of the database; migrations must arrive at exactly this.

Rules that hold for every fact table (DESIGN 3 and 4):

* ``district_code`` is the first column of the primary key and of every unique key, so that the
  tables can be distributed by district; identifiers are UUIDv7 made by the application.
* ``id`` is the thing (a site, a case); ``row_id`` is one version of what was written about it.
  A change or an undo never overwrites: the old version gets ``superseded_at``, a new one is added.
  A row was known at instant k when ``recorded_at <= k`` and (``superseded_at`` is null or > k).
* ``day`` is the day of the fact; ``recorded_at`` is when this database took it.
* References between facts go by the thing's ``id``; to areas and agencies by their ``code``.
* One version of a key (``number`` within its source) is current; an empty number is no key.
* A located row carries the street, neighbourhood and grid it fell in on entry;
  ``located`` says how: ``point`` (coordinates fell in), ``area`` (only an area was given),
  ``outside`` (coordinates in no area: 未落入网格), and nothing is dropped.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from data_access.columns import Code, Id, Instant, Shape

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

FACTS: dict[str, Table] = {}
"""Every versioned table by name (they share the columns of ``_fact``)."""

LOCATED: dict[str, Table] = {}
"""Every versioned table whose rows carry an area and, where known, a point."""


def _fact(name: str, *columns: Column | Index, key: tuple[str, ...] = ("number",), partition: str | None = None) -> Table:
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


def _located(name: str, *columns: Column | Index, **options: object) -> Table:
    table = _fact(name, *columns, *_place(), Index(None, "district_code", "street_code"), **options)
    LOCATED[name] = table
    return table


area = _fact(
    "area",
    Column("code", Code, nullable=False),
    Column("level", String(16), nullable=False),
    Column("type", String(16)),
    Column("parent_code", Code),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120)),
    Column("short_name", String(60)),
    Column("aliases", JSON),
    Column("predecessors", JSON, comment="codes of the areas this one was cut from"),
    Column("priority", Boolean, comment="重点村居 / 重点区域"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, comment="last day; empty while it exists"),
    Column("geometry", Shape, comment="polygon or multipolygon, EPSG:4326; empty where unknown"),
    Column("geometry_hash", String(64)),
    Column("west", Float),
    Column("south", Float),
    Column("east", Float),
    Column("north", Float),
    Column("label_lon", Float),
    Column("label_lat", Float),
    Column("area_km2", Float),
    key=("code", "valid_from"),
)
agency = _fact(
    "agency",
    Column("code", Code, nullable=False),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120)),
    Column("short_name", String(60)),
    Column("system", String(16), nullable=False),
    Column("level", String(16), nullable=False),
    Column("parent_code", Code),
    Column("area_code", Code),
    Column("aliases", JSON, comment="[{name, from, to}]: 工商 until 2018, ..."),
    Column("valid_from", Date),
    Column("valid_to", Date),
    key=("code",),
)
area_population = _fact(
    "area_population",
    Column("area_code", Code, nullable=False),
    Column("year", Integer, nullable=False),
    Column("residents", Integer, comment="常住人口, 人"),
    Column("residents_from_elsewhere", Integer, comment="外来人口, 人"),
    Column("workers", Integer, comment="从业人员, 人"),
    key=("area_code", "year"),
)
subject = _located(
    "subject",
    Column("kind", String(16), nullable=False),
    Column("name", String(120), comment="personal"),
    Column("phone", String(60), comment="personal"),
    Column("address", String(240), comment="personal"),
    Column("identity_hash", String(64), comment="keyed hash of an identity number; the number is not kept"),
    Column("phone_hash", String(64)),
    Column("school", String(120), comment="personal"),
    Column("major", String(120), comment="personal"),
    Column("qualification", String(24)),
    Column("residence", String(16)),
    Column("category", String(24)),
    Column("prior_penalties", Integer, comment="行政处罚次数 before this register begins"),
    Column("listed_on", Date, comment="on the historic list since"),
)
list_check = _located(
    "list_check",
    Column("subject_id", Id, nullable=False),
    Column("listed_on", Date),
    Column("system_checked_on", Date),
    Column("field_checked_on", Date),
    Column("still_active", Boolean),
    Column("graded_on", Date),
    Column("grade", String(16)),
    Column("control_measure", String(240)),
    Column("control_on", Date),
    Column("joint_action_on", Date),
    Column("due_on", Date),
    Index(None, "district_code", "subject_id"),
)
site = _located(
    "site",
    Column("name", String(120), comment="personal"),
    Column("address", String(240), comment="personal"),
    Column("premises", String(24)),
    Column("category", String(24)),
    Column("itinerant", Boolean, comment="流动, no fixed place"),
    Column("stubborn", Boolean, comment="钉子户"),
    Column("plan", Text, comment="一点（人）一方案"),
    Column("first_seen", Date),
    Column("subject_id", Id),
)
site_event = _fact(
    "site_event",
    Column("site_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("event", String(16), nullable=False),
    Column("risk", String(16)),
    Column("agency_code", Code),
    Column("case_id", Id),
    Column("note", Text),
    Index(None, "district_code", "site_id", "day"),
)
lead = _located(
    "lead",
    Column("day", Date, nullable=False),
    Column("at", Instant),
    Column("source", String(24), nullable=False),
    Column("category", String(24)),
    Column("premises", String(24)),
    Column("site_id", Id),
    Column("subject_id", Id),
    Column("visit_id", Id),
    Column("agency_code", Code, comment="承办部门"),
    Column("contacted_on", Date, comment="先行联系: the day the complainant was reached"),
    Column("contact_at", Instant, comment="the last try to reach the complainant"),
    Column("contact_how", String(16)),
    Column("contact_result", String(16)),
    Column("due_on", Date, comment="核查期限"),
    Column("checked_on", Date, comment="核查日"),
    Column("result", String(16)),
    Column("street_notified_on", Date, comment="通报街镇"),
    Column("feedback_on", Date, comment="反馈举报人或来源"),
    Column("summary", Text, comment="personal"),
    Index(None, "district_code", "day"),
)
case = _located(
    "case",
    Column("kind", String(16), nullable=False),
    Column("category", String(24)),
    Column("premises", String(24)),
    Column("site_id", Id),
    Column("subject_id", Id),
    Column("lead_id", Id),
    Column("agency_code", Code, comment="办案部门"),
    Column("joint", Boolean, comment="联合办案"),
    Column("joint_agencies", JSON),
    Column("joint_on", Date, comment="day the joint handling began"),
    Column("limit_days", Integer, comment="办案期限 in calendar days where it differs from the rule"),
    Column("title", String(240), comment="personal"),
)
case_event = _fact(
    "case_event",
    Column("case_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("event", String(16), nullable=False),
    Column("until", Date, comment="for an extension: the new last day"),
    Column("agency_code", Code),
    Column("document", String(120)),
    Column("note", Text),
    Index(None, "district_code", "case_id", "day"),
)
penalty = _fact(
    "penalty",
    Column("case_id", Id),
    Column("site_id", Id),
    Column("subject_id", Id),
    Column("day", Date, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("agency_code", Code),
    Column("fine_yuan", Numeric(14, 2)),
    Column("confiscated_yuan", Numeric(14, 2)),
    Column("document", String(120)),
    Column("street_code", Code),
    Column("pushed_on", Date, comment="推送市信用平台"),
    Index(None, "district_code", "day"),
)
seizure = _fact(
    "seizure",
    Column("case_id", Id),
    Column("site_id", Id),
    Column("day", Date, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("item", String(120)),
    Column("quantity", Numeric(14, 2), nullable=False),
    Column("unit", String(16), nullable=False),
    Column("quality", String(16), comment="假药, 劣药, 不符合标准; empty: nothing found about it"),
    Column("endangering", Boolean, comment="认定足以严重危害人体健康; empty: not judged yet"),
    Column("agency_code", Code),
    Column("street_code", Code),
    Index(None, "district_code", "day"),
)
transfer = _fact(
    "transfer",
    Column("kind", String(16), nullable=False),
    Column("case_id", Id),
    Column("lead_id", Id),
    Column("day", Date, nullable=False),
    Column("from_agency", Code, nullable=False),
    Column("to_agency", Code, nullable=False),
    Column("due_on", Date),
    Column("accepted_on", Date),
    Column("feedback_on", Date),
    Column("feedback", Text),
    Column("street_code", Code),
    Index(None, "district_code", "day"),
)
road = _fact(
    "road",
    Column("name", String(120)),
    Column("road_class", String(24), comment="道路等级 as the file has it (OpenStreetMap's highway)"),
    Column("direction", String(16), nullable=False, comment="both, forward (as drawn), backward; on foot always both"),
    Column("on_foot", Boolean, nullable=False, comment="true: 仅供步行"),
    Column("geometry", Shape, comment="line or several, EPSG:4326"),
    Column("geometry_hash", String(64)),
)
construction_site = _located(
    "construction_site",
    Column("name", String(120), nullable=False),
    Column("address", String(240)),
    Column("phase", String(16)),
    Column("workers", Integer, comment="人"),
    Column("contractor", String(120)),
    Column("started_on", Date),
    Column("finished_on", Date),
)
patrol_visit = _located(
    "patrol_visit",
    Column("day", Date, nullable=False),
    Column("at", Instant),
    Column("agency_code", Code),
    Column("target_kind", String(16), nullable=False),
    Column("target_id", Id),
    Column("mode", String(16), nullable=False),
    Column("finding", String(16), nullable=False),
    Column("visits", Integer, nullable=False, comment="户次"),
    Column("officers", Integer, comment="巡查人员, 人次; not part of K6"),
    Column("mobile", Boolean, comment="by the mobile application (K29)"),
    Column("note", Text),
    Column("access", Boolean, comment="false: 进不去, nobody could get in; counts in 户次, discharges no revisit"),
    Column("seen_closed", Boolean, comment="true: 已关停, seen shut on the spot"),
    Column("position", String(8), comment="device, tapped; empty: by the area named"),
    Column("accuracy_m", Float, comment="radius the device gives, m"),
    Column("off_m", Float, comment="from the position to the area named, m; 0 inside"),
    Index("ix_patrol_visit_by_day", "district_code", "day", "superseded_at", "street_code", "neighbourhood_code",
          "grid_code", "agency_code", "target_kind", "mode", "finding", "visits", "mobile"),
    Index("ix_patrol_visit_by_grid", "district_code", "grid_code", "day", "superseded_at"),
    Index("ix_patrol_visit_by_target", "district_code", "target_id", "day", "superseded_at"),
    partition="day",
)
task_list = _fact(
    "task_list",
    Column("quarter", String(8), nullable=False, comment="2023Q3"),
    Column("street_code", Code),
    Column("agency_code", Code),
    Column("issued_on", Date),
    Column("due_on", Date),
    Column("quota", Integer, comment="户次 of a count-only task"),
)
task_target = _fact(
    "task_target",
    Column("task_list_id", Id, nullable=False),
    Column("target_kind", String(16), nullable=False),
    Column("target_id", Id),
    Column("grid_code", Code),
    Column("street_code", Code),
    Index(None, "district_code", "task_list_id"),
    key=("task_list_id", "number"),
)
activity = _located(
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
activity_agency = _fact(
    "activity_agency",
    Column("activity_id", Id, nullable=False),
    Column("agency_code", Code, nullable=False),
    Column("role", String(16), nullable=False, comment="lead, support"),
    Column("people", Integer, comment="出动执法人员, 人次"),
    Column("vehicles", Integer, comment="台次"),
    Index(None, "district_code", "activity_id"),
    key=("activity_id", "agency_code", "role"),
)
campaign = _fact(
    "campaign",
    Column("name", String(120), nullable=False),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date, nullable=False),
    Column("area_codes", JSON, comment="empty: the whole district"),
)
campaign_milestone = _fact(
    "campaign_milestone",
    Column("campaign_id", Id, nullable=False),
    Column("kind", String(16), nullable=False, comment="milestone, stage"),
    Column("name", String(120), nullable=False),
    Column("start_on", Date, nullable=False),
    Column("end_on", Date),
    key=("campaign_id", "number"),
)
campaign_target = _fact(
    "campaign_target",
    Column("campaign_id", Id, nullable=False),
    Column("indicator", String(16), nullable=False, comment="K1, K4, ..."),
    Column("target", Float, nullable=False),
    Column("unit", String(16)),
    key=("campaign_id", "indicator"),
)
meeting = _fact(
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
decision = _located(
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
adverse_event = _located(
    "adverse_event",
    Column("day", Date, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("count", Integer, nullable=False),
    Column("level", String(16), comment="省级, 市级"),
    Column("verified", Boolean),
    Column("summary", Text),
    Column("case_id", Id),
    Column("site_id", Id),
    Column("subject_id", Id),
)
score_entry = _fact(
    "score_entry",
    Column("street_code", Code, nullable=False),
    Column("day", Date, nullable=False),
    Column("item", String(16), nullable=False),
    Column("points", Float, nullable=False),
    Column("evidence", JSON),
)
rented_premises = _located(
    "rented_premises",
    Column("address", String(240), comment="personal"),
    Column("landlord", String(120), comment="personal"),
    Column("tenant", String(120), comment="personal"),
    Column("registered_on", Date),
    Column("committee_notified_on", Date),
)
licensed_institution = _located(
    "licensed_institution",
    Column("name", String(240), nullable=False),
    Column("kind", String(60)),
    Column("licence", String(60)),
    Column("checked_on", Date, comment="the check that the row was last handed in with; all of them: institution_check"),
)
institution_check = _fact(
    "institution_check",
    Column("institution_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Index(None, "district_code", "day"),
    key=("institution_id", "day"),
)

rule_version = _fact(
    "rule_version",
    Column("rule_id", Code, nullable=False),
    Column("content", JSON, nullable=False, comment="fields that differ from the shipped rule"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("reason", Text),
    key=("rule_id", "valid_from"),
)
adoption = _fact(
    "adoption",
    Column("rule_id", Code, nullable=False),
    Column("area_code", Code, comment="territory that adopts it; empty: the whole district"),
    Column("adopter", String(120), nullable=False, comment="采纳单位"),
    Column("document", String(240), comment="采纳文件"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    key=("rule_id", "area_code", "valid_from"),
)
calendar_day = _fact(
    "calendar_day",
    Column("day", Date, nullable=False),
    Column("working", Boolean, nullable=False),
    Column("name", String(60)),
    key=("day",),
)
visit_form = _fact(
    "visit_form",
    Column("visit_id", Id, nullable=False),
    Column("unit_name", String(120), comment="personal; 无证行医单位名称"),
    Column("people", String(240), comment="personal; 负责人及从业人员姓名"),
    Column("address", String(240), comment="personal; 行医地址"),
    Column("phone", String(60), comment="personal; 联系电话"),
    Column("school", String(120), comment="personal; 毕业院校"),
    Column("major", String(120), comment="personal; 所学专业"),
    Column("qualification", String(24), comment="从医资格"),
    Column("category", String(24), comment="诊治科目"),
    Column("premises", String(24)),
    Column("joint_wanted", Boolean, comment="是否要联合查处"),
    Column("advised_to_stop", Boolean, comment="已劝导停业"),
    Column("filled_by", String(120), comment="personal; 填表人"),
    Column("filled_on", Date),
    Column("reviewed_by", String(120), comment="personal; 审核人"),
    Index(None, "district_code", "visit_id"),
    key=("visit_id",),
)
team = _fact(
    "team",
    Column("code", Code, nullable=False),
    Column("name", String(120), nullable=False),
    Column("name_en", String(120)),
    Column("agency_code", Code),
    Column("street_code", Code),
    Column("neighbourhood_code", Code),
    Column("valid_from", Date),
    Column("valid_to", Date),
    key=("code",),
)
assignment = _fact(
    "assignment",
    Column("grid_code", Code, nullable=False),
    Column("street_code", Code),
    Column("owner_kind", String(16), nullable=False, comment="team, neighbourhood, agency"),
    Column("owner_code", Code, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("note", Text),
    key=("grid_code", "valid_from"),
)
handover = _fact(
    "handover",
    Column("day", Date, nullable=False),
    Column("action", String(16), nullable=False, comment="reassign (转派), return (退回)"),
    Column("rule_id", Code, nullable=False),
    Column("target_kind", String(16), nullable=False),
    Column("target_id", Code, nullable=False, comment="id of the thing, code of the grid"),
    Column("street_code", Code),
    Column("grid_code", Code),
    Column("from_kind", String(16)),
    Column("from_code", Code),
    Column("to_kind", String(16)),
    Column("to_code", Code),
    Column("reason", Text, nullable=False),
    Index(None, "district_code", "target_id"),
)
liaison = _fact(
    "liaison",
    Column("agency_code", Code, nullable=False),
    Column("name", String(120), comment="personal"),
    Column("phone", String(60), comment="personal"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    key=("agency_code", "valid_from"),
)

visit_photo = Table(
    "visit_photo",
    metadata,
    Column("district_code", Code, nullable=False),
    Column("id", Id, nullable=False),
    Column("visit_id", Id, nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("width", Integer, nullable=False, comment="px"),
    Column("height", Integer, nullable=False, comment="px"),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False, comment="the picture without its metadata"),
    Column("off_m", Float, comment="from where its metadata said to where the visit says, m; empty: it said nothing"),
    Column("taken_on", Date, comment="day its metadata said; empty: it said nothing"),
    Column("recorded_at", Instant, nullable=False),
    Column("removed_at", Instant),
    PrimaryKeyConstraint("district_code", "id"),
    Index(None, "district_code", "visit_id"),
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

GROUP_OF: dict[str, str] = {
    "area": "area", "area_population": "area", "agency": "agency",
    "subject": "site", "list_check": "site", "site": "site", "site_event": "site",
    "rented_premises": "site", "licensed_institution": "site", "institution_check": "site",
    "lead": "lead", "case": "case", "case_event": "case", "penalty": "case", "seizure": "case",
    "transfer": "transfer", "construction_site": "construction",
    "patrol_visit": "visit", "task_list": "task", "task_target": "task",
    "activity": "activity", "activity_agency": "activity",
    "campaign": "campaign", "campaign_milestone": "campaign", "campaign_target": "campaign",
    "meeting": "meeting", "decision": "meeting", "adverse_event": "adverse", "score_entry": "adverse",
    "rule_version": "rule", "adoption": "rule", "calendar_day": "rule",
    "visit_form": "visit", "visit_photo": "visit",
    "team": "assignment", "assignment": "assignment", "handover": "assignment", "road": "road",
    "liaison": "meeting", "snapshot": "meeting", "paper": "meeting",
    "setting": "setting", "import_batch": "source", "source": "source",
}  # fmt: skip
"""The version group whose counter rises when a table changes."""

PERSONAL = {
    (table.name, column.name)
    for table in metadata.tables.values()
    for column in table.columns
    if (column.comment or "").startswith("personal")
}
"""(table, column) pairs that leave a query masked unless the scope says otherwise."""
