"""Makes the packs of all streets behind the page: started, watched, stopped, fetched; what nobody waits for is cleared away."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request, send_file

from briefing.documents import Cancelled
from briefing.packs import street_packs
from dashboard.meeting_papers import MEDIA, MOST_BYTES, PACKS, asked_print, settings_of
from dashboard.own_requests import only_ours
from dashboard.plain_json import json_object
from dashboard.problems import reported
from data_access.paper_facts import NotForThisReader
from data_access.papers_write import keep_paper
from rules.language import LANGUAGES, N_, Refusal, Translate, translator
from rules.request import Actor

if TYPE_CHECKING:
    from dashboard.question import Context

PLACE = "packs"
ABANDONED_SECONDS = 150
"""Work stops when nobody has asked how it goes for so long."""

KEPT_SECONDS = 3600
"""A finished archive that nobody fetched is kept so long."""

AT_ONCE = 2
"""Archives that are made at the same time; each takes two processes."""

STATE, SEEN, STOP, MADE = "state.json", "seen", "stop", "packs.zip"
_TOKEN = re.compile(r"[0-9a-f]{32}")

Work = Callable[[Callable[[int, int], bool]], bytes]


class Packs:
    """The archives that are being made, by token and by who asked, on disk: every worker of a server sees them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / PLACE

    def start(self, actor: Actor, name: str, work: Work, finished: Callable[[bytes], None], about: dict[str, str]) -> str:
        """Begin in a thread of its own; gives the token.

        Args:
            work: makes the archive; asked with a progress that answers False when it has to stop.
            finished: told the archive before it can be fetched.
            about: for the log where it fails.

        Raises:
            Refusal: as many as the server makes at once are being made by others.
        """
        self._clear(actor)
        token = secrets.token_hex(16)
        folder = self._folder / token
        folder.mkdir(parents=True)
        (folder / SEEN).touch()
        self._write(folder, {"who": _who(actor), "name": name, "state": "running", "done": 0, "of": 0})
        threading.Thread(target=self._run, args=(folder, work, finished, about), daemon=True, name=f"packs-{token[:6]}").start()
        return token

    def state(self, actor: Actor, token: str) -> dict[str, Any]:
        """How far it is: ``state`` (running, done, failed), ``done``, ``of``, ``reference``; whoever asks still waits.

        Raises:
            Refusal: there is none, or somebody else's.
        """
        folder, found = self._find(actor, token)
        (folder / SEEN).touch()
        return found

    def stop(self, actor: Actor, token: str) -> None:
        """Stop it, or throw a finished one away.

        Raises:
            Refusal: there is none, or somebody else's.
        """
        folder, found = self._find(actor, token)
        if found["state"] == "running":
            (folder / STOP).touch()
        else:
            shutil.rmtree(folder, ignore_errors=True)

    def archive(self, actor: Actor, token: str) -> tuple[Path, str]:
        """The finished file and the name that it is handed out under.

        Raises:
            Refusal: it is not finished, there is none, or somebody else's.
        """
        folder, found = self._find(actor, token)
        if found["state"] != "done":
            raise Refusal(N_("材料包还没有生成完。"))
        return folder / MADE, found["name"]

    def _run(self, folder: Path, work: Work, finished: Callable[[bytes], None], about: dict[str, str]) -> None:
        held = self._read(folder)

        def progress(done: int, of: int) -> bool:
            waited = time.time() - (folder / SEEN).stat().st_mtime if (folder / SEEN).exists() else ABANDONED_SECONDS + 1
            if (folder / STOP).exists() or waited > ABANDONED_SECONDS:
                return False
            held.update(done=done, of=of)
            self._write(folder, held)
            return True

        try:
            content = work(progress)
            finished(content)
            (folder / MADE).write_bytes(content)
            self._write(folder, held | {"state": "done"})
        except Cancelled:
            shutil.rmtree(folder, ignore_errors=True)
        except Exception as error:  # the door of this thread: whoever waits is told a number
            self._write(folder, held | {"state": "failed", "reference": reported(error, **about)})

    def _clear(self, actor: Actor) -> None:
        """Throw away what is old; stop what the same person began before.

        Raises:
            Refusal: others keep the server busy.
        """
        busy = 0
        for folder in self._folder.iterdir() if self._folder.exists() else ():
            found, seen = self._read(folder), folder / SEEN
            idle = time.time() - seen.stat().st_mtime if seen.exists() else KEPT_SECONDS + 1
            running = bool(found) and found["state"] == "running"
            if idle > KEPT_SECONDS or (found and not running and found["who"] == _who(actor)):
                shutil.rmtree(folder, ignore_errors=True)
            elif running and found["who"] == _who(actor):
                (folder / STOP).touch()
            elif running and idle <= ABANDONED_SECONDS:
                busy += 1
        if busy >= AT_ONCE:
            raise Refusal(N_("服务器正在生成其他材料包：请过一分钟再试。"))

    def _find(self, actor: Actor, token: str) -> tuple[Path, dict[str, Any]]:
        gone = Refusal(N_("这份材料包已不在：请重新生成。"))
        if not _TOKEN.fullmatch(token):
            raise gone
        folder = self._folder / token
        found = self._read(folder)
        if found is None or found["who"] != _who(actor) or (folder / STOP).exists():
            raise gone
        return folder, found

    @staticmethod
    def _read(folder: Path) -> dict[str, Any] | None:
        try:
            return json.loads((folder / STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    @staticmethod
    def _write(folder: Path, state: dict[str, Any]) -> None:
        if folder.exists():
            part = folder / f"{STATE}.part"
            part.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
            part.replace(folder / STATE)


def blueprint(context: Context) -> Blueprint:
    """The routes under ``/meeting/packs``; every POST needs the header ``X-Onemap-Request``."""
    routes = Blueprint("meeting_packs", __name__, url_prefix="/meeting/packs")
    kept = Packs(context.folder)

    only_ours(routes, context, MOST_BYTES)

    @routes.post("")
    def start() -> Response:
        """Begin the packs of every street that the facts hold for this person: a street's its own alone."""
        print_ = asked_print(context, json_object())
        if print_.ask.scope.agencies:
            raise NotForThisReader(N_("街镇材料包发给街镇，不发给部门。"))
        ask, facts, confirmed = print_.ask, print_.facts, print_.confirmed.get(PACKS)
        settings = settings_of(context, print_, confirmed)
        name = f"{ask.t(N_('街镇材料包'))}_{facts['as_of']}.zip"

        def finished(content: bytes) -> None:
            keep_paper(ask.database, snapshot_id=print_.snapshot, meeting_id=print_.meeting, kind=PACKS, file_name=name, digest=hashlib.sha256(content).hexdigest(),
                       actor=ask.actor, now=context.clock(), confirmed=confirmed)  # fmt: skip

        token = kept.start(ask.actor, name, lambda progress: street_packs(facts, settings, progress), finished, {"path": "/meeting/packs", "snapshot": print_.snapshot})
        return jsonify({"token": token})

    @routes.get("/<token>")
    def state(token: str) -> Response:
        found = kept.state(context.actor_of(), token)
        told = {name: found[name] for name in ("state", "done", "of")}
        if found["state"] == "failed":
            told["error"] = _t(context)(N_("程序出错了，编号 {reference}：请把编号告诉管理员。"), reference=found["reference"])
        response = jsonify(told)
        response.headers["Cache-Control"] = "no-store"
        return response

    @routes.post("/<token>/stop")
    def stop(token: str) -> Response:
        kept.stop(context.actor_of(), token)
        return jsonify({"sentence": _t(context)(N_("已取消，没有生成材料。"))})

    @routes.get("/<token>/file")
    def file(token: str) -> Response:
        path, name = kept.archive(context.actor_of(), token)
        response = send_file(path, mimetype=MEDIA["zip"], as_attachment=True, download_name=name, max_age=0)
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def _who(actor: Actor) -> str:
    """Who asked, without the masks of a shared screen: they change neither who it is nor which rows."""
    return json.dumps([actor.id, actor.scope.district, actor.scope.areas, actor.scope.agencies])


def _t(context: Context) -> Translate:
    asked = request.args.get("lang", "")
    return translator(asked if asked in LANGUAGES else context.language)
