"""Figures, rules, the back-test and the map that leaves the house."""

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer

from commands.desk import Desk
from commands.options import filters_of, read_day
from commands.printed import table
from rules.language import N_
from rules.request import Filters


def register(app: typer.Typer, desk: Desk) -> None:
    t = desk.t

    @app.command(help=t(N_("一段时间的各项数字（口径见指标卡）。")))
    def figures(
        start: Annotated[str, typer.Option("--from", metavar="DAY", help=t(N_("第一天，如 2023-07-01")))],
        end: Annotated[str, typer.Option("--to", metavar="DAY", help=t(N_("最后一天")))],
        street: Annotated[str | None, typer.Option(help=t(N_("街镇（或村居、网格）的代码、名称或别名")))] = None,
        agency: Annotated[str | None, typer.Option(help=t(N_("部门的代码、名称或别名")))] = None,
        as_of: Annotated[str | None, typer.Option(metavar="DAY", help=t(N_("截至哪一天的状态（缺省为最后一天，不晚于今天）")))] = None,
        known_at: Annotated[str | None, typer.Option(metavar="INSTANT", help=t(N_("只算到这一时刻为止已知的记录")))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=t(N_("输出 JSON")))] = False,
    ) -> None:
        filters = filters_of(desk, start, end, street, agency, as_of, known_at)
        _figures(desk, filters, as_json)

    @app.command(help=t(N_("列出全部规则：数值、出处、原文、责任单位、是否采纳；加 --adopt 在全区采纳规则。")))
    def rules(
        as_of: Annotated[str | None, typer.Option(metavar="DAY", help=t(N_("哪一天的规则（缺省为今天）")))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=t(N_("输出 JSON")))] = False,
        adopt: Annotated[list[str] | None, typer.Option(metavar="all|RULE", help=t(N_("在全区采纳一条规则（可重复），all 是还没有采纳的全部规则")))] = None,
        adopter: Annotated[str, typer.Option(help=t(N_("采纳单位")))] = "",
        document: Annotated[str, typer.Option(help=t(N_("采纳文件")))] = "",
        start: Annotated[str | None, typer.Option("--from", metavar="DAY", help=t(N_("从哪一天起采纳（缺省为今天）")))] = None,
    ) -> None:
        if adopt:
            _adopt(desk, adopt, adopter, document, start)
        else:
            _rules(desk, as_of, as_json)

    @app.command(help=t(N_("用过去的数据回测：之后查实的点位有多少在名单前列，与历史名单的次序相比。")))
    def backtest(
        as_of: Annotated[str | None, typer.Option(metavar="DAY", help=t(N_("回测到哪一天（缺省为今天）")))] = None,
        rounds: Annotated[int, typer.Option(min=1, help=t(N_("回测几期")))] = 4,
        months: Annotated[int, typer.Option(min=1, help=t(N_("每期几个月")))] = 3,
        as_json: Annotated[bool, typer.Option("--json", help=t(N_("输出 JSON")))] = False,
    ) -> None:
        _backtest(desk, read_day("--as-of", as_of) if as_of else desk.clock().date(), rounds, months, as_json)

    @app.command("map", help=t(N_("写出一个可以带走的地图文件（HTML，不含个人信息）。")))
    def map_(
        output: Annotated[Path, typer.Argument(metavar="OUT.html")],
        start: Annotated[str | None, typer.Option("--from", metavar="DAY", help=t(N_("第一天，缺省为本月一日")))] = None,
        end: Annotated[str | None, typer.Option("--to", metavar="DAY", help=t(N_("最后一天，缺省为今天")))] = None,
        street: Annotated[str | None, typer.Option(help=t(N_("街镇（或村居、网格）的代码、名称或别名")))] = None,
        agency: Annotated[str | None, typer.Option(help=t(N_("部门的代码、名称或别名")))] = None,
        as_of: Annotated[str | None, typer.Option(metavar="DAY", help=t(N_("截至哪一天的状态")))] = None,
    ) -> None:
        today = desk.clock().date()
        last = end or as_of or today.isoformat()
        first = start or last[:8] + "01"
        _map(desk, output, filters_of(desk, first, last, street, agency, as_of, None))


def _figures(desk: Desk, filters: Filters, as_json: bool) -> None:
    from data_access.figures import figures

    found = figures(desk.ready, filters, desk.scope)
    if as_json:
        plain = {}
        for key, one in found.items():
            plain[key] = {"name": desk.t(one.name), "value": one.value, "unit": desk.t(one.unit)}
            if one.N is not None:
                plain[key] |= {"n": one.n, "N": one.N}
        print(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    rows = [
        (key, desk.t(one.name), "—" if one.value is None else f"{one.value:g}" if one.N is None else f"{one.value:.1%}",
         desk.t(one.unit) if one.N is None else f"{one.n}/{one.N}")
        for key, one in found.items()
    ]  # fmt: skip
    table(rows)


def _rules(desk: Desk, as_of: str | None, as_json: bool) -> None:
    """The district's rulebook; what is shipped where there is no district yet."""
    from briefing.rule_list import rule_lines, rule_table
    from data_access.districts import districts, is_demo
    from data_access.rulebooks import rulebook_of
    from rules.rulebook import Rulebook, shipped

    demo = False
    day = read_day("--as-of", as_of) if as_of else desk.clock().date()
    named = desk.district_given or desk.settings.district
    if desk.database.state().is_ready and (named or districts(desk.database)):
        book = rulebook_of(desk.database, Filters(day, day, day), desk.scope)
        demo = is_demo(desk.database, desk.scope.district)
    else:
        book = Rulebook(shipped(), frozenset())
    if as_json:
        print(json.dumps(rule_table(book, desk.t), ensure_ascii=False, indent=1))
    else:
        print("\n".join(rule_lines(book, desk.t, demo=demo)))


def _adopt(desk: Desk, named: list[str], adopter: str, document: str, start: str | None) -> None:
    """Let rules bind in the whole district: those named, or all that do not bind yet."""
    from data_access.rulebooks import adopt, rulebook_of

    day = read_day("--from", start) if start else desk.clock().date()
    wanted = named
    if "all" in named:
        book = rulebook_of(desk.ready, Filters(day, day, day), desk.scope)
        wanted = [rule.id for rule in book if not book.is_adopted(rule.id)]
        if not wanted:
            desk.say(N_("全部规则都已采纳。"))
            return
    batch = adopt(desk.ready, wanted, adopter=adopter, document=document, valid_from=day, actor=desk.actor, now=desk.clock())
    desk.say(N_("已采纳 {n} 条规则，自 {day} 起在全区有约束力，批次 {batch}。"), n=len(set(wanted)), day=day.isoformat(), batch=batch)


def _backtest(desk: Desk, day: dt.date, rounds: int, months: int, as_json: bool) -> None:
    from data_access.backtest import backtest

    found = backtest(desk.ready, Filters(day, day, day), desk.scope, rounds=rounds, months=months)
    if as_json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
        return
    if len(found.rounds):
        heads = [desk.t(name) for name in (N_("第一天"), N_("最后一天"), N_("名单处数"), N_("前列处数"), N_("查实点位"), N_("本系统次序"), N_("历史名单次序"))]
        table([heads, *found.rounds.itertuples(index=False, name=None)])
    print(found.sentence(desk.t))


def _map(desk: Desk, output: Path, filters: Filters) -> None:
    from briefing.folium_map import write_map

    settings = desk.settings
    approval = desk.t(N_("审图号：{number}"), number=settings.map_approval) if settings.map_approval else ""
    notices = tuple(one for one in (settings.map_note, approval, settings.map_source) if one)
    write_map(desk.ready, filters, desk.scope, output, settings.language, notices=notices)
    desk.say(N_("地图已写到 {path}。"), path=output)
