"""The `guatu` command: parse, call one function, print one answer.

Django is imported only by the commands that need the database, and settings are named by a
string, so that the engines' commands start at once on a machine without any data folder.
"""

import json
import os
import sys
from collections.abc import Sequence

from guatu.cli.answers import Answer, refusal
from guatu.cli.commands import parser
from guatu.engines.intake import BadInput
from guatu.register.errors import Invalid, RegisterError

__all__ = ["main"]

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 bad input."""
    words, as_json = without_json(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        arguments = parser().parse_args(words)
        answer: Answer = arguments.run(arguments)
    except BadInput as bad:
        tell_refusal(bad, as_json=as_json)
        return BAD_INPUT
    except RegisterError as refused:
        tell_refusal(BadInput(str(refused), file=refused.file), as_json=as_json)
        return BAD_INPUT if isinstance(refused, Invalid) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    try:
        print_answer(answer, as_json=as_json)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; Python must not flush the rest again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE if answer.done else FAILED


def without_json(words: Sequence[str]) -> tuple[list[str], bool]:
    """Take `--json` out of the words, wherever it stands before a `--`.

    >>> without_json(["read", "讲话.txt", "--json"])
    (['read', '讲话.txt'], True)
    >>> without_json(["read", "--", "--json"])
    (['read', '--', '--json'], False)
    """
    end = words.index("--") if "--" in words else len(words)
    kept = [word for word in words[:end] if word != "--json"]
    return [*kept, *words[end:]], len(kept) < end


def tell_refusal(bad: BadInput, *, as_json: bool) -> None:
    """Print why nothing was done: the error document, or one plain sentence."""
    print(json.dumps(refusal(bad), ensure_ascii=False) if as_json else bad, file=sys.stderr)


def print_answer(answer: Answer, *, as_json: bool) -> None:
    """Print the one JSON document (always UTF-8), or the text for people."""
    if as_json:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        print(json.dumps(answer.document, ensure_ascii=False))
        return
    for warning in answer.warnings:
        print(warning, file=sys.stderr)
    if answer.text:
        print(answer.text)
