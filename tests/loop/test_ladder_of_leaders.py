"""A leader who does not answer is passed over: the ladder goes to a leader above, never to them.

Never to one below either, and to each once; where nobody is left above, to the office, once.
"""

import datetime as dt

import pytest

from guatu.loop.actions import accept_blocker, send_up
from guatu.loop.actions.escalating import take_steps
from guatu.loop.escalation.words import sentence
from guatu.loop.models import Blocker, EscalationStep, Notice
from guatu.loop.queries.blockers import turns_of
from guatu.loop.removers import Remover, Spot, Staff
from guatu.register.enums import PartyRole, Role
from guatu.register.models import Party, Post
from guatu.register.policies import Standing, standing_of
from guatu.register.recording import change, create
from tests.factories import NOON, TODAY, act_of, make_officer, make_post, system_act
from tests.loop.blockers import bureau, raised
from tests.loop.builders import District, issued

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SEVEN = "满 7 个工作日未答复，抄送知悉"


@pytest.fixture
def first(place: District) -> Standing:
    """The executive deputy, who stands above the leader who vouches."""
    post = make_post(place.leader_post.organisation, Role.LEADER, "常务副区长")
    change(system_act(), "post.edit", post, rank=1)
    return standing_of(make_officer(post), TODAY)


def blocked(place: District, remover: Remover) -> Blocker:
    """Blocker of a duty without a due day, which climbs no ladder of its own."""
    duty = issued(place, None)
    return raised(place, remover, Spot(duty.subject, duty=duty))


def leading(place: District) -> Remover:
    """The leader who vouches for the duty as the one who is to remove the blocker."""
    return Remover(place.leader_post.organisation, place.leader_post)


def climb(days: int = 20) -> None:
    """Run the timer day by day, twice a day; the second run finds nothing."""
    for day in range(days):
        act = system_act(NOON + day * DAY, TODAY + day * DAY)
        take_steps(act)
        assert take_steps(act).steps == 0


def told(blocker: Blocker) -> list[tuple[Post | None, str, str]]:
    """To whom and what the notices about a blocker say, in order."""
    rows = Notice.objects.filter(blocker=blocker).order_by("pk").select_related("post", "unit")
    return [(row.post, str(row.post or row.unit), sentence(row.kind, row.words)) for row in rows]


def test_blocker_when_the_leader_who_has_it_is_silent_then_the_leader_above_is_told(
    place: District, first: Standing
) -> None:
    blocker = blocked(place, leading(place))
    (above,) = first.posts
    assert Staff(TODAY).superiors(blocker)[0] == above
    climb()
    asked = "请求示例区政府副区长解决"
    assert told(blocker) == [
        (above, str(above), f"{asked}满 3 个工作日未答复，请协调解决"),
        (
            None,
            "示例专班",
            f"{asked}{SEVEN}；示例区政府副区长之上没有其他在任的领导，转由您处理",
        ),
    ]
    later = standing_of(first.officer, TODAY + 5 * DAY)
    assert [(turn.part, turn.verb) for turn in turns_of(later)] == [("climbed", "过问")]


def test_blocker_when_sent_up_to_a_silent_leader_then_the_leader_above_is_told(
    place: District, first: Standing
) -> None:
    finance = bureau(place)
    blocker = accept_blocker(act_of(finance.standing), blocked(place, finance.remover))
    send_up(act_of(finance.standing), blocker, to=place.leader_post)
    climb()
    (above,) = first.posts
    assert [name for _, name, _ in told(blocker)] == [str(above), "示例专班"]


def test_blocker_when_another_leader_vouches_then_they_are_told_before_the_first(
    place: District, first: Standing
) -> None:
    second = make_post(place.leader_post.organisation, Role.LEADER, "分管副区长")
    change(system_act(), "post.edit", second, rank=50)
    make_officer(second)
    duty = issued(place, None)
    change(system_act(), "duty.edit", duty, leader_post=second)
    blocker = raised(place, leading(place), Spot(duty.subject, duty=duty))
    assert Staff(TODAY).superiors(blocker) == [second, *first.posts]
    climb()
    (above,) = first.posts
    assert [post for post, _, _ in told(blocker)] == [second, above]
    asked = "请求示例区政府副区长解决"
    assert told(blocker)[1][2] == f"{asked}{SEVEN}；示例区政府分管副区长已提醒过，转由您处理"


def test_blocker_when_the_subject_names_the_silent_leader_then_passed_over_all_the_same(
    place: District, first: Standing
) -> None:
    named = Party(subject=place.subject, role=PartyRole.LEADER, post=place.leader_post)
    create(system_act(), "party.add", named)
    blocker = raised(place, leading(place), Spot(place.subject))
    climb()
    assert [post for post, _, _ in told(blocker)] == [first.posts[0], None]


def test_blocker_when_the_first_leader_is_silent_then_the_office_is_told_and_why(
    place: District, first: Standing
) -> None:
    (above,) = first.posts
    duty = issued(place, None)
    change(system_act(), "duty.edit", duty, leader_post=above)
    blocker = raised(place, Remover(above.organisation, above), Spot(duty.subject, duty=duty))
    assert Staff(TODAY).superiors(blocker) == []
    climb()
    asked = "请求示例区政府常务副区长解决"
    assert [(name, said) for _, name, said in told(blocker)] == [
        (
            "示例专班",
            (
                f"{asked}满 3 个工作日未答复，请协调解决；"
                "示例区政府常务副区长之上没有在任的领导，转由您处理"
            ),
        ),
    ]
    step = EscalationStep.objects.get(blocker=blocker, step="leader")
    assert (step.post, step.unit, step.reason["instead"]) == (
        None,
        None,
        {"to": "leader", "name": str(above), "why": "ended"},
    )


def test_blocker_when_sent_up_over_who_vouches_then_nobody_below_is_copied(
    place: District, first: Standing
) -> None:
    blocker = accept_blocker(act_of(place.leader), blocked(place, leading(place)))
    (above,) = first.posts
    send_up(act_of(place.leader), blocker, to=above)
    climb()
    assert [name for _, name, _ in told(blocker)] == ["示例专班"]
    assert EscalationStep.objects.filter(blocker=blocker).count() == 2


def test_blocker_when_both_steps_come_in_one_run_then_each_leader_is_told_once(
    place: District, first: Standing
) -> None:
    blocker = blocked(place, leading(place))
    take_steps(system_act(NOON + 30 * DAY, TODAY + 30 * DAY))
    assert [name for _, name, _ in told(blocker)] == [str(first.posts[0]), "示例专班"]


def test_blocker_when_the_office_has_it_then_who_vouches_and_a_leader_above_are_told(
    place: District, first: Standing
) -> None:
    (desk,) = place.office.posts
    blocker = blocked(place, Remover(desk.organisation, desk))
    climb()
    assert [post for post, _, _ in told(blocker)] == [place.leader_post, first.posts[0]]


def test_duty_when_its_leader_owes_it_then_the_leader_above_is_told_once_and_the_office(
    place: District, first: Standing
) -> None:
    duty = issued(place, owner_post=place.leader_post)
    climb(40)
    steps = EscalationStep.objects.filter(duty=duty, place__gte=2)
    (desk,) = place.office.posts
    assert [(one.step, one.post, one.unit) for one in steps] == [
        ("late", first.posts[0], None),
        ("letter", None, desk.organisation),
        ("copy", None, None),
    ]
