"""Who may urge whom in which state, once a working day, never upward."""

import pytest

from guatu.loop.actions import accept_blocker, send_up, urge
from guatu.loop.models import Urge
from guatu.loop.removers import Remover
from guatu.loop.urge_rights import is_upward
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Rule
from guatu.register.recording import change
from tests.factories import act_of, make_post, make_unit, system_act
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
