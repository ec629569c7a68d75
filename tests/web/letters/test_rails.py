"""Rails of what closes with its duty: a step nobody took is not shown as taken."""

from guatu.loop import actions
from guatu.loop.actions import ClaimGiven
from guatu.loop.models import Blocker, Duty, Letter
from guatu.loop.removers import Spot
from guatu.web.blockers.faces import rail_of
from guatu.web.components import SKIPPED, StepState
from tests.factories import TODAY, act_of
from tests.loop.blockers import bureau
from tests.loop.builders import District
from tests.loop.letters import answered, sent
from tests.web.letters.conftest import SignIn
from tests.web.letters.test_letter_pages import body, page


def close(place: District, duty: Duty) -> None:
    claims = [ClaimGiven("办结", closes=True)]
    actions.report(act_of(place.owner), duty, text="已办完", claims=claims)
    actions.submit_for_review(act_of(place.owner), duty)
    actions.accept_and_close(act_of(place.office), duty)


def test_rails_when_closed_with_the_duty_then_the_answer_is_not_shown_as_given(
    place: District, signed_in: SignIn
) -> None:
    letter, office = sent(place), signed_in(place.office)
    blocker = actions.raise_blocker(
        act_of(place.owner),
        Spot(letter.duty.subject, duty=letter.duty),
        "funds",
        remover=bureau(place).remover,
    )
    close(place, letter.duty)
    assert body(office.get(page(letter))).count(SKIPPED) == 1
    rail = rail_of(Blocker.objects.get(pk=blocker.pk), TODAY)
    skipped = [(step.name, step.state) for step in rail if step.note == SKIPPED]
    assert skipped == [("待确认", StepState.NEXT)]


def test_rail_when_the_letter_was_answered_then_no_step_is_left_out(
    place: District, signed_in: SignIn
) -> None:
    letter = answered(place)
    close(place, letter.duty)
    assert Letter.objects.get(pk=letter.pk).state == "closed"
    assert SKIPPED not in body(signed_in(place.office).get(page(letter)))
