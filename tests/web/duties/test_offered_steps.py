"""Steps for many duties at once are offered to those alone who can ever do them."""

import datetime as dt
from collections.abc import Callable

from django.test import Client

from guatu.loop.policies import owns
from guatu.register.enums import Role
from guatu.register.models import Holding
from guatu.register.policies import Standing, may, standing_of
from guatu.register.posts import release_post
from tests.factories import TODAY, make_officer, make_post, make_standing, system_act
from tests.loop.builders import District, drafted, issued

SignIn = Callable[[Standing], Client]
STEERING = ["下达", "改派", "催办", "调整力度"]
REPORTING = ["无变化", "申请延期"]


def offered(client: Client) -> list[str]:
    """Names of the steps of the list; the boxes stand where there is one."""
    answer = client.get("/duties/")
    names = [action.name for action in answer.context["bulk"]]
    assert ("data-choose-all" in answer.content.decode()) == bool(names)
    return names


def test_steps_when_nothing_is_owed_then_none_of_reporting_is_offered(
    place: District, signed_in: SignIn
) -> None:
    issued(place)
    reads = make_standing(place.root, Role.STATISTICIAN)
    people = (place.office, place.leader, place.owner, place.stranger, reads)
    assert [offered(signed_in(one)) for one in people] == [STEERING, STEERING, REPORTING, [], []]
    issued(place, owner_post=place.office.posts[0])
    assert sorted(offered(signed_in(place.office))) == sorted(STEERING + REPORTING)


def test_steps_when_what_is_owed_is_a_draft_or_done_then_none_is_offered(
    place: District, signed_in: SignIn
) -> None:
    drafted(place)
    issued(place, owner_post=place.stranger_post)
    assert offered(signed_in(place.owner)) == []


def test_owe_when_asked_of_anybody_then_as_the_right_to_report_on_it(place: District) -> None:
    duty = issued(place)
    head = standing_of(make_officer(make_post(place.unit, Role.LEADER, "局长")), TODAY)
    people = (place.owner, place.office, place.leader, place.stranger, head)
    for vacant in (False, True):
        if vacant:
            held = Holding.objects.get(post=place.owner_post)
            release_post(system_act(), held, until=TODAY - dt.timedelta(days=1))
        now = [standing_of(one.officer, TODAY) for one in people]
        told = [may(one, "duty.owe") for one in now]
        assert told == [owns(one, duty) for one in now]
        assert told == [not vacant, False, False, False, vacant]
