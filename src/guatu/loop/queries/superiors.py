"""Whether anybody stands above who is to remove a blocker: `loop.superiors` said in SQL."""

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from guatu.loop.removers import ACTING
from guatu.loop.superiors import HEADS
from guatu.register.enums import PartyRole, Role
from guatu.register.models import Party, Post


def anybody_above(held: QuerySet[Any]) -> Case:
    """Tell of a blocker whether anybody stands above the remover; ``held`` are keys of posts."""
    seats = Post.objects.filter(pk__in=held, organisation__active=True, role__in=ACTING)
    leaders = seats.filter(role=Role.LEADER)
    before = leaders.filter(rank__lte=OuterRef("remover_post__rank"))
    led = Exists(before.exclude(pk=OuterRef("remover_post_id")))
    path = ExpressionWrapper(OuterRef("remover_unit__path"), output_field=CharField())
    heads = seats.filter(role__in=HEADS).alias(below=path)
    nearer = heads.filter(below__startswith=F("organisation__path"))
    parties = Party.objects.filter(role=PartyRole.LEADER, ended=False)
    named = parties.filter(subject_id=OuterRef(OuterRef("subject_id"))).values("post_id")
    vouching = seats.filter(Q(pk__in=named) | Q(pk=OuterRef("duty__leader_post_id")))
    anybody = (
        Exists(leaders)
        | Exists(nearer.exclude(organisation_id=OuterRef("remover_unit_id")))
        | Exists(vouching.exclude(pk=Coalesce(OuterRef("remover_post_id"), 0)))
    )
    return Case(
        When(remover_post__role=Role.LEADER, then=led),
        When(anybody, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
