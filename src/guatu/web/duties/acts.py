"""Acts on a duty as pages: which form asks, which action does, what is said afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

from guatu.loop import actions
from guatu.loop.models import Duty
from guatu.loop.moves import LIFE
from guatu.register.lives import check_revision
from guatu.register.recording import Act
from guatu.web.duties import forms


@dataclass(frozen=True)
class PageAct:
    """``move`` is its line in the table of moves; ``run`` is called with the form's values.

    ``leads`` marks what moves the duty on, ``danger`` what throws it back.
    """

    slug: str
    move: str
    heading: str
    run: Callable[..., object]
    form: type[forms.ActForm]
    said: str
    consequence: str = ""
    danger: bool = False
    leads: bool = False

    @property
    def name(self) -> str:
        """Name on the button."""
        return self.heading or LIFE[self.move].name


def _affirm(act: Act, duty: Duty, *, expected_revision: int | None = None) -> None:
    check_revision(duty.revision, expected_revision)
    actions.report_no_change(act, [duty])


TABLE = (
    PageAct(
        "report",
        "report",
        "报告进展",
        actions.report,
        forms.ReportForm,
        "已报告：{title}",
        leads=True,
    ),
    PageAct(
        "no-change",
        "affirm",
        "无变化",
        _affirm,
        forms.ActForm,
        "已报无变化：{title}",
        "确认上次报告的情况没有变化。",
    ),
    PageAct(
        "supplement",
        "supplement",
        "补充情况",
        actions.supplement,
        forms.SupplementForm,
        "已补充：{title}",
    ),
    PageAct(
        "submit",
        "submit",
        "提请核验",
        actions.submit_for_review,
        forms.ActForm,
        "已提请核验：{title}",
        "提请后由专班或包保领导核验，核验期间不再报告。",
    ),
    PageAct(
        "extension",
        "ask_extension",
        "申请延期",
        actions.ask_extension,
        forms.ExtensionForm,
        "延期申请已提交：{title}",
        "批复同意之前，期限不变。",
    ),
    PageAct(
        "issue",
        "issue",
        "下达",
        actions.issue,
        forms.ActForm,
        "已下达：{title}",
        "下达后出现在责任岗位的工作台上。",
        leads=True,
    ),
    PageAct(
        "approve",
        "close",
        "认可并办结",
        actions.accept_and_close,
        forms.OpinionForm,
        "已办结：{title}",
        "认可全部办结主张，条件齐备即办结。",
        leads=True,
    ),
    PageAct(
        "return",
        "return",
        "退回",
        actions.return_,
        forms.ReasonForm,
        "已退回：{title}",
        "退回后回到办理中，理由显示在责任岗位工作台最上方。",
        danger=True,
    ),
    PageAct(
        "pause",
        "pause",
        "暂停",
        actions.pause,
        forms.ReasonForm,
        "已暂停：{title}",
        "暂停期间不亮灯、不催报，期限不变。",
    ),
    PageAct(
        "resume",
        "resume",
        "恢复",
        actions.resume,
        forms.ActForm,
        "已恢复：{title}",
        "恢复到暂停前的状态。",
        leads=True,
    ),
    PageAct(
        "co-owner",
        "name_co_owner",
        "增加配合单位",
        actions.name_co_owner,
        forms.CoOwnerForm,
        "已增加配合单位：{title}",
    ),
    PageAct("edit", "edit", "修改", actions.edit_duty, forms.EditForm, "已修改：{title}"),
)
ACTS = {act.slug: act for act in TABLE}
