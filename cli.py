"""The commands for whoever runs the product: build, load, ask, check; ``python cli.py --help``."""

import datetime as dt
import getpass
import hashlib
import json
import os
import sys
import traceback
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from command_mistakes import mistyped, unreadable
from data_access.database import UNFINISHED, Database
from data_access.district_settings import drop_setting, put_setting
from data_access.districts import only_district
from rules.language import N_, Refusal, Translate, translator
from rules.request import Actor, Filters, Scope
from settings import SHANGHAI, Settings, unknown_names

if TYPE_CHECKING:
    from pandas import DataFrame

    from data_access.importing import Preview

SHOWN_PROBLEMS = 20
USAGE, REFUSED = 2, 1


@dataclass
class Desk:
    """What every command works with, made when it is first asked for."""

    settings: Settings
    t: Translate
    district_given: str = ""

    @cached_property
    def database(self) -> Database:
        return Database.open(self.settings.database_url)

    @cached_property
    def clock(self) -> Callable[[], dt.datetime]:
        return self.settings.clock()

    @property
    def ready(self) -> Database:
        """The database; Refusal with what to do when it cannot be used."""
        state = self.database.state()
        if not state.is_ready:
            raise Refusal(state.message)
        return self.database

    @property
    def district(self) -> str:
        return self.district_given or self.settings.district or only_district(self.ready)

    @property
    def scope(self) -> Scope:
        return Scope(self.district)

    @property
    def actor(self) -> Actor:
        """The account that runs the command: named in batches and audit rows."""
        name = getpass.getuser()
        return Actor(id=f"cli:{name}", name=name, role="operator", scope=Scope(self.district, personal=True))

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()

    def say(self, message: str, /, **values: object) -> None:
        print(self.t(message, **values), flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when it was done, 1 when it was refused (with one sentence on stderr), 2 when it was not
        understood.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    trace = "--trace" in given
    t = translator("zh_CN")
    try:
        given, language = _taken([one for one in given if one != "--trace"], "--lang")
        given, district = _taken(given, "--district")
        settings = Settings.load(**({"language": language} if language else {}))
        t = translator(settings.language)
        desk = Desk(settings, t, district or "")
        try:
            return int(commands(desk)(given, prog_name="cli.py", standalone_mode=False) or 0)
        finally:
            desk.close()
    except Refusal as refusal:
        print(refusal.say(t), file=sys.stderr)
        if trace:
            traceback.print_exc()
    except TyperException as error:
        print(mistyped(error, t), file=sys.stderr)
        return USAGE
    except (typer.Abort, KeyboardInterrupt):
        print(t(N_("已中断。")), file=sys.stderr)
        return 130
    except OSError as error:
        print(unreadable(error, t) if error.filename else str(error), file=sys.stderr)
        if trace:
            traceback.print_exc()
    except Exception as error:  # The door: one sentence, and the rest on request.
        told = N_("没有完成：{error}。加上 --trace 可看到全部经过。")
        print(t(told, error=f"{type(error).__name__}: {error}"), file=sys.stderr)
        if trace:
            traceback.print_exc()
    return REFUSED


def commands(desk: Desk) -> typer.Typer:
    """Every command, with its help in the reader's language."""
    t = desk.t
    app = typer.Typer(
        add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
        help=t(N_("打非一张图的命令。任何命令都可加 --lang en（英文）、--district 代码、--trace（出错时显示全部经过）。")),
    )  # fmt: skip

    @app.command(help=t(N_("建表，或把旧的数据库升级到这个版本的结构。")))
    def migrate() -> None:
        desk.database.migrate()
        desk.say(desk.ready.state().message)

    @app.command(help=t(N_("建立示范区（虚构的区，演示数据），经由导入写进数据库。")))
    def demo(
        fresh: Annotated[bool, typer.Option("--fresh", help=t(N_("先清空只有演示数据的数据库")))] = False,
        seed: Annotated[int, typer.Option(help=t(N_("随机种子")))] = 20230731,
        names: Annotated[str, typer.Option(help=t(N_("fictional（虚构单位名）或 jiading（真实单位名，仅供内部）")))] = "fictional",
        files: Annotated[Path | None, typer.Option(help=t(N_("演示文件写到哪个文件夹")))] = None,
    ) -> None:
        if names not in {"fictional", "jiading"}:
            raise typer.BadParameter(names, param_hint="--names")
        _demo(desk, fresh, seed, names, files)

    @app.command(help=t(N_("写出一种登记表的 xlsx 模板（含示例和代码表）；KIND 见 --list。")))
    def template(
        kind: Annotated[str, typer.Argument(metavar="KIND")] = "",
        output: Annotated[Path | None, typer.Option("-o", "--output", help=t(N_("文件名；缺省为登记表的名称")))] = None,
        listed: Annotated[bool, typer.Option("--list", help=t(N_("列出所有登记表")))] = False,
    ) -> None:
        _template(desk, kind, output, listed)

    @app.command("import", help=t(N_("导入文件：先预览；有被拒的行时须加 --accept-valid 才写入其余的行。")))
    def import_(
        files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...")] = None,
        kind: Annotated[str | None, typer.Option(help=t(N_("登记表（缺省按表头判断）")))] = None,
        level: Annotated[str | None, typer.Option(help=t(N_("区域文件的层级：district、street、neighbourhood、grid")))] = None,
        crs: Annotated[str | None, typer.Option(help=t(N_("坐标系，如 EPSG:4490（缺省读文件并与区域核对）")))] = None,
        source: Annotated[str | None, typer.Option(help=t(N_("数据来源的代码（缺省为登记表的名称）")))] = None,
        layer: Annotated[str | None, typer.Option(metavar="NAME", help=t(N_("工作表或图层的名称（缺省取唯一合适的一个）")))] = None,
        accept_valid: Annotated[bool, typer.Option("--accept-valid", help=t(N_("写入合格的行，把被拒的行另存")))] = False,
        confirm: Annotated[bool, typer.Option("--confirm", help=t(N_("待确认的行也写入")))] = False,
        undo: Annotated[str | None, typer.Option(metavar="BATCH", help=t(N_("撤销一个批次")))] = None,
    ) -> None:
        if undo:
            _undo(desk, undo)
        elif not files:
            raise typer.BadParameter(t(N_("请给出要导入的文件")), param_hint="FILE")
        else:
            options = {"kind": kind, "level": level, "crs": crs, "source": source, "sheet": layer}
            for file in _in_order(desk, files, options):
                _import(desk, file, options, accept_valid, confirm)

    @app.command(help=t(N_("撤销一个导入批次。")))
    def undo(batch: Annotated[str, typer.Argument(metavar="BATCH")]) -> None:
        _undo(desk, batch)

    @app.command(help=t(N_("列出导入批次，最近的在前。")))
    def batches(limit: Annotated[int, typer.Option(min=1, help=t(N_("最多列出几个")))] = 50) -> None:
        from data_access.importing import batches as listed

        _batches(listed(desk.ready, desk.scope, limit))

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
        filters = _filters(desk, start, end, street, agency, as_of, known_at)
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
        _backtest(desk, _day("--as-of", as_of) if as_of else desk.clock().date(), rounds, months, as_json)

    @app.command(help=t(N_("列出哪个图层、面板和页面挂在哪里。")))
    def views() -> None:
        _views(desk)

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
        _map(desk, output, _filters(desk, first, last, street, agency, as_of, None))

    @app.command(help=t(N_("生成会议材料；KIND 见 --list，all 是全部，packs 是各街镇的材料包。")))
    def papers(
        kind: Annotated[str, typer.Argument(metavar="KIND")] = "all",
        start: Annotated[str | None, typer.Option("--from", metavar="DAY", help=t(N_("第一天，缺省为本月一日")))] = None,
        end: Annotated[str | None, typer.Option("--to", metavar="DAY", help=t(N_("最后一天，缺省为今天")))] = None,
        street: Annotated[str | None, typer.Option(help=t(N_("只给这个街镇看的材料（代码、名称或别名）")))] = None,
        out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help=t(N_("写到哪个文件夹")))] = Path("var/papers"),
        meeting: Annotated[str | None, typer.Option(help=t(N_("会议的编号（纪要需要）")))] = None,
        snapshot: Annotated[int | None, typer.Option(metavar="NUMBER", help=t(N_("用这次会议的第几号快照，与会议页面一致；不填则现取数，只出草稿")))] = None,
        confirm: Annotated[bool, typer.Option("--confirm", help=t(N_("本账号已看过并确认：记入确认记录和日志，与会议页面的确认相同；须写明会议和快照")))] = False,
        red_head: Annotated[str, typer.Option(help=t(N_("红头上的机关名称；只用于已确认的真实数据")))] = "",
        number: Annotated[str, typer.Option(help=t(N_("文号；只用于已确认的真实数据")))] = "",
        listed: Annotated[bool, typer.Option("--list", help=t(N_("列出所有材料")))] = False,
    ) -> None:
        from briefing.documents import papers as known

        if listed:
            _table([(one.kind, t(one.label), one.extension) for one in known()])
            return
        last = end or desk.clock().date().isoformat()
        filters = _filters(desk, start or last[:8] + "01", last, street, None, None, None)
        _papers(desk, kind, filters, out, (meeting, snapshot), confirm, {"red_head": red_head, "number": number})

    @app.command(help=t(N_("检查数据库、引用、版本、边界和安装是否完整。")))
    def check() -> None:
        _check(desk)

    @app.command(help=t(N_("把整个数据库复制到另一个空的数据库，如从 SQLite 到 PostgreSQL。")))
    def copy(url: Annotated[str, typer.Argument(metavar="TO_URL")]) -> None:
        from data_access.copying import copy_database

        target = Database.open(url)
        try:
            rows = copy_database(desk.ready, target, lambda table, rows: print(f"  {table} {rows}", flush=True))
        finally:
            target.close()
        desk.say(N_("已复制 {n} 行：把 ONEMAP_DATABASE_URL 换成新的地址即可使用。"), n=rows)

    @app.command(help=t(N_("把 PostgreSQL 的表分布到多台服务器（需要 Citus）。")))
    def distribute(show: Annotated[bool, typer.Option("--show", help=t(N_("只显示 SQL，不执行")))] = False) -> None:
        from data_access.distribution import distribute as spread
        from data_access.distribution import distribution_statements

        if show:
            print(";\n".join(distribution_statements()) + ";")
        else:
            desk.say(N_("已分布 {n} 张表。"), n=spread(desk.ready))

    return app


def _demo(desk: Desk, fresh: bool, seed: int, names: str, files: Path | None) -> None:
    from data_access.demo import build

    database, state = desk.database, desk.database.state()
    if state.word == "newer":
        raise Refusal(state.message)
    if state.word != "empty" and not _holds_nothing(database, state.word):
        if not fresh:
            raise Refusal(N_("数据库不是空的：要重建示范区请加 --fresh（只清除演示数据），或换一个 ONEMAP_DATABASE_URL。"))
        if not _only_demo(database, state.word):
            raise Refusal(N_("数据库里有真实数据，不清除：请换一个 ONEMAP_DATABASE_URL 再建示范区。"))
        database.erase()
    database.migrate()
    now = desk.clock()
    with database.write() as connection:
        put_setting(connection, "*", UNFINISHED, {"what": "demo"}, changed_by="cli", now=now)
    folder = files or desk.settings.folder / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    build(database, folder, seed=seed, names=names, progress=desk.say)
    with database.write() as connection:
        drop_setting(connection, "*", UNFINISHED)
    desk.say(N_("示范区已建好（演示数据，界线为示意）。"))


def _holds_nothing(database: Database, word: str) -> bool:
    from data_access.schema import import_batch

    if word != "ready":
        return False
    with database.read() as connection:
        return connection.execute(import_batch.select().limit(1)).first() is None


def _only_demo(database: Database, word: str) -> bool:
    """Whether nothing but demonstration batches would be lost."""
    from sqlalchemy import inspect

    from data_access.schema import import_batch

    with database.read() as connection:
        if not inspect(connection).has_table(import_batch.name):
            return True
        real = import_batch.select().where(import_batch.c.demo.is_(False)).limit(1)
        return connection.execute(real).first() is None


def _template(desk: Desk, name: str, output: Path | None, listed: bool) -> None:
    from data_access.importing.kinds import kinds

    if listed or not name:
        _table([(kind.name, desk.t(kind.label)) for kind in kinds().values()])
        return
    if name not in kinds():
        known = "、".join(kinds())
        raise Refusal(N_("没有 {name} 这种登记表，可用的有：{known}。"), name=name, known=known)
    from data_access.importing import write_template

    path = output or Path(f"{desk.t(kinds()[name].label)}.xlsx")
    write_template(name, path, desk.settings.language)
    desk.say(N_("模板已写到 {path}。"), path=path)


def _in_order(desk: Desk, files: Sequence[Path], options: dict[str, str | None]) -> list[Path]:
    """The files with registers first that others refer to."""
    from data_access.importing import preview
    from data_access.importing.kinds import kinds

    if len(files) == 1:
        return list(files)
    places = []
    for file in files:
        try:
            found = preview(desk.ready, file, scope=desk.actor.scope, today=desk.clock().date(), **options)
        except Refusal:
            # It may need a file that is not in yet; it is refused again in its turn otherwise.
            places.append(len(places) + 1_000)
            continue
        places.append(kinds()[found.kind].order)
    return [file for _, file in sorted(zip(places, files, strict=True), key=lambda pair: pair[0])]


def _import(desk: Desk, file: Path, options: dict[str, str | None], accept_valid: bool, confirm: bool) -> None:
    from data_access.importing import preview, take

    if not file.is_file():
        raise Refusal(N_("没有文件 {file}：请检查文件名。"), file=file)
    database = desk.ready
    found = preview(database, file, scope=desk.actor.scope, today=desk.clock().date(), **options)
    _show_preview(desk, file, found)
    counts = found.counts()
    if counts["refused"] and not accept_valid:
        raise Refusal(
            N_("{file} 有 {n} 行不能导入，未写入任何行：请按被拒文件里“问题”一栏改正后重新导入；要先写入其余的行，请加 --accept-valid。"),
            file=file.name, n=counts["refused"],
        )  # fmt: skip
    taken = counts["good"] + counts["changed"] + (counts["to_confirm"] if confirm else 0)
    if not taken:
        desk.say(N_("{file}：没有要写入的行。"), file=file.name)
        return
    batch = take(database, found, actor=desk.actor, now=desk.clock(), confirm=confirm)
    desk.say(N_("{file}：已写入 {n} 行，批次 {batch}。"), file=file.name, n=taken, batch=batch.id)
    if counts["to_confirm"] and not confirm:
        desk.say(N_("另有 {n} 行待确认，未写入：核对后加 --confirm 再导入一次。"), n=counts["to_confirm"])


def _show_preview(desk: Desk, file: Path, found: "Preview") -> None:
    from data_access.importing import write_refused
    from data_access.importing.kinds import kinds

    counts = found.counts()
    desk.say(
        N_("{file}：{kind}，读到 {read} 行：新 {good}，有变化 {changed}，相同 {same}，待确认 {to_confirm}，被拒 {refused}。"),
        file=file.name, kind=desk.t(kinds()[found.kind].label), **counts,
    )  # fmt: skip
    for note in found.notes:
        print("  " + note.sentence(desk.t))
    for problem in found.refused[:SHOWN_PROBLEMS]:
        desk.say(N_("  第 {row} 行：{sentence}"), row=problem.file_row or problem.row_number, sentence=problem.sentence(desk.t))
    if len(found.refused) > SHOWN_PROBLEMS:
        desk.say(N_("  …… 还有 {n} 处，见被拒文件。"), n=len(found.refused) - SHOWN_PROBLEMS)
    if counts["refused"]:
        written = write_refused(found, file.with_name(f"{file.stem}-问题{file.suffix}"))
        desk.say(N_("  被拒的行已写到 {path}。"), path=written)


def _undo(desk: Desk, batch: str) -> None:
    from data_access.importing import undo

    undone = undo(desk.ready, batch, actor=desk.actor, now=desk.clock())
    desk.say(N_("批次 {batch} 已撤销。"), batch=undone.id)


def _filters(
    desk: Desk, start: str, end: str, street: str | None, agency: str | None, as_of: str | None, known_at: str | None
) -> Filters:
    from data_access.areas import area_code_of
    from data_access.organisations import agency_code_of

    first, last = _day("--from", start), _day("--to", end)
    if first > last:
        raise typer.BadParameter(desk.t(N_("第一天晚于最后一天")), param_hint="--from")
    today = desk.clock().date()
    day = min(_day("--as-of", as_of) if as_of else last, today)
    known = _instant(known_at) if known_at else None
    area_code = agency_code = None
    if street and (area_code := area_code_of(desk.ready, desk.scope, day, street)) is None:
        raise Refusal(N_("找不到区域 {text}：请写代码、全称或别名。"), text=street)
    if agency and (agency_code := agency_code_of(desk.ready, desk.scope, agency)) is None:
        raise Refusal(N_("找不到部门 {text}：请写代码、全称或别名。"), text=agency)
    return Filters(first, last, day, known, area=area_code, agency=agency_code, cycle_days=desk.settings.cycle_days)


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
    _table(rows)


def _rules(desk: Desk, as_of: str | None, as_json: bool) -> None:
    """The district's rulebook; what is shipped where there is no district yet."""
    from briefing.rule_list import rule_lines, rule_table
    from data_access.districts import districts, is_demo
    from data_access.rulebooks import rulebook_of
    from rules.rulebook import Rulebook, shipped

    demo = False
    day = _day(as_of, "--as-of") if as_of else desk.clock().date()
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

    day = _day("--from", start) if start else desk.clock().date()
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
        _table([heads, *found.rounds.itertuples(index=False, name=None)])
    print(found.sentence(desk.t))


def _views(desk: Desk) -> None:
    from dashboard.panels import EVERY_TAB, TABS, panels
    from dashboard.views import views
    from layers import layers

    t = desk.t
    desk.say(N_("图层"))
    _table([(one.name, t(one.title), one.geometry, one.kind, one.group) for one in layers().values()])
    desk.say(N_("面板"))
    tabs = {tab.name: t(tab.title) for side in TABS.values() for tab in side} | {EVERY_TAB: "*"}
    _table([(one.name, t(one.title), one.side, tabs[one.tab], one.order, " ".join(one.questions)) for one in panels()])
    desk.say(N_("页面"))
    _table([(one.path, one.name, t(one.title)) for one in views()])


def _map(desk: Desk, output: Path, filters: Filters) -> None:
    from briefing.folium_map import write_map

    settings = desk.settings
    approval = desk.t(N_("审图号：{number}"), number=settings.map_approval) if settings.map_approval else ""
    notices = tuple(one for one in (settings.map_note, approval, settings.map_source) if one)
    write_map(desk.ready, filters, desk.scope, output, settings.language, notices=notices)
    desk.say(N_("地图已写到 {path}。"), path=output)


def _papers(desk: Desk, kind: str, filters: Filters, out: Path, about: tuple[str | None, int | None], confirm: bool, chosen: dict[str, str]) -> None:
    """Write papers of one kind, of all that the facts hold, or the packs of the streets.

    From facts taken now they are drafts; from a meeting's snapshot (``about``: its number, and that of
    the snapshot) they carry the confirmations that were recorded for it, here or on the page.
    """
    from briefing.documents import PaperSettings, make
    from briefing.documents import papers as known
    from briefing.packs import street_packs
    from briefing.paper_material import paper_settings, period_before
    from data_access.facts_cut import UnknownStreet, cut
    from data_access.meeting_facts import meeting_facts
    from data_access.meetings import meetings
    from data_access.paper_facts import digest_of, printed_facts
    from data_access.papers_write import confirm_paper, confirmations, keep_paper
    from data_access.snapshots import snapshots_of

    meeting, number = about
    street, whole = filters.area, filters.with_(area=None)
    if kind not in {"all", "packs", *(one.kind for one in known())}:
        raise typer.BadParameter(desk.t(N_("没有 {kind} 这种材料，--list 列出所有材料"), kind=kind), param_hint="KIND")
    meeting_id = None
    if meeting:
        found = meetings(desk.ready, whole.with_(start=dt.date(1949, 10, 1), end=whole.as_of), desk.scope)
        meeting_id = next((row.id for row in found.itertuples() if meeting in (row.number, row.id)), None)
        if meeting_id is None:
            raise Refusal(N_("找不到编号为 {number} 的会议。"), number=meeting)
    if number is None and confirm:
        raise Refusal(N_("确认要写明会议和快照：请加 --meeting 和 --snapshot。"))
    snapshot_id, held, digest = None, {}, ""
    if number is None:
        facts = meeting_facts(desk.ready, whole, desk.scope, before=period_before(whole.start, whole.end), meeting_id=meeting_id, now=desk.clock())
    else:
        taken = snapshots_of(desk.ready, desk.scope, meeting_id or "")
        snapshot_id = next((row.id for row in taken.itertuples() if row.number == number), None)
        if snapshot_id is None:
            raise Refusal(N_("这次会议没有第 {n} 号快照：请写明 --meeting，并在会议页面上开会取数。"), n=number)
        facts = printed_facts(desk.ready, desk.scope, snapshot_id, meeting_id, desk.clock().date(), street=street or "")
        digest, chosen = digest_of(facts), {**chosen, "snapshot": f"{number} · {facts['snapshot']['hash'][:12]}"}
        held = confirmations(desk.ready, desk.scope, snapshot_id, meeting_id, digest)
    notice = " · ".join(filter(None, (desk.t(desk.settings.map_note), desk.settings.map_approval, desk.settings.map_source)))
    settings = paper_settings(desk.ready, whole, desk.scope, language=desk.settings.language, map_notice=notice, **chosen)
    if street and number is None:
        try:
            facts = cut(facts, street)
        except UnknownStreet:
            raise Refusal(N_("没有这个街镇的材料，或不在你的权限范围内。")) from None
    if (settings.red_head or settings.number) and (settings.demo or facts["demo"] or not (confirm or held)):
        raise Refusal(N_("红头和文号只用于已确认的真实数据：请去掉 --red-head 和 --number，或写明 --meeting、--snapshot 再确认。"))

    def settled(kind: str, file_name: str) -> PaperSettings:
        if confirm and kind not in held:
            held[kind] = confirm_paper(desk.ready, snapshot_id=snapshot_id, meeting_id=meeting_id, kind=kind, file_name=file_name, digest=digest,
                                       demo=settings.demo or facts["demo"], actor=desk.actor, now=desk.clock())  # fmt: skip
        return replace(settings, confirmed_by=held[kind].name) if kind in held else settings

    def kept(path: Path, content: bytes, kind: str) -> None:
        # Whole or not at all: a full disk leaves no half paper under its name.
        out.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        keep_paper(desk.ready, snapshot_id=snapshot_id, meeting_id=meeting_id, kind=kind, file_name=path.name, digest=hashlib.sha256(content).hexdigest(),
                   actor=desk.actor, now=desk.clock(), confirmed=held.get(kind), detail={name: value for name, value in {**chosen, "street": street}.items() if value})  # fmt: skip
        desk.say(N_("已写到 {path}。"), path=path)

    if kind == "packs":
        content = street_packs(facts, settled(kind, "packs.zip"), lambda done, of: print(f"\r  {done}/{of}", end="", file=sys.stderr, flush=True))
        print(file=sys.stderr)
        kept(out / f"{desk.t(N_('街镇材料包'))}_{facts['as_of']}.zip", content, kind)
        return
    for paper in known():
        if kind not in {"all", paper.kind}:
            continue
        try:
            content = make(paper.kind, facts, settings)
            if (own := settled(paper.kind, paper.file_name(facts, desk.t))) is not settings:
                content = make(paper.kind, facts, own)
        except Refusal as refusal:
            if kind != "all":
                raise
            print(f"  · {desk.t(paper.label)}: {refusal.say(desk.t)}")
            continue
        kept(out / paper.file_name(facts, desk.t), content, paper.kind)


def _check(desk: Desk) -> None:
    from dashboard.application import check_build
    from data_access.check import check

    marks = {"fine": "✓", "note": "·", "wrong": "✗"}
    wrong = 0
    for finding in check(desk.database, desk.clock().date()):
        print(f"{marks[finding.grade]} {finding.say(desk.t)}", flush=True)
        wrong += finding.grade == "wrong"
    for name in unknown_names():
        desk.say(N_("✗ 不认识的设置 {name}：请检查拼写。"), name=name)
        wrong += 1
    try:
        check_build()
        desk.say(N_("✓ 前端文件已安装。"))
    except Refusal as refusal:
        print(f"{marks['wrong']} {refusal.say(desk.t)}")
        wrong += 1
    if wrong:
        raise Refusal(N_("有 {n} 处需要处理，见上。"), n=wrong)


def _taken(given: list[str], name: str) -> tuple[list[str], str | None]:
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


def _day(option: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r}: YYYY-MM-DD", param_hint=option) from None


def _instant(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r}: YYYY-MM-DDTHH:MM+08:00", param_hint="--known-at") from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _batches(found: "DataFrame") -> None:
    for name in ("taken_at", "undone_at"):
        found[name] = found[name].dt.tz_convert(SHANGHAI).dt.strftime("%Y-%m-%d %H:%M")
    for name in ("first_day", "last_day"):
        found[name] = found[name].dt.strftime("%Y-%m-%d")
    shown = found.astype(object).where(found.notna(), "")
    _table([tuple(shown.columns), *shown.itertuples(index=False, name=None)])


def _table(rows: Iterable[Sequence[object]]) -> None:
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        padded = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        print("  " + "  ".join(padded).rstrip())


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


if __name__ == "__main__":
    if os.name == "nt":
        sys.stdout.reconfigure(encoding="utf-8")
        sys.stderr.reconfigure(encoding="utf-8")
    sys.exit(main())
