"""Charges: the opening words of a clause that lay a task on units (由…牵头, 责成…, …会同…)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guatu.engines.intake.paper.lexicon import OPENING, Hit

Span = tuple[int, int]
Begins = Mapping[int, Sequence[Hit]]

_LONGEST_UNIT = 14
_MOST_UNITS = 8
_LEAST_ACTION = 4
_OPENER = re.compile(
    r"(?:[一二三四五六七八九十]是|第[一二三四五六七八九十]是?)?(?:会议|会上|专班)?(?:研究|一致|原则)?"
    r"(?:决定|议定|明确|同意|商定|确定)?"
    r"(?P<hands>交?由|责成|责令|请(?!示[区市省上县]|求|问|假|款|功)|委派|要求|指定|安排)?"
)
_ABOUT = re.compile(r"[^，,。；由]{2,30}(?<![自事理])(?=由)")
_UNIT_END = re.compile(
    r"管委会|委员会|办事处|办公室|指挥部|工作组|街道办|街道|社区|中心|集团|公司|专班|部门|政府|单位|学校|银行|法院"
    r"|[局委办镇乡村队组院所站]"
)
_GENERIC = re.compile(
    r"(?:[各该我]|相关|有关|所有|全体|其他|上述|责任|牵头|配合|参会|施工|主管|行业|职能|项目).*"
)
_STOPS = re.compile(r"[，,。；;：:、\s“”\"（）()的了是请]")
_PARTICLES = re.compile(r"[和与及于在由对将把要]")
_JOINS = re.compile(r"、|以及|和(?!谐)|与|及(?!时)")
_HELPERS = re.compile(r"会同|联合|配合|协同|协助")
_BESIDE = re.compile(r"会同")
_ROLE = re.compile(
    r"(?:共同|具体|全程|统一|分别)?(?:牵头(?:负责|落实|组织|协调|抓总)?|负责(?:牵头)?|抓总)"
)
_ASSISTS = re.compile(r"(?:积极|全力)?(?:配合|协助|参与|协同|支持)(?:做好|落实|工作)?$")
_DAY = (
    r"(?:20\d\d年)?(?:1[0-2]|[1-9]|[一二三四五六七八九十]{1,2})月"
    r"(?:底|末|份|上旬|中旬|下旬)?(?:\d{1,2}日)?"
)
_WHEN = re.compile(
    rf"(?P<at>[于在])?(?:{_DAY}|(?:20\d\d)?年[内底末]|[本下][周月]|[一二三四]季度)(?:之?前|以前|内|底|末)?"
)
_DEADLINE = re.compile(r".*(?:前|内|底|末|[本下][周月])")
_PRESSED = re.compile(r"尽快|抓紧|立即|马上|限期|务必|立刻|即日")
_MUST = re.compile(r"要(?![求素点件闻道害领因么是])|须|必须|应当")
_DISPOSES = re.compile(r"[将把对就]")


@dataclass(frozen=True, slots=True)
class Charge:
    """Units charged in the clause that ends at ``end``, in words that begin at ``start``.

    What is said before these (示例路项目由…) is what the charge is about. ``owners`` owe it and
    ``helpers`` help, each in the paper's words; units in general (各部门) are no owners.
    ``units`` are the spans of all of them. ``action`` is where what they are to do begins: the
    clause's end where it stands in another clause (由教育局牵头，…).
    """

    start: int
    end: int
    owners: tuple[str, ...]
    helpers: tuple[str, ...]
    units: tuple[Span, ...]
    action: int

    @property
    def alone(self) -> bool:
        """Whether the clause says only who."""
        return self.action >= self.end


def charge_in(text: str, start: int, end: int, begins: Begins) -> Charge | None:
    """The charge a clause opens with or tells of its subject; ``None`` for every other clause."""
    found = _opening(text, start, end, begins)
    about = _ABOUT.match(text, start, end) if found is None else None
    if about is None:
        return found
    later = _opening(text, about.end(), end, begins)
    return later if later and _firm(text, later) else None


def _firm(text: str, charge: Charge) -> bool:
    """Whether a charge has a role or a day: 示例项目由示例集团投资建设 only tells who builds."""
    behind = charge.units[-1][1]
    return bool(_ROLE.match(text, behind, charge.end) or _WHEN.match(text, behind, charge.end))


def _opening(text: str, start: int, end: int, begins: Begins) -> Charge | None:
    """The charge that begins at ``start``."""
    if helps := _BESIDE.match(text, start, end):
        beside, at = _units(text, helps.end(), end, begins)
        return _made(text, (start, end), [], beside, _action(text, at, end)) if beside else None
    opener = _OPENER.match(text, start, end)
    owners, at = _units(text, opener.end() if opener else start, end, begins)
    if not owners:
        return None
    if _ASSISTS.match(text, at, end):
        return _made(text, (start, end), [], owners, end)
    helpers, at = _helpers(text, at, end, begins)
    role = _ROLE.match(text, at, end)
    at = role.end() if role else at
    handed = bool(opener and opener["hands"]) or bool(helpers)
    if role or _pressed(text, at, end) or (handed and _acts(text, at, end, begins)):
        return _made(text, (start, end), owners, helpers, _action(text, at, end))
    return None


def _made(
    text: str, clause: Span, owners: Sequence[Span], helpers: Sequence[Span], action: int
) -> Charge:
    owed, helped = (
        tuple(text[a:b] for a, b in spans if not _GENERIC.fullmatch(text, a, b))
        for spans in (owners, helpers)
    )
    return Charge(*clause, owed, helped, (*owners, *helpers), action)


def _helpers(text: str, at: int, end: int, begins: Begins) -> tuple[list[Span], int]:
    """The units behind 会同 or 配合, and where they end."""
    helps = _HELPERS.match(text, at, end)
    found, stop = _units(text, helps.end(), end, begins) if helps else ([], at)
    return found, stop if found else at


def _units(text: str, at: int, end: int, begins: Begins) -> tuple[list[Span], int]:
    """The units of a list from ``at``, and where it ends."""
    found: list[Span] = []
    joint = at
    while len(found) < _MOST_UNITS and (stop := _unit(text, joint, end, begins)) is not None:
        found.append((joint, stop))
        at = stop
        joins = _JOINS.match(text, at, end)
        if joins is None:
            break
        joint = joins.end()
    return found, at


def _unit(text: str, at: int, end: int, begins: Begins) -> int | None:
    """Where the unit that opens at ``at`` ends: at its first ending that something may follow."""
    stop = min(end, at + _LONGEST_UNIT)
    for barred in (_STOPS.search(text, at, stop), _PARTICLES.search(text, at + 2, stop)):
        stop = min(stop, barred.start()) if barred else stop
    ends = (match.end() for match in _UNIT_END.finditer(text, at + 1, stop))
    return next((one for one in ends if _may_follow(text, one, end, begins)), None)


def _may_follow(text: str, at: int, end: int, begins: Begins) -> bool:
    """Whether a joint, a role, a day, an adverb or a verb stands behind a unit, or nothing."""
    told = (_JOINS, _HELPERS, _ROLE, _WHEN, _PRESSED, _MUST, _ASSISTS, _DISPOSES)
    return at == end or any(one.match(text, at, end) for one in told) or _opens(begins, at)


def _opens(begins: Begins, at: int) -> bool:
    return any(hit.word & OPENING and hit.end - hit.start > 1 for hit in begins.get(at, ()))


def _pressed(text: str, at: int, end: int) -> bool:
    """Whether units are told until when, or that it is urgent."""
    when = _WHEN.match(text, at, end)
    until = when and _DEADLINE.fullmatch(when[0])
    return bool(until or _PRESSED.match(text, at, end) or _MUST.match(text, at, end))


def _acts(text: str, at: int, end: int, begins: Begins) -> bool:
    """Whether a unit handed something does it in this clause: 由…主办的活动 tells of another."""
    if _WHEN.match(text, at, end) or _DISPOSES.match(text, at, end):
        return True
    return at == end or (_opens(begins, at) and "的" not in text[at:end])


def _action(text: str, at: int, end: int) -> int:
    """Where what is to be done begins, behind the 于 before its day."""
    when = _WHEN.match(text, at, end)
    at += bool(when and when["at"])
    return at if end - at >= _LEAST_ACTION else end
