"""Blockers at any point of their life, in the loop's test district."""

from dataclasses import dataclass

from guatu.loop.actions import answer_blocker, raise_blocker
from guatu.loop.models import Blocker, Duty
from guatu.loop.removers import Remover, Spot
from guatu.register.enums import Role
from guatu.register.models import Post
from guatu.register.policies import Standing, standing_of
from tests.factories import TODAY, act_of, make_officer, make_post, make_unit
from tests.loop.builders import District, issued


@dataclass(frozen=True)
class Bureau:
    """A unit that can remove things, and who speaks for it."""

    post: Post
    standing: Standing

    @property
    def remover(self) -> Remover:
        """The unit as a whole."""
        return Remover(self.post.organisation)


def bureau(place: District, name: str = "示例财政局", role: Role = Role.UNIT) -> Bureau:
    """Add a unit with one clerk."""
    post = make_post(make_unit(place.root, name), role)
    return Bureau(post, standing_of(make_officer(post), TODAY))


def on_duty(place: District) -> Spot:
    """Where a blocker of a duty of the owner hangs."""
    duty: Duty = issued(place)
    return Spot(duty.subject, duty=duty)


def raised(place: District, remover: Remover | None = None, spot: Spot | None = None) -> Blocker:
    """Blocker of missing funds, raised by the owner of a duty."""
    return raise_blocker(act_of(place.owner), spot or on_duty(place), "funds", remover=remover)


def answered(place: District, there: Bureau) -> Blocker:
    """Blocker whose remover says that it is gone."""
    return answer_blocker(act_of(there.standing), raised(place, there.remover), answer="资金已拨付")
