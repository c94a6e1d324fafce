"""The demo district: files as a customer would hand them in, written by code and taken through the import."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from data_access.database import Database
from data_access.demo.adoption import adopt_all
from data_access.demo.district import SOURCES, Delivery, deliveries
from data_access.demo.files import write
from data_access.demo.units import DISTRICT
from data_access.importing import preview, take
from data_access.sources import register_source
from data_access.versions import raise_versions
from rules.language import N_, Refusal
from rules.request import Actor, Scope

SEED = 20230731
ACTOR = Actor("demo", "示例管理员", "demo", Scope(DISTRICT, personal=True))
"""Who hands in the demo's files."""


class DemoRefused(Refusal):
    """The import refused a row of the demo's own files."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was built.

    Attributes:
        files: number of files handed in, one batch each.
        rows: rows taken by kind.
        seconds: how long it took.
    """

    files: int
    rows: dict[str, int]
    seconds: float

    @property
    def total_rows(self) -> int:
        return sum(self.rows.values())


def build(
    database: Database, folder: Path, *, seed: int = SEED, names: str = "fictional",
    progress: Callable[[str], None] = lambda sentence: None,
) -> Summary:  # fmt: skip
    """Write the demo's files into a folder and import them into an empty, migrated database.

    Each file is taken at the moment at which it would have been handed in, so that ``known_at``
    tells what was known when; all batches are marked as demo data.

    Args:
        database: holds nothing of district 990114 yet.
        folder: made when missing; files of an earlier build are overwritten.
        seed: the same seed gives the same rows.
        names: ``fictional``, or ``jiading`` for the real unit names (internal use).
        progress: called with a Chinese source string at each step.

    Raises:
        UnknownNaming: ``names`` is another word.
        DemoRefused: the import refused a row; says which and why.
    """  # fmt: skip
    begun = time.monotonic()
    progress(N_("绘制示范区，编写演示数据"))
    made = deliveries(seed, names)
    folder.mkdir(parents=True, exist_ok=True)
    _register_sources(database, made[0])
    adopt_all(database, actor=ACTOR, now=made[0].moment.now)
    rows: Counter[str] = Counter()
    year = None
    for delivery in made:
        if (step := _step(delivery)) != year:
            year = step
            progress(step)
        rows[delivery.kind] += _hand_in(database, delivery, folder)
    return Summary(len(made), dict(rows), time.monotonic() - begun)


def _step(delivery: Delivery) -> str:
    now = delivery.moment.now
    if now.date().isoformat() == "2022-01-01":
        return N_("导入界线、部门和名册")
    if now.year == 2022:
        return N_("导入 2022 年的记录")
    return N_("导入 2023 年 1 月至 7 月的记录") if now.month < 8 else N_("导入演示日期以后的记录")


def _register_sources(database: Database, first: Delivery) -> None:
    with database.write() as connection:
        for source in SOURCES:
            register_source(connection, DISTRICT, source.code, name=source.name, kind=source.kind,
                            expected_every_hours=source.expected_every_hours, shown=source.shown)  # fmt: skip
        raise_versions(connection, DISTRICT, ["source"], first.moment.now)


def _hand_in(database: Database, delivery: Delivery, folder: Path) -> int:
    path = write(delivery.kind, delivery.frame, folder / delivery.file_name)
    seen = preview(database, path, kind=delivery.kind, source=delivery.source, scope=ACTOR.scope)
    if seen.refused:
        first = seen.refused[0]
        raise DemoRefused(N_("示范区的文件 {file} 第 {row} 行没有通过导入：{why}"), file=path.name, row=first.row_number,
                          why=first.message.format(**first.values))  # fmt: skip
    take(database, seen, actor=ACTOR, now=delivery.moment.now, confirm=True, demo=True)
    return len(delivery.frame)
