"""What a step and its notice say, as data and written out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from guatu.engines.escalation import Reached, Step
from guatu.loop.enums import NoticeKind, StepTo
from guatu.loop.escalation.directory import Addressee, Instead
from guatu.register.recording import Json
from guatu.register.rules import Holding

UNITS = {"day": "天", "workday": "个工作日"}
DONE = {
    NoticeKind.REMIND: "提醒{who}",
    NoticeKind.COPY: "抄送{who}",
    NoticeKind.LETTER: "建议{who}发督办函",
}
URGED = {
    (NoticeKind.REMIND, StepTo.OWNER): "请抓紧办理并报告",
    (NoticeKind.REMIND, StepTo.UNIT_HEAD): "请督促办理",
    (NoticeKind.REMIND, StepTo.PARENT): "请协调解决",
}
OTHERWISE = {
    NoticeKind.REMIND: "请关注",
    NoticeKind.COPY: "抄送知悉",
    NoticeKind.LETTER: "建议发督办函",
}
WHY = {
    "vacant": "{name}暂无人任职",
    "closed": "{name}已停用",
    "unset": "未定{to}",
    "nobody": "{name}没有在任的负责岗位",
    "top": "{name}没有设岗的上级单位",
    "self": "承办人即{to}（{name}）本人",
    "highest": "{name}之上没有在任的领导",
}
DRAFTED, QUEUED = "drafted", "queued"
DRAFTING = {DRAFTED: "，已拟稿，请核对送签", QUEUED: "，待拟稿"}
"""What became of the letter a notice suggests, by the rule ``letter.drafting``."""


def reason_of(reached: Reached, rule: Holding, addressee: Addressee) -> dict[str, Json]:
    """Why a step was taken: rule as cited, days counted, and who was meant where it went elsewhere.

    ``{"rule", "from", "base", "offset", "unit", "planned", "instead"}``; days as ISO text.
    """
    return {
        "rule": {**rule.cited()},
        "from": reached.step.anchor,
        "base": reached.base.isoformat(),
        "offset": reached.step.offset,
        "unit": reached.step.unit,
        "planned": reached.planned.isoformat(),
        "instead": addressee.instead.as_json() if addressee.instead else None,
    }


def notice_words(
    steps: Sequence[Reached],
    addressee: Addressee,
    told_on: dt.date,
    asked: Instead | None = None,
    drafting: str = "",
) -> dict[str, Json]:
    """What a notice of some steps says of the highest, the last of them.

    ``{"steps", "to", "from", "cycle", "days", "offset", "unit", "fell_on", "instead"}``; ``days``
    is how long after ``cycle`` it is told, below 0 before. Of a blocker also ``"asked"``: who was
    asked and whether they are gone; of a letter that is suggested ``"drafting"``.
    """
    highest = steps[-1]
    return {
        "steps": [one.step.key for one in steps],
        "to": highest.step.to,
        "from": highest.step.anchor,
        "cycle": highest.cycle.isoformat(),
        "days": (told_on - highest.cycle).days,
        "offset": highest.step.offset,
        "unit": highest.step.unit,
        "fell_on": highest.on.isoformat(),
        "late": (told_on - highest.on).days,
        "instead": addressee.instead.as_json() if addressee.instead else None,
        **({"asked": asked.as_json()} if asked else {}),
        **({"drafting": drafting} if drafting else {}),
    }


def urge_words(by: str, words: str, addressee: Addressee) -> dict[str, Json]:
    """What a notice of an urge says: ``{"by", "urged", "instead"}``."""
    instead = addressee.instead.as_json() if addressee.instead else None
    return {"by": by, "urged": words, "instead": instead}


def sentence(kind: str, words: Mapping[str, Any]) -> str:
    """Write out what a notice says.

    What hangs on no duty says it in words of its own: ``{"title", "path", "said"}``. An urge says
    what was said: see `urge_words`.

    >>> words = {"to": "owner", "from": "due", "cycle": "2025-03-31", "days": -7, "late": 0}
    >>> sentence("remind", words | {"instead": None})
    '2025-03-31 到期，还有 7 天，请抓紧办理并报告'
    """
    if "said" in words:
        return str(words["said"])
    if "urged" in words:
        urge = f"{words['by']}催办：{words['urged']}"
        return f"{urge.rstrip('。')}；{_passed_on(words)}" if words["instead"] else urge
    urged = URGED.get((NoticeKind(kind), StepTo(words["to"])), OTHERWISE[NoticeKind(kind)])
    parts = [f"{_standing(words)}，{urged}{DRAFTING.get(words.get('drafting', ''), '')}"]
    if words["late"]:
        parts.append(f"应于 {words['fell_on']} 提醒，补发")
    if words["instead"]:
        parts.append(_passed_on(words))
    return "；".join(parts)


def _passed_on(words: Mapping[str, Any]) -> str:
    return f"{instead_words(words['instead'])}，转由您处理"


def _standing(words: Mapping[str, Any]) -> str:
    """How the cause stands on the day of the notice."""
    if words["from"] != "due":
        asked = words.get("asked") or {"name": "", "why": ""}
        gone = f"（{instead_words(asked)}）" if asked["why"] else ""
        return f"请求{asked['name']}解决满 {words['offset']} {UNITS[words['unit']]}未答复{gone}"
    due, days = words["cycle"], words["days"]
    if days < 0:
        return f"{due} 到期，还有 {-days} 天"
    return f"{due} 到期，逾期 {days} 天仍未办结" if days else f"{due} 当天到期"


def instead_words(instead: Mapping[str, str]) -> str:
    """Why somebody else was told than the rule says.

    >>> instead_words({"to": "leader", "name": "", "why": "unset"})
    '未定包保领导'
    """
    to = str(StepTo(instead["to"]).label)
    return WHY[instead["why"]].format(name=instead["name"] or to, to=to)


def when_words(step: Step) -> str:
    """When a rung comes.

    >>> when_words(Step("copy", "due", 5, "workday", "leader", "copy"))
    '逾期 5 个工作日'
    """
    return planned_words(step.anchor, step.offset, step.unit)


def planned_words(anchor: str, offset: int, unit: str) -> str:
    """Say the same of the parts of a rung.

    >>> planned_words("due", -7, "day"), planned_words("asked", 3, "workday")
    ('期限前 7 天', '请求解决满 3 个工作日未答复')
    """
    number = f"{abs(offset)} {UNITS[unit]}"
    if anchor == "due":
        if offset == 0:
            return "到期当天"
        return f"期限前 {number}" if offset < 0 else f"逾期 {number}"
    return f"{'请求解决' if anchor == 'asked' else '提出'}满 {number}未答复"


def done_words(kind: str, who: str) -> str:
    """What a rung does to whom.

    >>> done_words("copy", "包保领导")
    '抄送包保领导'
    """
    return DONE[NoticeKind(kind)].format(who=who)
