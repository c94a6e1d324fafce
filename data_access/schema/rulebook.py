"""Rules as they were changed and adopted, the working calendar, and scores entered by hand."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Float, String, Text

from data_access.columns import Code
from data_access.schema.facts import fact

rule_version = fact(
    "rule_version",
    Column("rule_id", Code, nullable=False),
    Column("content", JSON, nullable=False, comment="fields that differ from the shipped rule"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("reason", Text),
    key=("rule_id", "valid_from"),
)
adoption = fact(
    "adoption",
    Column("rule_id", Code, nullable=False),
    Column("area_code", Code, comment="territory that adopts it; empty: the whole district"),
    Column("adopter", String(120), nullable=False, comment="采纳单位"),
    Column("document", String(240), comment="采纳文件"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    key=("rule_id", "area_code", "valid_from"),
)
calendar_day = fact(
    "calendar_day",
    Column("day", Date, nullable=False),
    Column("working", Boolean, nullable=False),
    Column("name", String(60)),
    key=("day",),
)
score_entry = fact(
    "score_entry",
    Column("street_code", Code, nullable=False),
    Column("day", Date, nullable=False),
    Column("item", String(16), nullable=False),
    Column("points", Float, nullable=False),
    Column("evidence", JSON),
)
