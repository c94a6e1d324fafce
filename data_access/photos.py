"""Photographs of a visit: told by their content, written again without metadata, kept, given within the scope."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.engine import Connection

from data_access.audit import audit
from data_access.database import Database
from data_access.schema import patrol_visit, visit_photo
from data_access.scope import known, within
from rules.language import N_
from rules.request import Actor
from rules.visit_record import MOST_PHOTO_BYTES, UnreadableRecord

FORMATS = ("JPEG", "PNG", "WEBP")
"""Told by the first bytes; a name or a declared type is not asked. SVG, which may hold scripts, is none."""
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""Width times height, read before anything is unpacked; a JPEG unpacks to a smaller picture at once."""
TOO_MANY_PIXELS = N_("照片的像素太多：请用手机直接拍摄的照片。")
LONG_SIDE_PX = 1_600
QUALITY = 82
MEDIA_TYPE = "image/jpeg"
_GPS, _EXIF, _TAKEN_AT, _SHOT_AT = 0x8825, 0x8769, 0x0132, 0x9003


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture written again: JPEG without metadata, its long side at most ``LONG_SIDE_PX``.

    Attributes:
        width, height: px.
        lon, lat: where the dropped metadata said it was taken, degrees; None where it said nothing.
        taken_on: the day it said, or None.
    """

    content: bytes
    width: int
    height: int
    lon: float | None = None
    lat: float | None = None
    taken_on: dt.date | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def clean_photo(content: bytes) -> Photo:
    """Read a picture and write it again.

    Raises:
        UnreadableRecord: too large, not one of ``FORMATS``, or damaged.
    """
    if len(content) > MOST_PHOTO_BYTES:
        raise UnreadableRecord("photos", N_("一张照片最大 {most} MB。"), most=MOST_PHOTO_BYTES // 2**20)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS[picture.format or "PNG"]:
                    raise UnreadableRecord("photos", TOO_MANY_PIXELS)
                told = _told(picture)
                picture.draft("RGB", (LONG_SIDE_PX, LONG_SIDE_PX))
                small = picture if picture.mode == "RGB" else picture.convert("RGB")
                small.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX))
                upright = ImageOps.exif_transpose(small)
    except UnidentifiedImageError as error:
        raise UnreadableRecord("photos", N_("照片只收 JPEG、PNG 和 WebP。")) from error
    except Image.DecompressionBombError as error:
        raise UnreadableRecord("photos", TOO_MANY_PIXELS) from error
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError, TypeError, KeyError, IndexError) as error:
        raise UnreadableRecord("photos", N_("照片已损坏，读不出来：请重新拍摄。")) from error
    # A new picture of the bare pixels: nothing that the file carried comes along.
    bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Photo(written.getvalue(), bare.width, bare.height, *told)


def keep_photo(
    connection: Connection, district: str, identifier: str, visit_id: str, photo: Photo, off_m: float | None, now: dt.datetime
) -> None:
    """Write a picture of a visit inside the caller's transaction."""
    connection.execute(visit_photo.insert().values(
        district_code=district, id=identifier, visit_id=visit_id, media_type=MEDIA_TYPE, width=photo.width, height=photo.height,
        sha256=photo.sha256, content=photo.content, off_m=off_m, taken_on=photo.taken_on, recorded_at=now, removed_at=None,
    ))


def photo_content(database: Database, photo_id: str, *, actor: Actor, now: dt.datetime) -> bytes | None:
    """A picture as JPEG, for who may see its visit and true places; None else. Every look is written down."""
    scope = actor.scope
    if not scope.exact_points:
        return None
    photo, visit = visit_photo, patrol_visit
    visits = select(visit.c.id).where(known(visit, None), within(visit, scope))
    asked = select(photo.c.content, photo.c.visit_id).where(
        photo.c.district_code == scope.district, photo.c.id == photo_id, photo.c.removed_at.is_(None), photo.c.visit_id.in_(visits)
    )
    with database.write() as connection:
        found = connection.execute(asked).first()
        if found is None:
            return None
        audit(connection, actor, "look", now, subject_table="visit_photo", subject_id=photo_id, detail={"visit": found.visit_id})
    return bytes(found.content)


def _told(picture: Image.Image) -> tuple[float | None, float | None, dt.date | None]:
    """(lon, lat, day) of a picture's metadata; whatever is odd about it counts as not said."""
    try:
        exif = picture.getexif()
        where = exif.get_ifd(_GPS)
        shot = exif.get_ifd(_EXIF).get(_SHOT_AT) or exif.get(_TAKEN_AT)
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, ZeroDivisionError, OverflowError):
        return None, None, None
    lon, lat = _degrees(where.get(4), where.get(3), "W", 180), _degrees(where.get(2), where.get(1), "S", 90)
    if lon is None or lat is None or (lon == 0 and lat == 0):
        lon = lat = None
    return lon, lat, _day(shot)


def _degrees(parts: object, side: object, negative: str, most: float) -> float | None:
    """Degrees of three rationals and a letter. Source: Exif 2.32, 4.6.6."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts)  # type: ignore[attr-defined]
        value = degrees + minutes / 60 + seconds / 3600
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not 0 <= value <= most:
        return None
    return -value if str(side).strip("\x00 ").upper() == negative else value


def _day(text: object) -> dt.date | None:
    try:
        return dt.datetime.strptime(str(text)[:10], "%Y:%m:%d").date()
    except ValueError:
        return None
