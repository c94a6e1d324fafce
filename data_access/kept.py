"""Keeps a bounded number of answers in memory, dropping the one that was used longest ago."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

Answer = TypeVar("Answer")


class Kept:
    """Answers by key; a key that names its data version can never give a stale one.

    Args:
        limit: how many answers are kept at most.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """The kept answer, or the one that ``make`` gives now (callers must not change it)."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        made = make()
        with self._lock:
            self._answers[key] = made
            self._answers.move_to_end(key)
            while len(self._answers) > self.limit:
                self._answers.popitem(last=False)
        return made

    def clear(self) -> None:
        """Forget every answer."""
        with self._lock:
            self._answers.clear()
