"""From a lead to a case, its penalties, what was seized, and what one agency handed to another."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, Numeric, String, Text

from data_access.columns import Code, Id, Instant
from data_access.schema.facts import fact, located

lead = located(
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
case = located(
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
case_event = fact(
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
penalty = fact(
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
seizure = fact(
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
transfer = fact(
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
adverse_event = located(
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
