"""A letter about a blocker: drawn from it, to whoever has it, closed with it as its kind says."""

import pytest

from guatu.loop import actions
from guatu.loop.models import Blocker, Letter
from guatu.register.errors import Invalid
from guatu.register.models import Event, Rule
from tests.factories import act_of
from tests.loop.blockers import Bureau, bureau, raised
from tests.loop.builders import District, on, refusal
from tests.loop.letters import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(place: District) -> Bureau:
    """A bureau that is asked for money."""
    return bureau(place)


def about(place: District, blocker: Blocker, kind: str = "supervision") -> Letter:
    """Letter about a blocker, delivered three days later."""
    act = on(place.office, 3)
    letter = actions.draft_letter(act, kind, blocker=blocker)
    actions.send_to_sign(act, letter)
    return actions.sign(on(place.leader, 3), letter)


def gone(place: District, finance: Bureau, blocker: Blocker) -> Blocker:
    """The blocker is answered and confirmed."""
    blocker.refresh_from_db()
    actions.answer_blocker(on(finance.standing, 6), blocker, answer="已拨付")
    return actions.confirm_blocker(on(place.owner, 7), blocker)


def test_letter_when_drafted_from_a_blocker_then_tells_it_and_goes_to_who_has_it(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    actions.edit_blocker(act_of(place.owner), blocker, what="尾款未拨。", asked="请安排用款")
    letter = actions.draft_letter(on(place.office, 3), "supervision", blocker=blocker)
    assert letter.body.split("\n") == [
        f"“{blocker.title}”自2025年3月18日上报，请你单位解决。",
        "具体情况：尾款未拨。",
        "请求解决的事项：请安排用款。",
        "截至2025年3月21日，已影响3个工作日，尚未解决。",
        "请你单位抓紧办理，明确措施、责任人和完成时间；未按期推进的，说明原因。",
    ]
    assert (letter.duty, letter.blocker, letter.addressee_unit, letter.signer_post) == (
        None,
        blocker,
        finance.remover.unit,
        place.leader_post,
    )


def test_letter_when_its_blocker_is_solved_then_closed_in_the_same_act(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    letter, waiting = about(place, blocker), draft(place)
    undelivered = actions.draft_letter(on(place.office, 3), "reminder", blocker=blocker)
    gone(place, finance, blocker)
    states = {row.pk: row.state for row in Letter.objects.all()}
    assert states == {letter.pk: "closed", waiting.pk: "draft", undelivered.pk: "draft"}
    event = Event.objects.get(verb="letter.close_with_blocker")
    assert (event.row, event.reason) == (letter.pk, f"堵点 {blocker.code} 已完结")


def test_letter_when_its_kind_does_not_close_with_the_blocker_then_still_owed(
    place: District, finance: Bureau
) -> None:
    rule = Rule.objects.get(key="letter.kinds")
    rule.value["supervision"]["closes_by"] = ["answer_accepted"]
    rule.save()
    blocker = raised(place, finance.remover)
    letter = about(place, blocker)
    gone(place, finance, blocker)
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_letter_when_the_blocker_is_over_or_would_be_pressed_upward_then_refused(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    gone(place, finance, blocker)
    with pytest.raises(Invalid) as caught:
        actions.draft_letter(on(place.office, 8), "supervision", blocker=blocker)
    assert refusal(caught) == (f"「{blocker.title}」已完结，不能据此发函。", None)
    other = raised(place, finance.remover)
    actions.send_up(on(finance.standing, 1), other, to=place.leader_post)
    with pytest.raises(Invalid) as caught:
        actions.draft_letter(on(place.office, 2), "reminder", blocker=other)
    assert refusal(caught)[1] == "addressee"
