"""Lets only our own pages write: a POST without their mark is refused before its body is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from rules.language import LANGUAGES, N_, Translate, translator

if TYPE_CHECKING:
    from dashboard.question import Context

MARK = "X-Onemap-Request"
"""A header that a form of another site cannot send."""


def only_ours(routes: Blueprint, context: Context, most_bytes: int) -> None:
    """Refuse every POST of these routes that does not bear the mark (403), and cap the body of the others.

    Args:
        most_bytes: of a body; a longer one is refused when it is read (413).
    """

    @routes.before_request
    def ours() -> tuple[Response, int] | None:
        if request.method != "POST":
            return None
        if MARK not in request.headers:
            return jsonify({"error": asked_language(context)(N_("请求不是本页发出的。"))}), 403
        request.max_content_length = most_bytes
        return None


def language_of(context: Context) -> str:
    """The language that the address asks for, else the product's own."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else context.language


def asked_language(context: Context) -> Translate:
    """The translator of ``language_of``."""
    return translator(language_of(context))
