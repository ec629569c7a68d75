"""Closed vocabularies of the attraction chapter. Stages, sources and tactics are dated rules."""

from django.db.models import TextChoices


class StageKind(TextChoices):
    """What a stage of a lead is to the rules; its name and its moves are data."""

    OPEN = "open", "推进中"
    SIGNED = "signed", "已签约"
    LANDED = "landed", "已转项目"
    PAUSED = "paused", "暂缓"
    ENDED = "ended", "终止"


LIVE_KINDS = (StageKind.OPEN, StageKind.SIGNED)
"""Kinds of stages in which a lead is being worked on."""
