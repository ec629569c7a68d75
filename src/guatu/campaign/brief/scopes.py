"""Whose brief it is: all one may see, a unit with what is beneath it, or a 包保领导."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from guatu.register.enums import OrganisationKind, PartyRole, Role
from guatu.register.models import Organisation, Party, Post
from guatu.register.policies import WHOLE_DISTRICT, Standing

DISTRICT, UNIT, LEADER = "district", "unit-", "leader-"


@dataclass(frozen=True)
class Scope:
    """A scope; ``key`` names it in addresses. With neither unit nor post it is all in sight."""

    key: str
    name: str
    unit: Organisation | None = None
    post: Post | None = None

    def duties(self) -> Q:
        """Condition on duties."""
        if self.unit is not None:
            return Q(owner_unit__path__startswith=self.unit.path)
        return Q(leader_post=self.post) if self.post is not None else Q()

    def projects(self) -> Q:
        """Condition on projects; a unit's are those it is responsible for today."""
        if self.unit is not None:
            return Q(subject__unit__path__startswith=self.unit.path)
        return self._led() if self.post is not None else Q()

    def blockers(self) -> Q:
        """Condition on blockers: raised by the unit or to be removed by it."""
        if self.unit is not None:
            path = self.unit.path
            raised = Q(raised_unit__path__startswith=path)
            return raised | Q(remover_unit__path__startswith=path)
        if self.post is not None:
            return Q(duty__leader_post=self.post) | self._led()
        return Q()

    def letters(self) -> Q:
        """Condition on letters: addressed to the unit, or about what the leader vouches for."""
        if self.unit is not None:
            return Q(addressee_unit__path__startswith=self.unit.path)
        if self.post is not None:
            return Q(duty__leader_post=self.post) | Q(signer_post=self.post) | self._led()
        return Q()

    def _led(self) -> Q:
        named = Party.objects.filter(role=PartyRole.LEADER, ended=False, post=self.post)
        return Q(subject_id__in=named.values("subject_id"))


def read_scope(standing: Standing, key: str) -> Scope | None:
    """The scope of a key, None where there is none or it is not the officer's to read."""
    if key == DISTRICT:
        return _all_in_sight(standing)
    if key.startswith(UNIT):
        unit = Organisation.objects.filter(code=key.removeprefix(UNIT)).first()
        seen = unit is not None and standing.sees_unit(unit)
        return Scope(key, str(unit.name), unit) if unit is not None and seen else None
    if key.startswith(LEADER):
        return _of_leader(standing, key)
    return None


def scopes_for(standing: Standing) -> list[Scope]:
    """Every scope the officer may read, units and leaders in protocol order; two queries."""
    units = [
        Scope(f"{UNIT}{unit.code}", unit.name, unit)
        for unit in Organisation.objects.filter(active=True).order_by("order_path", "pk")
        if standing.sees_unit(unit) and unit.kind != OrganisationKind.DISTRICT
    ]
    posts = Post.objects.filter(active=True, role=Role.LEADER).select_related("organisation")
    leaders = [
        Scope(f"{LEADER}{post.public_id}", str(post), post=post)
        for post in posts.order_by("organisation__order_path", "rank", "pk")
        if standing.roles & WHOLE_DISTRICT or post.pk in standing.post_ids
    ]
    return [_all_in_sight(standing), *leaders, *units]


def default_scope(standing: Standing) -> str:
    """Key of what the officer most likely wants: the district, else their own unit."""
    if standing.roles & WHOLE_DISTRICT:
        return DISTRICT
    own = [post for post in standing.posts if post.organisation_id in standing.spoken_for_ids]
    return f"{UNIT}{own[0].organisation.code}" if own else DISTRICT


def _all_in_sight(standing: Standing) -> Scope:
    return Scope(DISTRICT, "全区" if standing.roles & WHOLE_DISTRICT else "本岗位可见范围")


def _of_leader(standing: Standing, key: str) -> Scope | None:
    try:
        public_id = UUID(key.removeprefix(LEADER))
    except ValueError:
        return None
    posts = Post.objects.filter(public_id=public_id, role=Role.LEADER)
    post = posts.select_related("organisation").first()
    if post is None:
        return None
    seen = standing.roles & WHOLE_DISTRICT or post.pk in standing.post_ids
    return Scope(key, str(post), post=post) if seen else None
