"""Acts on a letter as pages: which form asks, which action does, what is said afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

from guatu.loop import actions
from guatu.loop.letter_moves import LIFE
from guatu.web.duties.forms import ActForm, OpinionForm, ReasonForm
from guatu.web.letters.forms import DraftForm, FreshForm, ReplyForm, SignForm


@dataclass(frozen=True)
class LetterAct:
    """``move`` is its line in the table of moves; ``run`` is called with the form's values.

    ``leads`` marks what moves the letter on, ``danger`` what throws it back; ``checks`` shows the
    paper beside the question.
    """

    slug: str
    move: str
    run: Callable[..., object]
    form: type[ActForm]
    said: str
    consequence: str = ""
    danger: bool = False
    leads: bool = False
    checks: bool = False

    @property
    def name(self) -> str:
        """Name on the button."""
        return LIFE[self.move].name


TABLE = (
    LetterAct("edit", "redraft", actions.redraft, DraftForm, "已保存：{title}"),
    LetterAct(
        "fresh",
        "freshen",
        actions.freshen,
        FreshForm,
        "已重新起草：{title}",
        "按今天的情况换掉下列由系统拟出的段落，其余文字不动；换掉的文字在变动记录中可查。",
    ),
    LetterAct(
        "fresh-to-sign",
        "freshen_signing",
        actions.freshen,
        FreshForm,
        "已重新起草：{title}",
        "按今天的情况换掉下列由系统拟出的段落，其余文字不动；换掉的文字在变动记录中可查。",
    ),
    LetterAct(
        "to-sign",
        "send_to_sign",
        actions.send_to_sign,
        ActForm,
        "已送签：{title}",
        "送签后出现在签发岗位的工作台上，签发前不再修改。",
        leads=True,
        checks=True,
    ),
    LetterAct(
        "take-back",
        "take_back",
        actions.take_back,
        ActForm,
        "已收回：{title}",
        "收回后可以修改，改好再送签。",
    ),
    LetterAct(
        "sign",
        "sign",
        actions.sign,
        SignForm,
        "已签发：{title}",
        "签发即编文号，文号不能收回、不再重用。",
        leads=True,
        checks=True,
    ),
    LetterAct(
        "send-back",
        "send_back",
        actions.send_back,
        ReasonForm,
        "已退回：{title}",
        "退回拟稿人修改，理由显示在稿件页上。",
        danger=True,
    ),
    LetterAct(
        "deliver",
        "deliver",
        actions.deliver,
        ActForm,
        "已送达：{title}",
        "送达后主送、抄送单位才看得到，回复期限从今天起算。",
        leads=True,
        checks=True,
    ),
    LetterAct(
        "read",
        "read",
        actions.read,
        ActForm,
        "已签收：{title}",
        "签收即记下由谁、何时看到。",
        leads=True,
    ),
    LetterAct("reply", "reply", actions.answer, ReplyForm, "已回复：{title}", leads=True),
    LetterAct(
        "take-back-reply",
        "take_back_answer",
        actions.take_back_answer,
        ActForm,
        "已收回：{title}",
        "收回后改好重新回复，期限不变。",
    ),
    LetterAct(
        "accept",
        "accept_answer",
        actions.accept_answer,
        OpinionForm,
        "已办结：{title}",
        "认可后本函办结；所督办的事项仍按自己的条件办结。",
        leads=True,
    ),
    LetterAct(
        "return",
        "return_answer",
        actions.return_answer,
        ReasonForm,
        "已退回：{title}",
        "退回后由收件单位重新回复，期限不变。",
        danger=True,
    ),
    LetterAct(
        "settle", "settle", actions.settle, ActForm, "已办结：{title}", "已阅，不要求回复，办结。"
    ),
    LetterAct(
        "withdraw",
        "give_up",
        actions.withdraw_letter,
        ReasonForm,
        "已撤回：{title}",
        "稿件不再办理，没有用去文号。",
        danger=True,
    ),
    LetterAct(
        "void",
        "void",
        actions.void,
        ReasonForm,
        "已作废：{title}",
        "文号保留并标明作废，不再重用；收件单位会看到已作废。",
        danger=True,
    ),
)
ACTS = {act.slug: act for act in TABLE}
