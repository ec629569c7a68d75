"""The network behind a timetable: links, calendars, baselines, and what was computed from them."""

from django.db import models

from guatu.loop.enums import CalendarBase, LinkType, ScenarioState
from guatu.loop.models.timetable import Activity
from guatu.loop.plan.timing_rows import TimingRow, timing_rows
from guatu.register.enums import RuleStatus
from guatu.register.keys import uuid7
from guatu.register.models import Officer, Subject
from guatu.register.versions import Versioned, version_of


class Link(Versioned):
    """A precedence between two activities of one subject; ``lag`` in days of ``lag_calendar``.

    Without ``lag_calendar`` the successor's calendar counts. An ended link stays for the past.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="links")
    predecessor = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="links_out")
    successor = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="links_in")
    type = models.CharField(max_length=2, choices=LinkType.choices, default=LinkType.FS)
    lag = models.IntegerField(default=0)
    lag_calendar = models.CharField(max_length=40, blank=True)
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "type"],
                condition=models.Q(ended=False),
                name="link_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")), name="link_not_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} {self.type} {self.successor}"


LinkVersion = version_of(Link)


class WorkCalendar(Versioned):
    """A calendar plans refer to by ``code``: a base, stops that repeat, single days.

    ``stop`` = ``[["11-01", "03-31"], …]``; ``off`` and ``work`` are lists of ISO dates. ``work``
    beats ``off`` beats ``stop`` beats ``base``.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    base = models.CharField(max_length=10, choices=CalendarBase.choices)
    stop = models.JSONField(default=list)
    off = models.JSONField(default=list)
    work = models.JSONField(default=list)
    status = models.CharField(max_length=20, choices=RuleStatus.choices)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


WorkCalendarVersion = version_of(WorkCalendar)


class HolidayNotice(Versioned):
    """The days off and make-up days one notice sets for a year; it replaces what ships.

    ``days`` = ``[["2027-01-01", "off"], …]`` with kinds ``off`` and ``work``.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    year = models.PositiveSmallIntegerField(unique=True)
    days = models.JSONField(default=list)
    source = models.CharField(max_length=300)
    provisional = models.BooleanField(default=False)

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year} 年放假安排"


HolidayNoticeVersion = version_of(HolidayNotice)


class Baseline(models.Model):
    """A plan as it was agreed: number 1 first, each later one with its reason. Never changed.

    ``rows`` = ``{activity key: [start, finish]}``, ISO dates or null.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="baselines")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    made_on = models.DateField()
    rows = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["subject_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="baseline_number_once")
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 版基线"


class Scenario(Versioned):
    """A copy of a subject's plan to try things on: commands over what stands, nothing saved.

    ``commands`` is the whole log; the first ``cursor`` of them hold, the others were undone.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=60)
    officer = models.ForeignKey(Officer, on_delete=models.SET_NULL, null=True, related_name="+")
    commands = models.JSONField(default=list)
    cursor = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=ScenarioState.choices, default=ScenarioState.OPEN
    )
    made_on = models.DateField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


ScenarioVersion = version_of(Scenario)


class Timing(models.Model):
    """What the engine computed of a subject's network; one row holds from when to when.

    A result, not a fact: it can be computed again from activities, links and calendars as of
    ``known_from``, whose digest is ``inputs``. ``rows`` are written and read by
    `loop.plan.timing_rows`. ``acts`` are what to act on that day for broken or tight deadlines:
    ``[{"key", "begun", "ready", "deadline", "spare", "saved", "lost", "reason"}, …]``, calendar
    days of the worst deadline. What drives a date, why a deadline cannot be kept and what repairs
    it is asked of the engine by the page that shows it.
    """

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="timings")
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    business_date = models.DateField()
    inputs = models.CharField(max_length=64)
    feasible = models.BooleanField()
    late_by = models.IntegerField(null=True)
    provisional = models.BooleanField()
    rows = models.JSONField(default=dict)
    acts = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=models.Q(known_to=None), name="one_timing_holds"
            )
        ]
        indexes = [models.Index(fields=["subject", "known_from"], name="timing_span")]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.business_date}"

    @property
    def dates(self) -> dict[str, TimingRow]:
        """Computed dates by activity key."""
        return timing_rows(self.rows)


class Forecast(models.Model):
    """The chance of keeping one deadline as it was seen on a day; scored once the day is known.

    ``p_on_time`` 0…1; ``p50`` ``p80`` ``p90`` are finish dates. With ``samples`` 0 it was certain:
    kept even at the longest durations, or missed even at the shortest. One forecast of a deadline
    holds, the others are superseded. ``finished`` and ``score`` (Brier, 0 best) come once the
    deadline's work is done. What each cause is worth is asked of the engine by the page that shows
    it: ``inputs``, ``samples`` and ``seed`` give the same draws again.
    """

    public_id = models.UUIDField(default=uuid7, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="forecasts")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="forecasts")
    made_on = models.DateField()
    at = models.DateTimeField()
    due = models.DateField()
    inputs = models.CharField(max_length=64)
    p_on_time = models.FloatField()
    p50 = models.DateField(null=True)
    p80 = models.DateField(null=True)
    p90 = models.DateField(null=True)
    samples = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    superseded_at = models.DateTimeField(null=True)
    finished = models.DateField(null=True)
    score = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity"],
                condition=models.Q(superseded_at=None),
                name="one_forecast_holds",
            )
        ]
        indexes = [models.Index(fields=["subject", "made_on"], name="forecast_by_day")]

    def __str__(self) -> str:
        return f"{self.activity} {self.made_on} {self.p_on_time:.0%}"
