"""Acts on a blocker as pages: which form asks, which action does, what is said afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

from guatu.loop import actions
from guatu.loop.blocker_moves import LIFE
from guatu.web.blockers import forms


@dataclass(frozen=True)
class PageAct:
    """``move`` is its line in the table of moves; ``run`` is called with the form's values.

    ``leads`` marks what moves the blocker on, ``danger`` what throws it back.
    """

    slug: str
    move: str
    run: Callable[..., object]
    form: type[forms.WordsForm]
    said: str
    consequence: str = ""
    danger: bool = False
    leads: bool = False

    @property
    def name(self) -> str:
        """Name on the button."""
        return LIFE[self.move].name


TABLE = (
    PageAct(
        "accept",
        "accept",
        actions.accept_blocker,
        forms.PlainForm,
        "已受理：{title}",
        "受理后由解决单位办理，解决后答复上报人。",
        leads=True,
    ),
    PageAct(
        "answer",
        "answer",
        actions.answer_blocker,
        forms.AnswerForm,
        "已答复：{title}",
        "答复后由上报人确认是否解决。",
        leads=True,
    ),
    PageAct(
        "send-up",
        "send_up",
        actions.send_up,
        forms.SendUpForm,
        "已提请上级协调：{title}",
        "出现在所选领导的工作台上，协调后交回或直接答复。",
    ),
    PageAct(
        "hand-back",
        "hand_back",
        actions.hand_back,
        forms.SettledForm,
        "已交回办理：{title}",
        "交回解决单位，按协调意见办理。",
    ),
    PageAct(
        "assign",
        "assign",
        actions.assign_blocker,
        forms.AssignForm,
        "已转交：{title}",
        "单位、岗位任选一项；转交后由其办理。",
    ),
    PageAct(
        "return",
        "return",
        actions.return_blocker,
        forms.WordsForm,
        "已退回：{title}",
        "退回给上报人补充，补充期间不计损失工日。",
        danger=True,
    ),
    PageAct(
        "raise-again",
        "raise_again",
        actions.raise_again,
        forms.TellForm,
        "已重新上报：{title}",
        leads=True,
    ),
    PageAct(
        "confirm",
        "confirm",
        actions.confirm_blocker,
        forms.PlainForm,
        "已确认解决：{title}",
        "确认后完结，损失工日不再增加。",
        leads=True,
    ),
    PageAct(
        "reject",
        "reject",
        actions.reject_answer,
        forms.WordsForm,
        "已退回继续处理：{title}",
        "回到解决单位继续处理。",
        danger=True,
    ),
    PageAct(
        "solve",
        "solve",
        actions.solve_blocker,
        forms.AnswerForm,
        "已完结：{title}",
        "不待对方答复即完结，损失工日计到当日。",
    ),
    PageAct("edit", "edit", actions.edit_blocker, forms.EditForm, "已修改：{title}"),
    PageAct(
        "withdraw",
        "withdraw",
        actions.withdraw_blocker,
        forms.WordsForm,
        "已撤回：{title}",
        "撤回后不计损失工日。",
        danger=True,
    ),
)
ACTS = {act.slug: act for act in TABLE}
