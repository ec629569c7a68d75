"""Commitments: clauses in which somebody undertakes to do something, and the targets in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guatu.engines.intake.paper.clause import View, len_of
from guatu.engines.intake.paper.lexicon import VERB, Hit, Word
from guatu.engines.intake.paper.model import Item, Value
from guatu.engines.intake.paper.outline import Sentence
from guatu.engines.intake.paper.parties import parties
from guatu.engines.intake.paper.stage import strength_of
from guatu.engines.intake.paper.tables import pattern

SHORTEST, LONGEST = 4, 120
_SHORT = 6
_TOPIC = 5
_HANDLES = {
    "对": (4, 0),
    "针对": (4, 0),
    "把": (2, -1),
    "将": (1, 0),
    "再": (1, 0),
    "通过": (2, 0),
}
"""Words that open a commitment and do nothing: characters to the verb at least, which one acts."""
_MADE = re.compile(r"把[^，,。；;]{2,}?(?P<verb>作为|当作|打造成|建设?成|投向|做(?=得|好|成|到))")
_SHORT_VERBS = frozenset("将要再抓促建推")
_TREATS = re.compile(r"对(?=[^，,]{2,16}(?:进行|开展|实行|实施))")
_MODAL_VERBS = frozenset({"力争", "争取", "确保", "保障", "保证", "力促", "探索", "坚持", "突出"})
_MEANS = re.compile(r"通过|以(?![上下内外前后及])|把|按照|围绕|依托|再")
_FIELD = re.compile(r"在(?P<field>[\u4e00-\u9fff]{2,8})方面")
_SCENE = frozenset({"以", "围绕", "按照", "依托", "对", "针对"})
_ROLE = re.compile(r"发挥(?!好).{2,14}作用")
_BARE = re.compile(r"[\u4e00-\u9fff]{4}、[\u4e00-\u9fff]{4}")
_FURTHER = re.compile(r"进一步|能.尽.|做到|最大限度")
_SLOGAN = re.compile(r"[“\"]零..[”\"]$|(?:起来|下去|上去)[”\"]?$")
_AIM = re.compile(
    r"上(?:求突破|下功夫|使真劲|花力气|见实效|做文章|持续发力|聚焦发力)?$|方面$"
    r"|[为以].{0,16}(?:抓手|目标|主线|引领|支撑)$"
)
_SUBJECT = re.compile(
    r"^(?:.{0,8}?(?:全?[区市省县]|我们|各级|各部门|[局办委])(?:上下)?)?(?:坚决做到|还?将|要|须|必须|继续|坚持)?"
)
_CHARGE = re.compile(
    r"(?:[^，,]{0,16}?(?:[局委办部组街镇乡区市县省]|街道|中心|部门|单位|专班|领导|干部|企业|公司|集团|项目|机关"
    r"|我们|同志们?|党员|大家|班子|负责人|各级|各地|各方))?(?:还|都|也|均|就|更|既|又)?"
    r"(?P<must>要(?![求素点件闻道害领因么是]|看到|认识到|清醒)|须|必须|应当|务必)"
)
_AT_LEAST = re.compile(r"(?:不少于|不低于|不超过|不高于|控制在|力争达到|确保达到)[^，,]{0,6}?\d")
_TOWARD = re.compile(r"(?:对(?![照标接外内上口应比策话])|针对)[^，,]{4,}(?<!中)$")
_SCENE_VERBS = re.compile(r"(?:围绕|依托|按照)")
_EACH = re.compile(r"每(?:个|户|条|件|名|半?[月年季周日天]|季度)[^是]{4,}$")
_CHARGED_UNIT = re.compile(r"由[^，,]{2,24}(?:负责|牵头|牵头负责|配合)|[^，,]{2,20}(?:牵头|配合)")
_LOOKS = frozenset(
    {"走进", "来到", "前往", "听取", "查看", "察看", "参观", "观摩", "看望", "视察", "位于", "在"}
    | {"坐落于", "到", "赴", "了解", "询问", "实地察看", "实地查看", "详细了解", "调研", "实地调研"}
)
_NOT_URGED = re.compile(
    r"(?:是|为|有|在|其中|目前|当前|以来|时间|地点|责任|附件|下次)|.*(?:是|表示|指出|强调)$"
)
_AFTERWARDS = re.compile(r".{0,6}(?:建成|投产|达产|竣工|完工|投用|建设)后|.{0,8}(?:预计|有望|可望)")
_ATTRIBUTE = re.compile(r"的|项目|企业|等|工程|单位|情况|工作")
_CELL = 8
_LINE_END = frozenset("\r\n\t")
_SHORT_SCENE = 3
_LEAST_CHARGE = 4
_RESULT = re.compile(r"(?:全部|全面|必须)?(?:(?:拨付|落实|安装|整改)?到位|完成|办结|完毕|落实)")
_GROWTH = re.compile(
    r"(?:增长|增速|达到|突破|完成|实现|不低于|不少于|提高|下降|压减)[^，,。；;]{0,12}?"
    r"\d+(?:\.\d+)?(?:余|多)?(?:%|％|个百分点|万亿|亿|万)?(?:元|户|家|个|项|人|亩|平方米|公里)?"
)


@dataclass(frozen=True, slots=True)
class Context:
    """Where a sentence stands and what its deadline is."""

    heading: str
    domain: str | None
    sentence: Sentence


def facet(views: Sequence[View], at: int) -> str:
    """The part of the work a clause at ``at`` stands under: 在投资方面, 算好时间账 before it."""
    told = ""
    for view in views:
        if view.start >= at:
            break
        whole = view.text[view.start : view.end]
        field = _FIELD.fullmatch(whole)
        if field:
            told = field["field"]
        elif view is views[0] and len(whole) <= _TOPIC and not pattern("rhetoric").match(whole):
            told = whole
    return told


@dataclass(frozen=True, slots=True)
class _Part:
    view: View
    start: int
    verb: str
    charged: bool = False


def is_cell(text: str, sentence: Sentence) -> bool:
    """Whether a sentence is a short line of its own, as a table's cell or a heading is."""
    opens = sentence.start == 0 or text[sentence.start - 1] in _LINE_END
    closes = sentence.end == len(text) or text[sentence.end] in _LINE_END
    return opens and closes and sentence.end - sentence.start <= _CELL


def spans(views: Sequence[View]) -> list[tuple[int, int, str]]:
    """The commitments of one sentence as (start, end, verb).

    A clause that only says how (通过…, 发挥…作用) joins the next; one that goes on (进一步…), is
    very short, or adds a further list to the verb before joins the one before it.
    """
    found: list[tuple[int, int, str]] = []
    means: _Part | None = None
    last_end = -1
    told = awaited = False
    about: int | None = None
    for order, view in enumerate(views):
        touches = bool(found) and found[-1][1] == last_end
        goes_on = touches or means or (awaited and _looks_ahead(view))
        part = _part(view) or (_urged(view) if goes_on else None)
        last_end = view.end
        told = told or view.charge is not None
        if part is None:
            if touches and _goes_on_listing(view):
                found[-1] = (found[-1][0], view.end, found[-1][2])
            found.extend(_alone(means))
            means = None
        elif _is_means(view, part):
            found.extend(_alone(means))
            means = part
        elif order == 0 and not part.charged and len(views) > 1 and view.end - part.start <= _TOPIC:
            continue
        elif touches and means is None and (_continues(view, part) or (told and _dated(view))):
            found[-1] = (found[-1][0], view.end, found[-1][2])
        else:
            start = means.start if means else part.start
            found.append((start if about is None else about, view.end, part.verb))
            means = None
        awaited = view.charge is not None and view.charge.alone
        about = _about(view, about) if awaited else None
    found.extend(_alone(means))
    return [span for span in found if SHORTEST <= span[1] - span[0] <= LONGEST]


def _alone(means: _Part | None) -> list[tuple[int, int, str]]:
    """A clause of means that nothing followed stands for itself, unless it only sets a scene."""
    if means is None or means.verb in _SCENE:
        return []
    return [(means.start, means.view.end, means.verb)]


def _goes_on_listing(view: View) -> bool:
    """A clause that is only a further list of members inherits the verb from before."""
    if not view.closers or view.chain.keys() & set(range(view.start, view.start + 3)):
        return False
    nouns = [one.noun[1] for one in view.lists if one.noun]
    return bool(nouns) and nouns[-1] >= view.end - 2


def _continues(view: View, part: _Part) -> bool:
    if part.charged:
        return False
    return view.end - part.start <= _SHORT or bool(_FURTHER.match(view.text, part.start, view.end))


def _about(view: View, before: int | None) -> int | None:
    """Where the undertaking begins that a clause which says only who announces.

    What the charge is about belongs to it: 示例路项目由住建局牵头，5月底前完成征拆.
    """
    told = view.charge is not None and view.charge.start > view.start
    return view.start if told else before


def _looks_ahead(view: View) -> bool:
    """Whether a clause names a day or urges: 总投资5亿元 does not."""
    urges = (hit.word & Word.LEAD and len_of(hit) > 1 for hit in view.hits)
    return bool(view.times) or any(urges)


def _dated(view: View) -> bool:
    """A clause that only says until when: 4月30日前到位."""
    until = view.times.get(view.start)
    return until is not None and bool(_RESULT.fullmatch(view.text, until, view.end))


def _part(view: View) -> _Part | None:
    """The clause from its first verb's adverb on; ``None`` when it undertakes nothing."""
    text = view.text
    whole = text[view.start : view.end]
    if _AIM.search(whole) or pattern("rhetoric").match(whole) or _AFTERWARDS.match(whole):
        return None
    charged = _charged(view)
    if charged:
        return charged
    if view.charge is not None:
        at = view.charge.action
        acting = _first_verb(view, at) or _unlisted(view, view.times.get(at, at))
        start = view.start if view.charge.start > view.start else at
        return None if view.charge.alone else _Part(view, start, acting, charged=True)
    lead = _SUBJECT.match(text[view.start : min(view.end, view.start + 24)])
    start = view.start
    if lead and lead[0].endswith(("将", "要", "须")):
        start += lead.end() - lead[0].endswith("将")
    content = text[start : view.end]
    if pattern("result").match(content) or _SLOGAN.search(content):
        return None
    verb = _first_verb(view, start) or _other_verb(content)
    if not verb or verb in _LOOKS or _CHARGED_UNIT.fullmatch(content):
        return None
    return _Part(view, start, verb)


def _charged(view: View) -> _Part | None:
    """A clause in which somebody 要 do something: it undertakes that, whatever the verb."""
    charge = _CHARGE.match(view.text, view.start, view.end)
    if not charge or view.end - charge.end() < _LEAST_CHARGE:
        return None
    verb = _first_verb(view, charge.end())
    start = charge.end() - len(charge["must"])
    return _Part(view, start, verb or _unlisted(view, charge.end()), charged=True)


def _urged(view: View) -> _Part | None:
    """A clause that goes on from an undertaking, with a verb that no list holds."""
    content = view.text[view.start : view.end]
    unfit = (
        len(content) < SHORTEST
        or _NOT_URGED.match(content)
        or _CHARGED_UNIT.fullmatch(content)
        or _AIM.search(content)
        or _SLOGAN.search(content)
        or pattern("rhetoric").match(content)
        or pattern("result").match(content)
        or _goes_on_listing(view)
    )
    if unfit:
        return None
    timed = next((until for at, until in view.times.items() if at > view.start), view.start)
    verb = _first_verb(view, timed) or _unlisted(view, timed)
    return _Part(view, view.start, verb if timed < view.end else _unlisted(view, view.start))


def _unlisted(view: View, start: int) -> str:
    """The two characters where a verb that no list holds must stand: behind 全方位, 积极."""
    at = start
    while hits := [h for h in view.begins.get(at, ()) if h.word & Word.LEAD and len_of(h) > 1]:
        at = max(hit.end for hit in hits)
    if at < view.end and view.text[at] in _HANDLES:
        return view.text[at]
    return view.text[at : at + 2] if at + 2 <= view.end else view.text[start : start + 2]


def _other_verb(content: str) -> str | None:
    """Undertakings that do not open with a verb: a floor, a rule for each, a group treated."""
    least = _AT_LEAST.search(content)
    if least:
        return least[0][:3]
    if _TOWARD.match(content):
        return content[0]
    return "每" if _EACH.match(content) else None


def _first_verb(view: View, start: int) -> str | None:
    """The first verb reached from ``start`` over adverbs alone (or over a means phrase).

    Some words are both (积极谋划, 加快推进): the last of them counts when no plainer verb follows.
    """
    means = _MEANS.match(view.text, start, view.end)
    if means:
        return means[0]
    treats = _TREATS.match(view.text, start, view.end)
    if treats:
        return treats[0]
    at = view.times.get(start, start)
    kept: str | None = None
    while at < view.end:
        hits = [h for h in view.begins.get(at, ()) if len_of(h) > 1 or _single(view, h)]
        if not hits:
            return kept
        longest = hits[0]
        text = view.text[longest.start : longest.end]
        if longest.word & VERB:
            kept = text
            if not longest.word & Word.LEAD:
                return text
        elif not longest.word & Word.LEAD:
            return kept
        elif text in _MODAL_VERBS:
            kept = text
        at = longest.end
    return kept


def _single(view: View, hit: Hit) -> bool:
    return view.text[hit.start] in _SHORT_VERBS


def _is_means(view: View, part: _Part) -> bool:
    if part.verb in {"对", "针对"} and _TOWARD.match(view.text, part.start, view.end):
        return not _acts_later(view, part.start)
    if _MEANS.match(view.text, part.start, view.end):
        return not (_SCENE_VERBS.match(view.text, part.start) and _acts_later(view, part.start))
    content = view.text[part.start : view.end]
    return bool(_ROLE.fullmatch(content)) or bool(_BARE.fullmatch(content))


def _acts_later(view: View, start: int) -> bool:
    """Whether a verb with an object follows: 围绕城市更新再策划一批项目."""
    nouns = Word.GENERIC | Word.PROJECT_END | Word.ABSTRACT_END
    return any(
        hit.start > start + _SHORT_SCENE
        and (hit.end < view.end - 1 or view.text[start] == "对")
        and not _ATTRIBUTE.match(view.text, hit.end)
        and hit.word & VERB
        and not hit.word & nouns
        and len_of(hit) > 1
        for hit in view.hits
    )


def commitment(
    views: Sequence[View], span: tuple[int, int, str], context: Context, due: str | None
) -> Item:
    """Make the item of one span."""
    start, end, _ = span
    text = views[0].text
    attrs: dict[str, Value] = {
        "heading": context.heading,
        "domain": context.domain,
        "verb": _acting(views, span),
        "strength": strength_of(views, start, end),
        "due": due,
        "owner": None,
    }
    owed, helped = parties(views, span, context.sentence)
    attrs["owner"] = owed[0] if owed else None
    others = [one for one in dict.fromkeys((*owed[1:], *helped)) if one != owed[0]] if owed else []
    if others:
        attrs["co_owners"] = others
    return Item("commitment", text[start:end], start, end, attrs)


def _acting(views: Sequence[View], span: tuple[int, int, str]) -> str:
    """The verb that says what is done: what follows the object of 对… or 把…, not these words."""
    start, end, verb = span
    made = _MADE.search(views[0].text, start, end) if verb == "把" else None
    if made or verb not in _HANDLES:
        return made["verb"] if made else verb
    least, pick = _HANDLES[verb]
    kinds = VERB | Word.LEAD if least == 1 else VERB
    clause = next((view for view in views if view.start <= start < view.end), views[0])
    said = [
        clause.text[hit.start : hit.end]
        for hit in clause.hits
        if start + least <= hit.start and hit.end <= end and hit.word & kinds and len_of(hit) > 1
        if not _ATTRIBUTE.match(clause.text, hit.end)
    ]
    return said[pick] if said else verb


def targets(text: str, span: tuple[int, int, str], due: str | None) -> Iterator[Item]:
    """The measurable goals inside a commitment."""
    start, end, verb = span
    grown = list(_GROWTH.finditer(text, start, end))
    for match in grown:
        yield Item("target", match[0], match.start(), match.end(), {"by": due, "verb": verb})
    if not grown and pattern("goal").search(text, start, end):
        attrs: dict[str, Value] = {"by": due, "verb": verb}
        yield Item("target", text[start:end], start, end, attrs)
