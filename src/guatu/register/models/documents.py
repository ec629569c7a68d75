"""Papers and workbooks, exact quotes and cells, and the drafts read from them."""

from django.db import models

from guatu.register.enums import BatchState, DraftKind, DraftState, Verdict
from guatu.register.keys import uuid7
from guatu.register.models.organisations import Officer
from guatu.register.models.subjects import Subject


class StoredFile(models.Model):
    """A file kept once under its SHA-256 in ``GUATU_HOME/files``."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.sha256[:12]


class Document(models.Model):
    """A meeting paper and its decoded text; offsets count Unicode code points of ``text``."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="document")
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=200)
    encoding = models.CharField(max_length=20)
    text = models.TextField()
    plan_year = models.PositiveSmallIntegerField(null=True)
    clashes = models.JSONField(default=list)
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.title


class Quote(models.Model):
    """An exact passage: ``document.text[start:end] == text``."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="quotes")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "start", "end"], name="quote_once"),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="quote_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Workbook(models.Model):
    """An imported ledger file."""

    public_id = models.UUIDField(default=uuid7, unique=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="workbook")
    filename = models.CharField(max_length=200)
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.filename


class SourceCell(models.Model):
    """One cell of a workbook as it stood there."""

    workbook = models.ForeignKey(Workbook, on_delete=models.PROTECT, related_name="cells")
    sheet = models.CharField(max_length=120)
    cell = models.CharField(max_length=12)
    raw = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workbook", "sheet", "cell"], name="cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}"


class Sourced(models.Model):
    """Where the value of one field of a subject came from: a quote or a cell.

    ``field`` is ``model.column`` in lower case (``project.total_wan``). A later row supersedes.
    """

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="sources")
    field = models.CharField(max_length=60)
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, null=True, related_name="supports")
    cell = models.ForeignKey(
        SourceCell, on_delete=models.PROTECT, null=True, related_name="supports"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "field"], name="sourced_field")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quote=None) ^ models.Q(cell=None), name="sourced_by_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} ← {self.quote or self.cell}"


class Batch(models.Model):
    """One reading of a paper or one import of a workbook, until confirmed or dropped.

    ``kind`` is ``paper`` or the table kind of the workbook (``project`` …); ``counts`` repeats the
    number of drafts per verdict; ``tables`` keeps what the preview needs about the sheets.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    kind = models.CharField(max_length=20)
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, null=True, related_name="batches"
    )
    workbook = models.ForeignKey(
        Workbook, on_delete=models.CASCADE, null=True, related_name="batches"
    )
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.PREVIEW)
    counts = models.JSONField(default=dict)
    tables = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.document or self.workbook}"


class Draft(models.Model):
    """One item read, waiting for a person.

    ``action`` names the campaign action that accepts it. ``payload`` holds what was read,
    ``edits`` what the person changed (kept as a label for the reader), ``diff`` old → new per
    field against the ledger, ``issues`` messages with their cells.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="drafts")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=DraftKind.choices)
    action = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    edits = models.JSONField(default=dict)
    diff = models.JSONField(default=dict)
    issues = models.JSONField(default=list)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, default=Verdict.NEW)
    state = models.CharField(max_length=12, choices=DraftState.choices, default=DraftState.PENDING)
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, null=True, related_name="drafts")
    subject = models.ForeignKey(Subject, on_delete=models.SET_NULL, null=True, related_name="+")
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["batch", "order"], name="draft_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.order}"
