"""Serves the product with the demo district: sets up, builds the demo where there is none, starts.

``ONEMAP_*`` of the environment wins over every default here. The demo is built beside its place
and then moved, so an interrupted build is simply begun again.
"""

from __future__ import annotations

import errno
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tools import set_up
from tools.places import ROOT, VAR, VENDOR, VENV, python_of
from tools.speech import Stop, say, sentence

DEMO_NOW = "2023-07-31T10:46+08:00"
DEFAULT_DATABASE = "sqlite:///var/onemap.sqlite"
SQLITE = "sqlite:///"


def main() -> int:
    installed = "--installed" in sys.argv[1:]
    environment = serving_environment(os.environ)
    try:
        check_port(
            environment.get("ONEMAP_HOST", "127.0.0.1"), environment.get("ONEMAP_PORT", "8050")
        )
        if installed:
            check_build(VENDOR)
        else:
            set_up.set_up("run")
        python = sys.executable if installed else str(python_of(VENV))
        build_demo_if_absent(python, environment)
    except Stop as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130
    return serve(python, environment)


def serving_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the server's environment: the demo's clock and database unless others are named."""
    defaults = {"ONEMAP_NOW": DEMO_NOW, "ONEMAP_DATABASE_URL": DEFAULT_DATABASE}
    return {**defaults, **{name: value for name, value in environment.items() if value}}


def check_port(host: str, port: str) -> None:
    """Raise ``Stop`` when the port cannot be served, before any long work begins."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (ValueError, OverflowError):
            raise Stop(
                sentence(
                    f"ONEMAP_PORT={port} 不是端口号：请改为 1024 到 65535 之间的整数。",
                    f"ONEMAP_PORT={port} is no port: set a whole number from 1024 to 65535.",
                )
            ) from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return  # Another trouble with the address is the server's to explain.
            raise Stop(
                sentence(
                    f"端口 {port} 已被占用：请先关闭占用它的程序，或换一个端口"
                    f"（ONEMAP_PORT={_other_port(port)} make run）。",
                    f"Port {port} is taken: stop the program that uses it, or choose another port "
                    f"(ONEMAP_PORT={_other_port(port)} make run).",
                )
            ) from None


def check_build(vendor: Path) -> None:
    """Raise ``Stop`` when what the browser loads was never built."""
    if not (vendor / "fonts.css").exists():
        raise Stop(
            sentence(
                "缺少 assets/vendor（地图引擎与字体）：请先运行 make setup。",
                "assets/vendor (the map engine and fonts) is missing: run make setup first.",
            )
        )


def build_demo_if_absent(python: str, environment: dict[str, str]) -> None:
    """Build the demo district where the database named does not exist yet.

    A SQLite file is built under another name and moved when whole. Any other database is asked
    whether it is empty; one that holds something is left alone.
    """
    target = sqlite_file(environment["ONEMAP_DATABASE_URL"])
    if target is None:
        if _state(python, environment) == "empty":
            _run_demo(python, environment)
        return
    if target.exists() and not _is_empty(target):
        return
    say(sentence("正在建立演示区（约一分钟）……", "Building the demo district (about a minute) ..."))
    making = target.with_name(target.name + ".making")
    _remove(making)
    target.parent.mkdir(parents=True, exist_ok=True)
    _run_demo(python, {**environment, "ONEMAP_DATABASE_URL": f"{SQLITE}{making}"})
    with sqlite3.connect(making) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for beside in ("-wal", "-shm"):
        making.with_name(making.name + beside).unlink(missing_ok=True)
    _remove(target)
    making.rename(target)


def sqlite_file(url: str) -> Path | None:
    """Give the file of a SQLite address, relative ones from the repository; None for any other."""
    if not url.startswith(SQLITE):
        return None
    return ROOT / url.removeprefix(SQLITE).split("?", 1)[0]


def serve(python: str, environment: dict[str, str]) -> int:
    """Become the server, so that Ctrl-C and signals reach it."""
    command = [python, str(ROOT / "app.py")]
    os.chdir(ROOT)
    if os.name == "nt":
        return subprocess.run(command, env=environment).returncode
    os.execve(python, command, environment)
    return 0


def _run_demo(python: str, environment: dict[str, str]) -> None:
    VAR.mkdir(exist_ok=True)
    command = [python, str(ROOT / "cli.py"), "demo", "--lang", sentence("zh_CN", "en")]
    done = subprocess.run(command, cwd=ROOT, env=environment)
    if done.returncode:
        raise Stop(
            sentence(
                "演示区没有建成，原因见上：处理后请重新运行。",
                "The demo district was not built, for the reason above: mend it and run this again.",
            )
        )


def _state(python: str, environment: dict[str, str]) -> str:
    code = (
        "import os; from data_access.database import Database; "
        "print(Database.open(os.environ['ONEMAP_DATABASE_URL']).state().word)"
    )
    asked = subprocess.run(
        [python, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    return asked.stdout.strip()


def _is_empty(file: Path) -> bool:
    """Whether a SQLite file holds no table; anything else that lies there is not empty."""
    connection = sqlite3.connect(file)
    try:
        return connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def _remove(making: Path) -> None:
    for beside in ("", "-wal", "-shm", "-journal"):
        making.with_name(making.name + beside).unlink(missing_ok=True)


def _other_port(port: str) -> int:
    return int(port) + 1 if int(port) < 65535 else 8051


if __name__ == "__main__":
    sys.exit(main())
