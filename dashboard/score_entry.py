"""On the score page: what a person judges (no register tells it), and the papers owed; entered, shown with who and when, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.figures_view import icon
from dashboard.marks import day, nothing, records
from dashboard.view_state import write
from data_access.score_entries import joint_actions, judgements, may_judge
from rules.language import N_
from rules.rubric import by_hand

if TYPE_CHECKING:
    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask
    from rules.rulebook import Rule, Rulebook

TURNOUT = "score.R2.3c"
STATES = {"ok": N_("按期"), "due": N_("临期"), "over": N_("逾期")}


def judged(asked: Ask, book: Rulebook, street: str) -> Component:
    """Every item that a person judges: what was entered, by whom, on which document; and the form for another entry."""
    t, mine = asked.t, may_judge(asked.scope)
    found = asked.get(judgements)
    parts: list[Component] = [html.P(t("这几条登记册不能直接得出，由区打非办据文件评定；其余各条由登记的数据计算。"), className="quiet")]
    for rule in by_hand(book):
        own = found[found["item"] == rule.id]
        parts.append(html.Section([
            html.H3([t(rule.name), html.Small(t("人工评定"), className="badge-hand")]),
            _joined(asked) if rule.id == TURNOUT else None,
            html.Ul([_judgement(asked, row, mine) for row in records(own)], className="hand-list") if len(own) else html.P(t("今年尚未评定"), className="quiet"),
            _form(asked, rule, street) if mine else None,
        ], className="hand-item"))  # fmt: skip
    if not mine:
        parts.append(html.P(t("只有区打非办可以评定考核细则。"), className="quiet"))
    return html.Div(parts)


def _joined(asked: Ask) -> Component:
    """Why the turnout at joint actions is judged by hand, and what the register says of it."""
    t, found = asked.t, asked.get(joint_actions)
    year = asked.filters.with_(start=asked.filters.as_of.replace(month=1, day=1), end=asked.filters.as_of)
    rows = write(year, asked.view.with_(rows="activities", narrow=(("kind", "joint_enforcement"),), select=None, card=None))
    said = t("登记里没有写明哪次行动回应哪份申请，也没有写明哪些单位该到而未到，所以系统不自动扣分。今年在本街镇登记联合执法 {N} 次，其中 {n} 次没有登记本街镇单位参加，供评定参考。", N=len(found), n=int((~found["local"]).sum()))
    enter = t("填法：申请以后由打非办组织的行动，每一次评定一条：评定日期填行动那天；没有组织本地部门和人员配合的填扣分，都配合了的填 0；依据文件写行动记录或通报的名称。")
    return html.Div([html.P([said, " ", html.A(t("查看记录"), href="/" + rows)], className="quiet"), html.P(enter, className="quiet")])


def papers(asked: Ask, book: Rulebook, duties: pd.DataFrame) -> Component:
    """The papers of the place asked about: due day, state, whether handed in; and the form that records it."""
    t, found = asked.t, duties[duties["target_kind"] == "report"].sort_values("due_on", kind="stable")
    if found.empty:
        return nothing(t("现在没有要报送的材料"))
    rows = [_paper(asked, book[row["rule_id"]], row) for row in records(found)]
    return html.Ul(rows, className="hand-list")


def _judgement(ask: Ask, row: dict[str, Any], mine: bool) -> Component:
    t = ask.t
    lost = t("扣 {points} 分", points=f"{row['points']:g}") if row["points"] else t("未扣分")
    said = [html.B(lost, className="num is-lost" if row["points"] else "num"), " ", html.Span(row["document"]),
            html.Small(" · ".join(filter(None, (row["note"], day(ask, row["day"]), row["entered_by"]))), className="quiet")]  # fmt: skip
    undo = _undo(ask, "/entries/score/undo", row["batch_id"]) if mine else None
    return html.Li([html.Span(said), undo], id=f"entry-{row['id']}")


def _form(ask: Ask, rule: Rule, street: str) -> Component:
    t, most = ask.t, abs(rule.points or 0.0)
    fields = [
        _field(t("评定日期"), "day", rule.id, type_="date"), _field(t("扣分（0 至 {most}）", most=f"{most:g}"), "points", rule.id, value=f"{most:g}", inputmode="decimal"),
        _field(t("依据文件"), "document", rule.id), _field(t("说明"), "note", rule.id),
    ]  # fmt: skip
    return _folded(ask, t("评定"), "/entries/score", {"street": street, "item": rule.id}, fields)


def _paper(ask: Ask, rule: Rule, row: dict[str, Any]) -> Component:
    t = ask.t
    facts = row["facts"] if isinstance(row["facts"], dict) else {}
    span = t("报告期 {first} 至 {last}", first=facts.get("first_day", ""), last=facts.get("last_day", ""))
    given = row["last_on"] is not None
    state = t("已于 {day} 报送", day=day(ask, row["last_on"])) if given else t(STATES.get(row["state"], ""))
    said = [html.B(t(rule.name)), html.Small(" · ".join(filter(None, (facts.get("stage"), span, t(rule.source), "" if row["adopted"] else t("参考")))), className="quiet")]
    when = html.Span([html.B(state, className=f"state-{row['state']}"), html.Small(t("{day} 前", day=day(ask, row["due_on"])), className="num")], className="hand-when")
    fields = [_field(t("报送日期"), "day", row["target_id"], type_="date"), _field(t("文件名或文号"), "document", row["target_id"])]
    form = None if given else _folded(ask, t("登记报送"), "/entries/report", {"rule": row["rule_id"], "target": row["target_id"]}, fields)
    return html.Li([html.Span(said), when, form])


def _field(label: str, name: str, of: str, *, type_: str = "text", value: str = "", inputmode: str = "") -> Component:
    """What the page's script makes an input of: Dash's own inputs cannot be sent as a form."""
    return html.Span(label, className="entry-field", **{"data-name": name, "data-type": type_, "data-value": value, "data-inputmode": inputmode, "data-of": of})


def _folded(ask: Ask, words: str, path: str, fixed: dict[str, str], fields: list[Component]) -> Component:
    t = ask.t
    more = {f"data-fixed-{name}": value for name, value in fixed.items()}
    return html.Details(
        [html.Summary([icon("clipboard-check"), words], className="entry-open"),
         html.Div([*fields, html.Button(t("保存"), type="button", className="btn is-primary entry-save"), html.P(className="entry-said", role="alert")], className="entry-form",
                  **{"data-path": path, "data-today": ask.today.isoformat(), "data-lang": "en" if ask.lang == "en" else "zh_CN", "data-offline": t("连不上服务器，请稍后重试。"), **more})],
        className="entry",
    )  # fmt: skip


def _undo(ask: Ask, path: str, batch: str) -> Component:
    t = ask.t
    return html.Button(t("撤销"), type="button", className="link entry-undo",
                       **{"data-path": path, "data-batch": batch, "data-ask": t("确认撤销？"), "data-lang": "en" if ask.lang == "en" else "zh_CN", "data-offline": t("连不上服务器，请稍后重试。")})  # fmt: skip
