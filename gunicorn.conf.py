"""Settings of ``gunicorn app:server``: threads, the map's tiles, and HTTPS where the product has a certificate of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import prepare_aside
from settings import Settings

if TYPE_CHECKING:
    from gunicorn.workers.base import Worker

worker_class = "gthread"
threads = 8

_settings = Settings.load()
if _settings.tls_cert is not None and _settings.tls_key is not None:
    certfile, keyfile = str(_settings.tls_cert), str(_settings.tls_key)


def post_worker_init(worker: Worker) -> None:
    """Make the map's tiles before the first visitor asks for them, after the fork: no thread survives one."""
    prepare_aside(worker.wsgi, worker.wsgi.extensions["onemap"])
