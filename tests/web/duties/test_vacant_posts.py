"""A post that nobody holds: whoever chooses it or gives it a duty is told, and who stands in."""

import datetime as dt
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from guatu.loop.actions import edit_duty
from guatu.register.models import Holding
from guatu.register.policies import Standing
from guatu.register.posts import release_post
from tests.factories import TODAY, act_of, make_officer, make_post, system_act
from tests.loop.builders import District, drafted, issued
from tests.web.confirming import look

SignIn = Callable[[Standing], Client]
YESTERDAY = TODAY - dt.timedelta(days=1)


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.fixture
def vacated(place: District) -> District:
    """The owner's post is vacant since today."""
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=YESTERDAY)
    return place


def test_posts_when_one_is_vacant_then_every_choice_of_it_says_so(
    vacated: District, signed_in: SignIn
) -> None:
    duty, office = issued(vacated), signed_in(vacated.office)
    option = f"{vacated.owner_post}（空缺）</option>"
    held = f"{vacated.stranger_post}</option>"
    for path in ("/duties/new/", f"/duties/{duty.public_id}/edit/"):
        page = shown(office, path)
        assert (option in page, held in page) == (True, True)
    make_officer(vacated.owner_post)
    assert option not in shown(office, "/duties/new/")


def test_issue_when_the_post_is_vacant_then_the_page_says_on_whose_desk_it_appears(
    vacated: District, signed_in: SignIn
) -> None:
    duty, office = drafted(vacated), signed_in(vacated.office)
    desk = vacated.office.posts[0]
    words = f"{vacated.owner_post}空缺，由{desk}代管，先出现在其工作台上。"
    page = shown(office, f"/duties/{duty.public_id}/issue/")
    assert f"下达后出现在责任岗位的工作台上。{words}" in page
    head = make_post(vacated.unit, title="局长")
    make_officer(head)
    assert f"由{head}代管，先出现在其工作台上。" in shown(
        office, f"/duties/{duty.public_id}/issue/"
    )


def test_issue_when_the_unit_has_no_clerk_then_the_page_names_the_office(
    vacated: District, signed_in: SignIn
) -> None:
    duty = drafted(vacated)
    edit_duty(act_of(vacated.office), duty, owner_post=None, owner_unit=vacated.unit)
    page = shown(signed_in(vacated.office), f"/duties/{duty.public_id}/issue/")
    assert "示例工信局没有在岗的经办人员，先出现在专班的工作台上。" in page


def test_issue_when_somebody_is_there_then_nothing_is_added(
    place: District, signed_in: SignIn
) -> None:
    duty = drafted(place)
    page = shown(signed_in(place.office), f"/duties/{duty.public_id}/issue/")
    assert "下达后出现在责任岗位的工作台上。</p>" in page


def test_issue_when_many_at_once_then_each_vacant_post_is_named_once(
    vacated: District, signed_in: SignIn
) -> None:
    duties = [drafted(vacated), drafted(vacated), drafted(vacated)]
    edit_duty(act_of(vacated.office), duties[2], owner_post=vacated.stranger_post)
    office = signed_in(vacated.office)
    keys = {"row": [str(duty.public_id) for duty in duties]}
    page = unescape(office.post("/duties/bulk/issue/", keys).content.decode())
    assert page.count(f"{vacated.owner_post}空缺，由{vacated.office.posts[0]}代管") == 1


def test_tree_when_a_post_is_vacant_then_it_says_who_stands_in(
    vacated: District, signed_in: SignIn
) -> None:
    words = f"空缺，由{vacated.office.posts[0]}代管"
    page = shown(signed_in(vacated.office), "/organisations/")
    assert (page.count(words), page.count("空缺")) == (1, 2)
    past = shown(signed_in(vacated.office), f"/organisations/?as_of={TODAY}")
    assert ("代管" in past, page.count("空缺 1 个")) == (False, 1)


def test_issue_when_the_due_day_is_over_then_the_page_says_how_late_it_begins(
    place: District, signed_in: SignIn
) -> None:
    duties = [drafted(place) for _ in range(2)]
    for duty in duties:
        edit_duty(act_of(place.office), duty, due=TODAY - dt.timedelta(days=17))
    office = signed_in(place.office)
    page = shown(office, f"/duties/{duties[0].public_id}/issue/")
    assert "期限 2025-03-01 已过，下达即逾期 17 天。" in page
    rows = [str(duty.public_id) for duty in duties]
    checked = look(office, "/duties/bulk/issue/", {"row": rows})
    assert "其中 2 项期限已过，下达即逾期。" in checked.content.decode()
