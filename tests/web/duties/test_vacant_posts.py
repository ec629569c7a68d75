"""A post that nobody holds: whoever chooses it or gives it a duty is told, and who stands in."""

import datetime as dt
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from guatu.loop.actions import ask_extension, decide_extension, edit_duty
from guatu.register.absences import add_absence
from guatu.register.enums import Role
from guatu.register.models import Absence, Holding, Post
from guatu.register.policies import Standing, standing_of
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


def test_reassign_many_when_nobody_is_there_then_the_check_page_says_so_and_errors_at_fields(
    vacated: District, signed_in: SignIn
) -> None:
    duty = issued(vacated, owner_post=vacated.stranger_post)
    office, desk = signed_in(vacated.office), vacated.office.posts[0]
    rows = {"row": [str(duty.public_id)], "stage": "check", "reason": "职责调整"}
    given = {"owner_post": str(vacated.owner_post.public_id)}
    page = unescape(office.post("/duties/bulk/owner/", rows | given).content.decode())
    assert f"{vacated.owner_post}空缺，由{desk}代管，先出现在其工作台上。" in page
    alone = {"owner_unit": str(vacated.unit.public_id)}
    page = unescape(office.post("/duties/bulk/owner/", rows | alone).content.decode())
    assert f"{vacated.unit}没有在岗的经办人员，先出现在专班的工作台上。" in page
    for more, field, words in (
        ({"reason": ""}, "reason", "所选含已下达的事项，请说明理由。"),
        ({"owner_unit": str(vacated.root.public_id)}, "owner_post", ""),
        (
            {"owner_unit": str(vacated.stranger_post.organisation.public_id)},
            "owner_post",
            "责任岗位不在责任单位之内。",
        ),
    ):
        answer = office.post("/duties/bulk/owner/", rows | given | more)
        errors = answer.context["form"].errors
        assert errors.get(field, []) == ([words] if words else [])
        assert (answer.status_code, answer.context["plan"] is None) == (
            (422, True) if words else (200, False)
        )


def test_list_when_asked_for_one_post_then_its_duties_alone(
    vacated: District, signed_in: SignIn
) -> None:
    mine, other = issued(vacated), issued(vacated, owner_post=vacated.stranger_post)
    office = signed_in(vacated.office)
    page = office.get(f"/duties/?post={vacated.owner_post.public_id}")
    assert [line.key for line in page.context["lines"]] == [str(mine.public_id)]
    assert str(other.public_id) not in page.content.decode()
    assert office.get("/duties/?post=nonsense").context["lines"] == []
    desk = shown(office, "/desk/")
    assert f"/duties/?post={vacated.owner_post.public_id}" in desk
    opened = shown(office, f"/desk/?open={mine.public_id}")
    assert 'name="text"' in opened


def test_extension_when_asked_and_decided_for_others_then_the_page_says_for_whom(
    vacated: District, signed_in: SignIn
) -> None:
    duty = issued(vacated)
    add_absence(system_act(), vacated.leader_post, since=TODAY, until=TODAY)
    office = standing_of(vacated.office.officer, TODAY)
    row = ask_extension(act_of(office), duty, to_due=dt.date(2025, 6, 1), reason="天气")
    Absence.objects.update(deputy_post=other_leader(vacated))
    deputy = Holding.objects.get(post=other_leader(vacated)).officer
    client = signed_in(standing_of(deputy, TODAY))
    assert f"代{vacated.leader_post}" in shown(client, "/desk/")
    decide_extension(act_of(standing_of(deputy, TODAY)), row, approve=True)
    page = shown(client, f"/duties/{duty.public_id}/")
    name = vacated.office.officer.name
    assert f"{name}（代{vacated.owner_post}）" in page
    assert f"{deputy.name}（代{vacated.leader_post}） 同意" in page


def other_leader(place: District) -> Post:
    """A second leader's post, held."""
    unit = place.leader_post.organisation
    found = Post.objects.filter(organisation=unit, title="常务副区长").first()
    if found is None:
        found = make_post(unit, Role.LEADER, "常务副区长")
        make_officer(found, name="示例常务")
    return found
