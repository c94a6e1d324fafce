"""The drawer of a street's screen: what is selected, what is owed there, what happened there, what can be done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import number_text
from dashboard.figures_view import icon, number
from dashboard.marks import as_day, day, days_left, listed, records
from dashboard.panels.selection import (
    EVERYWHERE,
    HALF_YEAR_DAYS,
    STANDING,
    STATE_TONES,
    STATE_WORDS,
    term_note,
)
from dashboard.steps import clock
from dashboard.street_assign import assign_form
from dashboard.street_handover import handover_form
from dashboard.street_history import grid_timeline, visit_timeline
from dashboard.street_lead import lead_steps
from dashboard.street_navigate import navigate
from dashboard.street_state import at_home, home
from dashboard.street_worklist import cycle_words, owner_name, rules_of, state_words
from dashboard.view_state import go
from data_access.areas import areas
from data_access.assignments import ACTIONS, handovers
from data_access.cases import cases
from data_access.construction import construction_sites
from data_access.coverage import grid_states
from data_access.duty_owners import owner_rule
from data_access.leads import leads
from data_access.obligations import obligations
from data_access.rulebooks import rulebook_of
from data_access.sites import sites
from rules.obligations import NO_JOURNEY
from rules.request import DEFAULT_CYCLE_DAYS
from rules.visit_record import TARGET_KINDS
from rules.worklist_order import GROUPS
from rules.worklist_words import NO_PLACES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from dash.development.base_component import Component

    from dashboard.question import Ask

LEAD_DAYS = 366


@dataclass(frozen=True)
class Shown:
    """What of a target the drawer shows.

    Attributes:
        name: what it is called; no personal data.
        where: street, neighbourhood or grid it lies in, in words.
        tag, tone: its state in words, with its tone.
        facts: (label, value) pairs, at most four.
        grid: code of the grid it lies in, or None.
        place: (lon, lat), or None.
        body: what stands below the facts.
    """

    name: str
    where: str = ""
    tag: str = ""
    tone: str = ""
    facts: tuple[tuple[str, Component | str], ...] = ()
    grid: str | None = None
    place: tuple[float, float] | None = None
    body: tuple[Component, ...] = field(default_factory=tuple)


def drawer(ask: Ask) -> Component | None:
    """The open drawer; None while nothing is selected."""
    if not ask.view.select:
        return None
    kind, _, code = ask.view.select.partition(":")
    shown = KINDS.get(kind, _other)(at_home(ask), kind, code)
    if shown is None:
        words = ask.t("没有找到所选对象，它可能不在你的查看范围内")
        return _section(ask, words, [_close(ask), html.Div([icon("search-x"), html.P(words)], className="state")])
    tag = [html.Span(shown.tag, className=f"tag tone-{shown.tone}")] if shown.tag else []
    facts = html.Div([html.Div([html.Span(label), value], className="fact-cell") for label, value in shown.facts], className="four")
    parts: list[Any] = [
        html.Header([html.H2(shown.name, className="num"), *tag, _close(ask),
                     html.P(shown.where, className="detail-where") if shown.where else None], className="detail-head"),
        facts if shown.facts else None,
        html.Div([*_duties(ask, kind, code), *shown.body], className="detail-body", tabIndex=0, role="region",
                 **{"aria-label": ask.t("经过")}),
        _actions(ask, kind, code, shown),
    ]
    return _section(ask, shown.name, [part for part in parts if part is not None])


def _grid(ask: Ask, _kind: str, code: str) -> Shown | None:
    t, row = ask.t, _one(ask.get(grid_states), "code", code)
    if row is None:
        return None
    known = ask.get(sites)
    here = known[(known["grid_code"] == code) & (known["status"] != "cleared")]
    every = ask.get(cases)
    opened = every[(every["grid_code"] == code) & (every["state"] == "open")]
    since = ask.filters.as_of - dt.timedelta(days=HALF_YEAR_DAYS)
    received = ask.with_(start=since, end=ask.filters.as_of, area=code).get(leads)
    tag, tone = _state(ask, row["state"], row["days"] - _cycle(ask) if row["state"] == "over" else None)
    return Shown(
        name=ask.name(code), tag=tag, tone=tone, grid=code,
        where=listed((ask.name(row["neighbourhood_code"]), "★ " + t("重点村居") if _priority(ask, code, row["neighbourhood_code"]) else "", t("上次巡查 {day}", day=day(ask, row["last_visit"])) if row["last_visit"] else t("建格以来无记录"))),
        facts=(
            (t("历史点位"), number(ask, len(here), "户", rows="sites", narrow={"grid_code": code, "status": STANDING}, changes=EVERYWHERE)),
            (t("在办案件"), number(ask, len(opened), "件", rows="cases", narrow={"grid_code": code, "state": "open"}, changes=EVERYWHERE)),
            (t("近半年线索"), number(ask, len(received), "件", rows="leads", narrow=_span(since, ask.filters.as_of, code), changes=EVERYWHERE)),
            (t("周期"), number(ask, _cycle(ask), "天", card="coverage")),
        ),
        body=grid_timeline(ask, code),
    )


def _priority(ask: Ask, *codes: str | None) -> bool:
    """Whether one of some areas is marked 重点村居."""
    known = ask.look_up(areas)
    return bool(known.loc[known["code"].isin([code for code in codes if code]), "priority"].fillna(False).any())


def _site(ask: Ask, _kind: str, code: str) -> Shown | None:
    t, row = ask.t, _one(ask.get(sites), "id", code)
    if row is None:
        return None
    row = _as_owed(ask, row, "site")
    tag, tone = _state(ask, row["state"], _late(ask, row["due_on"]))
    return Shown(
        name=row["number"] or t("历史点位"), tag=tag, tone=tone, grid=row["grid_code"], place=_place(row),
        where=listed((ask.name(row["grid_code"]), ask.words("premises", row["premises"]), ask.words("category", row["category"]), row["name"] or "", row["address"] or "")),
        facts=(
            (t("状态"), html.B(ask.words("site_status", row["status"]))),
            (t("风险"), html.B(ask.words("risk", row["risk"]), className=f"risk-{row['risk']}")),
            (t("行政处罚"), number(ask, row["penalties"], "次", rows="sites", narrow={"id": code, "area": ""}, changes=EVERYWHERE, tone="bad" if row["penalties"] >= 2 else None)),
            (t("下次回访"), html.B(day(ask, row["due_on"]), className="num")),
        ),
        body=visit_timeline(ask, code),
    )


def _as_owed(ask: Ask, row: dict[str, Any], kind: str) -> dict[str, Any]:
    """The row with the state and day of its nearest visit duty, which counts everybody's visits, where an agency's register shows its own alone."""
    if not ask.scope.agencies:
        return row
    owed = _duties_of(ask, kind, row["id"])
    owed = owed[owed["rule_id"].str.startswith("visit.")].sort_values("due_on", kind="stable")
    return row | {name: value for name, value in records(owed)[0].items() if name in {"state", "due_on"}} if len(owed) else row


def _construction(ask: Ask, _kind: str, code: str) -> Shown | None:
    t, row = ask.t, _one(ask.get(construction_sites), "id", code)
    if row is None:
        return None
    row = _as_owed(ask, row, "construction")
    tag, tone = _state(ask, row["state"], _late(ask, row["due_on"]))
    return Shown(
        name=row["name"] or row["number"], tag=tag, tone=tone, grid=row["grid_code"], place=_place(row),
        where=listed((ask.name(row["grid_code"]), row["number"] or "", row["address"] or "")),
        facts=(
            (t("施工阶段"), html.B(ask.words("construction_phase", row["phase"]) or number_text.NONE)),
            (t("工人"), number(ask, row["workers"], "人", rows="construction_sites", narrow={"id": code, "area": ""}, changes=EVERYWHERE)),
            (t("开工"), html.B(day(ask, row["started_on"]), className="num")),
            (t("巡查期限"), html.B(day(ask, row["due_on"]), className="num")),
        ),
        body=visit_timeline(ask, code),
    )


def _case(ask: Ask, _kind: str, code: str) -> Shown | None:
    t, row = ask.t, _one(ask.get(cases), "id", code)
    if row is None:
        return None
    left = clock(row, ask.filters.as_of)
    return Shown(
        name=listed((ask.words("case_kind", row["kind"]), ask.words("category", row["category"]))),
        tag=ask.words("case_state", row["state"]), tone="quiet", grid=row["grid_code"], place=_place(row),
        where=listed((ask.name(row["grid_code"]), row["number"] or "", ask.name(row["agency_code"]))),
        facts=(
            (t("立案"), html.B(day(ask, row["filed_on"]), className="num")),
            (t("办案期限"), days_left(ask, left) if left is not None else html.B(day(ask, row["due_on"]), className="num")),
            (t("决定"), html.B(day(ask, row["decided_on"]), className="num")),
            (t("移送"), html.B(day(ask, row["transferred_on"]), className="num")),
        ),
        body=tuple(part for part in (term_note(ask, row), *(grid_timeline(ask, row["grid_code"]) if row["grid_code"] else ())) if part is not None),
    )


def _lead(ask: Ask, _kind: str, code: str) -> Shown | None:
    t = ask.t
    year = ask.with_(start=ask.filters.as_of - dt.timedelta(days=LEAD_DAYS), end=ask.filters.as_of)
    row = _one(year.get(leads), "id", code)
    if row is None:
        return None
    at = row["at"].strftime("%H:%M") if row["at"] is not None else ""
    return Shown(
        name=listed((ask.words("lead_source", row["source"]), row["number"] or "")),
        tag=ask.words("lead_result", row["result"]), tone="bad" if row["result"] == "confirmed" else "quiet",
        grid=row["grid_code"], place=_place(row),
        where=listed((ask.name(row["grid_code"]), ask.words("premises", row["premises"]), ask.words("category", row["category"]), row["summary"] or "")),
        facts=(
            (t("受理"), html.B(f"{day(ask, row['day'])} {at}".strip(), className="num")),
            (t("先行联系"), html.B(day(ask, row["contacted_on"]), className="num")),
            (t("核查"), html.B(day(ask, row["checked_on"]), className="num")),
            (t("答复"), html.B(day(ask, row["feedback_on"]), className="num")),
        ),
        body=tuple(part for part in (lead_steps(ask, row), *(grid_timeline(ask, row["grid_code"]) if row["grid_code"] else ())) if part is not None),
    )


def _other(ask: Ask, kind: str, code: str) -> Shown | None:
    """A target without a register of its own on this screen: what its duties say."""
    row = next(iter(records(_duties_of(ask, kind, code))), None)
    if row is None:
        return None
    words, tone = state_words(ask, row)
    called = GROUPS.get(kind) or rules_of(ask)[row["rule_id"]].name
    return Shown(
        name=row["label"] or ask.t(called), tag=words, tone=tone, grid=row["grid_code"], place=_place(row),
        where=listed((ask.name(row["grid_code"]), ask.name(row["neighbourhood_code"]))),
        body=grid_timeline(ask, row["grid_code"]) if row["grid_code"] else (),
    )


KINDS: dict[str, Callable[[Ask, str, str], Shown | None]] = {
    "grid": _grid, "site": _site, "construction": _construction, "case": _case, "lead": _lead,
}


def _duties_of(ask: Ask, kind: str, code: str) -> pd.DataFrame:
    found = ask.get(obligations)
    return found[(found["target_kind"] == kind) & (found["target_id"].astype("str") == code)]


def _duties(ask: Ask, kind: str, code: str) -> list[Component]:
    """What is owed here: each rule with its due day and the clause it comes from."""
    found = _duties_of(at_home(ask), kind, code)
    if found.empty:
        return []
    rows, rules, handed = [], rules_of(ask), _handed_on(ask, kind, code)
    for row in records(found.sort_values(["adopted", "due_on"], ascending=[False, True], na_position="last", kind="stable")):
        rule = rules.get(row["rule_id"])
        words, tone = state_words(ask, row)
        said = [html.B(ask.t(rule.name) if rule else row["rule_id"]),
                html.Small(listed((cycle_words(ask, row["rule_id"]), ask.t(rule.source) if rule else "", ask.t("本系统默认") if row["ours"] else "",
                                   "" if row["adopted"] else ask.t("参考"))), title=rule.clause if rule else ""),
                html.Small(listed((ask.t("责任：{who}", who=owner_name(ask, row["owner_kind"], row["owner_code"])), handed.get(row["rule_id"]) or _division(ask, row))))]
        rows.append(html.Li([html.Span(said), html.Span([html.B(words, className=f"tone-{tone}"), html.Small(day(ask, row["due_on"]), className="num")])]))
    return [html.Section([html.H3(ask.t("应办事项")), html.Ul(rows, className="owed")], className="detail-part")]


def _handed_on(ask: Ask, kind: str, code: str) -> dict[str, str]:
    """By rule of this place: 7月31日转派：REASON, of the last time that it was handed on or given back."""
    known = handovers(ask.database, ask.filters, ask.scope)
    mine = known[(known["target_kind"] == kind) & (known["target_id"] == code)].drop_duplicates("rule_id")
    return {row["rule_id"]: f"{day(ask, row['day'])} {ask.t(ACTIONS[row['action']])} · {row['reason']}" for row in records(mine)}


def _division(ask: Ask, row: dict[str, Any]) -> str:
    """默认分工 S1 三（八）: the clause that gives visits to this kind of premises to an office; "" for none that binds."""
    if row["owner_kind"] != "agency" or row["reason"] in NO_JOURNEY:
        return ""
    book = at_home(ask).get(rulebook_of)
    rule = owner_rule(book, row["target_kind"], row["premises"], row["category"])
    if rule is None or not book.is_adopted(rule.id, row["street_code"]):
        return ""
    return ask.t("默认分工 {source}", source=ask.t(rule.source))


def _actions(ask: Ask, kind: str, code: str, shown: Shown) -> Component:
    query = f"?target={kind}:{code}" + (f"&area={home(ask)}" if home(ask) else "") + (f"&lang={ask.lang}" if ask.lang == "en" else "")
    parts: list[Any] = [html.A([icon("clipboard-check"), ask.t("登记巡查")], href=f"/record{query}", className="btn is-primary")] if kind not in NO_PLACES else []
    leading = navigate(ask, shown.place, shown.grid, shown.name) if kind not in NO_PLACES else None
    if leading is not None:
        parts.append(leading)
    handing = handover_form(ask, kind, code, _duties_of(at_home(ask), kind, code))
    if handing is not None:
        parts.append(handing)
    if kind == "grid" and (assigning := assign_form(ask, code)) is not None:
        parts.append(assigning)
    return html.Footer(parts, className="detail-foot")


def _cycle(ask: Ask) -> int:
    """Days of the grid's cycle: the one asked for, else the rulebook's."""
    rule = rules_of(ask).get("visit.grid")
    asked = ask.filters.cycle_days
    return rule.amount if asked == DEFAULT_CYCLE_DAYS and rule is not None and rule.amount else asked


def _state(ask: Ask, state: str, late: int | None) -> tuple[str, str]:
    if state not in STATE_WORDS:
        return "", ""
    words = ask.t("逾期 {n} 天", n=int(late)) if state == "over" and late else ask.t(STATE_WORDS[state])
    return words, STATE_TONES[state]


def _late(ask: Ask, due: object) -> int | None:
    when = as_day(due)
    return None if when is None else max((ask.filters.as_of - when).days, 0)


def _span(start: dt.date, end: dt.date, code: str) -> dict[str, object]:
    return {"start": start, "end": end, "area": code}


def _place(row: dict[str, Any]) -> tuple[float, float] | None:
    lon, lat = row.get("lon"), row.get("lat")
    return None if lon is None or lat is None else (float(lon), float(lat))


def _one(frame: pd.DataFrame, column: str, code: str) -> dict[str, Any] | None:
    found = frame[frame[column] == code]
    return records(found)[0] if len(found) else None


def _close(ask: Ask) -> Component:
    return html.Button(icon("x"), type="button", className="detail-close", **{"aria-label": ask.t("关闭")}, **go(select=None))


def _section(ask: Ask, name: str, parts: list[Any]) -> Component:
    return html.Section(parts, className="detail", tabIndex=-1, **{"aria-label": name, "data-select": ask.view.select})


def away(ask: Ask) -> Component:
    """What stands in the drawer while the server is away and the selected place is not on the device (street.js shows it)."""
    t = ask.t
    query = f"&area={home(ask)}" + (f"&lang={ask.lang}" if ask.lang == "en" else "")
    record = html.A([icon("clipboard-check"), t("登记巡查")], href="/record", className="btn is-primary", **{"data-away-record": query, "data-kinds": " ".join(TARGET_KINDS)})
    return html.Section(
        [html.Header([html.H2(t("连不上服务器")), html.Button(icon("x"), type="button", className="away-close", **{"aria-label": t("关闭")}, **go(select=None))], className="away-head"),
         html.Div([html.Span(icon("wifi-off"), className="state-badge"), html.B(t("详情暂时打不开")),
                   html.P(t("网络恢复后自动显示。现在仍可登记：记录先存在本机，恢复后自动上传一次。"))], className="state"),
         html.Footer([record], className="away-foot")],
        id="street-away", className="street-away", hidden=True, role="status", **{"aria-label": t("连不上服务器")},
    )
