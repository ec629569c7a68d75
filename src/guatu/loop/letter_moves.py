"""The life of a letter as a table: which act leads from which states to which, and who may.

拟稿 → 待签发 → 已签发 → 已送达 → 已阅 → 已回复 → 办结. The signer sends back, the drafter takes
back; a draft ends as 撤回, a number as 作废.
"""

from guatu.loop.enums import LetterState
from guatu.loop.models import Letter
from guatu.register.lives import Life, Move

DRAFT, SIGNING, SIGNED = LetterState.DRAFT, LetterState.SIGNING, LetterState.SIGNED
SENT, READ, ANSWERED = LetterState.SENT, LetterState.READ, LetterState.ANSWERED
CLOSED, WITHDRAWN, VOID = LetterState.CLOSED, LetterState.WITHDRAWN, LetterState.VOID


FRESHEN = "按今天的情况重新起草"


LIFE: Life[LetterState, Letter] = Life(
    LetterState,
    (
        Move("redraft", "修改稿件", frozenset({DRAFT}), None, "letter.edit"),
        Move("freshen", FRESHEN, frozenset({DRAFT}), None, "letter.edit"),
        Move("freshen_signing", FRESHEN, frozenset({SIGNING}), None, "letter.sign"),
        Move("send_to_sign", "送签", frozenset({DRAFT}), SIGNING, "letter.edit"),
        Move("take_back", "收回修改", frozenset({SIGNING}), DRAFT, "letter.edit"),
        Move("sign", "签发", frozenset({SIGNING}), SIGNED, "letter.sign"),
        Move("send_back", "退回修改", frozenset({SIGNING}), DRAFT, "letter.sign"),
        Move("deliver", "送达", frozenset({SIGNED}), SENT, "letter.deliver"),
        Move("read", "签收", frozenset({SENT, READ, ANSWERED, CLOSED}), None, "letter.read"),
        Move("reply", "回复", frozenset({SENT, READ}), ANSWERED, "letter.answer"),
        Move("take_back_answer", "收回回复", frozenset({ANSWERED}), READ, "letter.answer"),
        Move("accept_answer", "认可回复", frozenset({ANSWERED}), CLOSED, "letter.judge"),
        Move("return_answer", "退回补充回复", frozenset({ANSWERED}), READ, "letter.judge"),
        Move("settle", "阅后办结", frozenset({READ}), CLOSED, "letter.judge"),
        Move("give_up", "撤回稿件", frozenset({DRAFT, SIGNING}), WITHDRAWN, "letter.edit"),
        Move("void", "作废", frozenset({SIGNED, SENT, READ, ANSWERED}), VOID, "letter.void"),
    ),
)
begin, open_moves = LIFE.begin, LIFE.open_to
