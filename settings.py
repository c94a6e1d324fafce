"""The settings: everything that is read from the environment (``ONEMAP_*``), checked once."""

import contextlib
import datetime as dt
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rules.language import LANGUAGES, N_, Refusal
from rules.request import DEFAULT_CYCLE_DAYS, Scope, UnreadableRequest

ROOT = Path(__file__).resolve().parent
SHANGHAI = ZoneInfo("Asia/Shanghai")
PREFIX = "ONEMAP_"


class UnreadableSetting(Refusal):
    """A setting has a value that cannot be used; names the variable, the value and what is expected."""


def _instant(value: dt.datetime) -> dt.datetime:
    return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


def _scope(text: str) -> str:
    try:
        Scope.parse(text, "")
    except UnreadableRequest as error:
        raise ValueError(str(error)) from error
    return text


def _cache(url: str) -> str:
    if not url.startswith(("memory://", "redis://", "rediss://", "unix://")):
        raise ValueError(url)
    return url


def _language(text: str) -> str:
    named = {"zh": "zh_CN", "zh-CN": "zh_CN", "en_US": "en", "en-US": "en"}.get(text, text)
    if named not in LANGUAGES:
        raise ValueError(text)
    return named


def _basemap(text: str) -> str:
    address = text.startswith(("http://", "https://", "/")) and all(
        f"{{{k}}}" in text for k in "zxy"
    )
    if text == "none" or address or text.startswith(("wmts:", "tianditu:")):
        return text
    if text.endswith((".pmtiles", ".mbtiles")) and Path(text).is_file():
        return text
    raise ValueError(text)


def _file(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(str(path))
    return path


def _below_root(url: str) -> str:
    file = url.removeprefix("sqlite:///")
    if file == url or not file or Path(file).is_absolute():
        return url
    return f"sqlite:///{ROOT / file}"


class Settings(BaseSettings):
    """What the doors are told; handed down as values, read nowhere else.

    Attributes:
        database_url: SQLite file (a relative one lies in the program's folder) or PostgreSQL.
        cache_url: ``memory://`` on one PC, ``redis://HOST:PORT/N`` on several.
        secret_key: signs sessions; ``secret()`` makes and keeps one where none is given.
        now: the product's clock starts here and ticks on; None is the real clock.
        host, port: where ``app.py`` listens.
        tls_cert, tls_key: PEM files of a certificate (with its chain) and its key: serves HTTPS, which
            phones need for their position and for starting without a network; both or neither.
        demo_scope: whose eyes the door sees with until accounts come (``Scope.parse``).
        district: code of the district; empty takes the only one in the database.
        folder: where tiles and other made files are kept.
        language: ``zh_CN`` or ``en``, until the reader chooses.
        map_approval: 审图号 of the boundaries in use; map_source: where they come from;
            map_note: what is said beside every map.
        basemap: ``none``, an XYZ address with {z}{x}{y}, ``wmts:ADDRESS``, ``tianditu:KEY`` or a
            .pmtiles/.mbtiles file.
        coverage_target, coverage_floor: 网格按期巡查率 (0..1) from which a street is neutral, and
            below which it is red (DESIGN 12).
        cycle_days: days within which a grid must be visited again (本系统默认).
        cache_seconds: how long an answer is kept at most.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, env_ignore_empty=True
    )

    database_url: Annotated[str, AfterValidator(_below_root)] = "sqlite:///var/onemap.sqlite"
    cache_url: Annotated[str, AfterValidator(_cache)] = "memory://"
    secret_key: SecretStr | None = None
    now: Annotated[dt.datetime, AfterValidator(_instant)] | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8050
    tls_cert: Annotated[Path, AfterValidator(_file)] | None = None
    tls_key: Annotated[Path, AfterValidator(_file)] | None = None
    demo_scope: Annotated[str, AfterValidator(_scope)] = "district"
    district: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{0,64}$")] = ""
    folder: Path = ROOT / "var"
    language: Annotated[str, AfterValidator(_language)] = "zh_CN"
    map_approval: str = ""
    map_source: str = ""
    map_note: str = N_("界线为示意")
    basemap: Annotated[str, AfterValidator(_basemap)] = "none"
    coverage_target: Annotated[float, Field(ge=0, le=1)] = 0.90
    coverage_floor: Annotated[float, Field(ge=0, le=1)] = 0.85
    cycle_days: Annotated[int, Field(ge=1, le=366)] = DEFAULT_CYCLE_DAYS
    cache_seconds: Annotated[int, Field(ge=0, le=86_400)] = 600

    @classmethod
    def load(cls, **values: Any) -> "Settings":
        """Read the environment; ``values`` win over it.

        Raises:
            UnreadableSetting: a value cannot be used.
        """
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]).lower().removeprefix(PREFIX.lower())
            raise UnreadableSetting(
                N_("设置 {name} 的值 {value} 不能用：应为{expected}。"),
                name=(PREFIX + name).upper(),
                value="＊＊" if name == "secret_key" else repr(first["input"]),
                expected=EXPECTED.get(name, first["msg"]),
            ) from error

    def clock(self) -> Callable[[], dt.datetime]:
        """What tells the time from now on: aware instants in 上海 time."""
        if self.now is None:
            return lambda: dt.datetime.now(SHANGHAI)
        start, began = self.now.astimezone(SHANGHAI), time.monotonic()
        return lambda: start + dt.timedelta(seconds=time.monotonic() - began)

    def secret(self) -> str:
        """The key that signs sessions: the one given, or one made once and kept in ``folder``."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        file = self.folder / "secret_key"
        self.folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            made = file.with_name(f"secret_key.{os.getpid()}")
            with os.fdopen(os.open(made, os.O_CREAT | os.O_WRONLY, 0o600), "w") as writing:
                writing.write(secrets.token_urlsafe(48))
            # Two starting processes must end with one key: linking never replaces.
            with contextlib.suppress(FileExistsError):
                os.link(made, file)
            made.unlink()
        return file.read_text("utf-8")


EXPECTED = {
    "cache_url": N_("memory:// 或 redis://主机:端口/库号"),
    "now": N_("带时区的时刻，如 2023-07-31T10:46+08:00"),
    "port": N_("1 到 65535 之间的整数"),
    "demo_scope": N_("district、street:代码、area:代码,代码 或 agency:代码"),
    "district": N_("由字母、数字组成的区县代码，如 310114"),
    "language": N_("zh_CN 或 en"),
    "basemap": N_(
        "none、带 {z}{x}{y} 的地址、wmts:地址、tianditu:密钥，或存在的 .pmtiles/.mbtiles 文件"
    ),
    "tls_cert": N_("证书文件（PEM）的路径，文件必须存在"),
    "tls_key": N_("私钥文件（PEM）的路径，文件必须存在"),
    "coverage_target": N_("0 到 1 之间的数"),
    "coverage_floor": N_("0 到 1 之间的数"),
    "cycle_days": N_("1 到 366 之间的整数"),
    "cache_seconds": N_("0 到 86400 之间的整数"),
}
"""What a setting takes, in words that follow 应为."""


def unknown_names() -> list[str]:
    """Variables that begin with ``ONEMAP_`` and mean nothing here: misspelt ones, most likely."""
    known = {(PREFIX + name).upper() for name in Settings.model_fields}
    ours = {name for name in os.environ if name.upper().startswith(PREFIX)}
    return sorted(name for name in ours - known if not name.startswith(PREFIX + "TEST_"))
