"""Files of the installation: each kept once under its SHA-256 in ``GUATU_HOME/files``."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from guatu.register.errors import Invalid
from guatu.register.models import StoredFile

MEGABYTE = 1024 * 1024
MAX_FILE = 50 * MEGABYTE
"""Largest single file, bytes: an hour of phone photos is many files, none of them larger."""


def store(data: bytes, media_type: str) -> StoredFile:
    """Keep ``data`` and return its row; the same bytes are kept once, whoever brings them.

    The file is written beside its place, flushed to the disk and then renamed, so a reader never
    meets half of one. Raises Invalid for an empty file, one over ``MAX_FILE`` or a full
    quota (``GUATU_FILES_QUOTA`` of the settings).
    """
    digest = hashlib.sha256(data).hexdigest()
    known = StoredFile.objects.filter(sha256=digest).first()
    if known is None:
        _refuse_what_does_not_fit(len(data))
    if not path_of(digest).is_file():
        _write(path_of(digest), data)
    if known is not None:
        return known
    row, _ = StoredFile.objects.get_or_create(
        sha256=digest, defaults={"size": len(data), "media_type": media_type}
    )
    return row


def read(stored: StoredFile) -> bytes:
    """Return the bytes; OSError when the file is gone or no longer what was kept."""
    data = path_of(stored.sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        message = f"file {stored.sha256} has changed on the disk"
        raise OSError(message)
    return data


def folder() -> Path:
    """Where the installation keeps its files."""
    return Path(settings.GUATU_HOME) / "files"


def path_of(digest: str) -> Path:
    """Where the file of this SHA-256 lies; two levels, so that no folder grows without end."""
    return folder() / digest[:2] / digest


def discard_unclaimed(digest: str) -> None:
    """Remove a file that no row names: what a refused or undone act had brought."""
    if not StoredFile.objects.filter(sha256=digest).exists():
        path_of(digest).unlink(missing_ok=True)


def _refuse_what_does_not_fit(size: int) -> None:
    if size == 0:
        raise Invalid("文件是空的。", "file")
    if size > MAX_FILE:
        raise Invalid(f"文件超过{MAX_FILE // MEGABYTE}兆，不能保存。", "file")
    kept = StoredFile.objects.aggregate(size=Sum("size"))["size"] or 0
    if kept + size > settings.GUATU_FILES_QUOTA:
        raise Invalid("存放文件的空间已满，请联系系统管理员。", "file")


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=place.parent)  # mode 600 by its contract
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
