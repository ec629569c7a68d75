"""Keeping a file as evidence on a project."""

from guatu.investment.models import Project
from guatu.register.enums import EvidenceKind
from guatu.register.errors import Invalid
from guatu.register.files import store
from guatu.register.models import Evidence
from guatu.register.policies import require
from guatu.register.recording import Act, create


def attach_evidence(
    act: Act,
    project: Project,
    *,
    content: bytes,
    media_type: str,
    title: str,
    kind: EvidenceKind = EvidenceKind.OTHER,
) -> Evidence:
    """Keep a file on the project's subject; any kind serves, none is ever forced."""
    require(act.standing, "project.edit", project)
    if not content:
        raise Invalid("这是一个空文件。", "file")
    row = Evidence(
        subject=project.subject,
        file=store(content, media_type),
        kind=kind,
        title=title.strip()[:200] or str(kind.label),
        officer=act.standing.officer if act.standing else None,
        added_at=act.at,
    )
    return create(act, "evidence.attach", row)
