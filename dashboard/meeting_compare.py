"""Two periods against each other: streets as a plot of points, maps side by side, figures with their change."""

from __future__ import annotations

import datetime as dt
import html as text
import math
from typing import TYPE_CHECKING, Any

import shapely
from dash import html

from briefing.paper_words import TOLD_BY_NAME
from dashboard import number_text
from dashboard.figures_view import icon
from dashboard.markup import Markup
from dashboard.meeting_map import as_frozen
from data_access.areas import areas
from rules.compare import DOWN, LEANS_DOWN, LEANS_UP, UP, WITHIN
from rules.language import N_, translator

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.meeting_state import Room

SHOWN_STREETS = 5
KEYS = ("K1", "K6", "K12", "K13", "K14", "K15", "K16", "K17", "K25")
TONES = {WITHIN: "quiet", DOWN: "good", LEANS_DOWN: "good", UP: "bad", LEANS_UP: "bad"}
STEPS_OF_RAMP = 5
WIDTH = 100.0

Outline = tuple[str, float, float]
"""The path of a street, and x and y of its label point."""


def compare_panel(room: Room, most: int = SHOWN_STREETS) -> list[Component]:
    """The streets with the most events, the others together, and the district with its verdict."""
    t, facts = room.ask.t, room.facts
    streets = sorted(facts["streets"], key=lambda one: (-(one["events_after"] or 0), -(one["events_before"] or 0), one["code"]))
    shown, rest = (streets, []) if len(streets) <= most + 1 else (streets[:most], streets[most:])
    greatest = max([one[side] or 0 for one in shown for side in ("events_before", "events_after")] + [_sum(rest, side) or 0 for side in ("events_before", "events_after")] + [1])
    rows = [_row(room, room.name(one["code"]), one["events_before"], one["events_after"], one["verdict"], greatest, one["code"]) for one in shown]
    if rest:
        # Chosen because little happened there: a verdict on them together would be one on that choice.
        rows.append(_row(room, t("其余 {n} 个", n=len(rest)), _sum(rest, "events_before"), _sum(rest, "events_after"), "", greatest, ""))
    if len(streets) == 1 and room.own_streets:
        rows = []  # The row of the whole says the same.
    return [
        html.H2([t("前后对比"), html.Span([html.I(className="meeting-dot is-before"), html.Span(period(room, "before"), title=begins_late(room) or None), html.I(className="meeting-dot"), period(room, "after"), html.Span(t("单位 件"))], className="meeting-key")]),
        html.Table([html.Thead(html.Tr([html.Th(t("街镇"), scope="col"), html.Th(html.Span(t("变化"), className="sr-only"), scope="col", className="meeting-track"), html.Th(t("前期"), scope="col"), html.Th(t("本期"), scope="col"), html.Th(t("判断"), scope="col")])),
                    html.Tbody(rows), html.Tfoot(_whole(room))], className="meeting-ab"),
    ]  # fmt: skip


def period(room: Room, which: str) -> str:
    """``6.1 – 6.30`` of the period before or of this one, with years where they differ; always with them in English."""
    found = room.facts["before"] if which == "before" else room.facts
    start, end = (dt.date.fromisoformat(found[name]) for name in ("start", "end"))
    shown = number_text.period_text(start, end, room.ask.lang)
    if room.ask.lang == "en":
        return shown
    far = room.facts["before"]["start"][:4] != room.facts["end"][:4]
    return f"{start.year}.{shown}" if far and start.year == end.year else shown


def begins_late(room: Room) -> str:
    """2022年1月3日以前没有记录 where the period before reaches behind the first record, else nothing."""
    begins = room.facts["before"].get("records_from")
    if not begins:
        return ""
    day = dt.date.fromisoformat(begins)
    return room.ask.t("{day}以前没有记录，不作为零起。", day=number_text.whole_day_text(day, room.ask.lang))


def _sum(rows: list[dict[str, Any]], side: str) -> int | None:
    """In all; None where no street has a count."""
    counted = [one[side] for one in rows if one[side] is not None]
    return sum(counted) if counted else None


def _row(room: Room, name: str, before: int | None, after: int | None, verdict: str, greatest: int, code: str) -> Component:
    tone = TONES.get(verdict, "quiet")
    at = {"before": (before or 0) / greatest * 100, "after": (after or 0) / greatest * 100}
    low, high = sorted(at.values())
    dots = [(before, "meeting-dot is-before", at["before"]), (after, "meeting-dot", at["after"])]
    track = html.Div(
        [html.Span(style={"left": f"{low:.1f}%", "width": f"{high - low:.1f}%"}) if None not in (before, after) else None,
         *(html.I(className=name, style={"left": f"{place:.1f}%"}) for value, name, place in dots if value is not None)],
        className="meeting-range", **{"aria-hidden": "true"},
    )  # fmt: skip
    return html.Tr(
        [html.Th(name, scope="row"), html.Td(track, className="meeting-track"), html.Td(_count(before), className="num quiet"), html.Td(_count(after), className="num"), html.Td(room.ask.t(verdict) if verdict else "", className=f"is-{tone}")],
        **({"data-street": code} if code else {}),
    )  # fmt: skip


def _whole(room: Room) -> Component:
    t, one = room.ask.t, room.facts["district"]
    own = room.own_streets
    name = room.name(own[0]) if len(own) == 1 else t("合计") if own else t("全区")
    return html.Tr([html.Th(name, scope="row"), html.Td(change_words(room, one), className="meeting-track"), html.Td(_count(one["events_before"]), className="num quiet"),
                    html.Td(_count(one["events_after"]), className="num"), html.Td(t(one["verdict"]) if one["verdict"] else "", className=f"is-{TONES.get(one['verdict'], 'quiet')}")])


def change_words(room: Room, one: dict[str, Any]) -> str:
    """下降 37%（p=0.02）; nothing where a side is empty."""
    t, ratio = room.ask.t, one.get("ratio")
    if ratio is None or one.get("p") is None:
        return ""
    share = f"{abs(1 - ratio) * 100:.0f}"
    p = "<0.001" if one["p"] < 0.001 else f"={one['p']:.3f}" if one["p"] < 0.01 else f"={one['p']:.2f}"
    return t("下降 {share}%（p{p}）", share=share, p=p) if ratio < 1 else t("上升 {share}%（p{p}）", share=share, p=p)


def _count(value: int | None) -> str:
    return number_text.count(value)


def compare_card(room: Room) -> list[Any]:
    """Both periods as linked maps, and the figures that changed."""
    t = room.ask.t
    shapes = {side: as_frozen(room.ask, room.facts).with_(as_of=day).look_up(street_shapes, room.own_streets) for side, day in boundary_days(room.facts).items()}
    told = N_("同色阶；每图为当时的边界，当时没有的街镇记作 —") if room.facts["boundaries"] == "then" else N_("同色阶、同边界；指向一个街镇，两图和下表同时标出")
    both = [one[side] or 0 for one in room.facts["streets"] for side in ("events_before", "events_after")]
    maps = [
        html.Figure([html.Figcaption([t(title), html.Span(period(room, side), className="num")]), _map(room, shapes[side], f"events_{side}", max([*both, 1]))])
        for side, title in (("before", N_("前期")), ("after", N_("本期")))
    ]
    return [
        html.Div([html.H2(t("态势对比")), html.Span(t(told), className="quiet")], className="meeting-spot-head"),
        html.Div([html.Div(maps, className="meeting-maps"), html.Div([_figures(room)], className="meeting-figures", tabIndex=0, role="region", **{"aria-label": t("主要数字")})], className="meeting-two"),
        html.Div([
            html.Ul([html.Li(one) for one in _told(room) if one]),
            html.Button([icon("list"), t("数据与演变")], type="button", className="btn", **{"data-evidence": "1", "aria-haspopup": "dialog"}),
        ], className="meeting-told"),
    ]  # fmt: skip


def boundary_days(facts: dict[str, Any]) -> dict[str, dt.date]:
    """Whose boundaries each of the two maps has: those of the day of the facts, or of the last day of its own period."""
    today = {"before": facts["as_of"], "after": facts["as_of"]}
    own = {"before": facts["before"]["end"], "after": min(facts["end"], facts["as_of"])}
    return {side: dt.date.fromisoformat(day) for side, day in (own if facts["boundaries"] == "then" else today).items()}


def _figures(room: Room) -> Component:
    t, lang = room.ask.t, room.ask.lang
    rows = []
    for key in KEYS:
        now, then = room.facts["figures"].get(key), room.facts["figures_before"].get(key)
        if not now or not then:
            continue
        old, new = then["value"], now["value"]
        delta = _delta(old, new, now["unit"], lang)
        shown = [number_text.money(value, lang)[0] if now["unit"] == "元" else number_text.count(value, lang) for value in (old, new)]
        unit = number_text.money(new, lang)[1] if now["unit"] == "元" else N_("次") if lang == "en" and key in TOLD_BY_NAME else now["unit"]
        rows.append(html.Tr([html.Th([t(now["name"]), html.Small(t(unit))], scope="row"), html.Td(shown[0], className="num quiet"), html.Td(shown[1], className="num"), html.Td(delta, className="num quiet")]))
    head = html.Tr([html.Th(html.Span(t("主要数字"), className="sr-only"), scope="col"), *(html.Th(t(name), scope="col") for name in (N_("前期"), N_("本期"), N_("增减")))])
    return html.Table([html.Thead(head), html.Tbody(rows)], className="meeting-table")


def _delta(old: float | None, new: float | None, unit: str, lang: str) -> str:
    if None in (old, new) or unit == "%":
        return ""
    if new == old:
        return "0"
    shown, of = number_text.money(abs(new - old), lang) if unit == "元" else (number_text.count(abs(new - old), lang), "")
    of = of if unit == "元" and of != number_text.money(new, lang)[1] else ""
    return ("+" if new > old else "−") + shown + (translator(lang)(of) if of else "")


def _told(room: Room) -> list[str]:
    """What recurrence, displacement and the campaign say, one sentence each."""
    t, facts = room.ask.t, room.facts
    again = facts.get("recurrence") or {}
    said = [begins_late(room), room.words((facts.get("campaign_effect") or {}).get("sentence"))]
    if again.get("closures"):
        median = again.get("median_days")
        said.append(t("取缔 {N} 户，此后再现迹象 {n} 户，再现间隔中位数 {days} 天。", N=again["closures"], n=again["returned"], days=median) if median is not None
                    else t("取缔 {N} 户，此后再现迹象 {n} 户。", N=again["closures"], n=again["returned"]))  # fmt: skip
    moved = sum(one.get("count") or 0 for one in again.get("displaced") or ())
    if moved:
        said.append(t("同一人或同一电话在另一街镇再现 {n} 起（按不可逆编码比对）。", n=moved))
    return said


def _map(room: Room, shapes: dict[str, Outline], side: str, greatest: int) -> Markup:
    """Streets in five steps of one ramp, the same for both maps."""
    parts = []
    numbers = []
    for code, (drawn, x, y) in shapes.items():
        one = room.streets.get(code)
        value = one and one[side]
        step = 0 if value is None else 1 + min(int(value / (greatest + 1) * STEPS_OF_RAMP), STEPS_OF_RAMP - 1)
        name = text.escape(room.name(code))
        parts.append(f'<path d="{drawn}" class="ramp-{step}" data-street="{text.escape(code)}"><title>{name} {"—" if value is None else value}</title></path>')
        numbers.append(f'<text x="{x:.1f}" y="{y:.1f}">{"—" if value is None else value}</text>')
    box = shapes_box(shapes)
    label = text.escape(room.ask.t("各街镇事件数，与表中一致"))
    return Markup(tag="div", attributes={"className": "meeting-minimap"}, html=f'<svg viewBox="{box}" role="img" aria-label="{label}">{"".join(parts + numbers)}</svg>')


def shapes_box(shapes: dict[str, Outline]) -> str:
    """The view box of the paths: ``WIDTH`` wide, as high as the lowest point."""
    lows = [float(pair.split(",")[1]) for drawn, _, _ in shapes.values() for pair in drawn.replace("Z", " ").replace("M", " ").replace("L", " ").split() if pair]
    return f"-1 -1 {WIDTH + 2:g} {max(lows, default=WIDTH) + 2:g}"


def street_shapes(database: object, scope: object, day: object, codes: tuple[str, ...] = (), *, known_at: object = None) -> dict[str, Outline]:
    """The outline of each street, or of those of ``codes``, as an SVG path with the place of its number; together ``WIDTH`` wide, north up."""
    found = areas(database, scope, day, known_at=known_at)
    found = found[(found["level"] == "street") & found.geometry.notna()]
    found = found[found["code"].isin(codes)] if codes else found
    if found.empty:
        return {}
    west, south, east, north = found.total_bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze or 1)
    paths = {}
    for code, shape, lon, lat in zip(found["code"], found.geometry, found["label_lon"], found["label_lat"], strict=True):
        plain = shapely.simplify(shape, 0.25 / scale)
        rings = [part.exterior for part in getattr(plain, "geoms", [plain]) if part.geom_type == "Polygon"]
        path = "".join(
            "M" + "L".join(f"{(x - west) * squeeze * scale:.2f},{(north - y) * scale:.2f}" for x, y in ring.coords[:-1]) + "Z" for ring in rings if not ring.is_empty
        )
        paths[code] = (path, (lon - west) * squeeze * scale, (north - lat) * scale)
    return paths

