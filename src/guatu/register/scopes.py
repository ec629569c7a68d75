"""What a token may be limited to: names of reading and reporting, as the interface declares them.

Like policies they are declared where the thing is (:func:`scope`), and read here by whoever permits
or makes tokens.
"""

from collections.abc import Iterable

from guatu.register.errors import Invalid

SCOPES: dict[str, str] = {}
"""Name → what it lets a program do, in the order they were declared."""


def scope(name: str, words: str) -> str:
    """Declare a scope such as ``read:projects``; each has exactly one meaning."""
    if SCOPES.setdefault(name, words) != words:
        message = f"second meaning of {name}"
        raise ValueError(message)
    return name


def known_scopes(names: Iterable[str]) -> list[str]:
    """Return each of ``names`` once, as declared. Raises Invalid for none or a stranger."""
    wanted = set(names)
    strangers = sorted(wanted - set(SCOPES))
    if strangers:
        raise Invalid(f"没有「{strangers[0][:40]}」这一项接口权限。", "scopes")
    if not wanted:
        raise Invalid("请至少选择一项接口权限。", "scopes")
    return [name for name in SCOPES if name in wanted]
