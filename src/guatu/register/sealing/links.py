"""Checking the chain link by link, and the heads against it."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from guatu.register.models.events import Event, Head, Seal
from guatu.register.sealing import heads
from guatu.register.sealing.digests import GENESIS, link, payload_digest
from guatu.register.sealing.heads import SignedHead
from guatu.register.sealing.outcome import Fault, Verification
from guatu.register.sealing.withdrawal import Withdrawals

CHUNK = 1_000


def check_links(result: Verification, last: int | None) -> Iterator[list[Event]]:
    """Check all links, or the ``last`` so many; yields the events of each chunk that exist.

    Every link is compared with the one stored before it, so each fault stands where it is and
    does not spoil the rest.
    """
    newest = Seal.objects.order_by("-seq").first()
    end = newest.seq if newest else 0
    seq = max(0, end - last) if last is not None else 0
    result.complete = seq == 0
    before = Seal.objects.filter(seq=seq).first()
    previous: str | None = before.chain if before else GENESIS if seq == 0 else None
    withdrawals = Withdrawals()
    while seq < end and not result.full:
        seals = list(Seal.objects.filter(seq__gt=seq, seq__lte=end).order_by("seq")[:CHUNK])
        events = Event.objects.in_bulk([seal.event_id for seal in seals])
        for seal in seals:
            if seal.seq != seq + 1:
                result.faults.append(_gap(seq + 1, seal.seq - 1))
                previous = None
            event = events.get(seal.event_id)
            if event is None:
                result.faults.append(_deleted(seal))
            else:
                result.faults.extend(_check(previous, seal, event, withdrawals))
            previous, seq = seal.chain, seal.seq
        result.sealed += len(seals)
        result.withdrawn += sum(event.withdrawn_by_id is not None for event in events.values())
        yield list(events.values())


def check_heads(result: Verification, head_file: Path | None) -> None:
    """Compare every head there is with the chain: stored, written to the data folder, given."""
    known = [
        (f"数据库中 {row.day} 的链头", heads.signed(row)) for row in Head.objects.order_by("day")
    ]
    for path, head in heads.kept():
        if head is None:
            message = f"链头文件 {path.name} 的内容或签名不符，文件已被改动。"
            result.faults.append(Fault("head", message))
        else:
            known.append((f"链头文件 {path.name}", head))
    if head_file is not None:
        known.append((f"另存的链头 {head_file.name}", heads.read(head_file)))
    if not known and result.sealed:
        result.faults.append(Fault("head", "事件已封存，但链头全部丢失。"))
    for name, head in known:
        result.faults.extend(_check_head(name, head))
    if known:
        result.head = {**asdict(max((head for _, head in known), key=lambda head: head.day))}


def _check(
    previous: str | None, seal: Seal, event: Event, withdrawals: Withdrawals
) -> Iterator[Fault]:
    if event.withdrawn_by_id is not None:
        if not withdrawals.cover(event):
            yield _fault("withdrawal", "内容被清除，却没有相应的撤回记录", seal, event)
    elif payload_digest(event) != seal.payload_digest:
        yield _fault("payload", "内容（变更前后值或原因）与封存时不同", seal, event)
        return
    if previous is None:
        return  # the links before are gone and reported; this one cannot be judged
    if link(previous, seal.seq, event, seal.payload_digest) != seal.chain:
        yield _fault("link", "时间、人员、动作、次序或封存值与封存时不同", seal, event)


def _check_head(name: str, head: SignedHead) -> Iterator[Fault]:
    if not head.is_signed():
        yield Fault("head", f"{name}的签名不符，已被改动。", head.seq)
        return
    found = Seal.objects.filter(seq=head.seq).first()
    if found is None:
        message = f"{name}签到第 {head.seq} 条，现在的链上没有这一条：记录的尾部已被截去。"
        yield Fault("truncated", message, head.seq)
    elif found.chain != head.chain:
        message = f"{name}与现在的链不符：第 {head.seq} 条及以前的记录曾被整体改写。"
        yield Fault("rewritten", message, head.seq, found.event_id)


def _fault(kind: str, what: str, seal: Seal, event: Event) -> Fault:
    return Fault(
        kind,
        f"第 {seal.seq} 条事件（编号 {event.pk}，{event.public_id}，"
        f"{event.verb}，{event.model} 第 {event.row} 行）：{what}。",
        seal.seq,
        event.pk,
        str(event.public_id),
        event.model,
        event.row,
    )


def _deleted(seal: Seal) -> Fault:
    message = f"第 {seal.seq} 条事件（编号 {seal.event_id}）已被删除。"
    return Fault("deleted", message, seal.seq, seal.event_id)


def _gap(first: int, last: int) -> Fault:
    span = f"第 {first} 条" if first == last else f"第 {first} 至 {last} 条"
    return Fault("deleted", f"{span}事件连同封存值已被删除。", first)
