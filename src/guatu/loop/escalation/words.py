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
    "below": "{to}（{name}）不在承办领导之上",
    "told": "{name}已提醒过",
    "highest": "{name}之上没有在任的领导",
    "further": "{name}之上没有其他在任的领导",
    "ended": "{name}之上已无上级，专班已提醒过，列入调度会议程",
    "only": "责任岗位（{name}）即本单位唯一的负责岗位",
    "first": "责任岗位（{name}）即本单位负责人",
}
RAISED = frozenset({"only", "first"})
"""Reasons for which a step goes up, to somebody who is to press and not to act."""
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

    ``{"steps", "to", "from", "cycle", "days", "offset", "unit", "fell_on", "instead"}``; ``cycle``
    is the day of the cause it hangs on, ``days`` how long after it is told, below 0 before. Of a
    blocker also ``"asked"``: who was asked and whether they are gone; of a letter that is suggested
    ``"drafting"``.
    """
    highest = steps[-1]
    return {
        "steps": [one.step.key for one in steps],
        "to": highest.step.to,
        "from": highest.step.anchor,
        "cycle": highest.anchor.isoformat(),
        "days": (told_on - highest.anchor).days,
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


def given_words(
    by: str, reason: str, due: dt.date | None, day: dt.date, addressee: Addressee
) -> dict[str, Json]:
    """What whoever is made to owe a duty is told.

    ``{"given", "whole", "reason", "cycle", "days", "instead"}``: by whom, whether to a unit as a
    whole, ``days`` after ``cycle``, the due day, or both None.
    """
    return {
        "given": by,
        "whole": addressee.unit is not None,
        "reason": reason.strip(),
        "cycle": due.isoformat() if due else None,
        "days": (day - due).days if due else None,
        "instead": addressee.instead.as_json() if addressee.instead else None,
    }


def many_given_words(
    by: str, reason: str, count: int, path: str, addressee: Addressee
) -> dict[str, Json]:
    """The same of many duties at once, which hang on no single one: see `sentence`."""
    words = given_words(by, reason, None, dt.date.min, addressee)
    return {
        "title": f"改派 {count} 项责任事项",
        "path": path,
        "said": _given(words, f"共 {count} 项，请逐项接续办理"),
    }


def _given(words: Mapping[str, Any], rest: str) -> str:
    by, whom = words["given"], "您单位" if words["whole"] else "您"
    parts = [f"{by}改派，由{whom}负责：{rest}" if by else f"已改派，由{whom}负责：{rest}"]
    if words["reason"]:
        parts.append(f"理由：{words['reason'].rstrip('。')}")
    if words["instead"]:
        parts.append(_passed_on(words))
    return "；".join(parts)


def sentence(kind: str, words: Mapping[str, Any]) -> str:
    """Write out what a notice says.

    What hangs on no duty says it in words of its own: ``{"title", "path", "said"}``. An urge says
    what was said: see `urge_words`; what is given to somebody: see `given_words`.

    >>> words = {"to": "owner", "from": "due", "cycle": "2025-03-31", "days": -7, "late": 0}
    >>> sentence("remind", words | {"instead": None})
    '2025-03-31 到期，还有 7 天，请抓紧办理并报告'
    """
    if "said" in words:
        return str(words["said"])
    if "urged" in words:
        urge = f"{words['by']}催办：{words['urged']}"
        return f"{urge.rstrip('。')}；{_passed_on(words)}" if words["instead"] else urge
    if "given" in words:
        stands = _against(words["cycle"], words["days"]) if words["cycle"] else "期限待定"
        return _given(words, f"{stands}，请接续办理并报告")
    urged = URGED.get((NoticeKind(kind), StepTo(words["to"])), OTHERWISE[NoticeKind(kind)])
    parts = [f"{_standing(words)}，{urged}{DRAFTING.get(words.get('drafting', ''), '')}"]
    if words["late"]:
        parts.append(f"应于 {words['fell_on']} 提醒，补发")
    if words["instead"]:
        parts.append(_passed_on(words))
    return "；".join(parts)


def _passed_on(words: Mapping[str, Any]) -> str:
    act = "督促" if words["instead"]["why"] in RAISED else "处理"
    return f"{instead_words(words['instead'])}，转由您{act}"


def _standing(words: Mapping[str, Any]) -> str:
    """How the cause stands on the day of the notice."""
    if words["from"] != "due":
        asked = words.get("asked") or {"name": "", "why": ""}
        gone = f"（{instead_words(asked)}）" if asked["why"] else ""
        return f"请求{asked['name']}解决满 {words['offset']} {UNITS[words['unit']]}未答复{gone}"
    return _against(words["cycle"], words["days"])


def _against(due: str, days: int) -> str:
    """How a day stands against the due one."""
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


def beyond_words(step: Step) -> str:
    """To whom a rung goes where the head it is meant for is who has the matter; empty for others.

    >>> beyond_words(Step("late", "due", 1, "day", "unit_head", "remind"))
    '；责任岗位即单位负责人的，依次转上级单位、包保领导、专班'
    """
    if step.to != str(StepTo.UNIT_HEAD):
        return ""
    others = dict.fromkeys((*step.beyond, str(StepTo.OFFICE)))
    return "；责任岗位即单位负责人的，依次转" + "、".join(str(StepTo(to).label) for to in others)


def done_words(kind: str, who: str) -> str:
    """What a rung does to whom.

    >>> done_words("copy", "包保领导")
    '抄送包保领导'
    """
    return DONE[NoticeKind(kind)].format(who=who)
