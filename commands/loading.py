"""Templates, import and undo: what brings a district its registers."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.desk import Desk
from commands.printed import table
from rules.language import N_, Refusal, Translate
from settings import SHANGHAI

if TYPE_CHECKING:
    from pandas import DataFrame

    from data_access.importing import Preview

SHOWN_PROBLEMS = 20
BATCH_HEADS = {
    "id": N_("批次"), "kind_label": N_("登记表"), "file_name": N_("文件"), "taken_at": N_("导入时间"), "actor_name": N_("导入人"),
    "read": N_("读到"), "new": N_("新"), "changed": N_("有变化"), "same": N_("相同"), "refused": N_("被拒"),
    "first_day": N_("第一天"), "last_day": N_("最后一天"), "undone_at": N_("撤销时间"), "demo": N_("演示数据"),
}  # fmt: skip


def register(app: typer.Typer, desk: Desk) -> None:
    t = desk.t

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

        _batches(listed(desk.ready, desk.scope, limit), t)


def _template(desk: Desk, name: str, output: Path | None, listed: bool) -> None:
    from data_access.importing.kinds import kinds

    if listed or not name:
        table([(kind.name, desk.t(kind.label)) for kind in kinds().values()])
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


def _batches(found: "DataFrame", t: Translate) -> None:
    for name in ("taken_at", "undone_at"):
        found[name] = found[name].dt.tz_convert(SHANGHAI).dt.strftime("%Y-%m-%d %H:%M")
    for name in ("first_day", "last_day"):
        found[name] = found[name].dt.strftime("%Y-%m-%d")
    found["kind_label"] = found["kind_label"].map(t)
    found["demo"] = found["demo"].map({True: "✓", False: ""})
    shown = found[list(BATCH_HEADS)].astype(object).where(found.notna(), "")
    table([[t(head) for head in BATCH_HEADS.values()], *shown.itertuples(index=False, name=None)])
