"""The commands for whoever runs the product: build, load, ask, check; ``python cli.py --help``."""

import os
import sys
import traceback
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from commands import asking, keeping, loading, papers
from commands.desk import Desk
from commands.mistakes import mistyped, unreadable
from commands.options import taken
from rules.language import N_, Refusal, translator
from settings import Settings

USAGE, REFUSED = 2, 1


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
        given, language = taken([one for one in given if one != "--trace"], "--lang")
        given, district = taken(given, "--district")
        settings = Settings.load(**({"language": language} if language else {}))
        t = translator(settings.language)
        desk = Desk(settings, t, district or "")
        try:
            return int(app_of(desk)(given, prog_name="cli.py", standalone_mode=False) or 0)
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


def app_of(desk: Desk) -> typer.Typer:
    """Every command, with its help in the reader's language."""
    t = desk.t
    app = typer.Typer(
        add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
        help=t(N_("打非一张图的命令。任何命令都可加 --lang en（英文）、--district 代码、--trace（出错时显示全部经过）。")),
    )  # fmt: skip
    for part in (keeping, loading, asking, papers):
        part.register(app, desk)
    return app


if __name__ == "__main__":
    if os.name == "nt":
        sys.stdout.reconfigure(encoding="utf-8")
        sys.stderr.reconfigure(encoding="utf-8")
    sys.exit(main())
