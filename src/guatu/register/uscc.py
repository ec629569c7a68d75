"""Unified social credit codes by GB 32100-2015: form and check digit, told in a sentence."""

import re

from stdnum.cn import uscc as standard

from guatu.register.errors import Invalid

LENGTH = 18
LETTERS = "0-9A-HJ-NP-RTUWXY"
# Department and kind (two characters), region (six digits), organisation code, check character.
FORM = re.compile(rf"[{LETTERS}]{{2}}[0-9]{{6}}[{LETTERS}]{{10}}")


def checked_uscc(text: str) -> str:
    """Return the code in capitals without spaces, empty for empty; Invalid tells what is wrong.

    >>> checked_uscc(" 91110000600037341l ")
    '91110000600037341L'
    """
    code = re.sub(r"[\s-]", "", text).upper()
    if not code:
        return ""
    if len(code) != LENGTH:
        raise Invalid(f"统一社会信用代码应为 18 位，现为 {len(code)} 位。", "uscc")
    if not FORM.fullmatch(code):
        wrong = next((c for c in code if not re.fullmatch(f"[{LETTERS}]", c)), "")
        what = f"含有不使用的字符「{wrong}」" if wrong else "第 3 至 8 位应为数字"
        raise Invalid(f"统一社会信用代码{what}，请对照营业执照核对。", "uscc")
    if standard.calc_check_digit(code[:-1]) != code[-1]:
        raise Invalid("统一社会信用代码第 18 位校验码不符，请对照营业执照核对。", "uscc")
    return code
