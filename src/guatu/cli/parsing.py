"""argparse speaking Chinese: a wrong call is a bad input like any other."""

import argparse
import re
from typing import NoReturn

from guatu.engines.intake import BadInput

# What argparse says → what we say; the groups are its own words.
SENTENCES = (
    (r"the following arguments are required: (.+)", "缺少参数：{}。"),
    (r"unrecognized arguments: (.+)", "不认识的参数：{}。"),
    (
        r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)",
        "参数 {} 的值 {} 不在可选值之内：{}。",
    ),
    (r"argument (.+?): invalid int value: (.+)", "参数 {} 应为整数，实际是 {}。"),
    (r"argument (.+?): expected (?:one|at least one) argument", "参数 {} 缺少值。"),
    (r"argument (.+?): not allowed with argument (.+)", "参数 {} 不能与 {} 同时使用。"),
    (r"one of the arguments (.+) is required", "以下参数须给出其一：{}。"),
)


class Parser(argparse.ArgumentParser):
    """Raises BadInput where argparse would print its usage and leave."""

    def error(self, message: str) -> NoReturn:
        """Refuse the call with one sentence."""
        raise BadInput(in_chinese(message))


def in_chinese(message: str) -> str:
    """Return argparse's message as a sentence for a clerk.

    >>> in_chinese("unrecognized arguments: --jsn")
    '不认识的参数：--jsn。'
    """
    for pattern, sentence in SENTENCES:
        found = re.fullmatch(pattern, message)
        if found:
            return sentence.format(*found.groups())
    return f"命令不正确：{message}"
