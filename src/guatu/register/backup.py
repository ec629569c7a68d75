"""Backup and restore of the data folder as one zip file.

The file holds the database as one consistent snapshot, the stored files, the heads of the chain
and a manifest with the size and SHA-256 of each member. SQLite is copied by ``VACUUM INTO``, which
reads one snapshot while others write; PostgreSQL by ``COPY`` of every table in one repeatable-read
transaction, so that neither needs a program beside this one.

Private keys stay behind on purpose: a copy of the log together with its signing key would let its
holder rewrite both. A restored installation makes new ones; heads carry the key that signed them.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection

from guatu.engines.intake import BadInput
from guatu.register import tables

MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
FORMAT = 1
BLOCK = 1024 * 1024
MAX_MANIFEST = 256 * BLOCK
SPARE = 64 * BLOCK
"""Bytes that must stay free on the disk after a restore."""
MEMBER = re.compile(
    r"database\.sqlite3|tables/[a-z0-9_]{1,63}\.copy|heads/\d{4}-\d\d-\d\d\.json"
    r"|files/[0-9A-Za-z_][0-9A-Za-z_.-]*(/[0-9A-Za-z_][0-9A-Za-z_.-]*){0,4}"
)


@dataclass(frozen=True)
class Member:
    """One file in the backup."""

    name: str
    size: int
    sha256: str


def write(path: Path) -> None:
    """Write the whole data folder into ``path``, which must not exist; others may go on writing.

    The file appears under its name only when it is complete. The database is read first: a stored
    file never changes, so everything the snapshot names is still there to be copied.
    """
    home = Path(settings.GUATU_HOME)
    draft = path.with_name(f"{path.name}.part")
    try:
        with (
            tempfile.TemporaryDirectory(dir=home, prefix="backup-") as scratch,
            draft.open("xb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            draft.chmod(0o600)
            members = [_put(archive, *source) for source in _sources(home, Path(scratch))]
            manifest = {
                "format": FORMAT,
                "vendor": connection.vendor,
                "migrations": tables.applied_migrations(),
                "members": [asdict(member) for member in members],
            }
            archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        # A link, not a rename: a backup never replaces a file that came up meanwhile.
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def restore(path: Path) -> None:
    """Fill an empty data folder from a backup; BadInput tells why it cannot be.

    Everything is unpacked beside its place and checked against the manifest first; only then does
    anything move into place, the database last.
    """
    home = Path(settings.GUATU_HOME)
    _refuse_occupied(home, path)
    try:
        with (
            zipfile.ZipFile(path) as archive,
            tempfile.TemporaryDirectory(dir=home, prefix="restore-") as scratch,
        ):
            manifest = _manifest(archive, path)
            members = _members(archive, manifest, path)
            _refuse_without_room(sum(member.size for member in members), home, path)
            for member in members:
                _take(archive, member, Path(scratch), path)
            _move_in(Path(scratch), home, manifest)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as broken:
        raise BadInput("这不是备份文件，或文件已损坏。", file=str(path)) from broken


def _sources(home: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    """Names in the backup with the files they are copied from; the database first."""
    if connection.vendor == "sqlite":
        snapshot = scratch / DATABASE
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(snapshot)])
        yield DATABASE, snapshot
        snapshot.unlink()
    else:
        yield from tables.dump(scratch)
    for folder in ("heads", "files"):
        for found in sorted((home / folder).rglob("*")):
            name = found.relative_to(home).as_posix()
            # Half-written files have names of their own and belong to nobody yet.
            if found.is_file() and not found.is_symlink() and MEMBER.fullmatch(name):
                yield name, found


def _put(archive: zipfile.ZipFile, name: str, source: Path) -> Member:
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with source.open("rb") as reader, archive.open(info, "w", force_zip64=True) as writer:
        while block := reader.read(BLOCK):
            digest.update(block)
            size += len(block)
            writer.write(block)
    return Member(name, size, digest.hexdigest())


def _refuse_occupied(home: Path, path: Path) -> None:
    """Refuse a folder with data; keys and locks of a service that never ran do not count."""
    database = Path(connection.settings_dict["NAME"])
    kept = [home / "files", home / "heads"]
    occupied = any(folder.is_dir() and any(folder.rglob("*")) for folder in kept)
    if connection.vendor == "sqlite":
        occupied |= database.is_file() and database.stat().st_size > 0
    else:
        occupied |= bool(connection.introspection.table_names())
    if occupied:
        raise BadInput(f"数据文件夹 {home} 或数据库中已有数据，只能恢复到空的。", file=str(path))


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, object]:
    try:
        with archive.open(MANIFEST) as reader:
            text = reader.read(MAX_MANIFEST + 1)
        manifest = json.loads(text) if len(text) <= MAX_MANIFEST else None
    except (KeyError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadInput("这不是挂图的备份文件。", file=str(path))
    if manifest.get("vendor") != connection.vendor:
        raise BadInput(
            f"备份来自 {manifest.get('vendor')} 数据库，本机使用 {connection.vendor}，"
            "不能直接恢复。",
            file=str(path),
        )
    return manifest


def _members(archive: zipfile.ZipFile, manifest: dict[str, object], path: Path) -> list[Member]:
    """Members as the manifest lists them; names that could leave the folder are refused."""
    try:
        members = [
            Member(str(m["name"]), int(m["size"]), str(m["sha256"]))
            for m in manifest["members"]  # type: ignore[attr-defined]
        ]
    except (KeyError, TypeError, ValueError):
        raise BadInput("备份清单不完整。", file=str(path)) from None
    for member in members:
        if not MEMBER.fullmatch(member.name) or ".." in PurePosixPath(member.name).parts:
            raise BadInput(f"备份中有不应出现的文件：{member.name[:80]}。", file=str(path))
    listed = sorted([MANIFEST, *(member.name for member in members)])
    if sorted(archive.namelist()) != listed:
        raise BadInput("备份中的文件与清单不一致。", file=str(path))
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    wrong = next((m.name for m in members if sizes[m.name] != m.size), None)
    if wrong:
        raise BadInput(f"备份中 {wrong} 的大小与清单不符。", file=str(path))
    return members


def _refuse_without_room(needed: int, home: Path, path: Path) -> None:
    free = shutil.disk_usage(home).free
    if needed + SPARE > free:
        raise BadInput(
            f"磁盘空间不足：恢复需要 {needed // BLOCK + 1} MB，剩余 {free // BLOCK} MB。",
            file=str(path),
        )


def _take(archive: zipfile.ZipFile, member: Member, scratch: Path, path: Path) -> None:
    """Unpack one member; never more bytes than the manifest says."""
    target = scratch / member.name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), member.size
    with archive.open(member.name) as reader, target.open("xb") as writer:
        target.chmod(0o600)
        while block := reader.read(min(BLOCK, left + 1)):
            left -= len(block)
            if left < 0:
                break
            digest.update(block)
            writer.write(block)
    if left != 0 or digest.hexdigest() != member.sha256:
        raise BadInput(f"备份中 {member.name} 的内容与清单不符，文件已损坏。", file=str(path))


def _move_in(scratch: Path, home: Path, manifest: dict[str, object]) -> None:
    for folder in ("files", "heads"):
        if (scratch / folder).is_dir():
            with suppress(FileNotFoundError):
                (home / folder).rmdir()
            (scratch / folder).replace(home / folder)
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        connection.close()
        (scratch / DATABASE).replace(database)
    else:
        tables.load(scratch / "tables", manifest)
