"""What a unit owes without naming a post is handed over too, and stands on the caretaker's desk."""

import datetime as dt

import pytest

from guatu.campaign.tick import run
from guatu.loop.actions import ask_extension, issue, name_co_owner, raise_blocker
from guatu.loop.actions.handing_over import accept, bring_up_to_date, hand_over
from guatu.loop.enums import ItemKind
from guatu.loop.handover_things import open_things
from guatu.loop.models import Blocker, Duty, Handover, HandoverItem
from guatu.loop.queries.blockers import turns_of
from guatu.loop.queries.handovers import without_anybody
from guatu.loop.removers import Remover, Spot
from guatu.register.models import Holding, Post
from guatu.register.policies import Standing, standing_of
from guatu.register.posts import hold_post, release_post
from guatu.register.recording import change, create
from tests.factories import NOON, TODAY, act_of, make_officer, make_post, system_act
from tests.loop.blockers import Bureau, bureau, raised
from tests.loop.builders import District, drafted, issued, on
from tests.loop.letters import sent

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def finance(place: District) -> Bureau:
    return bureau(place)


def of_unit(place: District, finance: Bureau) -> Duty:
    """Duty of the bureau as a whole."""
    duty = issued(place, owner_post=finance.post)
    return change(system_act(), "duty.edit", duty, owner_post=None)


def leaves(post: Post, until: dt.date = TODAY) -> None:
    """Let whoever holds a post leave it."""
    release_post(system_act(), Holding.objects.get(post=post), until=until)


def listed(handover: Handover) -> list[tuple[str, str]]:
    """Kind and words of what a hand-over lists, in order."""
    return list(handover.items.order_by("pk").values_list("kind", "words"))


def test_handover_when_post_and_unit_both_help_then_listed_once_as_the_posts(
    place: District, finance: Bureau
) -> None:
    helped = issued(place)
    name_co_owner(act_of(place.office), helped, finance.post)
    name_co_owner(act_of(place.office), helped, finance.post.organisation)
    leaves(finance.post)
    (item,) = Handover.objects.get().items.all()
    assert (item.kind, item.thing_key) == (ItemKind.HELPED, helped.pk)
    assert not item.words.endswith("，单位事项")


def test_handover_when_things_are_addressed_to_the_unit_then_they_are_listed(
    place: District, finance: Bureau
) -> None:
    duty, helped = of_unit(place, finance), issued(place)
    name_co_owner(act_of(place.office), helped, finance.post.organisation)
    waiting = raised(place, finance.remover)
    owed = raise_blocker(
        act_of(place.office),
        Spot(duty.subject, duty=duty),
        "funds",
        remover=Remover(place.unit),
    )
    change(system_act(), "blocker.edit", owed, raised_post=None, raised_unit=duty.owner_unit)
    letter = sent(place, addressee=finance.post.organisation)
    leaves(finance.post)
    row = Handover.objects.get()
    assert {(item.kind, item.thing_key) for item in row.items.all()} == {
        (ItemKind.DUTY, duty.pk),
        (ItemKind.HELPED, helped.pk),
        (ItemKind.RAISED, owed.pk),
        (ItemKind.WAITING, waiting.pk),
        (ItemKind.ANSWER, letter.pk),
    }
    assert row.items.get(kind=ItemKind.WAITING).words.endswith("，单位事项")


def test_handover_when_a_colleague_stays_then_the_unit_s_things_stay_with_them(
    place: District, finance: Bureau
) -> None:
    of_unit(place, finance)
    colleague = make_post(finance.post.organisation, title="综合岗")
    make_officer(colleague)
    own = issued(place, owner_post=finance.post)
    leaves(finance.post)
    row = Handover.objects.get()
    assert list(row.items.values_list("duty_id", flat=True)) == [own.pk]
    leaves(colleague)
    second = Handover.objects.exclude(pk=row.pk).get()
    assert second.items.count() == 1
    hand_over(act_of(finance.standing), row, remarks={})
    assert row.items.filter(settled=False).count() == 2


def test_handover_when_a_colleague_comes_then_what_was_listed_is_not_told_as_done(
    place: District, finance: Bureau
) -> None:
    raised(place, finance.remover)
    leaves(finance.post)
    row = Handover.objects.get()
    make_officer(make_post(finance.post.organisation, title="综合岗"))
    bring_up_to_date(system_act(), row)
    assert list(row.items.values_list("settled", flat=True)) == [False]


def test_handover_when_one_duty_is_late_and_to_be_extended_then_it_counts_once(
    place: District,
) -> None:
    duty = issue(on(place.office, -10), drafted(place, TODAY + 2 * DAY))
    ask_extension(act_of(place.owner), duty, to_due=dt.date(2025, 6, 1), reason="天气")
    run(NOON)
    leaves(place.owner_post)
    assert listed(Handover.objects.get()) == [
        (
            ItemKind.DUTY,
            "已下达；2025-03-18 已提醒责任岗位；申请由 2025-03-20 延至 2025-06-01，待批",
        )
    ]


def test_handover_when_drawn_with_a_duty_twice_then_the_second_is_not_told_as_done(
    place: District,
) -> None:
    duty = issued(place)
    leaves(place.owner_post)
    row = Handover.objects.get()
    old = HandoverItem(
        handover=row,
        kind=ItemKind.ESCALATION,
        thing_key=duty.pk,
        subject=duty.subject,
        duty=duty,
        code=duty.code,
        title=duty.title,
    )
    create(system_act(), "handover.list", old)
    bring_up_to_date(system_act(), row)
    old.refresh_from_db()
    assert old.settled is False


def test_handover_when_accepted_then_the_successor_has_the_unit_s_things(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    before = [thing.key for thing in open_things(finance.post)]
    leaves(finance.post)
    successor = make_officer(name="示例接任")
    hold_post(system_act(), finance.post, successor, since=TODAY + DAY)
    row = Handover.objects.get()
    hand_over(act_of(finance.standing), row, remarks={})
    standing = standing_of(successor, TODAY + DAY)
    accept(on(standing), row)
    assert [thing.key for thing in open_things(finance.post)] == before
    assert waiting(standing) == [blocker]


def waiting(standing: Standing) -> list[Blocker]:
    """Blockers that wait for an officer to take them on or solve them."""
    return [turn.blocker for turn in turns_of(standing) if turn.part == "remover"]


def test_blocker_when_nobody_is_left_in_its_unit_then_it_waits_for_the_office(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    assert waiting(place.office) == []
    leaves(finance.post)
    later = standing_of(place.office.officer, TODAY + DAY)
    assert waiting(place.office) == []
    assert waiting(later) == [blocker]
    make_officer(make_post(finance.post.organisation, title="综合岗"))
    assert waiting(later) == []


def test_duty_when_nobody_is_left_in_its_unit_then_the_office_is_to_find_somebody(
    place: District, finance: Bureau
) -> None:
    duty = of_unit(place, finance)
    drafted(place)
    assert without_anybody(place.office) == []
    leaves(finance.post)
    later = standing_of(place.office.officer, TODAY + DAY)
    assert without_anybody(later) == [duty]
    assert without_anybody(standing_of(place.leader.officer, TODAY + DAY)) == []
