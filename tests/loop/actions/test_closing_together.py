"""What a duty takes along when it is done: its open blockers, and letters sent about it."""

import pytest

from guatu.loop import actions
from guatu.loop.models import Blocker, Duty, Letter
from guatu.loop.removers import Spot
from guatu.register.models import Event
from tests.factories import TODAY, act_of
from tests.loop.blockers import Bureau, bureau
from tests.loop.builders import District, on, submitted
from tests.loop.letters import answered, sent

pytestmark = pytest.mark.django_db


def blocked(place: District, duty: Duty, there: Bureau) -> Blocker:
    """Blocker on the duty that a bureau works on."""
    spot = Spot(duty.subject, duty=duty)
    blocker = actions.raise_blocker(act_of(place.owner), spot, "funds", remover=there.remover)
    return actions.accept_blocker(act_of(there.standing), blocker)


def test_duty_when_closed_then_its_open_blockers_close_with_their_days(place: District) -> None:
    duty, _ = submitted(place)
    there = bureau(place)
    blocker = blocked(place, duty, there)
    spot, plot = Spot(duty.subject, duty=duty), bureau(place, "示例规划院")
    halted = actions.raise_blocker(act_of(place.owner), spot, "land", remover=plot.remover)
    Blocker.objects.filter(pk=halted.pk).update(halted=True)
    other = blocked(place, submitted(place)[0], there)
    actions.accept_and_close(on(place.office, 2), duty)
    for row in (blocker, halted, other):
        row.refresh_from_db()
    day = on(place.office, 2).business_date
    assert (blocker.state, blocker.days_lost, blocker.closed_on) == ("closed", 2, day)
    assert (halted.state, halted.days_lost, halted.halted) == ("closed", 0, False)
    assert (other.state, other.days_lost) == ("working", None)
    event = Event.objects.get(verb="blocker.close_with_duty", row=blocker.pk)
    assert event.reason == f"所在事项 {duty.code} 已办结"


def test_duty_when_closed_then_letters_sent_about_it_close_and_drafts_stay(place: District) -> None:
    waiting, replied = sent(place), answered(place)
    for letter in (waiting, replied):
        actions.report(
            act_of(place.owner),
            letter.duty,
            text="已办完",
            claims=[actions.ClaimGiven("办结", closes=True)],
        )
        actions.submit_for_review(act_of(place.owner), letter.duty)
        draft = actions.draft_letter(act_of(place.office), "reminder", duty=letter.duty)
        actions.accept_and_close(act_of(place.office), letter.duty)
        letter.refresh_from_db()
        assert (letter.state, letter.closed_on) == ("closed", TODAY)
        assert Letter.objects.get(pk=draft.pk).state == "draft"
    assert Event.objects.filter(verb="letter.close_with_duty").count() == 2
