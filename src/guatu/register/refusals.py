"""What was refused for a 密级 mark is recorded, so that somebody can look into it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from guatu.engines.intake import BadInput
from guatu.register.campaign import current
from guatu.register.marks import Refused
from guatu.register.recording import Act, Json, note


@contextmanager
def secrets_recorded(act: Act, data: bytes) -> Iterator[None]:
    """Read ``data`` inside: when a 密级 mark refuses it, digest, size and row are recorded.

    Never its name or content. Not to be used inside the transaction of the refused act, or the
    record goes with the act.
    """
    try:
        yield
    except BadInput as refusal:
        if refusal.kind == "secret":
            _record(act, data, refusal)
        raise


def record_words(act: Act, refused: Refused) -> None:
    """Record that words were refused, after their act was undone: their length, never the words.

    No digest either: few words can be guessed from it.
    """
    facts: dict[str, Json] = {"size": [None, refused.size], "row": [None, refused.row]}
    _note(act.because("所填内容有密级标志，未予接收"), facts)


def _record(act: Act, data: bytes, refusal: BadInput) -> None:
    facts: dict[str, Json] = {
        "sha256": [None, hashlib.sha256(data).hexdigest()],
        "size": [None, len(data)],
        "row": [None, refusal.row],
    }
    _note(act.because("文中有密级标志，未予接收"), facts)


def _note(act: Act, facts: dict[str, Json]) -> None:
    who = act.standing.officer if act.standing else current()
    if who is not None:
        note(act, "intake.refuse", who, facts)
