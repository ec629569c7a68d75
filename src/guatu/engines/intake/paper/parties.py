"""Who owes a commitment and who helps: the units the paper itself charges, in its own words."""

import re
from collections.abc import Sequence

from guatu.engines.intake.paper.clause import View
from guatu.engines.intake.paper.outline import Sentence

_OWNER = re.compile(
    r"由(?P<by>[\u4e00-\u9fff]{2,12}?(?:局|委|办|办公室|街道|中心|集团|公司|管委会|镇|乡|专班))(?:牵头|负责|会同)"
    r"|^(?P<head>[\u4e00-\u9fff]{2,10}?(?:局|办公室|街道办|街道|管委会|集团|公司|镇|乡|专班))(?:要|负责|牵头)"
)
_CHARGED_AFTER = re.compile(
    r"[，,（(]\s*由?(?P<by>[\u4e00-\u9fff]{1,10}?(?:局|委|办|办公室|街道|中心|集团|公司|管委会|镇|乡|专班|部门))"
    r"(?:牵头|负责|会同)(?:[、，,](?P<co>[\u4e00-\u9fff、]{2,30}?)(?:配合|协助|参与))?"
)
_DUTY_UNIT = re.compile(
    r"(?:责任单位|牵头单位|责任部门|牵头部门|主责单位)\s*[:：]\s*(?P<unit>[^\s；;。，,）)】\n]{2,30})"
    r"(?:[；;，, ]{0,2}(?:配合|协办|协助)(?:单位|部门)\s*[:：]\s*"
    r"(?P<co>[^\s；;。，,）)】\n]{2,60}))?"
)


def parties(
    views: Sequence[View], span: tuple[int, int, str], sentence: Sentence
) -> tuple[Sequence[str], Sequence[str]]:
    """Who owes a commitment and who helps, as the sentence charges them.

    The last charge up to the commitment counts, and what follows it and says only who.
    """
    owners: Sequence[str] = ()
    helpers: Sequence[str] = ()
    after = False
    for view in views:
        charge, after = view.charge, after or view.start >= span[1]
        if after and (charge is None or not charge.alone):
            break
        if charge is None:
            continue
        if charge.owners and not (after and owners):
            owners, helpers = charge.owners, ()
        helpers = (*helpers, *charge.helpers)
    if not owners:
        owners, named = _charged_otherwise(views[0].text, span, sentence)
        helpers = (*helpers, *named)
    return owners, helpers


def _charged_otherwise(
    text: str, span: tuple[int, int, str], sentence: Sentence
) -> tuple[Sequence[str], Sequence[str]]:
    """Who is charged elsewhere than at a clause's head: in brackets, behind 责任单位."""
    start, end, _ = span
    own = _OWNER.search(text[sentence.start : end])
    if own:
        return (own["by"] or own["head"],), ()
    after = _CHARGED_AFTER.search(text, start, end) or _CHARGED_AFTER.match(text, end, sentence.end)
    if after:
        return (after["by"],), _listed(after["co"])
    named = _DUTY_UNIT.search(text, span[0], min(len(text), sentence.end + 60))
    if named is None or "\n" in text[span[1] : named.start()]:
        return (), ()
    return _listed(named["unit"]), _listed(named["co"])


def _listed(units: str | None) -> tuple[str, ...]:
    return tuple(one for one in (units or "").split("、") if one)
