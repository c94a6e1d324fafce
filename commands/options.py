"""Reads what commands are given: days, instants, areas and agencies by any of their names."""

import datetime as dt

import typer

from commands.desk import Desk
from rules.language import N_, Refusal
from rules.request import Filters
from settings import SHANGHAI


def taken(given: list[str], name: str) -> tuple[list[str], str | None]:
    """An option that may stand anywhere, and the arguments without it."""
    left, value = [], None
    rest = iter(given)
    for one in rest:
        if one == name:
            value = next(rest, None)
            if value is None:
                raise typer.BadParameter("?", param_hint=name)
        elif one.startswith(name + "="):
            value = one.removeprefix(name + "=")
        else:
            left.append(one)
    return left, value


def read_day(option: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r}: YYYY-MM-DD", param_hint=option) from None


def read_instant(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r}: YYYY-MM-DDTHH:MM+08:00", param_hint="--known-at") from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def filters_of(
    desk: Desk, start: str, end: str, street: str | None, agency: str | None, as_of: str | None, known_at: str | None
) -> Filters:
    from data_access.areas import area_code_of
    from data_access.organisations import agency_code_of

    first, last = read_day("--from", start), read_day("--to", end)
    if first > last:
        raise typer.BadParameter(desk.t(N_("第一天晚于最后一天")), param_hint="--from")
    today = desk.clock().date()
    day = min(read_day("--as-of", as_of) if as_of else last, today)
    known = read_instant(known_at) if known_at else None
    area_code = agency_code = None
    if street and (area_code := area_code_of(desk.ready, desk.scope, day, street)) is None:
        raise Refusal(N_("找不到区域 {text}：请写代码、全称或别名。"), text=street)
    if agency and (agency_code := agency_code_of(desk.ready, desk.scope, agency)) is None:
        raise Refusal(N_("找不到部门 {text}：请写代码、全称或别名。"), text=agency)
    return Filters(first, last, day, known, area=area_code, agency=agency_code, cycle_days=desk.settings.cycle_days)
