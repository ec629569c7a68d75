"""The life of a letter as a table: which act leads from which states to which, and who may.

拟稿 → 待签发 → 已签发 → 已送达 → 已阅 → 已回复 → 办结. The signer sends back, the drafter takes
back; a draft ends as 撤回, a number as 作废.
"""

from dataclasses import dataclass

from guatu.loop.enums import LetterState
from guatu.loop.models import Letter
from guatu.loop.moves import check_revision
from guatu.register.errors import Invalid
from guatu.register.policies import Standing, may, require
from guatu.register.recording import Act

DRAFT, SIGNING, SIGNED = LetterState.DRAFT, LetterState.SIGNING, LetterState.SIGNED
SENT, READ, ANSWERED = LetterState.SENT, LetterState.READ, LetterState.ANSWERED
CLOSED, WITHDRAWN, VOID = LetterState.CLOSED, LetterState.WITHDRAWN, LetterState.VOID


FRESHEN = "按今天的情况重新起草"


@dataclass(frozen=True)
class LetterMove:
    """One act of a letter's life; ``target`` None keeps the state, ``policy`` names who may."""

    action: str
    name: str
    sources: frozenset[LetterState]
    target: LetterState | None
    policy: str


LETTER_TABLE = (
    LetterMove("redraft", "修改稿件", frozenset({DRAFT}), None, "letter.edit"),
    LetterMove("freshen", FRESHEN, frozenset({DRAFT}), None, "letter.edit"),
    LetterMove("freshen_signing", FRESHEN, frozenset({SIGNING}), None, "letter.sign"),
    LetterMove("send_to_sign", "送签", frozenset({DRAFT}), SIGNING, "letter.edit"),
    LetterMove("take_back", "收回修改", frozenset({SIGNING}), DRAFT, "letter.edit"),
    LetterMove("sign", "签发", frozenset({SIGNING}), SIGNED, "letter.sign"),
    LetterMove("send_back", "退回修改", frozenset({SIGNING}), DRAFT, "letter.sign"),
    LetterMove("deliver", "送达", frozenset({SIGNED}), SENT, "letter.deliver"),
    LetterMove("read", "签收", frozenset({SENT, READ, ANSWERED, CLOSED}), None, "letter.read"),
    LetterMove("reply", "回复", frozenset({SENT, READ}), ANSWERED, "letter.answer"),
    LetterMove("accept_answer", "认可回复", frozenset({ANSWERED}), CLOSED, "letter.judge"),
    LetterMove("return_answer", "退回补充回复", frozenset({ANSWERED}), READ, "letter.judge"),
    LetterMove("settle", "阅后办结", frozenset({READ}), CLOSED, "letter.judge"),
    LetterMove("give_up", "撤回稿件", frozenset({DRAFT, SIGNING}), WITHDRAWN, "letter.edit"),
    LetterMove("void", "作废", frozenset({SIGNED, SENT, READ, ANSWERED}), VOID, "letter.void"),
)
LETTER_MOVES = {move.action: move for move in LETTER_TABLE}


def begin(
    act: Act, letter: Letter, action: str, expected_revision: int | None = None
) -> LetterMove:
    """Check who acts, which revision they saw and where the letter stands; return the move.

    Raises Forbidden, Stale or Invalid, in this order.
    """
    move = LETTER_MOVES[action]
    require(act.standing, move.policy, letter)
    check_revision(letter.revision, expected_revision)
    if letter.state not in move.sources:
        message = f"「{letter.title}」现在是{LetterState(letter.state).label}，不能{move.name}。"
        raise Invalid(message)
    return move


def open_moves(standing: Standing, letter: Letter) -> list[LetterMove]:
    """Acts the officer may do now, in the order of the table."""
    return [
        move
        for move in LETTER_TABLE
        if letter.state in move.sources and may(standing, move.policy, letter)
    ]
