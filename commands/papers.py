"""The papers of a meeting, from facts taken now or from a snapshot."""

import datetime as dt
import hashlib
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.desk import Desk
from commands.options import filters_of
from commands.printed import table
from rules.language import N_, Refusal
from rules.request import Filters

if TYPE_CHECKING:
    from briefing.documents import PaperSettings


def register(app: typer.Typer, desk: Desk) -> None:
    t = desk.t

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
            table([(one.kind, t(one.label), one.extension) for one in known()])
            return
        if kind not in {"all", "packs", *(one.kind for one in known())}:
            raise typer.BadParameter(t(N_("没有 {kind} 这种材料，--list 列出所有材料"), kind=kind), param_hint="KIND")
        last = end or desk.clock().date().isoformat()
        filters = filters_of(desk, start or last[:8] + "01", last, street, None, None, None)
        _write(_material(desk, filters, meeting, snapshot, confirm, {"red_head": red_head, "number": number}), kind, out, confirm)


@dataclass
class Material:
    """What papers are made of, and what is recorded with each.

    Attributes:
        facts: of now, or of a meeting's snapshot, cut to the reader.
        snapshot_id: None for facts of now, of which only drafts are made.
        digest: of the facts as they are printed; what a confirmation stands for.
        held: by kind, what was confirmed.
        chosen: red head, number, street and snapshot, as they are recorded.
    """

    desk: Desk
    facts: dict[str, Any]
    settings: "PaperSettings"
    meeting_id: str | None
    snapshot_id: str | None
    digest: str
    held: dict[str, Any]
    chosen: dict[str, str]

    @property
    def is_demo(self) -> bool:
        return self.settings.demo or self.facts["demo"]

    def settled(self, kind: str, file_name: str, confirm: bool) -> "PaperSettings":
        """The settings of one kind: signed with its confirmation, which is recorded now where ``confirm`` asks for it."""
        from data_access.papers_write import confirm_paper

        if confirm and kind not in self.held:
            self.held[kind] = confirm_paper(
                self.desk.ready, snapshot_id=self.snapshot_id, meeting_id=self.meeting_id, kind=kind, file_name=file_name, digest=self.digest,
                demo=self.is_demo, actor=self.desk.actor, now=self.desk.clock(),
            )  # fmt: skip
        return replace(self.settings, confirmed_by=self.held[kind].name) if kind in self.held else self.settings

    def keep(self, path: Path, content: bytes, kind: str) -> None:
        """Write a paper whole or not at all (a full disk leaves no half paper under its name), and record that it was made."""
        from data_access.papers_write import keep_paper

        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        keep_paper(
            self.desk.ready, snapshot_id=self.snapshot_id, meeting_id=self.meeting_id, kind=kind, file_name=path.name, digest=hashlib.sha256(content).hexdigest(),
            actor=self.desk.actor, now=self.desk.clock(), confirmed=self.held.get(kind), detail={name: value for name, value in self.chosen.items() if value},
        )  # fmt: skip
        self.desk.say(N_("已写到 {path}。"), path=path)


def _material(desk: Desk, filters: Filters, meeting: str | None, snapshot: int | None, confirm: bool, chosen: dict[str, str]) -> Material:
    """Facts of now, or of a meeting's snapshot, with the confirmations that were recorded for it, here or on the page.

    Raises:
        Refusal: no such meeting, snapshot or street; a confirmation without a snapshot; a red head on a draft.
    """
    from briefing.paper_material import paper_settings, period_before
    from data_access.facts_cut import UnknownStreet, cut
    from data_access.meeting_facts import meeting_facts
    from data_access.paper_facts import digest_of, printed_facts
    from data_access.papers_write import confirmations
    from data_access.snapshots import snapshots_of

    street, whole = filters.area, filters.with_(area=None)
    meeting_id = _meeting(desk, whole, meeting) if meeting else None
    if snapshot is None and confirm:
        raise Refusal(N_("确认要写明会议和快照：请加 --meeting 和 --snapshot。"))
    snapshot_id, held, digest = None, {}, ""
    if snapshot is None:
        facts = meeting_facts(desk.ready, whole, desk.scope, before=period_before(whole.start, whole.end), meeting_id=meeting_id, now=desk.clock())
    else:
        taken = snapshots_of(desk.ready, desk.scope, meeting_id or "")
        snapshot_id = next((row.id for row in taken.itertuples() if row.number == snapshot), None)
        if snapshot_id is None:
            raise Refusal(N_("这次会议没有第 {n} 号快照：请写明 --meeting，并在会议页面上开会取数。"), n=snapshot)
        facts = printed_facts(desk.ready, desk.scope, snapshot_id, meeting_id, desk.clock().date(), street=street or "")
        digest, chosen = digest_of(facts), {**chosen, "snapshot": f"{snapshot} · {facts['snapshot']['hash'][:12]}"}
        held = confirmations(desk.ready, desk.scope, snapshot_id, meeting_id, digest)
    notice = " · ".join(filter(None, (desk.t(desk.settings.map_note), desk.settings.map_approval, desk.settings.map_source)))
    settings = paper_settings(desk.ready, whole, desk.scope, language=desk.settings.language, map_notice=notice, **chosen)
    if street and snapshot is None:
        try:
            facts = cut(facts, street)
        except UnknownStreet:
            raise Refusal(N_("没有这个街镇的材料，或不在你的权限范围内。")) from None
    made = Material(desk, facts, settings, meeting_id, snapshot_id, digest, held, {**chosen, "street": street or ""})
    if (settings.red_head or settings.number) and (made.is_demo or not (confirm or held)):
        raise Refusal(N_("红头和文号只用于已确认的真实数据：请去掉 --red-head 和 --number，或写明 --meeting、--snapshot 再确认。"))
    return made


def _meeting(desk: Desk, filters: Filters, named: str) -> str:
    from data_access.meetings import meetings

    found = meetings(desk.ready, filters.with_(start=dt.date(1949, 10, 1), end=filters.as_of), desk.scope)
    meeting_id = next((row.id for row in found.itertuples() if named in (row.number, row.id)), None)
    if meeting_id is None:
        raise Refusal(N_("找不到编号为 {number} 的会议。"), number=named)
    return meeting_id


def _write(material: Material, kind: str, out: Path, confirm: bool) -> None:
    """Papers of one kind, of all that the facts hold, or the packs of the streets."""
    from briefing.documents import make, papers
    from briefing.packs import street_packs

    desk, facts = material.desk, material.facts
    if kind == "packs":
        content = street_packs(facts, material.settled(kind, "packs.zip", confirm), lambda done, of: print(f"\r  {done}/{of}", end="", file=sys.stderr, flush=True))
        print(file=sys.stderr)
        material.keep(out / f"{desk.t(N_('街镇材料包'))}_{facts['as_of']}.zip", content, kind)
        return
    for paper in papers():
        if kind not in {"all", paper.kind}:
            continue
        try:
            content = make(paper.kind, facts, material.settings)
            # What cannot be made is not confirmed.
            own = material.settled(paper.kind, paper.file_name(facts, desk.t), confirm)
            if own is not material.settings:
                content = make(paper.kind, facts, own)
        except Refusal as refusal:
            if kind != "all":
                raise
            print(f"  · {desk.t(paper.label)}: {refusal.say(desk.t)}")
            continue
        material.keep(out / paper.file_name(facts, desk.t), content, paper.kind)
