"""Every open thing of a post, by kind: what a hand-over lists. A new kind is one more source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import F, Q

from guatu.loop.enums import (
    OPEN_BLOCKERS,
    OPEN_STATES,
    OWED_STATES,
    BlockerState,
    DutyState,
    ExtensionState,
    ItemKind,
    LetterState,
    NoticeKind,
    StepTo,
    Strength,
)
from guatu.loop.models import (
    Activity,
    Blocker,
    CoOwner,
    Duty,
    EscalationStep,
    Extension,
    HandoverItem,
    Letter,
)
from guatu.register.enums import PartyRole
from guatu.register.models import Party, Post

LIVING = (*OPEN_STATES, DutyState.PAUSED)
"""Duties that somebody still answers for, paused ones too."""
SERVED = (PartyRole.LEADER, PartyRole.SPECIALIST, PartyRole.CONTACT)
"""Namings that charge a post with a subject, beside those that only follow from duties."""
TITLE, WORDS = 300, 200


@dataclass(frozen=True)
class OpenThing:
    """One open thing: what it is to the post, its row, how it stands, when it is due."""

    kind: ItemKind
    item: HandoverItem

    @property
    def key(self) -> tuple[str, int]:
        """What it is known by within a list."""
        return self.kind, self.item.thing_key


Source = Callable[[Post], Iterator[OpenThing]]
_ELSEWHERE: list[Source] = []


def open_things(post: Post) -> list[OpenThing]:
    """Everything open that belongs to ``post`` now, by kind and then by due day, 待定 last."""
    found = [thing for source in (*SOURCES, *_ELSEWHERE) for thing in source(post)]
    order = {kind: place for place, kind in enumerate(ItemKind)}
    return sorted(
        found,
        key=lambda one: (
            order[one.kind],
            one.item.due is None,
            str(one.item.due),
            one.item.thing_key,
        ),
    )


def list_also(source: Source) -> None:
    """Let a chapter list what a post owes in it; called once, when Django starts."""
    if source not in _ELSEWHERE:
        _ELSEWHERE.append(source)


def thing(kind: ItemKind, key: int, **told: object) -> OpenThing:
    """An open thing with the key of its row; ``told`` are columns of the item, cut to length."""
    told["title"] = str(told["title"])[:TITLE]
    told["words"] = str(told.get("words", ""))[:WORDS]
    return OpenThing(kind, HandoverItem(kind=kind, thing_key=key, **told))


def _of_duty(kind: ItemKind, duty: Duty, words: str = "") -> OpenThing:
    strength = f"{Strength(duty.strength).label}，" if duty.strength else ""
    told = words or f"{strength}{DutyState(duty.state).label}"
    return thing(
        kind,
        duty.pk,
        subject_id=duty.subject_id,
        duty=duty,
        code=duty.code,
        title=duty.title,
        words=told if duty.due else f"{told}，期限待定{duty.due_text}",
        due=duty.due,
    )


def _duties(post: Post) -> Iterator[OpenThing]:
    for duty in Duty.objects.filter(owner_post=post, state__in=LIVING):
        promised = bool(duty.strength) and duty.due is not None
        yield _of_duty(ItemKind.PROMISE if promised else ItemKind.DUTY, duty)


def _led(post: Post) -> Iterator[OpenThing]:
    for duty in Duty.objects.filter(leader_post=post, state__in=LIVING):
        yield _of_duty(ItemKind.LED, duty)


def _helped(post: Post) -> Iterator[OpenThing]:
    helped = CoOwner.objects.filter(post=post, ended=False, duty__state__in=LIVING)
    for naming in helped.select_related("duty"):
        yield _of_duty(ItemKind.HELPED, naming.duty)


def _extensions(post: Post) -> Iterator[OpenThing]:
    asked = Extension.objects.filter(duty__owner_post=post, state=ExtensionState.PENDING)
    for one in asked.select_related("duty"):
        yield _of_duty(ItemKind.EXTENSION, one.duty, f"申请由 {one.from_due} 延至 {one.to_due}")


def _climbed(post: Post) -> Iterator[OpenThing]:
    """Duties for which a step of the ladder was taken in the cycle that runs; the highest step."""
    steps = EscalationStep.objects.filter(
        duty__owner_post=post, duty__state__in=OPEN_STATES, cycle=F("duty__due")
    )
    highest = {step.duty_id: step for step in steps.select_related("duty").order_by("place", "pk")}
    for step in highest.values():
        if step.duty is not None:
            done = f"{NoticeKind(step.kind).label}{StepTo(step.to).label}"
            yield _of_duty(ItemKind.ESCALATION, step.duty, f"{step.taken_on} 已{done}")


def _of_blocker(kind: ItemKind, blocker: Blocker) -> OpenThing:
    return thing(
        kind,
        blocker.pk,
        subject_id=blocker.subject_id,
        blocker=blocker,
        code=blocker.code,
        title=blocker.title,
        words=f"{BlockerState(blocker.state).label}，{blocker.raised_on} 上报",
    )


def _raised(post: Post) -> Iterator[OpenThing]:
    for blocker in Blocker.objects.filter(raised_post=post, state__in=OPEN_BLOCKERS):
        yield _of_blocker(ItemKind.RAISED, blocker)


def _waiting(post: Post) -> Iterator[OpenThing]:
    mine = Q(remover_post=post) | Q(upper_post=post, state=BlockerState.UPPER)
    for blocker in Blocker.objects.filter(mine, state__in=OPEN_BLOCKERS):
        yield _of_blocker(ItemKind.WAITING, blocker)


def _letters(post: Post) -> Iterator[OpenThing]:
    wanted = (
        (ItemKind.SIGN, Q(signer_post=post, state=LetterState.SIGNING)),
        (ItemKind.ANSWER, Q(addressee_post=post, state__in=OWED_STATES)),
        (ItemKind.JUDGE, Q(signer_post=post, state=LetterState.ANSWERED)),
    )
    for kind, condition in wanted:
        for letter in Letter.objects.filter(condition):
            yield thing(
                kind,
                letter.pk,
                subject_id=letter.subject_id,
                letter=letter,
                code=letter.reference or letter.code,
                title=letter.title,
                words=str(LetterState(letter.state).label),
                due=letter.reply_due,
            )


def _nodes(post: Post) -> Iterator[OpenThing]:
    owned = Activity.objects.filter(owner_post=post, finished=None)
    for node in owned.select_related("subject"):
        yield thing(
            ItemKind.NODE,
            node.pk,
            subject_id=node.subject_id,
            activity=node,
            code=node.subject.code,
            title=f"{node.subject.title}：{node.name}",
            words="已开工" if node.started else "未开工",
            due=node.due,
        )


def _named(post: Post) -> Iterator[OpenThing]:
    namings = Party.objects.filter(post=post, ended=False, role__in=SERVED, subject__active=True)
    for naming in namings.select_related("subject"):
        yield thing(
            ItemKind.NAMED,
            naming.pk,
            subject_id=naming.subject_id,
            code=naming.subject.code,
            title=naming.subject.title,
            words=str(PartyRole(naming.role).label),
        )


SOURCES: tuple[Source, ...] = (
    _duties,
    _led,
    _helped,
    _extensions,
    _climbed,
    _raised,
    _waiting,
    _letters,
    _nodes,
    _named,
)
