"""Areas, agencies, people who live there, and the streets between them."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, String

from data_access.columns import Code, Shape
from data_access.schema.facts import fact

area = fact(
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
agency = fact(
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
area_population = fact(
    "area_population",
    Column("area_code", Code, nullable=False),
    Column("year", Integer, nullable=False),
    Column("residents", Integer, comment="常住人口, 人"),
    Column("residents_from_elsewhere", Integer, comment="外来人口, 人"),
    Column("workers", Integer, comment="从业人员, 人"),
    key=("area_code", "year"),
)
road = fact(
    "road",
    Column("name", String(120)),
    Column("road_class", String(24), comment="道路等级 as the file has it (OpenStreetMap's highway)"),
    Column("direction", String(16), nullable=False, comment="both, forward (as drawn), backward; on foot always both"),
    Column("on_foot", Boolean, nullable=False, comment="true: 仅供步行"),
    Column("geometry", Shape, comment="line or several, EPSG:4326"),
    Column("geometry_hash", String(64)),
)
