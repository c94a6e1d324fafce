"""Builds, checks, copies and spreads the database; lists what is mounted where."""

from pathlib import Path
from typing import Annotated

import typer

from commands.desk import Desk
from commands.printed import table
from data_access.database import UNFINISHED, Database
from data_access.district_settings import drop_setting, put_setting
from data_access.held_data import held_data
from rules.language import N_, Refusal
from settings import unknown_names


def register(app: typer.Typer, desk: Desk) -> None:
    t = desk.t

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

    @app.command(help=t(N_("列出哪个图层、面板和页面挂在哪里。")))
    def views() -> None:
        _views(desk)

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


def _demo(desk: Desk, fresh: bool, seed: int, names: str, files: Path | None) -> None:
    from data_access.demo import build

    database, state = desk.database, desk.database.state()
    if state.word == "newer":
        raise Refusal(state.message)
    held = "nothing" if state.word == "empty" else held_data(database)
    if state.word != "empty" and not (state.word == "ready" and held == "nothing"):
        if not fresh:
            raise Refusal(N_("数据库不是空的：要重建示范区请加 --fresh（只清除演示数据），或换一个 ONEMAP_DATABASE_URL。"))
        if held == "real":
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


def _views(desk: Desk) -> None:
    from dashboard.panels import EVERY_TAB, TABS, panels
    from dashboard.views import views
    from layers import layers

    t = desk.t
    desk.say(N_("图层"))
    table([(one.name, t(one.title), one.geometry, one.kind, one.group) for one in layers().values()])
    desk.say(N_("面板"))
    tabs = {tab.name: t(tab.title) for side in TABS.values() for tab in side} | {EVERY_TAB: "*"}
    table([(one.name, t(one.title), one.side, tabs[one.tab], one.order, " ".join(one.questions)) for one in panels()])
    desk.say(N_("页面"))
    table([(one.path, one.name, t(one.title)) for one in views()])


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
