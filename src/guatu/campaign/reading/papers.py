"""A meeting paper into drafts: text kept whole, quotes exact, nothing decided yet."""

import hashlib
import re
from pathlib import PurePath

from django.db import transaction

from guatu.campaign.reading.drafting import becomes_something, draft_items
from guatu.engines.intake.decode import odd_characters
from guatu.engines.intake.paper.crossing import read_paper_confined
from guatu.engines.intake.paper.model import Item, Paper
from guatu.register import files
from guatu.register.enums import BatchState
from guatu.register.intake import PAPER
from guatu.register.models import Batch, Document, Quote
from guatu.register.policies import require
from guatu.register.recording import BATCH, Act, mark_sample, note
from guatu.register.refusals import secrets_recorded
from guatu.register.sealing import marked

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MOST_ODD = 20
_TITLE_LONGEST = 60
_SENTENCE_END = re.compile(r"[。！？!?；;,，：:]$")


def read_paper_into_drafts(
    act: Act, data: bytes, filename: str, plan_year: int | None = None
) -> Batch:
    """Read a paper in a process of its own and keep what was read as drafts.

    A paper that was read before (same SHA-256) opens its existing reading; nothing is made twice
    and what was decided stays decided. Raises BadInput; the refusal of a 密级 mark is logged
    without keeping the file.
    """
    require(act.standing, "intake.upload", PAPER)
    digest = hashlib.sha256(data).hexdigest()
    known = Batch.objects.filter(document__file__sha256=digest).first()
    if known is not None:
        return reopened(act, known)
    with secrets_recorded(act, data):
        paper = read_paper_confined(data, filename, plan_year)
    try:
        with transaction.atomic():
            return _keep(act, data, filename, paper)
    except BaseException:
        files.discard_unclaimed(digest)
        raise


def reopened(act: Act, batch: Batch) -> Batch:
    """Open a reading that was dropped; any other state stays as it is."""
    if batch.state == BatchState.DROPPED:
        batch.state = BatchState.PREVIEW
        batch.decided_at = None
        with transaction.atomic():
            batch.save(update_fields=["state", "decided_at"])
            note(act, "intake.reopen", batch)
    return batch


def _keep(act: Act, data: bytes, filename: str, paper: Paper) -> Batch:
    media_type = MEDIA_TYPES[PurePath(filename).suffix.lower()]
    officer = act.standing.officer if act.standing else None
    document = Document.objects.create(
        file=files.store(data, media_type),
        title=title_of(paper.text, filename),
        filename=PurePath(filename).name[:200],
        encoding=paper.encoding,
        text=paper.text,
        plan_year=paper.plan_year,
        clashes=[clash.as_json() for clash in paper.clashes],
        officer=officer,
        added_at=act.at,
        is_sample=act.sample,
    )
    exact, strayed = _sorted_out(paper)
    drafted = [item for item in exact if becomes_something(item)]
    batch = Batch.objects.create(
        kind=PAPER,
        document=document,
        tables=[item.as_json() for item in exact if not becomes_something(item)],
        errors=strayed,
        officer=officer,
        made_at=act.at,
    )
    quotes = _quoted(document, drafted)
    drafts = draft_items(batch, exact, drafted, quotes)
    batch.counts = {
        kind: sum(1 for item in exact if item.kind == kind)
        for kind in sorted({item.kind for item in exact})
    }
    batch.save(update_fields=["counts"])
    kept = marked({Document: [document.pk], Quote: [quote.pk for quote in quotes.values()]})
    note(act, "intake.read", document, {"drafts": [None, len(drafts)], **kept})
    if act.sample:
        mark_sample([document, batch, *Quote.objects.filter(document=document), *drafts])
    return batch


def _sorted_out(paper: Paper) -> tuple[list[Item], list[dict[str, object]]]:
    """Keep the items whose text stands exactly where they say; name the others."""
    exact = [item for item in paper.items if paper.text[item.start : item.end] == item.text]
    strayed = [
        {"start": item.start, "end": item.end, "message": "原文位置不符，未列入"}
        for item in paper.items
        if paper.text[item.start : item.end] != item.text
    ]
    return exact, [*strayed, *_odd(paper.text)]


def _odd(text: str) -> list[dict[str, object]]:
    """Where control and direction marks stand, which may mislead a reader's eye."""
    found = odd_characters(text)
    return [
        {
            "start": at,
            "end": at + 1,
            "message": f"第{text.count(chr(10), 0, at) + 1}行有看不见的控制或方向字符，请对照原文",
        }
        for at in found[:MOST_ODD]
    ]


def _quoted(document: Document, items: list[Item]) -> dict[tuple[int, int], Quote]:
    spans = {(item.start, item.end): item.text for item in items}
    made = Quote.objects.bulk_create(
        [
            Quote(document=document, start=start, end=end, text=text)
            for (start, end), text in spans.items()
        ],
        batch_size=BATCH,
    )
    return {(quote.start, quote.end): quote for quote in made}


def title_of(text: str, filename: str) -> str:
    r"""Title of a paper: its first line where that reads like one, else the file's name.

    >>> title_of("在示例区大会上的讲话\n同志们：", "a.txt"), title_of("大家好，开会。", "讲话.txt")
    ('在示例区大会上的讲话', '讲话')
    """
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if first and len(first) <= _TITLE_LONGEST and not _SENTENCE_END.search(first):
        return first
    return PurePath(filename).stem[:200]
