"""`guatu read` and `guatu sheet`: engines on files, without a database.

The engines are imported by the command that runs them: each pulls in its own libraries.
"""

import argparse
import json

from guatu.cli.answers import Answer, existing_file
from guatu.engines.intake import BadInput


def read(arguments: argparse.Namespace) -> Answer:
    """Read one paper, or report how well the labelled papers are read."""
    from guatu.engines.intake import paper  # noqa: PLC0415 -- loaded by this command alone

    if arguments.report:
        if arguments.labels is None:
            raise BadInput("请用 --labels 给出标注所在的文件夹。")
        report = paper.report(arguments.labels)
        return Answer(report, _as_text(report))
    if arguments.file is None:
        raise BadInput("请给出要阅读的文件，或用 --report 报告识读质量。")
    path = existing_file(arguments.file)
    found = paper.read_paper(path.read_bytes(), path.name, arguments.plan_year)
    if arguments.text:
        return Answer({"text": found.text}, found.text)
    document = found.as_json()
    return Answer(document, _as_text(document))


def sheet(arguments: argparse.Namespace) -> Answer:
    """Recognise the tables of one workbook."""
    from guatu.engines.intake.sheet import read_workbook_confined  # noqa: PLC0415 -- as above

    path = existing_file(arguments.file)
    document = read_workbook_confined(path.read_bytes(), path.name).as_json()
    return Answer(document, _as_text(document))


def _as_text(document: object) -> str:
    """Return a report as it is, a document laid out for reading."""
    if isinstance(document, str):
        return document
    return json.dumps(document, ensure_ascii=False, indent=2)
