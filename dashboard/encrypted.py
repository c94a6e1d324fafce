"""Serves the product over HTTPS by itself, for phones that need it: a thread for each connection, never more than a few dozen."""

from __future__ import annotations

import signal
import socket
import ssl
import sys
import threading
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from flask import Flask

MOST_CONNECTIONS = 64
HANDSHAKE_SECONDS = 10
IDLE_SECONDS = 60
BACKLOG = 64


def serve_encrypted(server: Flask, listening: socket.socket, tls: ssl.SSLContext) -> int:
    """Answer requests until stopped.

    Args:
        listening: a bound socket; who made it closes it.
        tls: certificate and key.
    """
    listening.listen(BACKLOG)
    host, port = listening.getsockname()[:2]
    serving = EncryptedServer(host, port, server, Handler, fd=listening.fileno())
    serving.tls = serving.ssl_context = tls
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serving.serve_forever()
    return 0


class Handler(WSGIRequestHandler):
    """One connection; says no version and writes no line for each request."""

    timeout = IDLE_SECONDS
    protocol_version = "HTTP/1.1"

    def version_string(self) -> str:
        return "onemap"

    def log(self, type: str, message: str, *args: Any) -> None:
        """What a client did wrong is no matter of ours."""


class EncryptedServer(ThreadedWSGIServer):
    """Shakes hands in the connection's own thread: a client that says nothing holds up nobody else."""

    daemon_threads = True
    tls: ssl.SSLContext

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._room = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: socket.socket, client_address: Any) -> None:
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: socket.socket, client_address: Any) -> None:
        try:
            request.settimeout(HANDSHAKE_SECONDS)
            try:
                talk = self.tls.wrap_socket(request, server_side=True)
            except OSError:
                self.shutdown_request(request)
                return
            super().process_request_thread(talk, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke off; failures of the product itself are answered and logged inside."""
