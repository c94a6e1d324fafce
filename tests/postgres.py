"""Starts a private PostgreSQL 15 with PostGIS on a free port, for as long as the tests run."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BINARIES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
LOWEST = 15
ROOM_BYTES = 2 * 1024**3
COLLATION = ("--locale=C", "--locale-provider=icu", "--icu-locale=zh-Hans-CN")
"""Texts sort as on a Chinese server, not by their bytes: an answer must not depend on it."""


class NoServer(RuntimeError):
    """PostgreSQL with PostGIS is not on this machine; says how to bring it."""


@contextmanager
def private_server() -> Iterator[str]:
    """Give the URL of a fresh server's maintenance database; it is gone afterwards.

    Raises:
        NoServer: PostgreSQL 15 or newer, or PostGIS, is missing.
    """
    binaries = _binaries()
    # A data folder inside the caller's home may be closed to the user that runs the server.
    folder = Path(tempfile.mkdtemp(prefix="onemap-postgres-", dir=_memory()))
    account = _account()
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        data, port = folder / "data", _free_port()
        _run(account, str(binaries / "initdb"), "-D", str(data), "-U", "onemap", "-A", "trust",
             "-E", "UTF8", "--no-sync", *COLLATION)  # fmt: skip
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
            " -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0"
            " -c autovacuum=off -c jit=off -c shared_buffers=128MB -c max_connections=200"
        )
        control = (str(binaries / "pg_ctl"), "-D", str(data), "-w", "-t", "60")
        _run(account, *control, "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://onemap@127.0.0.1:{port}/postgres"
        finally:
            _run(account, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> Path | None:
    """A folder that lies in memory, where there is one with room for the tests' databases."""
    place = Path("/dev/shm")
    roomy = place.is_dir() and os.access(place, os.W_OK | os.X_OK) and shutil.disk_usage(place).free >= ROOM_BYTES
    return place if roomy else None


def _binaries() -> Path:
    found = [path for pattern in BINARIES for path in Path("/").glob(pattern.lstrip("/"))]
    usable = [path for path in found if (path / "initdb").exists() and _version(path) >= LOWEST]
    for path in sorted(usable, key=_version):
        if any(path.parent.glob("share/**/extension/postgis.control")) or list(
            Path("/usr/share/postgresql").glob(f"{_version(path)}/extension/postgis.control")
        ):
            return path
    raise NoServer(
        "PostgreSQL 15 with PostGIS is missing: apt-get install postgresql-15 postgresql-15-postgis-3"
    )


def _version(binaries: Path) -> int:
    shown = subprocess.run(
        [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(shown.split()[2].split(".")[0])


def _account() -> pwd.struct_passwd | None:
    """The server refuses to run as root; the package brings the user postgres."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _run(account: pwd.struct_passwd | None, *command: str) -> None:
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    done = subprocess.run(
        command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, timeout=90, **who,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {done.stderr.strip()[-500:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    # A plain kill must still stop the server and remove its folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with private_server() as url:
        print(url, flush=True)
        while True:
            time.sleep(60)
