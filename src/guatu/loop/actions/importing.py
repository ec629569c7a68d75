"""Taking a supervision ledger in: many duties at once, issued where an owner is named."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from guatu.loop.actions.giving import tell_given, with_given_day
from guatu.loop.actions.helping import keep_parties_in_step
from guatu.loop.duty_rows import DutyDiff
from guatu.loop.enums import DutySource, DutyState
from guatu.loop.models import CoOwner, Duty, Report
from guatu.loop.queries.duties import planned_words
from guatu.loop.queries.sources import source_field
from guatu.register.enums import Verdict
from guatu.register.errors import Invalid
from guatu.register.keys import code as readable
from guatu.register.ledgers import point_to_cells
from guatu.register.models import Campaign, Organisation, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change_many, create_many

VERB = "duty.import"
KIND = "task"
OWN = (
    "outside_number",
    "title",
    "what",
    "owner_unit",
    "owner_post",
    "leader_post",
    "due",
    "due_text",
)
"""Names of a row's values that are columns of Duty."""


def import_duties(act: Act, diffs: Sequence[DutyDiff], about: Subject) -> list[Subject]:
    """Do what was just compared, all or nothing; subjects align with the rows.

    New duties are about ``about`` (the campaign) and issued when they name an owner unit; one
    without stays 拟定. Progress becomes a report, which answers no return. Raises Invalid naming
    the first wrong row, Forbidden. A constant number of statements per 500 rows.
    """
    require(act.standing, "duty.draft", about)
    for diff in diffs:
        if diff.verdict == Verdict.ERROR:
            raise Invalid(f"第 {diff.row.number} 行：{'；'.join(map(str, diff.issues))}")
    act = act.because(act.reason or "督办台账导入")
    fresh = [diff for diff in diffs if diff.verdict == Verdict.NEW]
    changed = [diff for diff in diffs if diff.verdict == Verdict.CHANGED]
    with transaction.atomic():
        made = dict(zip(map(id, fresh), _create(act, fresh, about), strict=True))
        _edit(act, changed)
        told = [(diff, diff.duty or made[id(diff)]) for diff in diffs]
        _helpers(act, told)
        _progress(act, told)
        touched = {duty.subject_id: duty.subject for diff, duty in told if diff.changes}
        for subject in touched.values():
            keep_parties_in_step(act, subject)
        _sources(act, told)
    return [duty.subject for _, duty in told]


def _create(act: Act, diffs: Sequence[DutyDiff], about: Subject) -> list[Duty]:
    number = _next_number()
    duties = []
    for offset, diff in enumerate(diffs):
        values = {name: diff.row.values[name] for name in OWN if name in diff.row.values}
        issued = values.get("owner_unit") is not None or values.get("owner_post") is not None
        duty = Duty(
            code=readable("ZR", number + offset),
            kind=KIND,
            subject=about,
            source=DutySource.LEDGER,
            district_code=about.district_code,
            domain=about.domain,
            state=DutyState.ISSUED if issued else DutyState.DRAFT,
            issued_on=act.business_date if issued else None,
            **_with_unit(values),
        )
        duties.append(duty)
    create_many(act, VERB, duties)
    return duties


def _with_unit(values: dict[str, Any]) -> dict[str, Any]:
    """A post brings its unit along."""
    post = values.get("owner_post")
    if post is not None and values.get("owner_unit") is None:
        values["owner_unit"] = post.organisation
    return values


def _next_number() -> int:
    """Number of the next code; the campaign row is held so that two never take the same."""
    list(Campaign.objects.select_for_update().values_list("pk"))
    return (Duty.objects.aggregate(last=Max("pk"))["last"] or 0) + 1


def _edit(act: Act, diffs: Sequence[DutyDiff]) -> None:
    pairs = []
    for diff in diffs:
        new = {name: diff.row.values[name] for name in OWN if name in diff.changes}
        if new and diff.duty is not None:
            new = _with_unit(new) if "owner_post" in new else new
            pairs.append((diff.duty, with_given_day(diff.duty, new, act.business_date)))
    change_many(act, VERB, pairs)
    tell_given(act, [duty for duty, new in pairs if "given_on" in new])


def _helpers(act: Act, told: Iterable[tuple[DutyDiff, Duty]]) -> None:
    """Name the units that help, and end the help of those that the row does not name any more."""
    new: list[CoOwner] = []
    over: list[CoOwner] = []
    for diff, duty in told:
        if "co_owners" not in diff.changes:
            continue
        units: tuple[Organisation, ...] = diff.row.values["co_owners"]
        named = [one for one in duty.co_owners.all() if not one.ended] if diff.duty else []
        known, wanted = {one.unit_id for one in named}, {unit.pk for unit in units}
        new += [CoOwner(duty=duty, unit=unit) for unit in units if unit.pk not in known]
        over += [one for one in named if one.unit_id not in wanted]
    create_many(act, VERB, new)
    change_many(act, VERB, [(one, {"ended": True}) for one in over])


def _progress(act: Act, told: Iterable[tuple[DutyDiff, Duty]]) -> None:
    reports, duties = [], []
    for diff, duty in told:
        words = diff.row.values.get("progress")
        if "progress" in diff.changes and words and duty.state in REPORTED:
            reports.append(_report(act, duty, words))
            new = {"progress": words, "state": DutyState.DOING, "reported_on": act.business_date}
            duties.append((duty, new))
    create_many(act, VERB, reports)
    change_many(act, VERB, duties)


REPORTED = (DutyState.ISSUED, DutyState.DOING)


def _report(act: Act, duty: Duty, words: str) -> Report:
    day = act.business_date
    return Report(
        duty=duty,
        changed=True,
        text=words,
        planned=planned_words(duty, day),
        officer=act.standing.officer if act.standing else None,
        post=next(iter(act.standing.posts), None) if act.standing else duty.owner_post,
        at=act.at,
        business_date=day,
    )


def _sources(act: Act, told: Iterable[tuple[DutyDiff, Duty]]) -> None:
    facts = [
        (duty.subject_id, source_field(duty.code, name), cell)
        for diff, duty in told
        for name, cell in diff.row.cells.items()
        if name in diff.changes
    ]
    point_to_cells(act, facts)
