"""Readable codes of projects."""

from guatu.register.enums import SubjectKind
from guatu.register.keys import code
from guatu.register.models import Subject

PREFIX = "XM"


def next_number() -> int:
    """Return the number the next project gets."""
    last = (
        Subject.objects.filter(kind=SubjectKind.PROJECT, code__startswith=f"{PREFIX}-")
        .order_by("-pk")
        .values_list("code", flat=True)
        .first()
    )
    return int(last.removeprefix(f"{PREFIX}-")) + 1 if last else 1


def project_code(number: int) -> str:
    """Write a project's code."""
    return code(PREFIX, number)
