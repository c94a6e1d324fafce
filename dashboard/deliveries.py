"""Takes the files that people bring to the import page: preview, take, refused rows back, undo.

An uploaded file lies in a folder of its own until it is taken, given up or a day old. A token names
it; whoever did not bring it cannot find it, because it is kept with who brought it.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, jsonify, request, send_file

from dashboard.attachment import attach
from dashboard.own_requests import asked_language, language_of, only_ours
from dashboard.plain_json import json_object
from data_access import importing
from data_access.importing.kinds import kinds
from data_access.importing.limits import MAX_BYTES
from rules.language import N_, Refusal, Translate, translator
from rules.request import LEVELS, Actor, UnreadableRequest
from rules.vocabulary import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.question import Context

PLACE = "uploads"
KEPT_SECONDS = 24 * 3600
MOST_SHOWN = 200
MOST_NAME_BYTES = 180
_TOKEN = re.compile(r"[0-9a-f]{32}")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file that somebody brought.

    Attributes:
        folder: where it lies, named by its token.
        file: the file under its own name.
        options: how it is to be read: ``kind``, ``level``, ``crs``, ``source``, ``sheet``; empty ones are guessed.
    """

    folder: Path
    file: Path
    options: dict[str, str]


class Deliveries:
    """The uploaded files of this server, by token and by who brought them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / PLACE

    def receive(self, actor: Actor, name: str, stream: Any, options: dict[str, str]) -> str:
        """Keep a file; gives its token.

        Raises:
            Refusal: it is larger than ``MAX_BYTES``.
        """
        self._forget_old()
        token = secrets.token_hex(16)
        folder = self._folder / token
        folder.mkdir(parents=True)
        clean = _short(_FORBIDDEN.sub("_", Path(name.replace("\\", "/")).name).strip(". ")) or "file"
        size = 0
        with (folder / clean).open("wb") as kept:
            while block := stream.read(1 << 20):
                size += len(block)
                if size > MAX_BYTES:
                    kept.close()
                    shutil.rmtree(folder, ignore_errors=True)
                    raise Refusal(N_("文件超过 {n} MB：请拆成几个文件再导入。"), n=MAX_BYTES // 2**20)
                kept.write(block)
        about = {"actor": _who(actor), "file": clean, "options": options}
        (folder / ".about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        return token

    def find(self, actor: Actor, token: str) -> Delivery:
        """The file behind a token.

        Raises:
            Refusal: there is none, it was taken, or somebody else brought it.
        """
        gone = Refusal(N_("这个文件已不在：请重新选择文件。"))
        if not _TOKEN.fullmatch(token):
            raise gone
        folder = self._folder / token
        try:
            about = json.loads((folder / ".about.json").read_text(encoding="utf-8"))
        except OSError:
            raise gone from None
        if about["actor"] != _who(actor):
            raise gone
        return Delivery(folder, folder / about["file"], about["options"])

    def forget(self, token: str) -> None:
        """Remove a file."""
        if _TOKEN.fullmatch(token):
            shutil.rmtree(self._folder / token, ignore_errors=True)

    def _forget_old(self) -> None:
        if not self._folder.exists():
            return
        for folder in self._folder.iterdir():
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def blueprint(context: Context) -> Blueprint:
    """The routes under ``/import/``; every POST needs the header ``X-Onemap-Request``."""
    routes = Blueprint("deliveries", __name__, url_prefix="/import")
    kept = Deliveries(context.folder)

    only_ours(routes, context, MAX_BYTES + (1 << 20))

    @routes.post("/preview")
    def preview() -> Response:
        actor, t = context.actor_of(), asked_language(context)
        brought = request.files.get("file")
        options = _options(request.form)
        if brought is None or not brought.filename:
            token = request.form.get("token", "")
            file = kept.find(actor, token)
            (file.folder / ".about.json").write_text(
                json.dumps({"actor": _who(actor), "file": file.file.name, "options": options}, ensure_ascii=False),
                encoding="utf-8",
            )
        else:
            token = kept.receive(actor, brought.filename, brought.stream, options)
        try:
            found = _preview(context, kept.find(actor, token), actor)
        except importing.SeveralSheets as several:
            return jsonify({"token": token, "file": kept.find(actor, token).file.name, "sheets": several.sheets, "sentence": several.say(t)})
        except Refusal:
            kept.forget(token)
            raise
        return jsonify(_shown(found, token, t))

    @routes.post("/take")
    def take() -> Response:
        actor, t, asked = context.actor_of(), asked_language(context), json_object()
        delivery = kept.find(actor, str(asked.get("token", "")))
        found = _preview(context, delivery, actor)
        if asked.get("hash") != found.file_hash:
            raise Refusal(N_("文件变了：请重新预览。"))
        batch = importing.take(
            context.database, found, actor=actor, now=context.clock(),
            confirm=asked.get("confirm") is True, demo=False,
        )
        if not found.refused:
            kept.forget(delivery.folder.name)
        return jsonify({"batch": batch.id, "sentence": t(
            N_("已导入：新增 {new} 行，更新 {changed} 行，相同 {same} 行，未导入 {refused} 行。"),
            new=batch.new, changed=batch.changed, same=batch.same, refused=batch.refused,
        )})

    @routes.get("/refused/<token>")
    def refused(token: str) -> Response:
        actor = context.actor_of()
        delivery = kept.find(actor, token)
        found = _preview(context, delivery, actor)
        name = f"{delivery.file.stem}_{asked_language(context)(N_('问题行'))}{delivery.file.suffix}"
        path = importing.write_refused(found, delivery.folder / name)
        return send_file(path, as_attachment=True, download_name=path.name, max_age=0)

    @routes.get("/template/<kind>")
    def template(kind: str) -> Response:
        if kind not in kinds():
            abort(404)
        language = language_of(context)
        folder = context.folder / "templates"
        folder.mkdir(parents=True, exist_ok=True)
        path = importing.write_template(kind, folder / f"{kind}-{language}-{secrets.token_hex(4)}.xlsx", language)
        content = path.read_bytes()
        path.unlink()
        name = translator(language)(kinds()[kind].label)
        response = Response(content, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        attach(response, f"{name}.xlsx")
        return response

    @routes.get("/batches")
    def batches() -> Response:
        actor, t = context.actor_of(), asked_language(context)
        frame = importing.batches(context.database, actor.scope)
        frame = frame[frame["taken_at"] <= context.clock()]
        return jsonify({"batches": [_batch(row, t, context) for row in frame.to_dict("records")]})

    @routes.post("/undo")
    def undo() -> Response:
        actor, t, asked = context.actor_of(), asked_language(context), json_object()
        # What was entered in the product has its own way back, with its own conditions.
        batch = importing.undo(context.database, str(asked.get("batch", "")), actor=actor, now=context.clock(), only=kinds().keys())
        return jsonify({"batch": batch.id, "sentence": t(N_("已撤销，之前的内容已恢复。"))})

    return routes


def _short(name: str) -> str:
    """The end of a name in as many bytes as a file system takes, with room for what is added to it."""
    return name.encode("utf-8", "replace")[-MOST_NAME_BYTES:].decode("utf-8", "ignore")


def _who(actor: Actor) -> str:
    """Who brought a file, and what that person may see: another scope is another person."""
    return f"{actor.id} {actor.scope.to_json()}"


def _preview(context: Context, delivery: Delivery, actor: Actor) -> importing.Preview:
    named = {name: value or None for name, value in delivery.options.items()}
    return importing.preview(
        context.database, delivery.file, scope=actor.scope, today=context.clock().date(), **named
    )


def _shown(found: importing.Preview, token: str, t: Translate) -> dict[str, object]:
    """A preview as the page shows it: counts first, then what is wrong, then what was noticed."""
    return {
        "token": token, "hash": found.file_hash, "file": found.file_name,
        "kind": found.kind, "kind_name": t(kinds()[found.kind].label), "source": found.source,
        "counts": found.counts(),
        "refused": [_problem(problem, t) for problem in found.refused[:MOST_SHOWN]],
        "confirm": [_problem(problem, t) for problems in found.to_confirm["reasons"].head(MOST_SHOWN) for problem in problems],
        "changes": [
            _change(row, change, t)
            for row, changes in zip(found.changed["row_number"].head(MOST_SHOWN), found.changed["changes"], strict=False)
            for change in changes
        ],
        "notes": [note.sentence(t) for note in found.notes],
    }


def _problem(problem: Any, t: Translate) -> dict[str, object]:
    return {
        "row": problem.file_row or problem.row_number, "field": t(problem.field) if problem.field else "",
        "found": problem.found, "sentence": problem.sentence(t),
    }


def _change(row: int, change: dict[str, object], t: Translate) -> dict[str, object]:
    return {
        "row": int(row), "field": t(str(change["header"])),
        "old": _text(change["old"]), "new": _text(change["new"]),
    }


def _text(value: object) -> str:
    return "" if _missing(value) else str(value)


def _batch(row: dict[str, Any], t: Translate, context: Context) -> dict[str, object]:
    zone = context.clock().tzinfo
    undone = row.get("undone_at")
    return {
        "id": row["id"], "kind": t(row["kind_label"]),
        "file": row["file_name"], "at": row["taken_at"].astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        "who": t(row["actor_name"]), **{name: int(row[name]) for name in ("new", "changed", "same", "refused")},
        "undone": None if _missing(undone) else undone.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
    }


def _missing(value: object) -> bool:
    return value is None or value != value


def _options(form: Any) -> dict[str, str]:
    """How to read the file, from the form's fields.

    Raises:
        UnreadableRequest: a kind, level or coordinate system that there is not.
    """
    options = {name: str(form.get(name, "")).strip() for name in ("kind", "level", "crs", "source", "sheet")}
    if options["kind"] and options["kind"] not in kinds():
        raise UnreadableRequest(f"kind: found {options['kind'][:40]!r}")
    if options["level"] and options["level"] not in LEVELS:
        raise UnreadableRequest(f"level: found {options['level'][:40]!r}")
    if options["crs"] and not re.fullmatch(r"EPSG:\d{4,6}", options["crs"]):
        raise UnreadableRequest(f"crs: expected EPSG and a number, found {options['crs'][:40]!r}")
    if len(options["source"]) > 60:
        raise UnreadableRequest("source: at most 60 characters")
    if len(options["sheet"]) > 100:
        raise UnreadableRequest("sheet: at most 100 characters")
    return options


def level_names() -> Iterable[tuple[str, str]]:
    """(level, Chinese name) of every level an area file may hold."""
    return [(level, name_of("area_level", level)) for level in LEVELS]
