"""Who stands in for posts: the words of pages and the conditions of queries name the same post."""

import datetime as dt
import random

import pytest

from guatu.register.enums import Role
from guatu.register.models import Absence, Holding, Organisation, Post
from guatu.register.policies import standing_of
from guatu.register.recording import create
from guatu.register.rules import load_shipped
from guatu.register.seats import Seats
from guatu.register.stand_ins import covered_posts, unattended
from tests.factories import (
    TODAY,
    make_campaign,
    make_district,
    make_officer,
    make_post,
    make_unit,
    system_act,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def root() -> Organisation:
    load_shipped()
    found = make_district()
    make_campaign(found)
    return found


def away(post: Post, deputy: Post | None) -> Absence:
    row = Absence(post=post, since=TODAY, until=TODAY + DAY, deputy_post=deputy)
    return create(system_act(), "absence.add", row)


@pytest.mark.parametrize("seed", range(8))
def test_stand_in_when_posts_are_held_left_and_away_then_words_and_queries_name_the_same(
    root: Organisation, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 -- a sample
    roles = [Role.UNIT, Role.UNIT, Role.LEADER, Role.SPECIALIST, Role.STATISTICIAN, Role.OFFICE]
    units = [make_unit(root, rank=dice.randint(1, 3)) for _ in range(4)]
    posts = [
        make_post(unit, dice.choice(roles), f"岗{number}") for unit in units for number in range(3)
    ]
    officers = {post.pk: make_officer(post) for post in posts if dice.random() < 0.6}
    for place, post in enumerate(posts):
        if dice.random() < 0.4:
            away(post, dice.choice([None, *posts[place + 1 :]]))
    seats = Seats(posts, TODAY)
    told: dict[int, set[int]] = {}
    for post in posts:
        face = seats.face(post)
        assert face.words == "" or face.vacant or face.until is not None
        if face.instead is not None and not face.deputised:
            told.setdefault(face.instead.pk, set()).add(post.pk)
    done = {
        key: set(covered_posts(standing_of(officer, TODAY)).values_list("pk", flat=True))
        for key, officer in officers.items()
    }
    assert {key: found for key, found in done.items() if found} == told
    alone = set(
        Post.objects.filter(unattended(standing_of(make_officer(), TODAY))).values_list(
            "pk", flat=True
        )
    )
    faces = {post.pk: seats.face(post) for post in posts}
    assert alone == {key for key, one in faces.items() if one.absence and not one.deputised}


def test_stand_in_when_administrator_is_away_then_nobody_and_words_say_so(
    root: Organisation,
) -> None:
    unit = make_unit(root)
    guard = make_post(unit, Role.SECURITY_ADMIN, "安全岗")
    clerk = make_post(unit)
    make_officer(guard)
    officer = make_officer(clerk)
    away(guard, None)
    assert Seats([guard], TODAY).face(guard).words == f"请假至 {TODAY + DAY}，无人代理"
    assert not covered_posts(standing_of(officer, TODAY)).exists()
    Holding.objects.filter(post=guard).update(until=TODAY - DAY)
    assert Seats([guard], TODAY).face(guard).words == "空缺，无人代管"
