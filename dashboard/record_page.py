"""The page for recording a visit: a document of its own, light enough for a phone and kept on it for work without a network.

It is not drawn by Dash: what a phone keeps must start without asking the server anything. The form is
built by ``assets/onemap/record/form.js`` from the words and lists that this document carries.
"""

from __future__ import annotations

import html
import json
import string
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from dashboard import visit_server
from dashboard.view_state import LANGUAGES
from dashboard.visit_server import FIELDS, OWNER, outcome_names, owner_of
from rules.language import N_, translator
from rules.visit_record import (
    FORM_TEXTS,
    FORM_WORDS,
    LONGEST_NOTE,
    LONGEST_REASON,
    MOST_PHOTO_BYTES,
    MOST_PHOTOS,
    MOST_VISITS,
)
from rules.vocabulary import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from dash import Dash

    from dashboard.question import Context
    from rules.language import Translate

PATH = "/record"
WORKER = "/service-worker.js"
QUICK_CATEGORIES = ("infusion", "dental", "cosmetic")
"""Offered as buttons; every other kind of practice is in the list beside them."""

FORM_ORDER = (
    "unit_name", "people", "address", "phone", "school", "major", "qualification", "category", "premises", "advised_to_stop", "joint_wanted",
    "filled_by", "reviewed_by",
)
"""The form's fields as S3 附件1 has its columns and its foot; 场所类型 and 已劝导停业 are ours."""

WORDS = {
    "title": N_("登记巡查"), "edit_title": N_("修改登记"), "position": N_("位置"), "outcome": N_("巡查结果"), "category": N_("疑似类型"), "lead_result": N_("核查结果"), "need_result": N_("请选择核查结果。"),
    "premises": N_("场所类型"), "other": N_("其他类型"), "choose": N_("请选择"), "photos": N_("照片"), "photos_most": N_("最多 {n} 张"),
    "add_photo": N_("添加照片"), "remove_photo": N_("去掉这张照片"), "photo_n": N_("照片 {n}"), "note": N_("情况说明"), "mode": N_("巡查方式"), "visits": N_("户次"),
    "form": N_("《非法行医巡查登记表》"), "form_hint": N_("姓名、电话等个人信息：上传后在别处遮蔽显示，查看留有记录；没有上传时只在本机保存。"),
    "close": N_("返回"), "submit": N_("提交登记"), "keep": N_("存本机"), "report": N_("上报线索"), "save": N_("保存修改"), "undo": N_("撤销"),
    "undo_ask": N_("确认撤销？"), "reason": N_("修改或撤销的理由"), "reason_hint": N_("不是当天本人的登记，必须写明理由。"), "history": N_("修改记录"),
    "locating": N_("正在定位"), "inside": N_("在 {area} 内，误差 {n} 米"), "outside": N_("在 {area} 外约 {d} 米，误差 {n} 米：照实登记"),
    "tapped_inside": N_("已点选：在 {area} 内"), "tapped_outside": N_("已点选：在 {area} 外约 {d} 米，照实登记"), "unknown_area": N_("已定位，误差 {n} 米"),
    "no_fix": N_("没有定位：可在小地图上点选，也可不填"), "not_allowed": N_("没有允许定位：可在小地图上点选，也可不填"), "locate": N_("重新定位"),
    "tap": N_("小地图：点一下选定位置；也可用方向键移动、回车选定"), "clear": N_("清除位置"), "insecure": N_("没有使用 HTTPS：不能定位，也不能离线打开。登记在本页打开期间保存，位置请在小地图上点选。"),
    "offline": N_("没有网络，登记先存本机"), "waiting": N_("待传 {n} 条"), "refused_n": N_("{n} 条没有被接收"), "send_now": N_("立即上传"),
    "kept": N_("已存本机，网络恢复后自动上传一次。"), "kept_title": N_("已存本机"), "sent": N_("已上传"), "sent_later": N_("网络已恢复，这条登记已上传。"), "mend": N_("改正"), "drop": N_("从本机删除"), "drop_ask": N_("确认删除？"), "see": N_("查看"), "queue": N_("本机待传的登记"),
    "propose": N_("提请立案：作为属实线索上报，由办案部门决定是否立案"), "close_site": N_("同时登记该点位为自行歇业"), "masked": N_("已遮蔽：重新填写才会更改"),
    "unknown_offline": N_("没有网络，读不到 {target} 的资料；照常登记，上传时核对。"), "no_target": N_("选择巡查对象"), "choose_grid": N_("网格或区域"), "none_here": N_("这里没有你可以登记的网格：它可能不在你的权限范围内，或还没有导入网格。"), "start": N_("开始登记"), "today": N_("今日要去"),
    "lead": N_("已形成线索 {number}（{result}）"), "again": N_("继续登记"), "look": N_("查看或修改这条登记"), "back_to_list": N_("返回列表"), "need_outcome": N_("请选择巡查结果。"), "too_big": N_("一张照片最大 {n} MB。"),
    "not_picture": N_("照片只收 JPEG、PNG 和 WebP。"), "server_away": N_("连不上服务器：请稍后重试。"),
    "letter": N_("联合执法申请函"), "letter_text": N_("自 {start} 至 {end}，共发现非法行医场所 {found} 家，其中仍不听劝告 {unheeding} 家。申请{agencies}联合查处。"), "letter_to": N_("致：{to}"), "letter_from": N_("申请单位：{from}"),
    "demo": N_("演示数据 非公文"), "on_device": N_("个人信息只在填写和待传期间留在本机，上传成功或清空即删除。"),
    "draft_back": N_("已恢复 {time} 没有提交的内容"), "draft_kept": N_("没有提交的内容暂存在本机"), "clear_form": N_("清空"),
    "to": N_("登记为"), "no_storage": N_("这个浏览器不能在本机保存：请在有网络时提交。"),
    "open_title": N_("尚未上传"), "kept_open": N_("本机没有空间或不允许保存：这条登记只在本页打开期间保留，请勿关闭本页；网络恢复后自动上传一次。"), "unreadable_photo": N_("照片已损坏，读不出来：请重新拍摄。"),
}
"""What the page's scripts say."""

PAGE = string.Template("""<!doctype html>
<html lang="$lang" data-theme="light" data-view="record">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>$title</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/vendor/fonts.css">
<link rel="stylesheet" href="/icons.css">
<link rel="stylesheet" href="/assets/onemap/tokens.css">
<link rel="stylesheet" href="/assets/onemap/record/record.css">
</head>
<body>
<div id="record" data-about="$about"></div>
<noscript>$noscript</noscript>
<script src="/assets/onemap/offline.js"></script>
<script src="/assets/onemap/record/place.js"></script>
<script src="/assets/onemap/record/form.js"></script>
<script src="/assets/onemap/record/page.js"></script>
</body>
</html>
""")


def blueprint(context: Context, assets: Path) -> Blueprint:
    """``GET /record`` (the same document for every target) and ``GET /service-worker.js``."""
    routes = Blueprint("record", __name__)
    worker = (assets / "onemap" / "record" / "worker.js").read_text("utf-8")

    @routes.get(PATH)
    def page() -> Response:
        language = LANGUAGES.get(request.args.get("lang", ""), context.language)
        t = translator(language)
        response = Response(
            PAGE.substitute(
                lang="en" if language == "en" else "zh-CN", title=html.escape(f"{t(WORDS['title'])} · {t(N_('打非一张图'))}"),
                about=html.escape(json.dumps(_about(context, t, language), ensure_ascii=False), quote=True),
                noscript=html.escape(t(N_("请启用 JavaScript 后再打开本页。"))),
            ),
            mimetype="text/html",
        )
        response.headers[OWNER] = owner_of(context.actor_of())
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"
        return response

    @routes.get(WORKER)
    def service_worker() -> Response:
        response = Response(worker, mimetype="text/javascript")
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Service-Worker-Allowed"] = "/"
        return response

    return routes


def register(app: Dash, context: Context, assets: Path) -> None:
    """Add the page's routes to the server."""
    app.server.register_blueprint(blueprint(context, assets))
    app.server.register_blueprint(visit_server.blueprint(context))


def _about(context: Context, t: Translate, language: str) -> dict[str, object]:
    """Everything the scripts need of the server before anything is asked."""
    def listed(table: str) -> list[list[str]]:
        return [[word.code, t(word.name)] for word in TABLES[table]]

    return {
        "words": {name: t(text, **{part: "{" + part + "}" for part in _parts(text)}) for name, text in WORDS.items()},
        "outcomes": list(outcome_names(t).items()), "categories": listed("category"), "quick": list(QUICK_CATEGORIES),
        "premises": listed("premises"), "modes": listed("visit_mode"),
        "lead_results": listed("lead_result"),
        "form": [
            {"name": name, "label": t(FIELDS[name])}
            | ({"most": FORM_TEXTS[name]} if name in FORM_TEXTS else {"words": listed(FORM_WORDS[name])} if name in FORM_WORDS else {"bool": True})
            for name in FORM_ORDER
        ],
        "limits": {"photos": MOST_PHOTOS, "photo_bytes": MOST_PHOTO_BYTES, "note": LONGEST_NOTE, "visits": MOST_VISITS, "reason": LONGEST_REASON},
        "actor": context.actor_of().id, "owner": owner_of(context.actor_of()), "lang": language, "demo": context.demo, "now": context.clock().isoformat(timespec="milliseconds"),
    }


def _parts(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]
