"""Who may urge whom in which state, once a working day, never upward."""

import datetime as dt

import pytest

from guatu.loop.actions import accept_blocker, send_up, urge
from guatu.loop.actions.bulk import urge_many
from guatu.loop.actions.escalating import take_steps
from guatu.loop.actions.noticing import read_notices
from guatu.loop.bulk_plans import plan_urge
from guatu.loop.enums import NoticeKind
from guatu.loop.escalation.words import sentence
from guatu.loop.models import Notice, Urge
from guatu.loop.queries.inbox import inbox_of, unread_of
from guatu.loop.removers import Remover
from guatu.loop.urge_rights import is_upward
from guatu.register import sealing
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Holding, Rule
from guatu.register.policies import Standing, standing_of
from guatu.register.posts import release_post
from guatu.register.recording import change
from tests.factories import (
    NOON,
    TODAY,
    act_of,
    make_officer,
    make_post,
    make_unit,
    system_act,
)
from tests.loop.blockers import Bureau, answered, bureau, raised
from tests.loop.builders import District, issued, on, refusal

UP = "不能催办上级，请用「提请上级协调」，或向专班反映。"


@pytest.fixture
def finance(place: District) -> Bureau:
    return bureau(place)


def test_urge_when_on_a_blocker_then_who_owes_the_step_is_urged(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    row = urge(act_of(place.leader), blocker, words=" 本周拨付 ")
    assert (row.post, row.to_unit, row.to_post, row.words, row.blocker, row.duty) == (
        place.leader_post,
        finance.post.organisation,
        None,
        "本周拨付",
        blocker,
        None,
    )
    assert urge(act_of(place.owner), blocker).words == "请尽快办理并反馈。"
    waiting = answered(place, finance)
    assert urge(act_of(finance.standing), waiting).to_post == place.owner_post


def test_urge_when_upward_then_refused_plainly(place: District, finance: Bureau) -> None:
    blocker = accept_blocker(act_of(finance.standing), raised(place, finance.remover))
    send_up(act_of(finance.standing), blocker)
    found = []
    for who in (place.owner, place.office):
        with pytest.raises(Invalid) as caught:
            urge(act_of(who), blocker)
        found.append(refusal(caught))
    assert found == [(UP, None), (UP, None)]
    assert Urge.objects.count() == 0


def test_urge_when_rule_gives_no_right_in_the_state_then_refused(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    with pytest.raises(Invalid) as caught:
        urge(act_of(finance.standing), blocker)
    words = "「资金到位：推进示例事项」现在是待审核，您没有可以催办的对象。"
    assert refusal(caught) == (words, None)
    rule = Rule.objects.get(key="urge.rights")
    row = {"thing": "blocker", "who": "remover", "whom": "raiser", "states": ["raised"]}
    rule.value.append(row)
    rule.save()
    assert urge(act_of(finance.standing), blocker).to_post == place.owner_post


def test_urge_when_again_before_another_working_day_then_refused(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    urge(on(place.leader, 3), blocker)  # Friday 21 March
    found = []
    for days in (3, 4, 5):
        with pytest.raises(Invalid) as caught:
            urge(on(place.leader, days), blocker)
        found.append(str(caught.value))
    words = "已于 2025-03-21 催办过「示例财政局」，同一事项每个工作日只催一次。"
    assert found == [words] * 3
    urge(on(place.owner, 3), blocker)
    urge(on(place.leader, 6), blocker)
    assert Urge.objects.count() == 3


def test_urge_when_on_a_duty_then_its_owner_is_urged_and_only_by_who_steers(
    place: District,
) -> None:
    duty = issued(place)
    row = urge(act_of(place.office), duty)
    assert (row.duty, row.blocker, row.to_post) == (duty, None, place.owner_post)
    with pytest.raises(Invalid):
        urge(act_of(place.owner), duty)
    with pytest.raises(Forbidden):
        urge(act_of(place.stranger), duty)


def test_urge_when_words_are_too_long_then_refused(place: District, finance: Bureau) -> None:
    with pytest.raises(Invalid) as caught:
        urge(act_of(place.leader), raised(place, finance.remover), words="催" * 301)
    assert refusal(caught) == ("催办的话请控制在 300 字以内。", "words")


def test_is_upward_when_asked_for_every_pair_then_only_down_and_across(place: District) -> None:
    section = make_unit(place.unit, "示例一科")
    clerk, chief = make_post(section), make_post(section, title="科长")
    change(system_act(), "post.edit", chief, rank=1)
    first = make_post(place.leader_post.organisation, Role.LEADER, "区长")
    change(system_act(), "post.edit", first, rank=1)
    pairs = {
        "to own section's head": (clerk, Remover(section, chief)),
        "to a colleague": (chief, Remover(section, clerk)),
        "to the unit above": (clerk, Remover(place.unit)),
        "to a section below": (place.owner_post, Remover(section)),
        "across": (place.owner_post, Remover(place.stranger_post.organisation)),
        "to a leader": (clerk, Remover(place.leader_post.organisation, place.leader_post)),
        "leader to a unit": (place.leader_post, Remover(place.unit)),
        "leader to a higher one": (place.leader_post, Remover(first.organisation, first)),
        "leader to a lower one": (first, Remover(first.organisation, place.leader_post)),
    }
    assert {words for words, pair in pairs.items() if is_upward(*pair)} == {
        "to own section's head",
        "to the unit above",
        "to a leader",
        "leader to a higher one",
    }


def told(standing: Standing, day: int = 0) -> list[tuple[str, str]]:
    """Kind and sentence of the notices in an officer's inbox, the oldest first."""
    later = standing_of(standing.officer, TODAY + dt.timedelta(days=day))
    rows = inbox_of(later).order_by("pk")
    return [(row.get_kind_display(), sentence(row.kind, row.words)) for row in rows]


def test_urge_when_made_then_only_who_is_urged_is_told_by_whom_and_in_which_words(
    place: District, finance: Bureau
) -> None:
    duty, blocker = issued(place), raised(place, finance.remover)
    urge(act_of(place.office), duty, words="请周五前报进展")
    urge(act_of(place.leader), blocker)
    clerk = place.office.officer.name
    assert told(place.owner) == [("催办", f"示例专班经办岗（{clerk}）催办：请周五前报进展")]
    leader = place.leader.officer.name
    assert told(finance.standing) == [
        ("催办", f"示例区政府副区长（{leader}）催办：请尽快办理并反馈。")
    ]
    assert [told(one) for one in (place.office, place.leader, place.stranger)] == [[], [], []]


def test_urge_when_made_in_bulk_then_each_is_told_of(place: District) -> None:
    duties = [issued(place), issued(place)]
    assert urge_many(plan_urge(act_of(place.leader), duties, words="请加快")) == 2
    leader = place.leader.officer.name
    said = ("催办", f"示例区政府副区长（{leader}）催办：请加快")
    assert told(place.owner) == [said, said]
    assert [row.duty for row in Notice.objects.order_by("pk")] == duties


def test_urge_when_the_post_is_vacant_then_the_head_of_its_unit_is_told_and_why(
    place: District,
) -> None:
    head = standing_of(make_officer(make_post(place.unit, title="综合岗")), TODAY)
    duty = issued(place)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=TODAY)
    urge(on(place.leader, 1), duty, words="请加快。")
    leader = place.leader.officer.name
    assert told(head, 1) == [
        (
            "催办",
            (f"示例区政府副区长（{leader}）催办：请加快；示例工信局经办岗暂无人任职，转由您处理"),
        )
    ]


def test_urge_when_the_clock_is_set_back_then_refused_and_nobody_told_twice(
    place: District,
) -> None:
    duty = issued(place)
    urge(on(place.leader, 3), duty)
    with pytest.raises(Invalid):
        urge(on(place.leader, 2), duty)
    take_steps(system_act())
    take_steps(system_act())
    assert [kind for kind, _ in told(place.owner, 3)] == ["催办"]


def test_reading_when_a_later_reminder_is_read_then_the_urge_stays_unread(
    place: District,
) -> None:
    duty = issued(place, TODAY + dt.timedelta(days=3))
    urge(act_of(place.leader), duty)
    take_steps(system_act())
    read_notices(act_of(place.owner), [Notice.objects.get(kind=NoticeKind.REMIND)])
    assert [row.kind for row in unread_of(place.owner)] == [NoticeKind.URGE]


def test_log_when_urges_are_told_then_it_still_verifies(place: District, finance: Bureau) -> None:
    urge(act_of(place.leader), raised(place, finance.remover))
    sealing.seal(NOON + dt.timedelta(days=1))
    assert sealing.verify(None).intact
