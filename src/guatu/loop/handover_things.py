"""Every open thing of a post, by kind: what a hand-over lists. A new kind is one more source."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from guatu.loop.enums import (
    OPEN_BLOCKERS,
    OPEN_STATES,
    OWED_STATES,
    BlockerState,
    DispatchState,
    DutyState,
    ExtensionState,
    ItemKind,
    LetterState,
    NoticeKind,
    StepTo,
    Strength,
)
from guatu.loop.escalation.causes import of_cycle
from guatu.loop.letter_people import CLERKS
from guatu.loop.models import (
    Activity,
    Blocker,
    CoOwner,
    DispatchMeeting,
    Duty,
    EscalationStep,
    Extension,
    HandoverItem,
    Letter,
)
from guatu.register.enums import PartyRole
from guatu.register.hands import Owed
from guatu.register.models import Holding, Organisation, Party, Post

LIVING = (*OPEN_STATES, DutyState.PAUSED)
"""Duties that somebody still answers for, paused ones too."""
SERVED = (PartyRole.LEADER, PartyRole.SPECIALIST, PartyRole.CONTACT)
"""Namings that charge a post with a subject, beside those that only follow from duties."""
TITLE, WORDS = 300, 200
SHARED = "，单位事项"
TOLD_IN_DUTY = (ItemKind.EXTENSION, ItemKind.ESCALATION)
"""Kinds that only lists drawn long ago have: the duty itself tells of them now."""


@dataclass(frozen=True)
class OpenThing:
    """One open thing: what it is to the post, its row, how it stands, when it is due.

    ``shared``: it names the unit of the post and no post, so it is with each clerk of the unit.
    """

    kind: ItemKind
    item: HandoverItem
    shared: bool = False

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


def to_hand_over(post: Post, day: dt.date) -> list[OpenThing]:
    """What of it goes from hand to hand: what the unit shares stays with a colleague who stays."""
    found = open_things(post)
    if not any(one.shared for one in found):
        return found
    staying = Holding.objects.filter(
        Q(until=None) | Q(until__gt=day),
        since__lte=day,
        officer__is_active=True,
        post__active=True,
        post__organisation=post.organisation_id,
        post__role__in=CLERKS,
    )
    stays = staying.exclude(post=post).exists()
    return [one for one in found if not (one.shared and stays)]


def owed_by_post(post: Post) -> list[Owed]:
    """How much of it names the post itself, by kind; what its unit shares stays with the unit."""
    numbers = Counter(one.kind for one in open_things(post) if not one.shared)
    return [Owed(str(kind.label), numbers[kind]) for kind in ItemKind if numbers[kind]]


def owed_in_unit(unit: Organisation) -> list[Owed]:
    """What is open with a unit or its posts in the loop, each thing once; four queries."""
    theirs = Q(owner_unit=unit) | Q(owner_post__organisation=unit)
    duties = Duty.objects.filter(state__in=LIVING)
    blockers = Blocker.objects.filter(Q(remover_unit=unit) | Q(upper_unit=unit))
    letters = Letter.objects.filter(addressee_unit=unit, state__in=OWED_STATES)
    numbers = {
        ItemKind.DUTY: duties.filter(theirs).count(),
        ItemKind.LED: duties.filter(leader_post__organisation=unit).count(),
        ItemKind.WAITING: blockers.filter(state__in=OPEN_BLOCKERS).count(),
        ItemKind.ANSWER: letters.count(),
    }
    return [Owed(str(kind.label), number) for kind, number in numbers.items() if number]


def list_also(source: Source) -> None:
    """Let a chapter list what a post owes in it; called once, when Django starts."""
    if source not in _ELSEWHERE:
        _ELSEWHERE.append(source)


def thing(kind: ItemKind, key: int, *, shared: bool = False, **told: object) -> OpenThing:
    """An open thing with the key of its row; ``told`` are columns of the item, cut to length."""
    words = f"{told.get('words', '')}{SHARED if shared else ''}"
    told |= {"title": str(told["title"])[:TITLE], "words": words[:WORDS]}
    return OpenThing(kind, HandoverItem(kind=kind, thing_key=key, **told), shared)


def _with(post: Post, who: str) -> Q:
    """What is with a post by name, and what is with its unit as a whole where a clerk holds it."""
    mine = Q(**{f"{who}_post": post})
    if post.role not in CLERKS:
        return mine
    return mine | Q(**{f"{who}_post": None, f"{who}_unit": post.organisation_id})


def _of_duty(kind: ItemKind, duty: Duty, *beside: str, shared: bool = False) -> OpenThing:
    strength = f"{Strength(duty.strength).label}，" if duty.strength else ""
    undated = "" if duty.due else f"，期限待定{duty.due_text}"
    told = f"{strength}{DutyState(duty.state).label}{undated}"
    return thing(
        kind,
        duty.pk,
        shared=shared,
        subject_id=duty.subject_id,
        duty=duty,
        code=duty.code,
        title=duty.title,
        words="；".join((told, *beside)),
        due=duty.due,
    )


def _duties(post: Post) -> Iterator[OpenThing]:
    """Duties the post owes, each once: what was asked and told of it stands in its words."""
    rows = Duty.objects.filter(_with(post, "owner"), state__in=LIVING)
    climbed, asked = _climbed(rows), _asked(rows)
    for duty in rows:
        promised = bool(duty.strength) and duty.due is not None
        yield _of_duty(
            ItemKind.PROMISE if promised else ItemKind.DUTY,
            duty,
            *(words[duty.pk] for words in (climbed, asked) if duty.pk in words),
            shared=duty.owner_post_id is None,
        )


def _climbed(duties: QuerySet[Duty]) -> dict[int, str]:
    """The highest step of the ladder taken in the cycle that runs, by duty; one query."""
    steps = EscalationStep.objects.filter(
        of_cycle(F("cycle"), "duty__"),
        duty__in=duties.values("pk"),
        duty__state__in=OPEN_STATES,
    )
    return {
        step.duty_id: f"{step.taken_on} 已{NoticeKind(step.kind).label}{StepTo(step.to).label}"
        for step in steps.order_by("place", "pk")
        if step.duty_id is not None
    }


def _asked(duties: QuerySet[Duty]) -> dict[int, str]:
    """The later day that was asked for and is not decided, by duty; one query."""
    rows = Extension.objects.filter(duty__in=duties.values("pk"), state=ExtensionState.PENDING)
    return {one.duty_id: f"申请由 {one.from_due} 延至 {one.to_due}，待批" for one in rows}


def _led(post: Post) -> Iterator[OpenThing]:
    for duty in Duty.objects.filter(leader_post=post, state__in=LIVING):
        if duty.owner_post_id != post.pk:
            yield _of_duty(ItemKind.LED, duty)


def _helped(post: Post) -> Iterator[OpenThing]:
    mine = Q(post=post)
    if post.role in CLERKS:
        mine |= Q(post=None, unit=post.organisation_id)
    helped = CoOwner.objects.filter(mine, ended=False, duty__state__in=LIVING)
    # Where both name a duty the post's own naming comes last, and stands.
    own_last = helped.select_related("duty").order_by(F("post_id").asc(nulls_first=True), "pk")
    for row in {row.duty_id: row for row in own_last}.values():
        yield _of_duty(ItemKind.HELPED, row.duty, shared=row.post_id is None)


def _of_blocker(kind: ItemKind, blocker: Blocker, *, shared: bool) -> OpenThing:
    return thing(
        kind,
        blocker.pk,
        shared=shared,
        subject_id=blocker.subject_id,
        blocker=blocker,
        code=blocker.code,
        title=blocker.title,
        words=f"{BlockerState(blocker.state).label}，{blocker.raised_on} 上报",
    )


def _raised(post: Post) -> Iterator[OpenThing]:
    for blocker in Blocker.objects.filter(_with(post, "raised"), state__in=OPEN_BLOCKERS):
        yield _of_blocker(ItemKind.RAISED, blocker, shared=blocker.raised_post_id is None)


def _waiting(post: Post) -> Iterator[OpenThing]:
    mine = _with(post, "remover") | (_with(post, "upper") & Q(state=BlockerState.UPPER))
    for blocker in Blocker.objects.filter(mine, state__in=OPEN_BLOCKERS):
        named = post.pk in {blocker.remover_post_id, blocker.upper_post_id}
        yield _of_blocker(ItemKind.WAITING, blocker, shared=not named)


def _letters(post: Post) -> Iterator[OpenThing]:
    wanted = (
        (ItemKind.SIGN, Q(signer_post=post, state=LetterState.SIGNING)),
        (ItemKind.ANSWER, _with(post, "addressee") & Q(state__in=OWED_STATES)),
        (ItemKind.JUDGE, Q(signer_post=post, state=LetterState.ANSWERED)),
    )
    for kind, condition in wanted:
        for letter in Letter.objects.filter(condition):
            yield thing(
                kind,
                letter.pk,
                shared=kind == ItemKind.ANSWER and letter.addressee_post_id is None,
                subject_id=letter.subject_id,
                letter=letter,
                code=letter.reference or letter.code,
                title=letter.title,
                words=str(LetterState(letter.state).label),
                due=letter.reply_due,
            )


def _drafts(post: Post) -> Iterator[OpenThing]:
    """Letters nobody was asked to sign yet, by who drafted them while they held the post."""
    held = Holding.objects.filter(
        Q(until=None) | Q(until__gte=OuterRef("drafted_on")),
        post=post,
        officer=OuterRef("drafter"),
        since__lte=OuterRef("drafted_on"),
    )
    for letter in Letter.objects.filter(Exists(held), state=LetterState.DRAFT):
        yield thing(
            ItemKind.DRAFT,
            letter.pk,
            subject_id=letter.subject_id,
            letter=letter,
            code=letter.code,
            title=letter.title,
            words=f"{LetterState(letter.state).label}，{letter.drafted_on} 起草",
        )


def _chaired(post: Post) -> Iterator[OpenThing]:
    """Meetings the post is to chair that have not been held."""
    waiting = (DispatchState.PLANNED, DispatchState.FINAL)
    for meeting in DispatchMeeting.objects.filter(chair_post=post, state__in=waiting):
        yield thing(
            ItemKind.MEETING,
            meeting.pk,
            subject_id=meeting.subject_id,
            code=meeting.code,
            title=meeting.title,
            words=str(DispatchState(meeting.state).label),
            due=meeting.on,
        )


def _nodes(post: Post) -> Iterator[OpenThing]:
    owned = Activity.objects.filter(_with(post, "owner"), finished=None)
    for node in owned.select_related("subject"):
        yield thing(
            ItemKind.NODE,
            node.pk,
            shared=node.owner_post_id is None,
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
    _raised,
    _waiting,
    _drafts,
    _letters,
    _nodes,
    _chaired,
    _named,
)
