"""What a command hands back, and how a refused input is told."""

from dataclasses import dataclass
from pathlib import Path

from guatu.engines.intake import BadInput


@dataclass(frozen=True)
class Answer:
    """A document for json.dumps, the same for people as text, and whether the work was done.

    ``warnings`` go to stderr for people; in the document they stand beside the rest.
    """

    document: object
    text: str = ""
    done: bool = True
    warnings: tuple[str, ...] = ()


def refusal(bad: BadInput) -> dict[str, dict[str, str | int | None]]:
    """Return the document that `--json` prints on stderr for a refused input."""
    return {
        "error": {
            "file": bad.file,
            "row": bad.row,
            "column": bad.column,
            "message": bad.message,
        }
    }


def existing_file(name: str) -> Path:
    """Return the path of a file given on the command line; BadInput when there is none."""
    path = Path(name)
    if path.is_dir():
        raise BadInput("这是一个文件夹，请给出文件。", file=name, kind="type")
    if not path.is_file():
        raise BadInput("找不到这个文件。", file=name, kind="empty")
    return path
