"""Commands on the data folder: load, backup, restore, audit verify."""

import argparse
import json
from pathlib import Path

from guatu.cli.answers import Answer, existing_file
from guatu.cli.application import application
from guatu.cli.lock import sole_user
from guatu.engines.intake import BadInput


def load(arguments: argparse.Namespace) -> Answer:
    """Read files into drafts, and with --confirm into the books."""
    application()
    from guatu.campaign import reading  # noqa: PLC0415 -- models exist only from here on

    outcomes = [
        reading.load_file(
            existing_file(name),
            kind=arguments.kind,
            officer=arguments.officer,
            plan_year=arguments.plan_year,
            confirm=arguments.confirm,
        )
        for name in arguments.files
    ]
    documents = [outcome.as_json() for outcome in outcomes]
    document = documents[0] if len(documents) == 1 else {"files": documents}
    return Answer(document, json.dumps(document, ensure_ascii=False, indent=2))


def backup(arguments: argparse.Namespace) -> Answer:
    """Write the whole data folder into one file; the service may go on running."""
    application()
    from guatu.register import backup as keeping  # noqa: PLC0415 -- as above

    out = Path(arguments.out)
    if out.exists():
        raise BadInput("备份文件已存在，不覆盖；请换一个文件名。", file=arguments.out)
    if not out.absolute().parent.is_dir():
        raise BadInput("备份文件所在的文件夹不存在。", file=arguments.out)
    keeping.write(out)
    return Answer({"file": arguments.out, "bytes": out.stat().st_size}, f"已备份到 {out}。")


def restore(arguments: argparse.Namespace) -> Answer:
    """Fill the data folder from a backup; the service must be stopped."""
    home = application()
    from guatu.register import backup as keeping  # noqa: PLC0415 -- as above

    with sole_user(home):
        keeping.restore(existing_file(arguments.file))
    return Answer({"restored": arguments.file}, f"已从 {arguments.file} 恢复到 {home}。")


def verify(arguments: argparse.Namespace) -> Answer:
    """Check the chain of events, and against a head kept elsewhere when one is given."""
    application()
    from guatu.register import sealing  # noqa: PLC0415 -- as above

    head = existing_file(arguments.head) if arguments.head else None
    outcome = sealing.verify(head)
    return Answer(outcome.as_json(), str(outcome), done=outcome.intact)
