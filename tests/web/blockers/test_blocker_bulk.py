"""Urging about many blockers in one checked step."""

import pytest

from guatu.loop.actions import accept_blocker
from guatu.loop.models import Notice, Urge
from tests.factories import act_of
from tests.loop.blockers import Bureau, answered, bureau, raised
from tests.loop.builders import District
from tests.web.blockers.conftest import SignIn
from tests.web.confirming import confirm, look, told

PATH = "/blockers/urge/"


@pytest.fixture
def finance(place: District) -> Bureau:
    return bureau(place)


def test_list_when_several_are_chosen_then_whoever_has_them_is_urged_once_each(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    waiting = [raised(place, finance.remover) for _ in range(2)]
    working = accept_blocker(act_of(finance.standing), raised(place, finance.remover))
    solved = answered(place, finance)
    office = signed_in(place.office)
    assert f'formaction="{PATH}"' in office.get("/blockers/").content.decode()
    rows = [str(one.public_id) for one in (*waiting, working, solved)]
    sent = {"row": rows, "words": "请抓紧"}
    moving, refused = told(look(office, PATH, sent))
    assert len(moving) + len(refused) == 4
    assert Urge.objects.count() == 0
    done = confirm(office, PATH, sent, follow=True)
    assert f"催办：已办理 {len(moving)} 项" in done.content.decode()
    urged = set(Urge.objects.values_list("blocker_id", flat=True))
    assert {one.pk for one in (*waiting, working)} <= urged
    assert Notice.objects.filter(kind="urge").count() == len(moving)
    moving, refused = told(look(office, PATH, sent))
    assert (moving, {why[-11:] for _, why in refused}) == ([], {"，下一个工作日可再催办"[-11:]})


def test_list_when_one_does_not_steer_then_no_boxes_and_no_step(
    place: District, finance: Bureau, signed_in: SignIn
) -> None:
    blocker = raised(place, finance.remover)
    owner = signed_in(place.owner)
    assert PATH not in owner.get("/blockers/").content.decode()
    assert owner.post(PATH, {"row": [str(blocker.public_id)]}).status_code == 404
