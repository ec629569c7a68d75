"""Who may do what: standing of an officer, one policy per action, sight over subjects.

Each app declares its policies in its own ``policies.py`` with :func:`policy`; actions call
:func:`require`, pages call :func:`may`. An action nobody declared is a programming error.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from guatu.register.deputies import Acting, absences_on, acting_of, away_on, silent_of
from guatu.register.enums import ADMINISTRATORS, OrganisationKind, Role
from guatu.register.errors import Forbidden
from guatu.register.models.absences import Absence
from guatu.register.models.organisations import Holding, Officer, Organisation, Post
from guatu.register.models.subjects import Party, Subject

LATELY = dt.timedelta(days=60)
WHOLE_DISTRICT = frozenset({Role.LEADER, Role.OFFICE, Role.STATISTICIAN})


@dataclass
class Behalf:
    """For which absent post an act turned out to be done; :func:`require` fills it in."""

    post: Post | None = None


@dataclass(frozen=True)
class Standing:
    """An officer with the posts held on ``today`` (the campaign's business date).

    ``posts`` are those held and, after them, those of ``acting``: posts that are away and for which
    the officer is the deputy of the day. ``paths`` are prefixes of organisation paths whose
    subtrees are in sight; ``area_ids`` are 片区; ``post_ids`` name the posts on which a subject
    may name the officer. ``silent_ids`` are own posts whose messages go to their deputy alone.
    ``changing``: a post was taken lately or is about to be left. ``subqueries`` are those of
    :func:`keys_once`; ``found`` are keys that were looked up once for it.
    """

    officer: Officer
    posts: tuple[Post, ...]
    roles: frozenset[str]
    paths: tuple[str, ...]
    area_ids: tuple[int, ...]
    today: dt.date
    acting: tuple[Acting, ...] = ()
    silent_ids: frozenset[int] = frozenset()
    changing: bool = field(default=False, compare=False)
    behalf: Behalf = field(default_factory=Behalf, compare=False, repr=False)
    subqueries: dict[str, RawSQL] = field(default_factory=dict, compare=False, repr=False)
    found: dict[str, frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def own_posts(self) -> tuple[Post, ...]:
        """Posts held, without those acted for."""
        acted = {one.post.pk for one in self.acting}
        return tuple(post for post in self.posts if post.pk not in acted)

    def only(self, posts: tuple[Post, ...]) -> "Standing":
        """Return the standing that some of the posts alone would give; no query."""
        roles = frozenset(post.role for post in posts)
        paths = self.paths if roles & WHOLE_DISTRICT else tuple(sorted(_subtrees(posts)))
        areas = _areas(posts)
        return replace(
            self,
            posts=posts,
            roles=roles,
            paths=paths,
            area_ids=areas,
            acting=(),
            behalf=Behalf(),
            subqueries={},
            found={},
        )

    def afresh(self) -> "Standing":
        """Return the same standing for another act, which is so far nobody else's."""
        return replace(self, behalf=Behalf())

    @property
    def is_outside(self) -> bool:
        """Whether the officer is no more than a firm's account; so is who holds nothing."""
        return self.roles <= {Role.ENTERPRISE}

    @property
    def post_ids(self) -> tuple[int, ...]:
        """Keys of the posts held."""
        return tuple(post.pk for post in self.posts)

    @property
    def unit_ids(self) -> tuple[int, ...]:
        """Keys of the organisations whose posts are held."""
        return tuple(post.organisation_id for post in self.posts)

    @property
    def spoken_for_ids(self) -> tuple[int, ...]:
        """Keys of the organisations the officer stands for when a subject names them.

        A specialist or a firm's contact is named in person, by post; the unit's name is not theirs.
        """
        return tuple(post.organisation_id for post in self.posts if _gives_subtree(post))

    @property
    def above_ids(self) -> frozenset[int]:
        """Keys of the organisations whose posts are held, and of all above them."""
        paths = (post.organisation.path for post in self.posts)
        return frozenset(int(step) for path in paths for step in path.split(".") if step)

    def has(self, *roles: Role) -> bool:
        """Tell whether any of the posts gives one of ``roles``."""
        return any(role in self.roles for role in roles)

    def sees_unit(self, unit: Organisation | None) -> bool:
        """Tell whether ``unit`` lies in a subtree in sight."""
        return unit is not None and any(unit.path.startswith(path) for path in self.paths)


def standing_of(officer: Officer, today: dt.date) -> Standing:
    """Look up what ``officer`` holds on ``today`` and acts for.

    Two queries at most, one more where one of the posts is away or deputises.
    """
    # Every chain that ends with a post ends with an absence that names it.
    touching = Q(deputy_post=OuterRef("post")) | Q(post=OuterRef("post"))
    held = (
        Holding.objects.filter(
            Q(until=None) | Q(until__gte=today),
            officer=officer,
            since__lte=today,
            post__active=True,
        )
        .annotate(concerned=Exists(Absence.objects.filter(touching, away_on(today))))
        .select_related("post__organisation")
    )
    own = tuple(sorted((h.post for h in held), key=lambda p: (p.rank, p.pk)))
    away = absences_on(today) if any(h.concerned for h in held) else {}
    acting = acting_of(own, away)
    posts = (*own, *(one.post for one in acting))
    roles = frozenset(post.role for post in posts)
    paths = _subtrees(posts)
    if roles & WHOLE_DISTRICT:
        # A path begins with the district's own: every unit hangs below it.
        paths = {f"{post.organisation.path.partition('.')[0]}." for post in posts}
    return Standing(
        officer,
        posts,
        roles,
        tuple(sorted(paths)),
        _areas(posts),
        today,
        acting,
        silent_of(own, away),
        any(h.until is not None or h.since > today - LATELY for h in held),
    )


def _subtrees(posts: Iterable[Post]) -> set[str]:
    return {post.organisation.path for post in posts if _gives_subtree(post)}


def _areas(posts: Iterable[Post]) -> tuple[int, ...]:
    return tuple(p.organisation_id for p in posts if p.organisation.kind == OrganisationKind.AREA)


def _gives_subtree(post: Post) -> bool:
    """Administrators and specialists see no subtree: the former no business, the latter by name."""
    return post.organisation.kind != OrganisationKind.AREA and post.role in {
        Role.UNIT,
        Role.ATTRACTION,
        Role.LEADER,
        Role.OFFICE,
        Role.STATISTICIAN,
    }


Rule = Callable[[Standing, Any], bool]
Speaker = Callable[[Standing, Any], Post | None]
POLICIES: dict[str, Rule] = {}
SPEAKERS: dict[str, Speaker] = {}


def policy(action: str) -> Callable[[Rule], Rule]:
    """Declare the policy of ``action``; each action has exactly one."""

    def declare(rule: Rule) -> Rule:
        if action in POLICIES:
            message = f"second policy for {action}"
            raise ValueError(message)
        POLICIES[action] = rule
        return rule

    return declare


def spoken_for(*actions: str) -> Callable[[Speaker], Speaker]:
    """Declare who is spoken for in ``actions``: the post another officer does the act for.

    It is asked of what the policy has allowed, before the rights of the own posts are.
    """

    def declare(speaker: Speaker) -> Speaker:
        SPEAKERS.update(dict.fromkeys(actions, speaker))
        return speaker

    return declare


def may(standing: Standing | None, action: str, thing: object = None) -> bool:
    """Tell whether the officer may do ``action`` to ``thing``; the system (None) may."""
    rule = POLICIES[action]
    return standing is None or rule(standing, thing)


def require(standing: Standing | None, action: str, thing: object = None) -> None:
    """Raise Forbidden unless :func:`may` says yes.

    A deputy who may only for an absent post acts on its behalf, and so does who stands in for a
    post: the events of the act say so.
    """
    if not may(standing, action, thing):
        message = "没有找到，或您的岗位无权办理。"
        raise Forbidden(message)
    if standing is not None and standing.behalf.post is None:
        standing.behalf.post = behalf_for(standing, action, thing)


def behalf_for(standing: Standing, action: str, thing: object = None) -> Post | None:
    """Post on whose behalf the officer does ``action``; None where it is their own affair.

    Asked of what :func:`may` has allowed. The thing may name the post; else it is the post for
    which alone the officer may.
    """
    speaker = SPEAKERS.get(action)
    named = speaker(standing, thing) if speaker is not None else None
    if named is not None:
        return named
    rule = POLICIES[action]
    own = standing.own_posts
    if not standing.acting or rule(standing.only(own), thing):
        return None
    acted = [one.post for one in standing.acting]
    return next((post for post in acted if rule(standing.only((*own, post)), thing)), acted[0])


def keys_once(standing: Standing, name: str, keys: Callable[[], QuerySet[Any, Any]]) -> RawSQL:
    """Keys of what the officer may see, as a subquery that is spelt out once a standing.

    A page asks for the same sight up to a dozen times, and spelling it costs more than running it.
    ``keys`` may depend on nothing but the standing.
    """
    if name not in standing.subqueries:
        try:
            sql, params = keys().query.sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT 0 WHERE 1 = 0", ()
        # What Django itself has spelt, its values beside it.
        standing.subqueries[name] = RawSQL(sql, params)  # noqa: S611
    return standing.subqueries[name]


def unit_keys(standing: Standing) -> RawSQL:
    """Keys of the organisations of the subtrees in sight."""

    def keys() -> QuerySet[Organisation, Any]:
        found = Q(pk__in=[])
        for path in standing.paths:
            found |= Q(path__startswith=path)
        return Organisation.objects.filter(found).order_by().values("pk")

    return keys_once(standing, "units", keys)


def _naming_keys(standing: Standing) -> RawSQL:
    """Keys of the subjects that name the officer's posts or units."""

    def keys() -> QuerySet[Party, Any]:
        named = Q(post_id__in=standing.post_ids) | Q(unit_id__in=standing.spoken_for_ids)
        return Party.objects.filter(named, ended=False).values("subject_id")

    return keys_once(standing, "named", keys)


def in_sight(standing: Standing, prefix: str = "") -> Q:
    """Condition that keeps subjects the officer may see; ``prefix`` is the way to the subject.

    For a queryset of duties say ``in_sight(standing, "subject__")``. Use it on living rows and on
    versions alike: today's permissions apply to the past. States of subjects themselves say
    ``in_sight(standing, "row__")``. What has no unit yet is the whole district's.
    """
    seen = Q(pk__in=[])
    if standing.roles & ADMINISTRATORS:
        return seen
    if standing.paths:
        seen |= Q(**{f"{prefix}unit_id__in": unit_keys(standing)})
    if standing.has(*WHOLE_DISTRICT):
        seen |= Q(**{f"{prefix}unit__isnull": True})
    if standing.area_ids:
        seen |= Q(**{f"{prefix}area_id__in": standing.area_ids})
    if standing.post_ids:
        way = "pk" if not prefix else f"{prefix[:-2]}_id"
        # Not correlated: a database works the few namings out once, not once a row.
        seen |= Q(**{f"{way}__in": _naming_keys(standing)})
    return seen


def posts_in_sight(standing: Standing, prefix: str = "", key: str = "pk") -> Q:
    """Condition that keeps posts the officer may know of; ``prefix`` is the way to the post.

    The government's are open to all of it. That of a firm's account, and who holds it, shows to who
    may see the firm and to those who keep accounts. ``key`` is the column with the living post's
    key: ``row_id`` in its versions.
    """
    if may(standing, "officer.list"):
        return Q()
    named = Party.objects.filter(in_sight(standing, "subject__"), post__isnull=False, ended=False)
    firms = Q(**{f"{prefix}role": Role.ENTERPRISE})
    return ~firms | Q(**{f"{prefix}{key}__in": named.order_by().values("post_id")})


def sees_district(standing: Standing) -> bool:
    """Tell whether :func:`in_sight` keeps every subject: all units hang below a district."""
    return bool(standing.roles & WHOLE_DISTRICT) and not standing.roles & ADMINISTRATORS


def sees(standing: Standing, subject: Subject) -> bool:
    """Tell whether one subject is in sight, by the same rule as :func:`in_sight`.

    No query where its unit was read along with it and lies in a subtree in sight.
    """
    read = Subject._meta.get_field("unit").is_cached(subject)
    if read and not standing.roles & ADMINISTRATORS and standing.sees_unit(subject.unit):
        return True
    return Subject.objects.filter(in_sight(standing), pk=subject.pk).exists()
