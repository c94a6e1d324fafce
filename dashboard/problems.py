"""Turns what went wrong into an answer: a status, a sentence in the reader's language, a number."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import structlog
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from data_access.database import DatabaseProblem
from rules.language import N_, Refusal, translator
from rules.request import UnreadableRequest

if TYPE_CHECKING:
    from flask import Flask

    from dashboard.question import Context

log = structlog.get_logger("problems")

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (UnreadableRequest, 400), (DatabaseProblem, 503), (Refusal, 422),
)
"""What a kind of problem answers; anything else is 500."""


def reported(error: Exception, **about: object) -> str:
    """Write an error to the log; gives the reference number that people read out on the phone."""
    reference = secrets.token_hex(3).upper()
    log.error("failed", reference=reference, error=type(error).__name__, exc_info=error, **about)
    return reference


def register(server: Flask, context: Context) -> None:
    """Answer every failure of a request with one JSON sentence; never a traceback."""

    def language() -> str:
        return "en" if request.args.get("lang") == "en" else context.language

    def answer(status: int, sentence: str, **more: str) -> tuple[Response, int]:
        return jsonify({"error": sentence, **more}), status

    @server.errorhandler(UnreadableRequest)
    def unreadable(error: UnreadableRequest) -> tuple[Response, int]:
        t = translator(language())
        return answer(400, t(N_("请求读不懂：{reason}"), reason=error.say(t)), detail=str(error))

    @server.errorhandler(Refusal)
    def refused(error: Refusal) -> tuple[Response, int]:
        status = next(code for kind, code in STATUS if isinstance(error, kind))
        if status == 503:
            reported(error)
        return answer(status, error.say(translator(language())))

    @server.errorhandler(HTTPException)
    def known(error: HTTPException) -> tuple[Response, int]:
        return answer(error.code or 500, error.name)

    @server.errorhandler(Exception)
    def unknown(error: Exception) -> tuple[Response, int]:
        reference = reported(error, path=request.path)
        t = translator(language())
        return answer(500, t(N_("程序出错了，编号 {reference}：请把编号告诉管理员。"), reference=reference),
                      reference=reference)
