"""The cockpit's figures are counted from the lists they open."""

import datetime as dt

import pytest

from guatu.campaign.cockpit import MOST_DECISIONS, Figure, cockpit
from guatu.campaign.sample.loading import OPENING, Loaded, at
from guatu.investment.queries import projects_in_sight
from guatu.loop.enums import Colour
from guatu.register.enums import Domain
from guatu.register.policies import Standing

pytestmark = pytest.mark.django_db


def _standing(loaded: Loaded, post: str, day: dt.date) -> Standing:
    return loaded.district.standing(post, at(day, 9))


def test_cockpit_when_leader_looks_then_parts_sum_to_the_sentence(loaded: Loaded) -> None:
    today = dt.date(2025, 3, 18)
    seen = cockpit(_standing(loaded, "leader1", today))
    told = {part.key: part.value for part in seen.sentence if isinstance(part, Figure)}
    investment = next(c for c in seen.chapters if c.domain == Domain.INVESTMENT)
    assert sum(share.count for share in investment.shares) == told["projects"]
    red = next(share for share in investment.shares if share.colour == Colour.RED)
    assert red.count == told["projects-red"]
    assert [chapter.domain for chapter in seen.chapters] == [
        Domain.STEADY_GROWTH,
        Domain.INVESTMENT,
        Domain.ATTRACTION,
    ]


def test_cockpit_when_money_is_missing_then_says_how_many_are_unreported(loaded: Loaded) -> None:
    standing = _standing(loaded, "office1", dt.date(2025, 3, 18))
    seen = cockpit(standing)
    investment = next(c for c in seen.chapters if c.domain == Domain.INVESTMENT)
    total = next(figure for figure in investment.figures if figure.key == "total_wan")
    told = {part.key: part.value for part in seen.sentence if isinstance(part, Figure)}
    projects = told["projects"]
    assert projects is not None
    told_totals = projects_in_sight(standing).exclude(total_wan=None)
    assert total.unreported == projects - told_totals.count()
    assert total.value == sum(project.total_wan for project in told_totals)


def test_cockpit_when_unit_officer_looks_then_only_what_is_in_sight(loaded: Loaded) -> None:
    today = dt.date(2025, 3, 18)
    whole = cockpit(_standing(loaded, "leader1", today)).sentence[1]
    own = cockpit(_standing(loaded, "education1", today)).sentence[1]
    assert isinstance(whole, Figure)
    assert isinstance(own, Figure)
    assert own.value is not None
    assert whole.value is not None
    assert 0 < own.value < whole.value


def test_cockpit_when_past_day_then_as_known_then_and_nothing_to_decide(loaded: Loaded) -> None:
    seen = cockpit(_standing(loaded, "leader1", dt.date(2025, 3, 18)), OPENING)
    told = {part.key: part.value for part in seen.sentence if isinstance(part, Figure)}
    assert told["projects-red"] == 0
    assert seen.decisions == ()


def test_decisions_when_leader_looks_then_at_most_seven_and_all_his_own(loaded: Loaded) -> None:
    standing = _standing(loaded, "leader1", dt.date(2025, 3, 18))
    seen = cockpit(standing)
    assert 0 < len(seen.decisions) <= MOST_DECISIONS
    duties = {one.duty.leader_post_id for one in seen.decisions if one.duty}
    blockers = {one.blocker.upper_post_id for one in seen.decisions if one.blocker}
    assert (duties, blockers) == (set(standing.post_ids), set(standing.post_ids))
    assert {"blocker", "extension", "review"} <= {one.kind for one in seen.decisions}


def test_decisions_when_unit_officer_looks_then_none(loaded: Loaded) -> None:
    assert cockpit(_standing(loaded, "industry1", dt.date(2025, 3, 18))).decisions == ()
