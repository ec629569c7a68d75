"""A post changes hands (交接): the list is drawn, handed over with remarks, accepted or queried."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from guatu.loop.actions.handover_ends import (
    RULE,
    accept_due,
    end_on_closing,
    end_on_returning,
    follow_taking,
    name_incoming,
    next_holder,
    open_handover,
)
from guatu.loop.enums import HandoverState, ItemState
from guatu.loop.handover_things import TOLD_IN_DUTY, open_things, owed_by_post, to_hand_over
from guatu.loop.models import Handover, HandoverItem
from guatu.loop.office_days import office_day_after
from guatu.register import hands
from guatu.register.campaign import business_date
from guatu.register.enums import ADMINISTRATORS
from guatu.register.errors import Invalid
from guatu.register.keys import code as readable
from guatu.register.lives import check_revision
from guatu.register.models import Campaign, Holding, Officer, Post
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many, create, create_many
from guatu.register.rules import rule_on

DAY = dt.timedelta(days=1)
WORDS_LENGTH = 1000


@dataclass(frozen=True)
class Step:
    """One step of a hand-over's life: from which states, and by which policy."""

    name: str
    policy: str
    sources: tuple[HandoverState, ...]


GIVE = Step("移交", "handover.give", (HandoverState.DRAWN, HandoverState.QUERIED))
ACCEPT = Step("接收", "handover.accept", (HandoverState.HANDED, HandoverState.QUERIED))
QUERY = Step("提出疑问", "handover.accept", (HandoverState.HANDED, HandoverState.QUERIED))


def draw_on_leaving(act: Act, holding: Holding) -> Handover | None:
    """Draw the list when a holder leaves; None where the post owes nothing.

    Where a hand-over of the post is still open, it goes on: it waits for the next holder.
    """
    left_on = act.business_date if holding.until is None else holding.until
    waiting = open_handover(holding.post)
    if waiting is None:
        return _draw(act, holding.post, holding.officer, left_on, holding)
    if waiting.incoming_id == holding.officer_id:
        following = next_holder(holding.post, left_on, holding.officer)
        name_incoming(act, waiting, following)
    return waiting


def draw_on_taking(act: Act, holding: Holding) -> Handover | None:
    """Name who takes the post on the open list; of a vacant post that owes anything draw one."""
    waiting = open_handover(holding.post)
    if waiting is not None:
        return follow_taking(act, waiting, holding)
    others = Holding.objects.filter(post=holding.post).exclude(pk=holding.pk)
    before = others.filter(since__lt=holding.since).order_by("-since", "-pk")
    last = before.select_related("officer", "post__organisation").first()
    if last is not None and (last.until is None or last.until >= holding.since - DAY):
        return None  # somebody holds it up to then: the list is drawn when they leave
    if last is not None and Handover.objects.filter(holding=last).exists():
        return None
    left_on = last.until if last is not None and last.until else holding.since
    outgoing = last.officer if last is not None else None
    return _draw(act, holding.post, outgoing, left_on, last, incoming=holding.officer)


def draw_of_ended(act: Act) -> list[Handover]:
    """Draw the lists of holdings whose last day passed by itself; each once. The timer runs it."""
    day = act.business_date
    recent = Holding.objects.filter(
        until__lt=day, until__gte=day - dt.timedelta(days=31), post__active=True, handovers=None
    ).exclude(post__role__in=ADMINISTRATORS)
    found = []
    for holding in recent.select_related("post__organisation", "officer").order_by("until", "pk"):
        if not holding.post.holdings.filter(since__gt=holding.since).exists():
            drawn = draw_on_leaving(act, holding)
            found += [drawn] if drawn is not None and drawn.holding_id == holding.pk else []
    return found


def _draw(
    act: Act,
    post: Post,
    outgoing: Officer | None,
    left_on: dt.date,
    holding: Holding | None,
    *,
    incoming: Officer | None = None,
) -> Handover | None:
    require(act.standing, "handover.draw", post)
    things = to_hand_over(post, act.business_date)
    if not things:
        return None
    terms = rule_on(RULE, act.business_date).value
    with transaction.atomic():
        list(Campaign.objects.select_for_update().values_list("pk"))
        last = Handover.objects.aggregate(last=Max("pk"))["last"] or 0
        row = Handover(
            code=readable("JJ", last + 1),
            post=post,
            holding=holding,
            outgoing=outgoing,
            incoming=incoming or next_holder(post, left_on, outgoing),
            left_on=left_on,
            drawn_on=act.business_date,
            hand_due=office_day_after(max(left_on, act.business_date), terms["hand_days"]),
        )
        create(act, "handover.draw", row)
        for thing in things:
            thing.item.handover = row
        create_many(act, "handover.list", [thing.item for thing in things])
    return row


def hand_over(
    act: Act,
    handover: Handover,
    *,
    remarks: Mapping[int, str],
    note: str = "",
    expected_revision: int | None = None,
) -> Handover:
    """Hand the list over with remarks by item key; of queried items they are the answers.

    The list is brought up to date first: what came since is added, what was done since is marked.
    Raises Invalid for a query without an answer, words too long, a hand-over not to be handed over;
    Stale; Forbidden.
    """
    _begin(act, handover, GIVE, expected_revision)
    if any(len(words) > WORDS_LENGTH for words in (note, *remarks.values())):
        raise Invalid(f"说明请控制在 {WORDS_LENGTH} 字以内。", "note")
    with transaction.atomic():
        bring_up_to_date(act, handover)
        items = list(handover.items.filter(settled=False))
        changes = [(item, _said(item, remarks.get(item.pk, "").strip())) for item in items]
        change_many(act, "handover.remark", changes)
        done = not items
        change(
            act,
            "handover.give",
            handover,
            state=HandoverState.DONE if done else HandoverState.HANDED,
            note=note.strip() or handover.note,
            handed_on=act.business_date,
            handed_by=act.standing.officer if act.standing else None,
            accept_due=accept_due(act, handover.post, handover.incoming, act.business_date),
            done_on=act.business_date if done else None,
        )
    return handover


def _said(item: HandoverItem, words: str) -> dict[str, object]:
    if item.state != ItemState.QUERIED:
        return {"remark": words or item.remark}
    if not words:
        raise Invalid(f"「{item.title}」有疑问，请先答复再移交。", f"remark_{item.pk}")
    return {"answer": words, "state": ItemState.OPEN}


def bring_up_to_date(act: Act, handover: Handover) -> None:
    """Add what the post owes by now, tell how things stand, mark what was done meanwhile."""
    things = {thing.key: thing.item for thing in open_things(handover.post)}
    goes = {thing.key for thing in to_hand_over(handover.post, act.business_date)}
    duties = {item.duty_id for item in things.values()}
    known = {(item.kind, item.thing_key): item for item in handover.items.all()}
    with transaction.atomic():
        new = [item for key, item in things.items() if key in goes and key not in known]
        for item in new:
            item.handover = handover
        create_many(act, "handover.list", new)
        changes = []
        for key, item in known.items():
            if key in things:
                now = things[key]
                told = {"words": now.words, "due": now.due, "title": now.title, "settled": False}
                changes.append((item, told))
            else:
                told_in = item.kind in TOLD_IN_DUTY and item.duty_id in duties
                changes.append((item, {"settled": not told_in}))
        change_many(act, "handover.update", changes)


def come_since(handover: Handover) -> list[HandoverItem]:
    """What the post owes by now and the list does not have yet; unsaved. Handing over adds it."""
    known = set(handover.items.values_list("kind", "thing_key"))
    things = to_hand_over(handover.post, business_date())
    return [thing.item for thing in things if thing.key not in known]


def accept(
    act: Act,
    handover: Handover,
    *,
    items: Sequence[HandoverItem] | None = None,
    expected_revision: int | None = None,
) -> Handover:
    """Accept some items, or with None all that are left; with the last one it is 已交接.

    All that are left are those without an open question: one that is asked about is accepted by
    its own tick or after the answer. Raises Invalid where it was not handed over yet or nothing is
    chosen; Stale; Forbidden.
    """
    _begin(act, handover, ACCEPT, expected_revision)
    left = list(handover.items.filter(settled=False).exclude(state=ItemState.ACCEPTED))
    asked = [item for item in left if item.state == ItemState.QUERIED]
    wanted = {item.pk for item in (left if items is None else items)}
    if items is None:
        wanted -= {item.pk for item in asked}
    chosen = [item for item in left if item.pk in wanted]
    if not chosen and asked and items is None:
        raise Invalid(f"余下 {len(asked)} 项有疑问，请等移交人答复，或逐项勾选接收。", "row")
    if not chosen:
        raise Invalid("请先选中要接收的事项。", "row")
    officer = act.standing.officer if act.standing else None
    with transaction.atomic():
        told = {"state": ItemState.ACCEPTED, "accepted_on": act.business_date}
        change_many(act, "handover.accept", [(item, told) for item in chosen])
        rest = [item for item in left if item.pk not in wanted]
        if not rest:
            change(
                act,
                "handover.finish",
                handover,
                state=HandoverState.DONE,
                done_on=act.business_date,
                accepted_by=officer,
                incoming=officer or handover.incoming,
            )
        else:
            queried = any(item.state == ItemState.QUERIED for item in rest)
            state = HandoverState.QUERIED if queried else HandoverState.HANDED
            told_now = {"state": state, "incoming": officer or handover.incoming}
            change(act, "handover.go_on", handover, **told_now)
    return handover


def query(
    act: Act,
    handover: Handover,
    item: HandoverItem,
    *,
    words: str,
    expected_revision: int | None = None,
) -> HandoverItem:
    """Return an item with a question; who handed over answers before it is handed over again."""
    _begin(act, handover, QUERY, expected_revision)
    if not words.strip():
        raise Invalid("请写明疑问。", "words")
    if len(words.strip()) > WORDS_LENGTH:
        raise Invalid(f"疑问请控制在 {WORDS_LENGTH} 字以内。", "words")
    if item.handover_id != handover.pk or item.settled or item.state == ItemState.ACCEPTED:
        raise Invalid("这一项已经接收或办结，不能再提出疑问。", "words")
    with transaction.atomic():
        told = {"state": ItemState.QUERIED, "query": words.strip(), "answer": ""}
        change(act, "handover.query", item, **told)
        officer = act.standing.officer if act.standing else handover.incoming
        change(act, "handover.query", handover, state=HandoverState.QUERIED, incoming=officer)
    return item


def _begin(act: Act, handover: Handover, step: Step, expected_revision: int | None) -> None:
    require(act.standing, step.policy, handover)
    check_revision(handover.revision, expected_revision)
    if handover.state not in step.sources:
        message = f"这份交接现在是{HandoverState(handover.state).label}，不能{step.name}。"
        raise Invalid(message)


def follow_hands() -> None:
    """Follow posts that change hands or go out of use from now on; declared when Django starts."""
    hands.ON_LEAVING.append(draw_on_leaving)
    hands.ON_TAKING.append(draw_on_taking)
    hands.ON_RETURNING.append(end_on_returning)
    hands.ON_CLOSING.append(end_on_closing)
    hands.OWED_BY_POST.append(owed_by_post)
