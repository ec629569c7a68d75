"""Sealing: giving every event its link, in bounded steps."""

import datetime as dt

from django.db import transaction

from guatu.register.models.events import Event, Head, Seal
from guatu.register.sealing import heads
from guatu.register.sealing.digests import GENESIS, link, payload_digest
from guatu.register.versions import SHANGHAI

CHUNK = 2_000


def seal(now: dt.datetime) -> int:
    """Chain all events not yet sealed, sign the day's head; returns how many were sealed.

    Each step is one short transaction, so that writers never wait long. An event that another
    connection commits late gets a later link: the order of links is the order of sealing.
    """
    total = 0
    while True:
        sealed = _seal_some()
        total += sealed
        if sealed < CHUNK:
            break
    last = Seal.objects.order_by("-seq").first()
    if last is not None:
        day = now.astimezone(SHANGHAI).date()
        newest = Head.objects.order_by("-day").first()
        if newest is None or newest.day < day or newest.seq < last.seq:
            heads.sign(day if newest is None else max(day, newest.day), last.seq, last.chain, now)
    return total


def _seal_some() -> int:
    with transaction.atomic():
        # The last link is held, then read again: whoever waited for it here continues after it.
        Seal.objects.select_for_update().order_by("-seq").first()
        last = Seal.objects.order_by("-seq").first()
        previous, seq = (last.chain, last.seq) if last else (GENESIS, 0)
        links = []
        for event in Event.objects.filter(seal=None).order_by("pk")[:CHUNK]:
            seq += 1
            payload = payload_digest(event)
            previous = link(previous, seq, event, payload)
            links.append(Seal(event=event, seq=seq, payload_digest=payload, chain=previous))
        Seal.objects.bulk_create(links, batch_size=500)
    return len(links)
