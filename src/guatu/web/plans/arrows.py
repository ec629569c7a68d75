"""The links of a drawn plan: lines at right angles beside the bars, with their words."""

from collections.abc import Mapping, Sequence

from guatu.loop.plan.sketch import Step, Tie
from guatu.web.plans.shapes import BAR, ROW, Arrow, Bar

TURN = 7
"""Room a link takes to leave a bar and to reach the next."""


def arrows_of(ties: Sequence[Tie], places: Mapping[str, Bar]) -> list[Arrow]:
    """Links between drawn bars; critical ones last, so that they lie on top."""
    found = []
    for tie in ties:
        before, after = places.get(tie.before), places.get(tie.after)
        if before is None or after is None or not before.shape or not after.shape:
            continue
        open_ends = before.step.finished is None and after.step.finished is None
        critical = before.dated.critical and after.dated.critical and open_ends
        found.append(_arrow(tie, before, after, critical=critical))
    return sorted(found, key=lambda arrow: arrow.critical)


def _arrow(tie: Tie, before: Bar, after: Bar, *, critical: bool) -> Arrow:
    """Lead from one end to the other at right angles: beside the bars, never through them."""
    leaves_end, meets_end = tie.type[0] == "F", tie.type[1] == "F"
    x1 = before.end if leaves_end else before.x
    x2 = after.end if meets_end else after.x
    y1, y2 = before.middle, after.middle
    words = _said(tie, before.step, after.step)
    if tie.type == "FS" and -1 <= x2 - x1 < 2 * TURN and after.shape == "bar":
        down = 1 if y2 > y1 else -1
        x, edge = min(x2 + 3, after.end), y2 - down * (BAR // 2 + 1)
        path = f"M{x1:g} {y1}H{x:g}V{edge - down * 4}"
        return Arrow(tie, path, f"M{x:g} {edge}l-3.5 {-5 * down}h7Z", critical, words)
    out = x1 + TURN if leaves_end else x1 - TURN
    into = x2 + TURN if meets_end else x2 - TURN
    straight = out <= into if leaves_end and not meets_end else leaves_end == meets_end
    if straight:
        turn = max(out, into) if meets_end and leaves_end else out if leaves_end else min(out, into)
        path = f"M{x1:g} {y1}H{turn:g}V{y2}H{x2:g}"
    else:
        lane = y1 + (ROW // 2 if y2 > y1 else -ROW // 2) + 2
        path = f"M{x1:g} {y1}H{out:g}V{lane}H{into:g}V{y2}H{x2:g}"
    back = 5 if meets_end else -5
    head = f"M{x2:g} {y2}l{back} -3.5v7Z"
    return Arrow(tie, path, head, critical, words)


TIE_WORDS = {
    "FS": ("完成", "开始"),
    "SS": ("开始", "开始"),
    "FF": ("完成", "完成"),
    "SF": ("开始", "完成"),
}


def _said(tie: Tie, before: Step, after: Step) -> str:
    first, then = TIE_WORDS[tie.type]
    lag = f"{'后' if tie.lag > 0 else '前'} {abs(tie.lag)} 天" if tie.lag else "后"
    return f"「{before.name}」{first}{lag}，「{after.name}」才能{then}"
