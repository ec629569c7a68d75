"""Evidence: a file that supports claims. Any kind serves; none is ever forced."""

from pathlib import PurePath
from typing import NamedTuple

from guatu.engines.evidence.admission import Admitted, admit
from guatu.engines.evidence.kinds import FileKind
from guatu.engines.intake import BadInput
from guatu.register.enums import EvidenceKind
from guatu.register.errors import Invalid
from guatu.register.files import store
from guatu.register.models import Evidence, Subject
from guatu.register.recording import Act, create
from guatu.register.refusals import secrets_recorded
from guatu.register.versions import SHANGHAI

TITLE_LONGEST = 200
SUFFIXES = frozenset(kind.suffix for kind in FileKind) | {".jpeg"}


ACCEPTED = ",".join(sorted(SUFFIXES))
"""What a file field offers to choose from; what counts is the file's content."""


class FileGiven(NamedTuple):
    """A file somebody brings; ``title`` is its name."""

    content: bytes
    title: str
    kind: EvidenceKind = EvidenceKind.OTHER


class FileAdmitted(NamedTuple):
    """A file that was looked at and may be kept."""

    looked_at: Admitted
    title: str
    kind: EvidenceKind


def admit_file(act: Act, given: FileGiven) -> FileAdmitted:
    """Look at a file before the act that keeps it; its name takes the ending of what it is.

    Call it outside of that act's transaction: a 密级 mark is recorded although the act fails.
    Raises Invalid.
    """
    title = given.title.strip()
    try:
        with secrets_recorded(act, given.content):
            looked_at = admit(given.content, PurePath(title).name)
    except BadInput as refusal:
        raise Invalid(str(refusal), "file") from refusal
    suffix = looked_at.kind.suffix
    told = PurePath(title).suffix
    stem = title[: -len(told)] if told.lower() in SUFFIXES else title
    return FileAdmitted(looked_at, stem[: TITLE_LONGEST - len(suffix)] + suffix, given.kind)


def keep_evidence(act: Act, subject: Subject, file: FileAdmitted) -> Evidence:
    """Keep a file as evidence on ``subject``; the caller has asked whether the officer may.

    When and where a picture was taken stand beside it, no longer in it. A camera that told no
    zone is taken to show the time of Asia/Shanghai.
    """
    taken_at = file.looked_at.taken_at
    if taken_at is not None and taken_at.tzinfo is None:
        taken_at = taken_at.replace(tzinfo=SHANGHAI)
    return create(
        act,
        "evidence.attach",
        Evidence(
            subject=subject,
            file=store(file.looked_at.content, file.looked_at.kind.media_type),
            kind=file.kind,
            title=file.title,
            taken_at=taken_at,
            where=_in_words(file.looked_at.where),
            officer=act.standing.officer if act.standing else None,
            added_at=act.at,
        ),
    )


def _in_words(where: tuple[float, float] | None) -> str:
    """Coordinates as people write them."""
    if where is None:
        return ""
    latitude, longitude = where
    north, east = "北纬" if latitude >= 0 else "南纬", "东经" if longitude >= 0 else "西经"
    return f"{north} {abs(latitude):.6f}°，{east} {abs(longitude):.6f}°"
