"""Serves the product: reads the settings, opens the database, hands both to the page.

``python app.py`` serves on http://127.0.0.1:8050, with ``ONEMAP_TLS_CERT`` and ``ONEMAP_TLS_KEY`` on https;
``gunicorn app:server`` serves the same application.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import ssl
import sys
import threading
from typing import TYPE_CHECKING

import structlog

from dashboard import door
from dashboard.answers import Answers
from dashboard.application import check_build, create_app
from dashboard.encrypted import serve_encrypted
from dashboard.map_server import ready_tiles
from dashboard.question import Context, Notices
from dashboard.readiness import Readiness
from data_access.database import Database
from data_access.districts import is_demo, only_district
from rules.language import N_, Refusal, translator
from rules.request import Scope
from settings import Settings

if TYPE_CHECKING:
    from dash import Dash
    from flask import Flask

THREADS = 8


def log_plainly() -> None:
    """Write the log to standard error, without the values that variables held: they may be personal."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def context_of(settings: Settings) -> Context:
    """Everything the page is built on.

    Raises:
        Refusal: the database cannot be served, or what the browser loads was never built.
    """
    check_build()
    database = Database.open(settings.database_url)
    state = database.state()
    if not state.is_ready:
        raise Refusal(state.message)
    district = settings.district or only_district(database)
    actor = door.demo_actor(Scope.parse(settings.demo_scope, district))
    return Context(
        database=database,
        answers=Answers(settings.cache_url, settings.cache_seconds),
        clock=settings.clock(),
        actor_of=lambda: actor,
        folder=settings.folder,
        demo=is_demo(database, district),
        language=settings.language,
        notices=Notices(settings.map_approval, settings.map_source, settings.map_note),
        basemap="" if settings.basemap == "none" else settings.basemap,
        target=settings.coverage_target,
        target_low=settings.coverage_floor,
        cycle_days=settings.cycle_days,
    )


def application() -> Dash:
    """The application that the environment asks for.

    Raises:
        Refusal: it cannot be served; the sentence says what to do.
    """
    log_plainly()
    settings = Settings.load()
    door.loopback_only(settings.host)
    context = context_of(settings)
    return create_app(context)


def main() -> int:
    """Serve until stopped; 1 with one sentence when that cannot be."""
    log_plainly()
    try:
        settings = Settings.load()
        door.loopback_only(settings.host)
        tls = tls_context(settings)
        with contextlib.closing(_listen(settings.host, settings.port)) as listening:
            context = context_of(settings)
            server = create_app(context).server
            prepare_aside(server, context)
            print(f"{'https' if tls else 'http'}://{_shown(settings.host)}:{settings.port}", flush=True)
            return _serve(server, listening) if tls is None else serve_encrypted(server, listening, tls)
    except Refusal as refusal:
        print(_both(refusal), file=sys.stderr)
        return 1


def prepare_aside(server: Flask, context: Context) -> None:
    """Make the map's tiles and read what every question looks at in a thread, while the first visitors are served.

    Of several processes one makes the tiles, the others wait. The thread then stays, and reads again after the data changed.
    """

    def prepare() -> None:
        try:
            _make_tiles(context)
        except Exception as error:  # the door of this thread: a server that stops closes its database meanwhile
            structlog.get_logger("app").warning("not prepared", problem=type(error).__name__)
        Readiness(context).keep(server, threading.Event())

    threading.Thread(target=prepare, name="prepare", daemon=True).start()


def _make_tiles(context: Context) -> None:
    """Make the map's tiles of today, and read its areas, before anybody asks for them."""
    try:
        ready_tiles(context.ask(""))
    except (Refusal, OSError) as problem:
        # The first request meets the same problem and tells the person.
        structlog.get_logger("app").warning("tiles not made yet", problem=type(problem).__name__)


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """What HTTPS is served with; None where no certificate is set.

    Raises:
        Refusal: only one of the two files is set, or they are no certificate and its key.
    """
    if settings.tls_cert is None and settings.tls_key is None:
        return None
    if settings.tls_cert is None or settings.tls_key is None:
        raise Refusal(N_("ONEMAP_TLS_CERT 和 ONEMAP_TLS_KEY 要一起设置，或都不设置。"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # A key with a password must fail, not ask on a terminal that nobody watches.
        context.load_cert_chain(settings.tls_cert, settings.tls_key, password=lambda: "")
    except (OSError, ValueError) as error:
        raise Refusal(
            N_("证书 {cert} 与私钥 {key} 不能用：应为一对没有密码的 PEM 文件。"),
            cert=settings.tls_cert.name, key=settings.tls_key.name,
        ) from error
    return context


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything long is done.

    Raises:
        Refusal: it is taken, or the address is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if os.name != "nt":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except PermissionError as error:
        listening.close()
        raise Refusal(N_("端口 {port} 不允许使用：请把 ONEMAP_PORT 设为 1024 以上的端口。"), port=port) from error
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise Refusal(
                N_("端口 {port} 已被占用：请先关闭占用它的程序，或用 ONEMAP_PORT 换一个端口。"), port=port
            ) from error
        raise Refusal(N_("不能监听 {host}：请检查 ONEMAP_HOST。"), host=host) from error
    return listening


def _serve(server: Flask, listening: socket.socket) -> int:
    """Answer requests with waitress: quiet, threaded, the same on every system."""
    import waitress

    waitress.serve(
        server, sockets=[listening], threads=THREADS, ident=None, _quiet=True, channel_timeout=60,
        # The door must see what a proxy wrote, to refuse it.
        clear_untrusted_proxy_headers=False,
    )
    return 0


def _both(refusal: Refusal) -> str:
    """The sentence in Chinese and, where it is known, in English."""
    chinese, english = refusal.say(translator("zh_CN")), refusal.say(translator("en"))
    return chinese if chinese == english else f"{chinese}\n{english}"


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def __getattr__(name: str) -> Flask:
    """``server`` for gunicorn, made when it is asked for; it carries what it serves for ``gunicorn.conf.py``."""
    if name != "server":
        raise AttributeError(name)
    try:
        page = application()
        page.server.extensions["onemap"] = page.context
        return page.server
    except Refusal as refusal:
        raise SystemExit(_both(refusal)) from refusal


if __name__ == "__main__":
    sys.exit(main())
