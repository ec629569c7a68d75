"""Letters at any point of their life, in the small district."""

from guatu.loop import actions
from guatu.loop.models import Letter
from guatu.register.enums import Role
from guatu.register.policies import Standing, standing_of
from tests.factories import TODAY, act_of, make_officer, make_post
from tests.loop.builders import District, issued


def colleague_of(place: District) -> Standing:
    """A second clerk of the owner's unit."""
    return standing_of(make_officer(make_post(place.unit, Role.UNIT, "综合岗")), TODAY)


def draft(place: District, kind: str = "supervision", **said: object) -> Letter:
    """Letter drafted by the office about a duty of the owner."""
    duty = said.pop("duty", None) or issued(place)
    return actions.draft_letter(act_of(place.office), kind, duty=duty, **said)  # type: ignore[arg-type]


def to_sign(place: District, kind: str = "supervision", **said: object) -> Letter:
    """Letter that waits for the leader's signature."""
    return actions.send_to_sign(act_of(place.office), draft(place, kind, **said))


def signed(place: District, kind: str = "supervision", **said: object) -> Letter:
    """Letter with a number that has not been delivered."""
    signer = place.office if kind == "reminder" else place.leader
    return actions.sign(act_of(signer), to_sign(place, kind, **said), deliver_now=False)


def sent(place: District, kind: str = "supervision", **said: object) -> Letter:
    """Letter the addressee has to answer."""
    return actions.deliver(act_of(place.office), signed(place, kind, **said))


def answered(place: District, kind: str = "supervision", **said: object) -> Letter:
    """Letter whose answer waits to be judged."""
    return actions.answer(act_of(place.owner), sent(place, kind, **said), text="已排定整改计划")
