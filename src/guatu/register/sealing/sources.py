"""What facts came from: papers, quotes, workbooks, cells and the pointers to them, and their files.

These rows are written once and never changed. An event for each would make the log many times as
long as the ledger it speaks of, so the event of the act that wrote them carries a mark of each row
instead: the first 96 bits of the SHA-256 of its columns, in base64. The chain proves the marks, the
marks prove the rows, and the mark that differs names its row.
"""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from django.db import models

from guatu.register import files
from guatu.register.enums import Effect
from guatu.register.models import Document, Quote, SourceCell, Sourced, StoredFile, Workbook
from guatu.register.models.events import Event
from guatu.register.recording import Act, Json, plain, write_events
from guatu.register.sealing.outcome import Fault, Verification
from guatu.register.sealing.withdrawal import spans_of

KEY = "sources"
"""Where marks stand among the changes of an event."""
VERB = "source.keep"
"""Marks that stay in force when the rest of their event is withdrawn."""
VERBS = ("intake.read", "intake.confirm", "draft.accept", VERB)
BITS = 96
CHUNK = 2_000
_FILE = ("file__sha256", "file__size", "file__media_type")
COLUMNS: Mapping[type[models.Model], tuple[str, ...]] = {
    Document: (
        *("public_id", *_FILE, "title", "filename", "encoding", "text"),
        *("plan_year", "clashes", "added_at", "is_sample"),
    ),
    Quote: ("document_id", "start", "end", "text"),
    Workbook: ("public_id", *_FILE, "filename", "added_at", "is_sample"),
    SourceCell: ("workbook_id", "sheet", "cell", "raw"),
    Sourced: ("subject_id", "field", "quote_id", "cell_id", "at"),
}
"""What a mark covers; who brought a thing in stands in the event itself."""

Marks = dict[int, str]
_spell = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def marked(rows: Mapping[type[models.Model], Iterable[int]]) -> dict[str, Json]:
    """Return the change by which an event vouches for rows (model → keys) just written.

    Reads the rows back, so that a mark is of what the database gives. Runs in the transaction that
    wrote them.
    """
    told: dict[str, Json] = {}
    for model, keys in rows.items():
        wanted = sorted(set(keys))
        if wanted:
            marks = _marks(model, wanted)
            told[model._meta.label] = _packed({key: marks[key] for key in wanted})
    return {KEY: [None, told]} if told else {}


def renew(act: Act, gone: Mapping[str, Collection[int]], withdrawn: Collection[int]) -> list[int]:
    """Vouch anew for what stays of events about to be withdrawn, or whose rows partly go.

    ``gone``: model label → keys. The marks are carried over, not computed: what was altered
    before still shows. Returns the events whose rows partly go; they are to be withdrawn too.
    """
    torn: list[int] = []
    for event in list(_vouching()):
        told = {label: _unpacked(packed) for label, packed in event.changes[KEY][1].items()}
        rest = {
            label: {key: mark for key, mark in marks.items() if key not in gone.get(label, ())}
            for label, marks in told.items()
        }
        if rest == told and event.pk not in withdrawn:
            continue
        if event.pk not in withdrawn:
            torn.append(event.pk)
        fresh: Json = {label: _packed(marks) for label, marks in rest.items() if marks}
        if fresh:
            write_events(act, VERB, [(event, {KEY: [None, fresh]})], Effect.NOTED)
    return torn


def check_sources(result: Verification) -> None:
    """Compare every source row with its mark, every quote with its paper, and count the unmarked.

    Rows read before marks were kept cannot be judged by them; they are counted, not faulted.
    """
    known_bad = {fault.event for fault in result.faults}
    covered: dict[str, set[int]] = defaultdict(set)
    models_by_label = {model._meta.label: model for model in COLUMNS}
    faulty: set[tuple[str, int]] = set()
    for event in _vouching():
        if event.pk in known_bad:
            continue  # what the chain has refuted proves nothing
        for label, packed in event.changes[KEY][1].items():
            marks = _unpacked(packed)
            covered[label] |= set(marks)
            for key, words in _compared(models_by_label[label], marks):
                if result.full:
                    return
                if (label, key) not in faulty:
                    faulty.add((label, key))
                    result.faults.append(_fault(models_by_label[label], key, words))
    for key, words in _strayed():
        if not result.full and (Quote._meta.label, key) not in faulty:
            result.faults.append(_fault(Quote, key, words))
    result.sources = sum(map(len, covered.values()))
    result.unmarked = sum(
        sum(
            key not in covered[label] for key in model._default_manager.values_list("pk", flat=True)
        )
        for label, model in models_by_label.items()
    )


def check_files(result: Verification) -> None:
    """Compare every stored file with the SHA-256 it is kept under.

    Where a database lies without any folder of files, they are counted as not looked at.
    """
    if not files.folder().is_dir():
        result.unread_files = StoredFile.objects.count()
        return
    for stored in StoredFile.objects.order_by("pk").iterator():
        if result.full:
            return
        result.files += 1
        words = _file_complaint(stored)
        if words is not None:
            result.faults.append(_fault(StoredFile, stored.pk, words))


def _vouching() -> Iterator[Event]:
    events = Event.objects.filter(verb__in=VERBS, effect=Effect.NOTED, withdrawn_by=None)
    for event in events.order_by("pk").iterator(chunk_size=100):
        if KEY in event.changes:
            yield event


def _marks(model: type[models.Model], keys: Sequence[int]) -> Marks:
    """Marks of the rows of ``keys`` that exist; ``keys`` rise."""
    columns, label = COLUMNS[model], model._meta.label
    found: Marks = {}
    for low, high in spans_of(list(keys)):
        for start in range(low, high + 1, CHUNK):
            end = min(high, start + CHUNK - 1)
            rows = model._default_manager.filter(pk__gte=start, pk__lte=end)
            for key, *values in rows.order_by().values_list("pk", *columns):
                found[key] = _mark([label, key, *map(plain, values)])
    return found


def _mark(told: list[Any]) -> str:
    digest = hashlib.sha256(_spell(told).encode("utf-8", "surrogatepass")).digest()
    return base64.b64encode(digest[: BITS // 8]).decode("ascii")


def _packed(marks: Marks) -> Json:
    """Marks as an event keeps them: the keys as spans, and the marks of all in one text."""
    keys = sorted(marks)
    spans: list[Json] = [[low, high] for low, high in spans_of(keys)]
    return {"keys": spans, "marks": "".join(marks[key] for key in keys)}


def _unpacked(packed: Mapping[str, Any]) -> Marks:
    """Return the marks that :func:`_packed` packed."""
    length, text = BITS // 6, packed["marks"]
    keys = [key for low, high in packed["keys"] for key in range(low, high + 1)]
    return {
        key: text[place : place + length]
        for key, place in zip(keys, count(step=length), strict=False)
    }


def _compared(model: type[models.Model], marks: Marks) -> Iterator[tuple[int, str]]:
    found = _marks(model, sorted(marks))
    for key, mark in marks.items():
        if key not in found:
            yield key, "读入时已封存，该行却已从数据库中消失"
        elif found[key] != mark:
            yield key, "与读入时封存的内容不同"


def _strayed() -> Iterator[tuple[int, str]]:
    """Quotes that are not what stands in the paper at their place."""
    for document in Document.objects.order_by("pk").iterator(chunk_size=20):
        for key, start, end, text in document.quotes.values_list("pk", "start", "end", "text"):
            if document.text[start:end] != text:
                yield key, f"与材料「{document}」原文第 {start} 至 {end} 字不符"


def _file_complaint(stored: StoredFile) -> str | None:
    try:
        with files.path_of(stored.sha256).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError:
        return "存放的文件已经不在或无法读取"
    if digest != stored.sha256:
        return "存放的文件内容已被改动"
    return None if size == stored.size else "文件大小与登记的不同"


def _fault(model: type[models.Model], key: int, words: str) -> Fault:
    label = model._meta.label
    row = model._default_manager.filter(pk=key).first()
    name = f"「{str(row)[:60]}」" if row is not None else ""
    public_id = getattr(row, "public_id", None)
    return Fault(
        "file" if model is StoredFile else "source",
        f"{label} 第 {key} 行{name}：{words}。",
        public_id=str(public_id) if public_id else None,
        model=label,
        row=key,
    )
