"""Quotation marks within quotation marks: 「」 outside, 『』 within."""

OPENING = {"「": "」", "『": "』"}
OTHER = {"「": "『", "『": "「"}


def nested(sentence: str) -> str:
    """Turn marks that stand within marks of their kind; what does not pair stays as it is.

    >>> nested("「推进示例路「施工许可」」已办结，请看「责任事项」。")
    '「推进示例路『施工许可』」已办结，请看「责任事项」。'
    >>> nested("「推进示例路「施工…」已办结")
    '「推进示例路「施工…」已办结'
    """
    within: list[str] = []
    told = []
    for letter in sentence:
        mark = letter
        if letter in OPENING:
            mark = OTHER[within[-1]] if within else letter
            within.append(mark)
        elif letter in OPENING.values():
            if not within:
                return sentence
            mark = OPENING[within.pop()]
        told.append(mark)
    return sentence if within else "".join(told)
