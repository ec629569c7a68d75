"""Who stands above: the pages, the ladder and the desk say the same of every district."""

import datetime as dt
from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guatu.loop.enums import StepTo
from guatu.loop.escalation.causes import blocker_causes
from guatu.loop.escalation.directory import directory_on
from guatu.loop.models import Blocker, Duty
from guatu.loop.queries.superiors import anybody_above
from guatu.loop.removers import Remover, Spot, Staff
from guatu.loop.superiors import Seat, ranks_of, superiors
from guatu.register.enums import PartyRole, Role
from guatu.register.models import Holding, Officer, Organisation, Party, Post
from guatu.register.seats import held_on
from tests.examples import examples
from tests.factories import NOON, TODAY, make_officer, make_unit
from tests.loop.blockers import raised
from tests.loop.builders import District, issued, make_loop

ROLES = (Role.LEADER, Role.LEADER, Role.OFFICE, Role.UNIT, Role.SPECIALIST, Role.STATISTICIAN)
FIRST, SECOND = (1, Role.LEADER, 1, "held"), (1, Role.LEADER, 100, "held")
EMPTY = (1, Role.LEADER, 1, "vacant")
posts_drawn = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(ROLES),
        st.sampled_from([1, 50, 100]),
        st.sampled_from(["held", "held", "vacant", "account closed"]),
    ),
    max_size=6,
)


def tree(place: District) -> list[Organisation]:
    """The root, the government, a bureau, two levels beneath it, and the office's unit."""
    section = make_unit(place.unit, "示例一科")
    government = place.leader_post.organisation
    office = place.office.posts[0].organisation
    return [place.root, government, place.unit, section, make_unit(section, "示例一组"), office]


def staffed(
    units: Sequence[Organisation], drawn: Sequence[tuple[int, Role, int, str]], idle: Officer
) -> list[Post]:
    """Add posts with and without anybody in them; ``idle`` is somebody whose account is closed."""
    posts = Post.objects.bulk_create(
        Post(
            organisation=units[unit],
            title=f"示例岗位{number}",
            role=role,
            rank=rank,
            known_from=NOON,
        )
        for number, (unit, role, rank, _) in enumerate(drawn)
    )
    there = Officer.objects.exclude(pk=idle.pk).order_by("pk")[0]
    Holding.objects.bulk_create(
        Holding(
            officer=there if holder == "held" else idle, post=post, since=TODAY, known_from=NOON
        )
        for post, (_, _, _, holder) in zip(posts, drawn, strict=True)
        if holder != "vacant"
    )
    return posts


class WaysAgree(TestCase):
    place: District
    idle: Officer
    units: Sequence[Organisation]
    key: int

    @classmethod
    def setUpTestData(cls) -> None:
        """One district and one blocker; every example puts other people around it."""
        cls.place = make_loop()
        cls.units = tree(cls.place)
        cls.idle = make_officer()
        Officer.objects.filter(pk=cls.idle.pk).update(is_active=False)
        duty = issued(cls.place, None)
        spot = Spot(duty.subject, duty=duty)
        cls.key = raised(cls.place, Remover(cls.place.unit), spot).pk

    @settings(max_examples=examples(100), deadline=None)
    @given(
        drawn=posts_drawn,
        leader_there=st.booleans(),
        vouching=st.lists(st.integers(0, 6), max_size=3),
        has=st.integers(0, 12),
    )
    @example(drawn=[SECOND], leader_there=True, vouching=[], has=0)
    @example(drawn=[EMPTY, FIRST, SECOND], leader_there=True, vouching=[1, 3], has=0)
    def test_superiors_when_asked_in_every_way_then_the_answer_is_one(
        self,
        drawn: list[tuple[int, Role, int, str]],
        leader_there: bool,  # noqa: FBT001 -- drawn
        vouching: list[int],
        has: int,
    ) -> None:
        leader = self.place.leader_post
        if not leader_there:
            Holding.objects.filter(post=leader).update(until=TODAY - dt.timedelta(days=1))
        posts = [leader, *staffed(self.units, drawn, self.idle)]
        blocker = self._given(posts, has, [posts[key % len(posts)] for key in vouching])
        above = Staff(TODAY).superiors(blocker)
        held = held_on(TODAY).values("post_id")
        (rising,) = Blocker.objects.annotate(up=anybody_above(held)).values_list("up", flat=True)
        assert rising == bool(above)
        post = blocker.remover_post
        if post is None or post.role != Role.LEADER:
            return
        (cause,) = blocker_causes()
        directory = directory_on(TODAY)
        told = directory.whom(StepTo.PARENT, cause)
        wanted = (above[0].pk, None) if above else (None, directory.office)
        assert (told.post, told.unit) == wanted
        before = Post.objects.filter(role=Role.LEADER, rank__lte=post.rank, pk__in=held)
        assert {*above} == {*before.exclude(pk=post.pk)}

    def _given(self, posts: Sequence[Post], has: int, vouching: Sequence[Post]) -> Blocker:
        """The blocker as a unit has it, or a post, vacant or not, and who vouches for it.

        The first on its duty, the others on its subject.
        """
        places = [Remover(post.organisation, post) for post in posts]
        places += [Remover(unit) for unit in self.units]
        unit, post = places[has % len(places)]
        Blocker.objects.update(remover_unit=unit, remover_post=post)
        Duty.objects.update(leader_post=vouching[0] if vouching else None)
        blocker = Blocker.objects.get(pk=self.key)
        Party.objects.bulk_create(
            Party(subject=blocker.subject, role=PartyRole.LEADER, post=one, known_from=NOON)
            for one in vouching[1:]
        )
        return blocker


def test_superiors_when_a_leader_has_it_then_no_clerk_of_a_unit_above_stands_above_them() -> None:
    clerk, first = Seat(1, 10, Role.OFFICE, 1), Seat(2, 11, Role.LEADER, 1)
    second, third = Seat(3, 11, Role.LEADER, 50), Seat(4, 11, Role.LEADER, 90)
    ranks = ranks_of([clerk, first, second, third], {10: None, 11: 10, 12: 11})
    assert superiors(ranks, 11, second, [4, None, 99]) == [first]
    assert superiors(ranks, 11, first, []) == []
    assert superiors(ranks, 12, None, [3]) == [first, clerk, second, third]
