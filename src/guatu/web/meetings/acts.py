"""Acts on a meeting and on its items as pages: which form asks, which action does."""

from collections.abc import Callable
from dataclasses import dataclass

from guatu.loop.actions import agendas, deciding, dispatches
from guatu.loop.dispatch_moves import LIFE
from guatu.web.duties.forms import ActForm, ReasonForm
from guatu.web.meetings.forms import DecideForm, FinaliseForm, ItemForm, MeetingForm, TierForm


@dataclass(frozen=True)
class MeetingAct:
    """``move`` is its line in the table of moves; ``run`` is called with the form's values."""

    slug: str
    move: str
    run: Callable[..., object]
    form: type[ActForm]
    said: str
    consequence: str = ""
    name: str = ""
    danger: bool = False
    leads: bool = False

    @property
    def label(self) -> str:
        """Name on the button."""
        return self.name or LIFE[self.move].name


TABLE = (
    MeetingAct(
        "build",
        "build",
        agendas.build_agenda,
        ActForm,
        "已按今天的例外编排议程。",
        "把今天的红黄灯、堵点、升级、逾期函件和久未报告的事项列入议程；移出的不再列回，调整过的次序保留。",
        leads=True,
    ),
    MeetingAct("add", "arrange", agendas.add_item, ItemForm, "已增加议题。", name="增加议题"),
    MeetingAct("edit", "change", dispatches.change_meeting, MeetingForm, "已保存会议。"),
    MeetingAct(
        "finalise",
        "finalise",
        agendas.finalise,
        FinaliseForm,
        "已定稿并通知参会单位：{title}",
        "定稿后议程不再变动，同时留存当天数字和上次议定事项的落实情况；参会单位从此看得到，并收到通知。",
    ),
    MeetingAct(
        "unfreeze",
        "unfreeze",
        agendas.unfreeze,
        ReasonForm,
        "已撤回定稿：{title}",
        "撤回后可以重新编排，参会单位暂时看不到；已通知的会收到撤回的消息。",
        danger=True,
    ),
    MeetingAct(
        "hold",
        "hold",
        dispatches.hold_meeting,
        ActForm,
        "已登记召开：{title}",
        "登记后仍可补记议定事项、读入纪要。",
    ),
    MeetingAct(
        "unminute",
        "unminute",
        deciding.release_minutes,
        ReasonForm,
        "已撤下纪要：{title}",
        "撤下后可另读纪要；已采纳的议定事项保留，原材料仍在「材料」中。",
        danger=True,
    ),
    MeetingAct(
        "cancel",
        "cancel",
        dispatches.cancel_meeting,
        ReasonForm,
        "已取消：{title}",
        "取消的会议保留记录，已通知参会的会收到取消的消息。",
        danger=True,
    ),
)
ACTS = {act.slug: act for act in TABLE}


@dataclass(frozen=True)
class ItemAct:
    """The same for an item; ``at_once`` needs no page of its own."""

    slug: str
    name: str
    policy: str
    run: Callable[..., object]
    form: type[ActForm]
    said: str
    consequence: str = ""
    danger: bool = False
    at_once: bool = False


EDIT, DECIDE = "dispatch.edit", "dispatch.decide"
ITEM_TABLE = (
    ItemAct(
        "up",
        "上移",
        EDIT,
        lambda act, item, **given: agendas.move_item(act, item, up=True, **given),
        ActForm,
        "已上移：{title}",
        at_once=True,
    ),
    ItemAct(
        "down",
        "下移",
        EDIT,
        lambda act, item, **given: agendas.move_item(act, item, up=False, **given),
        ActForm,
        "已下移：{title}",
        at_once=True,
    ),
    ItemAct("tier", "调整层次", EDIT, agendas.place_item, TierForm, "已调整：{title}"),
    ItemAct(
        "drop",
        "移出议程",
        EDIT,
        agendas.drop_item,
        ReasonForm,
        "已移出：{title}",
        "移出后再编排也不列回，理由留在会议页上。",
        danger=True,
    ),
    ItemAct(
        "restore", "列回", EDIT, agendas.restore_item, ActForm, "已列回：{title}", at_once=True
    ),
    ItemAct(
        "decide",
        "议定",
        DECIDE,
        deciding.decide,
        DecideForm,
        "已议定并下达：{title}",
        "议定即下达为责任事项，出现在责任岗位的工作台上，下次会议先报落实情况。",
    ),
)
ITEM_ACTS = {act.slug: act for act in ITEM_TABLE}
