"""Speaks to whoever runs the tools: one sentence, in Chinese where the system is Chinese."""

from __future__ import annotations

import os
import sys
import time


class Stop(Exception):
    """Something is missing; the message is one sentence that says what to do."""


def sentence(zh: str, en: str) -> str:
    """Choose the sentence by the system's language (``LC_ALL``, ``LC_MESSAGES``, ``LANG``)."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    language = next((value for value in named if value), "")
    return zh if language.startswith("zh") else en


def say(text: str, *, end: str = "\n") -> None:
    """Write one line of progress at once, also into a pipe."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), end=end, flush=True)


class Steps:
    """Counts the steps of one job and the seconds since it began."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.began = time.monotonic()

    @property
    def seconds(self) -> int:
        """Whole seconds since the job began."""
        return round(time.monotonic() - self.began)

    def next(self, zh: str, en: str) -> None:
        """Say which step begins now."""
        self.done += 1
        say(f"[{self.done}/{self.total}] {self.seconds:>3} s  {sentence(zh, en)}")
