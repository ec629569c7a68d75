"""Cells that hold two facts at once: a person and a phone, or a unit and its person."""

import re

from guatu.engines.intake.sheet.money import narrow

_PHONE = re.compile(
    r"(?:\+?86-?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\(?0\d{2,3}\)?[- ]?\d{7,8}(?:[-转]\d{1,6})?"
    r"|(?<!\d)\d{7,8}(?:[-转]\d{1,6})?(?!\d)"
)
_CAPTION = re.compile(r"(?:联系)?(?:电话|手机|方式)[:：]?$")
_EDGES = " \t\r\n,，、;；:：/|()（）[]【】-—~"
_TRAILING_BRACKET = re.compile(r"(.+?)\s*[(（]([^()（）]+)[)）]")
_UNIT_END = re.compile(
    r"(?:公司|集团|局|委员会|委|办公室|办|院|中心|街道|街道办事处|镇|乡|政府|厂|所|站|会|大学|学院"
    r"|学校|医院|银行|管委会|支队|大队|社区|村|合作社|部|厅|处|科)$"
)


def person_and_phone(text: str) -> tuple[str | None, str | None]:
    """Divide 张三13800000000 and the like; several are kept in order, joined by 、.

    >>> person_and_phone("联络员（0431-84640000）")
    ('联络员', '0431-84640000')
    >>> person_and_phone("综合科")
    ('综合科', None)
    """
    phones = [match.group().strip(_EDGES + "()") for match in _PHONE.finditer(text)]
    rest = _PHONE.sub("\n", text)
    parts = [part.strip(_EDGES) for part in re.split(r"[\n,，、;；/|]+", rest)]
    people = [_CAPTION.sub("", part).strip(_EDGES) for part in parts]
    return "、".join(p for p in people if p) or None, "、".join(phones) or None


def unit_and_person(text: str) -> tuple[str | None, str | None]:
    """Divide 某某公司 张三: white space, brackets or a separator must stand between them.

    >>> unit_and_person("示例建设公司 项目经理"), unit_and_person("示例建设公司（项目经理）")
    (('示例建设公司', '项目经理'), ('示例建设公司', '项目经理'))
    >>> unit_and_person("示例建设有限公司")
    ('示例建设有限公司', None)
    """
    bracketed = _TRAILING_BRACKET.fullmatch(text.strip())
    if bracketed and _UNIT_END.search(bracketed[1]) and not _UNIT_END.search(bracketed[2]):
        return narrow(bracketed[1]), bracketed[2].strip(_EDGES) or None
    parts = [part for part in re.split(r"[\s,，、;；/|:：]+", text.strip()) if part]
    ends = [index for index, part in enumerate(parts) if _UNIT_END.search(part)]
    if not ends or ends[-1] == len(parts) - 1:
        return narrow(text) or None, None
    last = ends[-1] + 1
    return "、".join(parts[:last]), "、".join(parts[last:])
