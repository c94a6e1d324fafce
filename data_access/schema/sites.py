"""Where unlicensed practice was found or may be: persons, sites, construction, rented premises, licensed institutions."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Text

from data_access.columns import Code, Id
from data_access.schema.facts import fact, located

subject = located(
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
list_check = located(
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
site = located(
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
site_event = fact(
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
construction_site = located(
    "construction_site",
    Column("name", String(120), nullable=False),
    Column("address", String(240)),
    Column("phase", String(16)),
    Column("workers", Integer, comment="人"),
    Column("contractor", String(120)),
    Column("started_on", Date),
    Column("finished_on", Date),
)
rented_premises = located(
    "rented_premises",
    Column("address", String(240), comment="personal"),
    Column("landlord", String(120), comment="personal"),
    Column("tenant", String(120), comment="personal"),
    Column("registered_on", Date),
    Column("committee_notified_on", Date),
)
licensed_institution = located(
    "licensed_institution",
    Column("name", String(240), nullable=False),
    Column("kind", String(60)),
    Column("licence", String(60)),
    Column("checked_on", Date, comment="the check that the row was last handed in with; all of them: institution_check"),
)
institution_check = fact(
    "institution_check",
    Column("institution_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Index(None, "district_code", "day"),
    key=("institution_id", "day"),
)
