"""Commands on the data folder: load, backup, restore, audit verify."""

import argparse
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guatu.cli.answers import Answer, existing_file
from guatu.cli.application import application
from guatu.cli.lock import LOCK, sole_user
from guatu.engines.intake import BadInput
from guatu.register.errors import RegisterError


def load(arguments: argparse.Namespace) -> Answer:
    """Read files, or the minutes of a meeting, into drafts, and with --confirm into the books."""
    application()
    from guatu.campaign import reading  # noqa: PLC0415 -- models exist only from here on

    if arguments.meeting is not None and len(arguments.files) > 1:
        raise BadInput("一次会议只挂一份纪要，--meeting 只能给一个文件。")
    outcomes = []
    for name in arguments.files:
        with refused_for(name):
            loaded = reading.load_file(
                existing_file(name),
                kind=arguments.kind,
                officer=arguments.officer,
                plan_year=arguments.plan_year,
                confirm=arguments.confirm,
                meeting=arguments.meeting,
            )
        outcomes.append(loaded)
    documents = [outcome.as_json() for outcome in outcomes]
    document = documents[0] if len(documents) == 1 else {"files": documents}
    return Answer(document, json.dumps(document, ensure_ascii=False, indent=2))


@contextmanager
def refused_for(name: str) -> Iterator[None]:
    """Say of a refusal inside which of the files it is about."""
    try:
        yield
    except RegisterError as refusal:
        refusal.file = Path(name).name
        raise


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
    """Fill the data folder from a backup; the service must be stopped.

    A refused restore leaves an empty folder as empty as it was.
    """
    file = existing_file(arguments.file)
    home = application()
    from guatu.register import backup as keeping  # noqa: PLC0415 -- as above

    with sole_user(home):
        try:
            keeping.restore(file)
        except BaseException:
            forget_start(home)
            raise
    return Answer({"restored": arguments.file}, f"已从 {arguments.file} 恢复到 {home}。")


def forget_start(home: Path) -> None:
    """Take away what starting alone puts into a folder that holds nothing else."""
    keys = home / "keys"
    made = {path.relative_to(home) for path in home.rglob("*")}
    if made <= {Path(LOCK), Path("keys"), Path("keys", "session")}:
        shutil.rmtree(keys, ignore_errors=True)
        (home / LOCK).unlink(missing_ok=True)


def verify(arguments: argparse.Namespace) -> Answer:
    """Check the chain of events, and against a head kept elsewhere when one is given."""
    application()
    from guatu.register import sealing  # noqa: PLC0415 -- as above

    head = existing_file(arguments.head) if arguments.head else None
    outcome = sealing.verify(head)
    return Answer(outcome.as_json(), str(outcome), done=outcome.intact)
