"""Heads of the chain: signing the end of a day, keeping it as a file, reading one kept elsewhere.

The private key lies in ``GUATU_HOME/keys``, outside the database and outside backups: a copy of
the log together with its key would let its holder rewrite both.
"""

import datetime as dt
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from guatu.engines.intake import BadInput
from guatu.register.models.events import Head
from guatu.register.sealing.digests import canonical

MAX_HEAD_BYTES = 10_000


@dataclass(frozen=True)
class SignedHead:
    """The end of the chain on ``day``: ``seq`` links, the last of them ``chain``; all text hex."""

    day: str
    seq: int
    chain: str
    signed_at: str
    public_key: str
    signature: str

    def is_signed(self) -> bool:
        """Tell whether the signature belongs to this content and key."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), _signed_part(self))
        except (ValueError, InvalidSignature):
            return False
        return True


def sign(day: dt.date, seq: int, chain: str, now: dt.datetime) -> SignedHead:
    """Sign the end of the chain, store it as the day's head and write its file."""
    key = signing_key()
    public = key.public_key().public_bytes_raw().hex()
    unsigned = SignedHead(day.isoformat(), seq, chain, _utc(now), public, "")
    head = SignedHead(
        **{**asdict(unsigned), "signature": key.sign(_signed_part(unsigned)).hex()},
    )
    Head.objects.update_or_create(
        day=day,
        defaults={
            "seq": seq,
            "chain": chain,
            "signature": head.signature,
            "public_key": public,
            "signed_at": now,
        },
    )
    _write(folder() / f"{head.day}.json", as_text(head))
    return head


def as_text(head: SignedHead) -> str:
    """Return the head as its file holds it; also what the auditor downloads and keeps apart."""
    return json.dumps(asdict(head), ensure_ascii=False, indent=2) + "\n"


def signed(row: Head) -> SignedHead:
    """Return a stored head in its signed form."""
    return SignedHead(
        row.day.isoformat(),
        row.seq,
        row.chain,
        _utc(row.signed_at),
        row.public_key,
        row.signature,
    )


def read(path: Path) -> SignedHead:
    """Read a head file kept elsewhere; BadInput when it is not one or its signature is wrong."""
    if path.stat().st_size > MAX_HEAD_BYTES:
        raise BadInput("这不是链头文件。", file=str(path))
    try:
        found = SignedHead(**json.loads(path.read_text("utf-8")))
        dt.date.fromisoformat(found.day)
    except (ValueError, TypeError):
        raise BadInput("这不是链头文件。", file=str(path)) from None
    if type(found.seq) is not int or not found.is_signed():
        raise BadInput("链头文件的签名不符，文件已被改动。", file=str(path))
    return found


def kept() -> list[tuple[Path, SignedHead | None]]:
    """Heads written to the data folder; None stands for a file that is no valid head."""
    found: list[tuple[Path, SignedHead | None]] = []
    for path in sorted(folder().glob("*.json")):
        try:
            found.append((path, read(path)))
        except BadInput:
            found.append((path, None))
    return found


def folder() -> Path:
    """Folder of the head files."""
    place = Path(settings.GUATU_HOME, "heads")
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def signing_key() -> Ed25519PrivateKey:
    """Return the installation's key, made on first use; its file has mode 600.

    Linked into place whole: of two processes that start together both use the same key.
    """
    path = Path(settings.GUATU_HOME, "keys", "seal.pem")
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first; its key is the one
        finally:
            Path(draft).unlink()
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("keys/seal.pem is not an Ed25519 key")
    return key


def _signed_part(head: SignedHead) -> bytes:
    return canonical({key: value for key, value in asdict(head).items() if key != "signature"})


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def _write(path: Path, text: str) -> None:
    """Replace the file whole."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(draft).replace(path)
