"""Writing a picture anew without what a camera hides in it; what it hid is told apart.

Pillow is imported here only, and this module only in the child process that reads foreign files.
"""

import datetime as dt
import io
import math
import struct
from dataclasses import dataclass

from PIL import ExifTags, Image, ImageOps

from guatu.engines.intake import BadInput

MOST_PIXELS = 50_000_000
"""Pixels of the largest picture decoded: a 50-megapixel phone, 150 MB in memory."""
JPEG_QUALITY = 88
_FORMATS = ("JPEG", "PNG", "WEBP")
_UNREADABLE = (ValueError, TypeError, ZeroDivisionError, IndexError, KeyError, struct.error)
_MINUTES = 60
_POLE, _DATE_LINE = 90, 180


@dataclass(frozen=True)
class Photo:
    """A picture as it is kept. ``taken_at`` has no zone where the camera told none."""

    content: bytes
    is_png: bool
    taken_at: dt.datetime | None
    latitude: float | None
    longitude: float | None


def rewritten(data: bytes, filename: str) -> Photo:
    """Decode and write anew, turned upright: JPEG, or PNG for a PNG or what is transparent.

    Refuses a picture of more than ``MOST_PIXELS`` by its header, before any pixel is decoded, and
    one that cannot be decoded to its end.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                message = f"图片有{image.width}×{image.height}像素，过大，请缩小后上传"
                raise BadInput(message, file=filename, kind="size")
            exif = image.getexif()
            taken_at, place = _moment(exif), _place(exif)
            is_png = image.format == "PNG" or image.has_transparency_data
            upright = ImageOps.exif_transpose(image).convert("RGBA" if is_png else "RGB")
    except (OSError, SyntaxError, EOFError, Image.DecompressionBombError, *_UNREADABLE):
        raise BadInput("图片已损坏，打不开", file=filename, kind="broken") from None
    # Comments, profiles and texts would be written again from here.
    upright.info.clear()
    out = io.BytesIO()
    if is_png:
        upright.save(out, "PNG")
    else:
        upright.save(out, "JPEG", quality=JPEG_QUALITY)
    latitude, longitude = place or (None, None)
    return Photo(out.getvalue(), is_png, taken_at, latitude, longitude)


def _moment(exif: Image.Exif) -> dt.datetime | None:
    """When the shutter went; the time of the file's last change is no such thing."""
    try:
        told = exif.get_ifd(ExifTags.IFD.Exif)
        moment = dt.datetime.strptime(  # noqa: DTZ007 -- the zone follows, where there is one
            str(told[ExifTags.Base.DateTimeOriginal])[:19], "%Y:%m:%d %H:%M:%S"
        )
    except _UNREADABLE:
        return None
    offset = str(told.get(ExifTags.Base.OffsetTimeOriginal, ""))
    try:
        return moment.replace(tzinfo=dt.datetime.strptime(offset, "%z").tzinfo)
    except _UNREADABLE:
        return moment


def _place(exif: Image.Exif) -> tuple[float, float] | None:
    try:
        told = exif.get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(told[ExifTags.GPS.GPSLatitude])
        longitude = _degrees(told[ExifTags.GPS.GPSLongitude])
        south = str(told.get(ExifTags.GPS.GPSLatitudeRef, "N")).upper().startswith("S")
        west = str(told.get(ExifTags.GPS.GPSLongitudeRef, "E")).upper().startswith("W")
    except _UNREADABLE:
        return None
    # A camera without a fix writes zeros or divides by zero.
    known = latitude <= _POLE and longitude <= _DATE_LINE and (latitude or longitude)
    if not known or not math.isfinite(latitude + longitude):
        return None
    return (-latitude if south else latitude), (-longitude if west else longitude)


def _degrees(parts: tuple[float, float, float]) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return round(degrees + minutes / _MINUTES + seconds / _MINUTES**2, 6)
