"""The packs of the streets: for each its brief, its summary and its map, in one folder of one archive."""

from __future__ import annotations

import gc
import io
import multiprocessing
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime

from briefing.documents import Cancelled, Facts, PaperSettings, Progress, make, papers
from data_access.facts_cut import Cutter
from rules.language import N_, translator

KINDS = ("street_brief", "summary", "map")
"""What a pack holds: docx, xlsx, html."""

WORKERS = 2
YOUNG = 50_000
"""So many new objects wait for a worker's collection: a pack makes and drops a hundred thousand."""

AHEAD = 3
"""Packs that wait ready for each worker, so that stopping stops soon."""


def street_packs(
    facts: Facts, settings: PaperSettings, progress: Progress | None = None, *, kinds: tuple[str, ...] = KINDS, workers: int = WORKERS,
) -> bytes:  # fmt: skip
    """Every street's pack, each from the facts cut to that street: a ZIP archive with a folder a street.

    Args:
        progress: asked after each street, ``progress(done, of)``; False stops.
        workers: processes; 1 makes them in this one.

    Returns:
        The archive, streets in the order of the facts; of facts cut to a street its pack alone; a
        district without streets gives an empty one.

    Raises:
        Cancelled: ``progress`` answered False.
    """
    own = facts["scope"]["areas"]
    streets = [row["code"] for row in facts["streets"] if not own or row["code"] in own]
    made = io.BytesIO()
    if progress is not None and progress(0, len(streets)) is False:
        raise _stopped()
    done = 0
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for folder, files in _packs(facts, settings, streets, kinds, workers):
            for name, content in files:
                archive.writestr(_entry(f"{folder}/{name}", facts), content)
            done += 1
            if progress is not None and progress(done, len(streets)) is False:
                raise _stopped()
    return made.getvalue()


def _packs(facts: Facts, settings: PaperSettings, streets: list[str], kinds: tuple[str, ...], workers: int) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    if workers <= 1 or len(streets) <= workers:
        packer = Packer(facts, settings, kinds)
        yield from (packer.pack(code) for code in streets)
        return
    # Spawned, not forked: a server with threads cannot be forked safely.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_ready, initargs=(facts, settings, kinds)) as pool:
        waiting: dict[int, Future] = {}
        ready, queued = 0, 0
        try:
            while ready < len(streets):
                while queued < len(streets) and queued - ready < workers * AHEAD:
                    waiting[queued] = pool.submit(_packed, streets[queued])
                    queued += 1
                yield waiting.pop(ready).result()
                ready += 1
        finally:
            for one in waiting.values():
                one.cancel()


def pack(facts: Facts, settings: PaperSettings, street_code: str, kinds: tuple[str, ...] = KINDS) -> tuple[str, list[tuple[str, bytes]]]:
    """One street's pack: the name of its folder and its files, from the facts cut to it."""
    return Packer(facts, settings, kinds).pack(street_code)


class Packer:
    """Makes packs from the same facts; what they share is worked out once."""

    def __init__(self, facts: Facts, settings: PaperSettings, kinds: tuple[str, ...] = KINDS) -> None:
        self._cutter, self._settings, self._kinds = Cutter(facts), settings, kinds
        self._names = {row["code"]: row["name"] for row in facts["streets"]}

    def pack(self, street_code: str) -> tuple[str, list[tuple[str, bytes]]]:
        """See :func:`pack`."""
        own, mine = self._cutter.cut_for(areas=(street_code,)), _of_street(self._settings, street_code)
        t = translator(mine.language)
        known = {paper.kind: paper for paper in papers()}
        drawn = mine.outlines is not None and not mine.outlines.empty
        files = [(known[kind].file_name(own, t), make(kind, own, mine)) for kind in self._kinds if kind != "map" or drawn]
        return f"{street_code}_{self._names[street_code]}".replace("/", "_"), files


_PACKERS: list[Packer] = []
"""That of a worker's process: the facts travel to it once, not with each street."""


def _ready(facts: Facts, settings: PaperSettings, kinds: tuple[str, ...]) -> None:
    _PACKERS[:] = [Packer(facts, settings, kinds)]
    # What the modules hold is looked through by each collection, a tenth of a pack's time, and never freed.
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


def _packed(street_code: str) -> tuple[str, list[tuple[str, bytes]]]:
    return _PACKERS[0].pack(street_code)


def _of_street(settings: PaperSettings, street_code: str) -> PaperSettings:
    outlines = settings.outlines
    if outlines is not None:
        outlines = outlines[(outlines["street_code"] == street_code) | (outlines["code"] == street_code)]
    return replace(settings, outlines=outlines)


def _entry(name: str, facts: Facts) -> zipfile.ZipInfo:
    at = datetime.fromisoformat(facts["taken_at"])
    found = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _stopped() -> Cancelled:
    return Cancelled(N_("已取消，没有生成材料。"))
