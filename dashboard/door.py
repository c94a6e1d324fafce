"""The door of the server: who may come in, what a callback may carry, what a browser may load.

Until accounts come there is no way to tell two people apart, so the door serves this machine only:
it refuses an address beyond loopback, a request that was passed on, and a foreign Host.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from flask import Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from dashboard.map_view import basemap_origin
from dashboard.plain_json import is_plain
from rules.language import N_, Refusal, translator
from rules.request import Actor, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash import Dash

MOST_CALLBACK_BYTES = 64 * 1024
CALLBACKS = "/_dash-update-component"
FORWARDING = (
    "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port",
    "X-Forwarded-Server", "X-Forwarded-Prefix", "X-Forwarded-By", "X-Original-Forwarded-For",
    "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP",
    "Fastly-Client-IP", "X-Original-Host", "X-Host", "X-Original-URL", "X-Rewrite-URL", "Via",
)
"""Headers that only a proxy writes: somebody else stands behind the request."""

BESIDE = ("/record",)
"""Pages that are no view of Dash."""

NO_ACCOUNTS = N_(
    "系统还没有账号：只能在本机打开（http://127.0.0.1），不能经代理或从别的电脑访问。原因：{reason}。"
)


def loopback_only(host: str) -> None:
    """Raise Refusal when a server would listen beyond this machine.

    Args:
        host: the address to listen on.
    """
    if not _is_loopback(host):
        raise Refusal(
            N_("系统还没有账号，不能监听 {host}：请把 ONEMAP_HOST 设为 127.0.0.1。"), host=host or "0.0.0.0"
        )


def demo_actor(scope: Scope, role: str | None = None) -> Actor:
    """The one person there is until accounts come, with the scope handed in: the demo's office, a street's or an agency's."""
    own = N_("街镇") if scope.areas else N_("部门") if scope.agencies else N_("区打非办")
    return Actor(id="demo", name=N_("演示用户"), role=role or own, scope=scope)


def guard(app: Dash, paths: Sequence[str], language: str = "zh_CN") -> None:
    """Stand before every request of an application.

    Args:
        paths: the pages there are; any other page answers 404.
        language: the language of the refusals.
    """
    server = app.server
    server.config["MAX_CONTENT_LENGTH"] = None  # each route states its own limit
    t = translator(language)

    @server.before_request
    def who() -> tuple[Response, int] | None:
        reason = _stranger(paths)
        if reason is None:
            return None
        return jsonify({"error": t(NO_ACCOUNTS, reason=t(reason))}), 403

    @server.before_request
    def what() -> tuple[Response, int] | None:
        if b"\0" in unquote_to_bytes(request.full_path):
            # No name here has one, and PostgreSQL takes none.
            abort(400)
        if request.path == CALLBACKS and request.method == "POST":
            wrong = _wrong_callback(app)
            return None if wrong is None else (jsonify({"error": t(wrong)}), 400)
        if request.endpoint == "/<path:path>" and request.path.rstrip("/") not in paths:
            abort(404)
        if request.endpoint == "/_reload-hash":
            abort(404)
        return None

    @server.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy(app))
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        if response.mimetype in {"application/json", "text/html"}:
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.pop("Server-Timing", None)
        return response


def policy(app: Dash) -> str:
    """The content policy (DESIGN 6): this server only; its own inline scripts by their hashes."""
    if "onemap_policy" not in app.server.config:
        scripts = " ".join(["'self'", *app.csp_hashes()])
        pictures = " ".join(filter(None, ("'self'", basemap_origin(app.context.basemap))))
        app.server.config["onemap_policy"] = "; ".join(
            (
                "default-src 'self'", f"script-src {scripts}", "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data:", "worker-src 'self' blob:", f"connect-src {pictures}",
                "font-src 'self' data:", "object-src 'none'", "base-uri 'none'",
                "form-action 'self'", "frame-ancestors 'none'",
            )
        )
    return app.server.config["onemap_policy"]


def _stranger(paths: Sequence[str]) -> str | None:
    """Why a request does not come from this machine; None when it does.

    Args:
        paths: the pages, to which another site may link.
    """
    for header in FORWARDING:
        if header in request.headers:
            return N_("请求经过了代理")
    if any(name.lower().startswith("x-forwarded-") for name in request.headers.keys()):  # noqa: SIM118
        return N_("请求经过了代理")
    if _is_address_beyond(request.environ.get("SERVER_NAME", "")):
        return N_("服务监听的不是本机地址")
    if not _is_loopback(_host_name(request.environ.get("HTTP_HOST", ""))):
        return N_("请求的 Host 不是本机")
    if not _is_loopback(request.remote_addr or ""):
        return N_("请求来自别的电脑")
    if request.headers.get("Sec-Fetch-Site", "same-origin") in {"cross-site", "same-site"} and not _is_visit(paths):
        return N_("请求来自别的网站")
    origin = request.headers.get("Origin")
    if origin not in (None, request.host_url.rstrip("/")):
        return N_("请求来自别的网站")
    return None


def _is_visit(paths: Sequence[str]) -> bool:
    """Whether somebody follows a link to a page, which another site may offer; nothing else is opened from there."""
    followed = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    return followed and request.path.rstrip("/") in (*paths, *BESIDE)


def _host_name(host: str) -> str:
    """The name of a Host header without its port; brackets of IPv6 taken off."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def _is_loopback(name: str) -> bool:
    if name.lower().rstrip(".") == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _is_address_beyond(name: str) -> bool:
    """Whether a server says that it listens on an address that is not loopback (gunicorn does say)."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return not _is_loopback(name)


def _wrong_callback(app: Dash) -> str | None:
    """What is wrong with a callback request's body; None when it is one this page makes."""
    if (request.content_length or 0) > MOST_CALLBACK_BYTES:
        return N_("请求太大")
    if request.mimetype != "application/json":
        return N_("请求不是 JSON")
    request.max_content_length = MOST_CALLBACK_BYTES
    try:
        body = request.get_json()
    except HTTPException:
        return N_("请求不是 JSON")
    if not isinstance(body, dict) or not is_plain(body) or not isinstance(body.get("output"), str):
        return N_("请求的格式不对")
    known = app.callback_map.get(body["output"])
    if known is None:
        return N_("没有这个请求")
    fits = (
        _fits(body.get("inputs", []), known["inputs"])
        and _fits(body.get("state", []), known["state"])
        and _outputs_fit(body.get("outputs"), body["output"])
        and _changed_fits(body.get("changedPropIds", []), known)
    )
    return None if fits else N_("请求的格式不对")


def _fits(sent: Any, declared: list[dict[str, str]]) -> bool:
    """Whether the values sent are those declared, in order, each of a kind a page holds."""
    if not isinstance(sent, list) or len(sent) != len(declared):
        return False
    return all(
        isinstance(one, dict)
        and one.get("id") == asked["id"] and one.get("property") == asked["property"]
        for one, asked in zip(sent, declared, strict=True)
    )


def _outputs_fit(sent: Any, output: str) -> bool:
    listed = sent if isinstance(sent, list) else [sent]
    names = [
        f"{one.get('id')}.{one.get('property')}" if isinstance(one, dict) else "" for one in listed
    ]
    joined = f"..{'...'.join(names)}.." if output.startswith("..") else names[0] if len(names) == 1 else ""
    return joined == output


def _changed_fits(sent: Any, known: dict[str, Any]) -> bool:
    names = {f"{one['id']}.{one['property']}" for one in known["inputs"]}
    return isinstance(sent, list) and all(isinstance(one, str) and one in names for one in sent)
