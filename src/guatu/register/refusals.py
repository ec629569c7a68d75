"""What was refused for a 密级 mark is recorded, so that somebody can look into it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from guatu.engines.intake import BadInput
from guatu.register.campaign import current
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


def _record(act: Act, data: bytes, refusal: BadInput) -> None:
    who = act.standing.officer if act.standing else current()
    if who is None:
        return
    facts: dict[str, Json] = {
        "sha256": [None, hashlib.sha256(data).hexdigest()],
        "size": [None, len(data)],
        "row": [None, refusal.row],
    }
    note(act.because("文中有密级标志，未予接收"), "intake.refuse", who, facts)
