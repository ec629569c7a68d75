"""Rows of a project ledger against the projects there are: new, changed, unchanged or wrong.

A row is matched by its GB/T 40058 code, else by its normalised name and unit. A blank cell says
nothing: it never empties what is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guatu.investment.enums import IN_REVIEW, AdmissionState
from guatu.investment.fields import FIELDS, SERIES
from guatu.investment.models import Admission, MonthlyImage, Project
from guatu.investment.policies import keeps_unit
from guatu.investment.values import check_values
from guatu.register.enums import PartyRole, Verdict
from guatu.register.errors import Invalid
from guatu.register.ledgers import Issue, issue_of, normalised, said_in
from guatu.register.models import Observation, Organisation, Party, Post, Subject
from guatu.register.policies import Standing
from guatu.register.recording import BATCH, Json, plain, stored


@dataclass(frozen=True)
class PartyGiven:
    """A post, a unit of the tree or an outside body a row names in a role."""

    role: PartyRole
    post: Post | None = None
    unit: Organisation | None = None
    outside_name: str = ""
    outside_phone: str = ""

    @property
    def key(self) -> tuple[str, int | None, int | None, str]:
        """What makes two namings the same."""
        return (
            self.role.value,
            self.post.pk if self.post else None,
            self.unit.pk if self.unit else None,
            self.outside_name,
        )


@dataclass(frozen=True)
class MoneyGiven:
    """A figure a row gives: 万元 for one indicator, period and basis, from one cell."""

    indicator: str
    period: str
    basis: str
    value: Decimal
    cell_id: int | None = None

    @property
    def name(self) -> str:
        """Name of the figure among the changes of a row."""
        return f"{self.indicator}.{self.period}.{self.basis}"


@dataclass(frozen=True)
class ProjectRow:
    """One row of a ledger, already read and typed.

    ``values``: names of :data:`fields.FIELDS` (``unit`` an Organisation, ``category`` and ``stage``
    rows); what the row does not say is left out or None. ``images``: month → words. ``sources``:
    the same names (``image.2025-03`` for an image) → key of the SourceCell. ``subject`` set by a
    caller who knows which project is meant overrules the matching.
    """

    values: Mapping[str, Any]
    number: int = 0
    subject: Subject | None = None
    money: tuple[MoneyGiven, ...] = ()
    images: Mapping[str, str] = field(default_factory=dict)
    parties: tuple[PartyGiven, ...] = ()
    sources: Mapping[str, int] = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        """Values the row really gives, texts without white space around them."""
        return said_in(self.values)


@dataclass(frozen=True)
class ProjectDiff:
    """What importing a row would do: ``changes`` is field → (old, new) as plain values.

    ``issues`` keep a row out; ``notes`` say what will not be taken over from it.
    """

    row: ProjectRow
    verdict: Verdict
    project: Project | None
    changes: Mapping[str, tuple[Json, Json]]
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Known:
    """Projects and what hangs on them, indexed for matching; built once for all rows."""

    projects: list[Project]
    by_code: dict[str, Project] = field(default_factory=dict)
    by_name: dict[str, list[Project]] = field(default_factory=dict)
    by_subject: dict[int, Project] = field(default_factory=dict)
    money: dict[tuple[int, str, str, str], Decimal | None] = field(default_factory=dict)
    images: dict[tuple[int, str], MonthlyImage] = field(default_factory=dict)
    parties: set[tuple[int, str, int | None, int | None, str]] = field(default_factory=set)
    reserve: dict[int, AdmissionState] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the projects."""
        for project in self.projects:
            if project.gbt_code:
                self.by_code[project.gbt_code] = project
            for name in {project.name, *project.short_names}:
                self.by_name.setdefault(normalised(name), []).append(project)
            self.by_subject[project.subject_id] = project


def read_known(rows: Sequence[ProjectRow]) -> Known:
    """Read the projects rows may mean and their figures, images and parties."""
    projects = list(Project.objects.select_related("subject__unit", "category", "stage"))
    known = Known(projects)
    meant = {found.subject_id for row in rows if (found := match(row, known)[0])}
    for part in _parts(meant):
        figures = Observation.objects.filter(
            subject_id__in=part, indicator__code__in=SERIES, superseded_at=None
        )
        columns = ("subject_id", "indicator__code", "period", "basis", "value")
        for subject, indicator, period, basis, value in figures.values_list(*columns):
            known.money[subject, indicator, period, basis] = value
        for image in MonthlyImage.objects.filter(subject_id__in=part):
            known.images[image.subject_id, image.month] = image
        named = Party.objects.filter(subject_id__in=part, ended=False)
        known.parties.update(
            named.values_list("subject_id", "role", "post_id", "unit_id", "outside_name")
        )
        kept = Admission.objects.filter(subject_id__in=part).exclude(state=AdmissionState.UNDERWAY)
        for subject, state in kept.values_list("subject_id", "state"):
            known.reserve[subject] = AdmissionState(state)
    return known


def _parts(keys: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(keys)
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))


def match(row: ProjectRow, known: Known) -> tuple[Project | None, str]:
    """Return the project a row means, or None; and a sentence where several could be meant."""
    if row.subject is not None:
        return known.by_subject.get(row.subject.pk), ""
    code = row.values.get("gbt_code") or ""
    if code in known.by_code:
        return known.by_code[code], ""
    same = known.by_name.get(normalised(str(row.values.get("name") or "")), [])
    # A project with another code is another project, whatever its name.
    same = [project for project in same if not (code and project.gbt_code)]
    unit = row.values.get("unit")
    if unit is not None:
        own = [project for project in same if project.subject.unit_id in {unit.pk, None}]
        same = [project for project in own if project.subject.unit_id == unit.pk] or own
    if len(same) > 1:
        return None, f"「{row.values['name']}」对应 {len(same)} 个项目，请补项目代码或责任单位。"
    return (same[0] if same else None), ""


def diff_projects(
    rows: Sequence[ProjectRow], known: Known | None = None, standing: Standing | None = None
) -> list[ProjectDiff]:
    """Compare rows with the projects there are; a constant number of queries per 500 projects.

    With ``standing`` a row for a unit the officer does not keep is an error.
    """
    known = known or read_known(rows)
    seen: dict[object, int] = {}
    kept: dict[int | None, bool] = {}
    diffs = []
    for row in rows:
        diff = _diff(row, known, seen)
        if standing is not None and not _kept(diff, standing, kept):
            refused = (*diff.issues, Issue("责任单位不在您的办理范围内。", "unit"))
            diff = ProjectDiff(row, Verdict.ERROR, None, {}, refused)
        diffs.append(diff)
    return diffs


def _kept(diff: ProjectDiff, standing: Standing, kept: dict[int | None, bool]) -> bool:
    """Tell whether the officer keeps the units concerned, the present and the new one."""
    units = [diff.row.values.get("unit")]
    if diff.project is not None:
        present = diff.project.subject.unit
        units = [present, units[0] or present]
    for unit in units:
        key = unit.pk if unit else None
        if key not in kept:
            kept[key] = keeps_unit(standing, unit)
    return all(kept[unit.pk if unit else None] for unit in units)


def _diff(row: ProjectRow, known: Known, seen: dict[object, int]) -> ProjectDiff:
    issues = _issues(row)
    project, doubt = match(row, known)
    if doubt:
        issues.append(Issue(doubt, "name"))
    unit = row.values.get("unit")
    name = normalised(str(row.values.get("name") or ""))
    keys: list[object] = [
        project.pk if project else (name, unit.pk if unit else None),
        *filter(None, [row.values.get("gbt_code")]),
    ]
    twin = next((seen[key] for key in keys if key in seen), None)
    if twin is not None:
        issues.append(Issue(f"与第 {twin} 行是同一个项目。", "name"))
    seen.update(dict.fromkeys(keys, row.number))
    if issues:
        return ProjectDiff(row, Verdict.ERROR, project, {}, tuple(issues))
    changes = changes_of(row, project, known)
    if project is None:
        return ProjectDiff(row, Verdict.NEW, None, changes)
    notes: tuple[str, ...] = ()
    state = known.reserve.get(project.subject_id)
    if state is not None:
        return _reserved(row, project, changes, state)
    if project.stage is not None and "stage" in changes:
        del changes["stage"]
        told = row.values["stage"]
        notes = (f"台账所列阶段「{told}」与系统「{project.stage}」不同，阶段须按关口推进。",)
    verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    return ProjectDiff(row, verdict, project, changes, notes=notes)


def _reserved(
    row: ProjectRow,
    project: Project,
    changes: Mapping[str, tuple[Json, Json]],
    state: AdmissionState,
) -> ProjectDiff:
    """A row about a project that is still in the reserve: it stays there, without a stage."""
    kept = {name: pair for name, pair in changes.items() if name not in {"stage", "stage_said"}}
    if kept and state in IN_REVIEW:
        issue = Issue(f"「{project}」在储备项目库{state.label}，审核期间内容不能改。", "name")
        return ProjectDiff(row, Verdict.ERROR, project, {}, (issue,))
    note = f"在储备项目库（{state.label}），只更新内容；转为实施项目请在储备项目库办理。"
    verdict = Verdict.CHANGED if kept else Verdict.UNCHANGED
    return ProjectDiff(row, verdict, project, kept, notes=(note,))


def _issues(row: ProjectRow) -> list[Issue]:
    said = row.said()
    try:
        check_values({"name": row.values.get("name")} | said)
    except Invalid as refusal:
        return [issue_of(refusal)]
    return [
        Issue(f"「{SERIES[given.indicator]}」不能是负数。", given.name)
        for given in row.money
        if given.value < 0
    ]


def changes_of(
    row: ProjectRow, project: Project | None, known: Known
) -> dict[str, tuple[Json, Json]]:
    """Field → (old, new) of all that the row says otherwise; names as in ``ProjectRow.sources``."""
    key = project.subject_id if project else 0
    changes: dict[str, tuple[Json, Json]] = {}
    for name, value in row.said().items():
        old = present(project, name)
        if project is not None and _says_the_same(project, name, value):
            continue
        if _plain(old) != _plain(value):
            changes[name] = (_plain(old), _plain(value))
    for given in row.money:
        place = (key, given.indicator, given.period, given.basis)
        old_value = known.money.get(place)
        if place not in known.money or old_value != rounded(given.value):
            changes[given.name] = (plain(old_value), plain(given.value))
    for month, words in row.images.items():
        image = known.images.get((key, month))
        if words.strip() and (image is None or image.words != words.strip()):
            changes[f"image.{month}"] = (image.words if image else None, words.strip())
    for party in row.parties:
        if (key, *party.key) not in known.parties:
            who = party.post or party.unit or party.outside_name
            changes[f"party.{party.role.value}"] = (None, str(who))
    return changes


def _says_the_same(project: Project, name: str, value: Any) -> bool:  # noqa: ANN401 -- any column
    """Marks and white space rename nothing; the stage as lists name it is nobody's own words."""
    if name == "name":
        return normalised(project.name) == normalised(value)
    return name == "stage_said" and str(project.stage or "") == value


def present(project: Project | None, name: str) -> Any:  # noqa: ANN401 -- any column
    """Value of a field as it stands, None without a project."""
    if project is None:
        return None
    return project.subject.unit if name == "unit" else getattr(project, name)


def _plain(value: Any) -> Json:  # noqa: ANN401 -- any column
    """Value as text or number; rows by their names, blank as None."""
    if value in (None, "", []):
        return None
    if isinstance(value, Organisation) or hasattr(value, "code"):
        return str(value)
    return plain(rounded(value) if isinstance(value, Decimal) else value)


def rounded(value: Decimal) -> Decimal:
    """Money as the database keeps it, so that the same figure is seen as the same."""
    found: Decimal = stored(Observation._meta.get_field("value"), value)
    return found


def field_label(name: str) -> str:
    """Chinese name of anything in :attr:`ProjectDiff.changes`.

    >>> field_label("image.2025-03"), field_label("party.leader")
    ('2025-03 形象进度目标', '包保领导')
    >>> field_label("paid.2025-03.period")
    '2025-03 资金支付'
    """
    head, _, tail = name.partition(".")
    if head == "image":
        return f"{tail} 形象进度目标"
    if head == "party":
        return str(PartyRole(tail).label)
    if head in SERIES:
        period, _, basis = tail.partition(".")
        return f"{period} {SERIES[head]}{'（累计）' if basis == 'cumulative' else ''}"
    return FIELDS[name].label if name in FIELDS else name
