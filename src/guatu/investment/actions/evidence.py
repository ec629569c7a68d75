"""Keeping a file as evidence on a project."""

from guatu.investment.models import Project
from guatu.register.evidence import FileAdmitted, FileGiven, admit_file, keep_evidence
from guatu.register.models import Evidence
from guatu.register.policies import require
from guatu.register.recording import Act


def attach_evidence(act: Act, project: Project, file: FileGiven | FileAdmitted) -> Evidence:
    """Keep a file on the project's subject; any kind serves, none is ever forced.

    Inside a transaction give a file that was admitted before it began.
    """
    require(act.standing, "project.edit", project)
    admitted = file if isinstance(file, FileAdmitted) else admit_file(act, file)
    return keep_evidence(act, project.subject, admitted)
