"""Closed vocabularies of the chapter. Purposes, indicators and marks are dated rules."""

from django.db.models import TextChoices

from guatu.register.enums import Role

SERVING = (Role.SPECIALIST, Role.UNIT, Role.ATTRACTION)
"""Roles whose posts may serve a firm as its specialist."""


class Provider(TextChoices):
    """Who gave a figure of a firm."""

    FIRM = "firm", "企业填报"
    DEPARTMENT = "department", "部门提供"
    PUBLIC = "public", "公开信息"


class ConsentBasis(TextChoices):
    """On what a figure of a firm may be kept and shown."""

    CONSENT = "consent", "企业同意"
    LAW = "law", "法律法规规定"
    PUBLISHED = "published", "已依法公开"


class Cadence(TextChoices):
    """By which periods a table of figures is read."""

    MONTH = "month", "按月"
    QUARTER = "quarter", "按季"
