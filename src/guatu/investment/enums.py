"""Choices of the reserve: where an admission stands, who judges it, and how."""

from django.db.models import TextChoices


class AdmissionState(TextChoices):
    """Where a project stands on its way through the reserve, in the order of the way."""

    IDEA = "idea", "谋划"
    FIRST = "first", "待初审"
    FINAL = "final", "待终审"
    RETURNED = "returned", "退回修改"
    RESERVED = "reserved", "已储备"
    UNDERWAY = "underway", "已转实施"
    REMOVED = "removed", "已退库"


IN_REVIEW = (AdmissionState.FIRST, AdmissionState.FINAL)
"""States in which reviewers judge what was submitted, so that nobody changes it."""

GONE = (AdmissionState.UNDERWAY, AdmissionState.REMOVED)
"""States of what is no longer in the reserve."""


class ReviewStep(TextChoices):
    """The two judgements a project needs to be admitted."""

    FIRST = "first", "初审"
    FINAL = "final", "终审"


class OpinionVerdict(TextChoices):
    """How a reviewer judges."""

    AGREE = "agree", "同意"
    RETURN = "return", "退回修改"
