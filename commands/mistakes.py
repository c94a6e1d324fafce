"""What a mistyped command and a file that cannot be written are told, in the reader's language."""

import errno
import re
from collections.abc import Sequence

from typer.exceptions import TyperException

from rules.language import N_, Translate

REASONS = {
    errno.ENOENT: N_("那里没有这个文件或文件夹"),
    errno.EACCES: N_("没有权限"),
    errno.EPERM: N_("没有权限"),
    errno.EROFS: N_("那里只能读，不能写"),
    errno.EEXIST: N_("那里已有一个同名的文件"),
    errno.ENOTDIR: N_("路径中有一段是文件，不是文件夹"),
    errno.EISDIR: N_("那里是一个文件夹"),
    errno.ENOSPC: N_("磁盘已满"),
    errno.ENAMETOOLONG: N_("名称太长"),
}
"""By ``OSError.errno``."""


def mistyped(error: TyperException, t: Translate) -> str:
    """One sentence: what is wrong with the command, and where its use is told.

    Typer tells mistakes apart by classes that it does not export; what is not known here keeps
    Typer's own words.
    """
    kind, name = type(error).__name__, _named(error)
    if kind == "NoArgsIsHelpError":
        return error.format_message()
    if kind == "NoSuchOption":
        told = t(N_("没有 {name} 这个选项"), name=getattr(error, "option_name", name))
    elif kind == "MissingParameter":
        told = t(N_("缺少 {name}"), name=name)
    elif kind == "BadOptionUsage":
        told = t(N_("{name} 后面要写一个值"), name=getattr(error, "option_name", name))
    elif kind == "BadParameter":
        told = t(N_("{name}：{reason}"), name=name, reason=_reason(error.message, t))
    elif "No such command" in error.message:
        told = t(N_("没有 {name} 这个命令"), name=error.message.split("'")[1])
    else:
        told = error.format_message().rstrip(".")
    command = context.command_path if (context := getattr(error, "ctx", None)) else "cli.py"
    return t(N_("{told}。用法见 {command} --help。"), told=told, command=command)


def unreadable(error: OSError, t: Translate) -> str:
    """One sentence: which file or folder cannot be read or written, and why."""
    reason = t(REASONS[error.errno]) if error.errno in REASONS else str(error.strerror or error)
    return t(N_("不能读写 {path}：{reason}。请换一个位置，或请管理员检查后再试。"), path=error.filename2 or error.filename, reason=reason)


def _named(error: TyperException) -> str:
    hint: str | Sequence[str] | None = getattr(error, "param_hint", None)
    parameter = getattr(error, "param", None)
    if hint is None and parameter is not None:
        hint = parameter.get_error_hint()
    return (hint if isinstance(hint, str) else " / ".join(hint or ())).replace("'", "")


def _reason(message: str, t: Translate) -> str:
    if "valid integer" in message:
        return t(N_("要写整数"))
    if "valid number" in message or "valid float" in message:
        return t(N_("要写数字"))
    if least := re.search(r"greater than or equal to (-?\d+)|x>=(-?\d+)", message):
        return t(N_("不能小于 {n}"), n=next(filter(None, least.groups())))
    return message.rstrip("。.")
