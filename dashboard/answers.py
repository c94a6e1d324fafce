"""Keeps answers, in process or in Redis, so that a question is computed once for all who may ask it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask
from flask_caching import Cache
from redis.exceptions import RedisError

LONGEST_AGE_S = 600
MOST_ANSWERS = 2_000
LOCKS = 64

log = structlog.get_logger("answers")


class Answers:
    """A cache of answers by key; without its Redis the product computes and goes on.

    Keys carry the data version, so that an answer never has to be removed; old ones age out.
    Two requests with the same key at the same moment compute once.
    """

    def __init__(self, url: str = "memory://", seconds: int = LONGEST_AGE_S) -> None:
        """Open the cache.

        Args:
            url: ``memory://`` (in this process), ``redis://...``, or ``none://`` (nothing is kept).
            seconds: how long an answer is kept at most; 0 keeps nothing.
        """
        self._url = url if seconds else "none://"
        self._seconds = seconds
        self._cache = Cache()
        self._locks = [threading.Lock() for _ in range(LOCKS)]

    def start(self, server: Flask) -> None:
        """Bind to the server; once, before the first question."""
        self._cache.init_app(server, config=_config(self._url))
        self._server = server

    def get(self, key: str, compute: Callable[[], Any]) -> Any:
        """The kept answer, or the computed one, which is then kept."""
        kept = self._read(key)
        if kept is not None:
            return kept[0]
        with self._locks[hash(key) % LOCKS]:
            kept = self._read(key)
            if kept is None:
                kept = (compute(),)
                self._write(key, kept)
        return kept[0]

    def peek(self, key: str) -> Any:
        """The kept answer, or None."""
        kept = self._read(key)
        return None if kept is None else kept[0]

    def keep(self, key: str, answer: Any) -> None:
        """Keep an answer that is there already."""
        self._write(key, (answer,))

    def is_there(self) -> bool:
        """Whether the cache takes and gives a value at this moment."""
        try:
            self._cache.cache.set("onemap-ready", (1,), timeout=10)
            return self._url.startswith("none") or self._cache.cache.get("onemap-ready") == (1,)
        except RedisError:
            return False

    def clear(self) -> None:
        """Forget every answer."""
        self._cache.clear()

    def _read(self, key: str) -> tuple[Any] | None:
        try:
            return self._cache.cache.get(key)
        except RedisError as error:
            log.warning("cache away", error=type(error).__name__)
            return None

    def _write(self, key: str, kept: tuple[Any]) -> None:
        try:
            self._cache.cache.set(key, kept, timeout=self._seconds)
        except RedisError as error:
            log.warning("cache away", error=type(error).__name__)


def _config(url: str) -> dict[str, object]:
    if url.startswith(("redis://", "rediss://", "unix://")):
        return {
            "CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": url, "CACHE_KEY_PREFIX": "onemap:",
            "CACHE_OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    if url.startswith("memory"):
        return {"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": MOST_ANSWERS}
    if url.startswith("none"):
        return {"CACHE_TYPE": "NullCache", "CACHE_NO_NULL_WARNING": True}
    raise ValueError(f"cache address {url!r}: expected memory://, none:// or redis://HOST:PORT/NUMBER")
