"""间隔分布: how many grids were last visited how many days ago, with the line of the cycle (a chart)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.charts import bars, graph, tokens
from dashboard.marks import body, nothing, opening
from dashboard.panels import Panel
from data_access.coverage import grid_states
from rules.cycles import warning_days
from rules.language import N_

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.question import Ask

HEIGHT_REM = 7.9
BINS = 20


def content(ask: Ask) -> tuple[Component, object]:
    """Bars of equal width whose edges meet the borders of 临期 and 逾期, so that each has one state."""
    t, theme, cycle = ask.t, ask.view.theme, ask.filters.cycle_days
    frame = ask.get(grid_states)
    if frame.empty:
        return nothing(t("这个区域还没有网格"), t("导入网格边界后显示间隔分布")), ""
    bins, beyond = interval_bins(frame["days"].dropna().astype(int).tolist(), cycle)
    never = int(frame["days"].isna().sum())
    places = [t("{first}–{last}", first=first, last=last) if first != last else str(first) for first, last, _, _ in bins]
    heights = [count for _, _, count, _ in bins]
    colours = [{"ok": "ring-ok", "due": "cov-due", "over": "cov-over"}[state] for _, _, _, state in bins]
    said = [t("{days} 天前：{n} 个网格", days=place, n=height) for place, height in zip(places, heights, strict=True)]
    places += [t("{n}天以上", n=beyond[0]), t("从未")]
    heights += [beyond[1], never]
    colours += ["cov-over", "cov-never"]
    said += [t("{n} 天以上：{count} 个网格", n=beyond[0], count=beyond[1]), t("从未巡查：{n} 个网格", n=never)]
    spans = [{"days": f"{first}..{last}"} for first, last, _, _ in bins] + [{"days": f"{beyond[0]}.."}, {"state": "never"}]
    changes = [opening("grids", span) for span in spans]
    hatched = [False] * (len(places) - 1) + [True]
    traces = [bars(theme, places, heights, colours, said, hatched=hatched, changes=changes)]
    edge = sum(1 for _, last, _, _ in bins if last <= cycle) - 0.5
    layout = {
        "xaxis": {"type": "category", "nticks": 8, "tickangle": 0, "ticks": ""},
        "yaxis": {"tickformat": ",d"},
        "bargap": 0.12,
        "shapes": [
            {
                "type": "line", "name": "t2", "yref": "paper", "y0": 0, "y1": 1, "x0": edge, "x1": edge,
                "line": {"color": tokens(theme)["t2"], "width": 1, "dash": "dash"},
            }
        ],
    }
    late = beyond[1] + sum(count for _, _, count, state in bins if state == "over")
    label = t("{all} 个网格中 {late} 个超过 {n} 天未巡查，{never} 个从未巡查", all=len(frame), late=late, n=cycle, never=never)
    chart = graph("intervals", traces, theme=theme, label=label, height_rem=HEIGHT_REM, layout=layout)
    return body(chart), t("距上次巡查 天 · 周期 {n} 天", n=cycle)


def interval_bins(days: list[int], cycle: int) -> tuple[list[tuple[int, int, int, str]], tuple[int, int]]:
    """Count days in bins that never straddle two states.

    Args:
        days: whole days since the last visit of each visited grid.
        cycle: the cycle in days, at least 1.

    Returns:
        ([(first day, last day, grids, state)], (first day beyond the bins, grids there)); the bins
        reach twice the cycle. State by DESIGN 12: ok below c - w, due up to c, over past c.
    """
    width = max(1, -(-2 * cycle // BINS))
    opening = cycle - warning_days(cycle)
    spans = [(0, opening - 1, "ok"), (opening, cycle, "due"), (cycle + 1, 2 * cycle, "over")]
    counts: dict[int, int] = {}
    for day in days:
        counts[day] = counts.get(day, 0) + 1
    bins = []
    for first, last, state in spans:
        for start in range(first, last + 1, width):
            end = min(start + width - 1, last)
            bins.append((start, end, sum(counts.get(day, 0) for day in range(start, end + 1)), state))
    beyond = 2 * cycle + 1
    return bins, (beyond, sum(count for day, count in counts.items() if day >= beyond))


PANEL = Panel(
    name="intervals",
    title=N_("间隔分布"),
    side="street",
    tab="trend",
    order=40,
    content=content,
    questions=("grid_states",),
)
