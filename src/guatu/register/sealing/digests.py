"""What is digested: canonical text of an event's own columns and, apart from it, its payload."""

import datetime as dt
import hashlib
import json

from guatu.register.models.events import Event

GENESIS = "0" * 64


def canonical(value: object) -> bytes:
    """Return the one spelling of a JSON value: sorted keys, no spaces, UTF-8.

    >>> canonical({"b": 1, "a": "示例"}).decode()
    '{"a":"示例","b":1}'
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def payload_digest(event: Event) -> str:
    """Digest of what may be withdrawn: the changes and the reason."""
    return hashlib.sha256(canonical([event.changes, event.reason])).hexdigest()


def link(previous: str, seq: int, event: Event, payload: str) -> str:
    """Digest of the chain up to ``event``: the link before, the event's columns, its payload.

    ``withdrawn_by`` stays out: it is set later by an act that is an event of its own. The post
    acted for is told only where there is one: links of logs older than it stay as they were.
    """
    columns = [
        event.pk,
        str(event.public_id),
        event.at.astimezone(dt.UTC).isoformat(),
        event.business_date.isoformat(),
        event.officer_id,
        event.actor,
        event.verb,
        event.effect,
        event.model,
        event.row,
        None if event.thing is None else str(event.thing),
        event.subject_id,
        str(event.batch),
        event.is_sample,
    ]
    if event.behalf_id is not None:
        columns.append(event.behalf_id)
    return hashlib.sha256(canonical([previous, seq, columns, payload])).hexdigest()
