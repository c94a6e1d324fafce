"""What the meeting screen's script says, in the reader's language."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from rules.language import N_

if TYPE_CHECKING:
    from rules.language import Translate

WORDS = {
    "working": N_("正在计算"), "offline": N_("连不上服务器，请稍后重试。"), "close": N_("关闭"), "cancel": N_("取消"), "save": N_("保存"), "date": N_("日期"),
    "open": N_("开会，固定数据"), "retake": N_("重新取数，生成新快照"), "retake_told": N_("新快照不会改变旧快照；会上此后用新快照。"), "changed": N_("与上一份快照相比"), "go_on": N_("用新快照继续"),
    "period": N_("本期"), "before": N_("对比期"), "from": N_("起"), "to": N_("止"), "boundaries": N_("对比用的边界"), "boundaries_now": N_("今天的边界"), "boundaries_then": N_("当年的边界"), "quick": N_("快选"), "month": N_("上月"), "year": N_("去年同期"),
    "create": N_("新建会议"), "name": N_("名称"), "level": N_("层级"), "street": N_("街镇"), "convener": N_("召集单位"), "members": N_("成员单位"), "invited": N_("邀请单位"), "as_last": N_("已按上次会议（{day}）选好单位，可改。"), "choose": N_("请选择"),
    "attend": N_("到会情况"), "present": N_("到会"), "minutes": N_("纪要编号"),
    "kind": N_("类别"), "text": N_("事项"), "done_when": N_("完成标准（做到什么算完成）"), "owner": N_("责任单位"), "support": N_("配合单位"), "due": N_("期限"), "where": N_("范围"),
    "grids": N_("已选网格 {n} 个"), "no_grids": N_("未选网格（全区性事项可以不选）"), "spot": N_("热点"), "no_spot": N_("不针对热点"), "take_grids": N_("取热点的网格"), "decide": N_("记入议定事项"),
    "answer": N_("反馈"), "answer_text": N_("办理结果"), "evidence": N_("数据与演变"), "no_evidence": N_("这份快照里没有复发、转移和专项行动的数据。"), "edit": N_("修改事项"), "more_support": N_("再加一个配合单位"), "undo_ask": N_("确认撤销？"), "close_ask": N_("确认办结？"),
    "papers": N_("会议材料"), "papers_told": N_("全部材料都来自第 {n} 号快照和会上议定的事项。"), "make_all": N_("全部生成"), "make": N_("生成"), "made": N_("已生成 {n}/{N}"), "failed": N_("没有生成"), "stop": N_("停止"), "saved": N_("下载"),
    "reader": N_("给谁看"), "whole": N_("全区（会议用）"), "draft": N_("草稿"), "demo": N_("演示数据 非公文"), "confirm": N_("确认"), "confirm_ask": N_("已看过，确认？"), "confirmed": N_("{who} {at} 已确认"), "withdraw": N_("撤销确认"),
    "packs": N_("全部街镇文件包"), "packs_told": N_("每个街镇一个文件夹：工作提示单、汇总表、地图，只含本街镇的内容"), "packs_one": N_("本街镇文件包"), "packs_go": N_("已完成 {n}/{N} 个街镇"), "red_head": N_("加红头"), "number": N_("文号（可不填）"),
    "present_on": N_("放映"), "present_off": N_("退出放映"),
}  # fmt: skip


def script_words(t: Translate) -> dict[str, str]:
    """Every word by its key; placeholders stay for the script to fill."""
    return {name: t(text, **{one: "{" + one + "}" for _, one, _, _ in string.Formatter().parse(text) if one}) for name, text in WORDS.items()}
