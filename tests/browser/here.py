"""The product served by a thread of the test's own process: it starts in a tenth of a second and can go away and come back."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wsgi import FileWrapper

from app import context_of
from dashboard.application import create_app
from settings import Settings

DEMO_NOW = "2023-07-31T10:46+08:00"


def demo_in(folder: Path, demo_file: Path, name: str = "demo.sqlite") -> Path:
    """A demo that may be written, with the tiles of its map, in a folder of a test's own; gives the database file."""
    shutil.copy(demo_file, folder / name)
    for tiles in demo_file.parent.glob("*.mbtiles"):
        shutil.copy(tiles, folder)
    return folder / name


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the test looks at the page."""


def _files_read(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, its files read and closed before they are sent.

    Werkzeug's server forgets to close what it sends when a browser that goes away resets the connection.
    """

    def answer(environ: dict, start_response: Callable) -> Iterable[bytes]:
        made = application(environ, start_response)
        if not isinstance(made, FileWrapper):
            return made
        try:
            return [b"".join(made)]
        finally:
            made.close()

    return answer


class Here:
    """The product over a database file.

    Its own door (``serving`` of conftest.py) costs a process that reads every library and prepares every tab.
    Here a request has a connection of its own, so that a server that stops answers nobody any more.
    """

    def __init__(self, database: Path, folder: Path, **settings: str) -> None:
        self._given = {"database_url": f"sqlite:///{database}", "folder": folder, "now": DEMO_NOW, **settings}
        self._port = 0
        self._running: BaseWSGIServer | None = None

    @property
    def base(self) -> str:
        """The address: the same after every start."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def is_running(self) -> bool:
        """Whether it answers."""
        return self._running is not None

    def start(self, **settings: str) -> None:
        """Begin to answer, with other settings if they are given."""
        self._context = context_of(Settings(**{**self._given, **settings}))
        self._running = make_server("127.0.0.1", self._port, _files_read(create_app(self._context).server), threaded=True, request_handler=_Quiet)
        self._port = self._running.port
        self._thread = threading.Thread(target=self._running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer nobody any more; nothing where it does not run."""
        if self._running is None:
            return
        self._running.shutdown()
        self._thread.join(20)
        self._running.server_close()
        self._running = None
        self._context.database.close()


@contextlib.contextmanager
def served_here(database: Path, folder: Path, **settings: str) -> Iterator[str]:
    """The product over a database file for as long as the block lasts; gives its address."""
    here = Here(database, folder, **settings)
    here.start()
    try:
        yield here.base
    finally:
        here.stop()
