"""`guatu load`: a file into drafts and, when asked, into the books."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from guatu.campaign.reading.confirming import confirm_batch
from guatu.campaign.reading.importing import has_errors, unread_in, warnings_of
from guatu.campaign.reading.ledgers import KIND_NAMES, read_ledger_into_drafts
from guatu.campaign.reading.minutes import find_meeting, minutes_read, read_minutes
from guatu.campaign.reading.papers import MEDIA_TYPES, read_paper_into_drafts
from guatu.engines.intake import BadInput
from guatu.loop.actions.deciding import meeting_of
from guatu.loop.models import DispatchMeeting
from guatu.register import files
from guatu.register.campaign import business_date
from guatu.register.enums import BatchState, Verdict
from guatu.register.intake import PAPER
from guatu.register.models import Batch, Officer
from guatu.register.policies import standing_of
from guatu.register.recording import Act, Json
from guatu.register.refusals import secrets_recorded

KINDS = {PAPER: "会议材料"} | KIND_NAMES
"""What a file may be said to be; what cannot be imported yet is recognised and refused as such."""


@dataclass(frozen=True)
class Loaded:
    """What one file came to; ``errors`` name sheet, cell and reason.

    ``warnings`` did not stop it and name file, row, column and message.
    """

    batch: str
    new: int
    changed: int
    unchanged: int
    errors: list[Json]
    warnings: list[Json] = field(default_factory=list)

    def as_json(self) -> dict[str, Json]:
        """Give the document `guatu load` prints."""
        return {
            "batch": self.batch,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "errors": self.errors,
            "warnings": self.warnings,
        }


def load_file(
    path: Path,
    *,
    kind: str | None = None,
    officer: str | None = None,
    plan_year: int | None = None,
    confirm: bool = False,
    meeting: str | None = None,
) -> Loaded:
    """Read a paper (txt, docx) or a ledger (xlsx, xls, csv) into drafts.

    ``officer`` is a user name, whose policies apply; without one the system acts. ``meeting`` is
    the code or the public key of a meeting whose minutes the paper is. With ``confirm`` all is
    taken in; a file with errors then saves nothing and raises BadInput naming the first. A file
    taken in before changes nothing: all of it is unchanged.
    """
    _refuse_unknown(kind)
    act = _act(officer)
    data = path.read_bytes()
    is_paper = kind == PAPER or (kind is None and path.suffix.lower() in MEDIA_TYPES)
    held = _meeting(act, meeting, kind) if meeting is not None else None
    # What is recorded of a refusal inside goes with the transaction; it is recorded out here.
    with secrets_recorded(act, data), transaction.atomic():
        if held is not None:
            batch = read_minutes(act, held, data, path.name, plan_year=plan_year)
        elif is_paper:
            batch = read_paper_into_drafts(act, data, path.name, plan_year)
        else:
            batch = read_ledger_into_drafts(act, data, path.name, kind)
        if batch.state == BatchState.CONFIRMED:
            told = _warnings(batch, path.name)
            return Loaded(str(batch.public_id), 0, 0, batch.drafts.count(), [], told)
        if confirm and not is_paper and has_errors(batch):
            refusal = _first_error(batch, path.name)
            transaction.set_rollback(True)
        else:
            refusal = None
            if confirm:
                confirm_batch(act, batch)
    if refusal is not None:
        digest = batch.workbook.file.sha256 if batch.workbook else ""
        files.discard_unclaimed(digest)
        raise refusal
    return replace(loaded(batch), warnings=_warnings(batch, path.name))


def _meeting(act: Act, key: str, kind: str | None) -> DispatchMeeting:
    if kind not in {None, PAPER}:
        raise BadInput("--meeting 只读会议纪要，不能与 --kind 的台账种类同用。")
    found = find_meeting(act, key)
    if found is None:
        raise BadInput(f"没有编号为“{key[:40]}”的会议；编号在会议页的标题上方。")
    return found


def _refuse_unknown(kind: str | None) -> None:
    if kind is not None and kind not in KINDS:
        known = "、".join(f"{name}（{words}）" for name, words in KINDS.items())
        raise BadInput(f"没有“{kind[:40]}”这一种，--kind 可写：{known}")


def loaded(batch: Batch) -> Loaded:
    """Sum a batch up."""
    counts = batch.counts
    if batch.document_id is not None:
        known = batch.drafts.filter(verdict=Verdict.UNCHANGED).count()
        total = batch.drafts.count()
        return Loaded(str(batch.public_id), total - known, 0, known, list(batch.errors))
    return Loaded(
        str(batch.public_id),
        counts.get(Verdict.NEW, 0),
        counts.get(Verdict.CHANGED, 0),
        counts.get(Verdict.UNCHANGED, 0),
        errors_of(batch),
    )


def errors_of(batch: Batch) -> list[Json]:
    """Everything that stops the import, sheet by sheet."""
    found: list[Json] = list(batch.errors)
    for draft in batch.drafts.filter(verdict=Verdict.ERROR):
        sheet = batch.tables[draft.payload["table"]]["sheet"]
        found += [
            {"sheet": sheet, "cell": issue["cell"], "message": issue["message"]}
            for issue in draft.issues
            if issue["stops"]
        ]
    return found


def _first_error(batch: Batch, filename: str) -> BadInput:
    found = errors_of(batch)
    first = found[0] if found and isinstance(found[0], dict) else {}
    column, row = _place(str(first.get("cell") or ""))
    more = f"（共{len(found)}处错误）" if len(found) > 1 else ""
    return BadInput(
        f"{first.get('message', '台账有错误')}{more}，一行也没有导入",
        file=filename,
        row=row,
        column=column,
    )


def _warnings(batch: Batch, filename: str) -> list[Json]:
    """Tell what the preview page would: of the file, then what a row does not bring along."""
    found: list[Json] = []
    for warning in [*warnings_of(batch), *_unread(batch), *_notes(batch), *_unknown_units(batch)]:
        column, row = _place(warning["cell"])
        found.append(
            {"file": filename, "row": row, "column": column, "message": warning["message"]}
        )
    return found


def _unread(batch: Batch) -> list[dict[str, str]]:
    """Columns from which nothing is taken; those that must be seen stand among the warnings."""
    return unread_in(batch) if batch.workbook_id is not None else []


def _notes(batch: Batch) -> list[dict[str, str]]:
    """What of the rows is not taken over as it was written, row by row."""
    if batch.workbook_id is None:
        return []
    issues = (issue for draft in batch.drafts.order_by("pk") for issue in draft.issues)
    return [issue for issue in issues if not issue["stops"]]


def _unknown_units(batch: Batch) -> list[dict[str, str]]:
    """Units that minutes name and nobody knows, as the meeting's page lists them."""
    if batch.document is None or meeting_of(batch.document) is None:
        return []
    return [
        {"cell": "", "message": f"没有“{one.name}”这个单位{_alike(one.alike)}"}
        for one in minutes_read(batch.document).unknown
    ]


def _alike(names: Sequence[str]) -> str:
    return f"，最接近的是{'、'.join(names)}" if names else "，没有相近的单位"


def _place(cell: str) -> tuple[str | None, int | None]:
    """Column and row of a cell's address; None for what it does not name."""
    column = cell.rstrip("0123456789")
    row = cell[len(column) :]
    return column or None, int(row) if row else None


def _act(username: str | None) -> Act:
    day = business_date()
    if username is None:
        return Act(None, timezone.now(), day)
    officer = Officer.objects.filter(username=username, is_active=True).first()
    if officer is None:
        raise BadInput(f"没有“{username}”这个账号")
    return Act(standing_of(officer, day), timezone.now(), day)
