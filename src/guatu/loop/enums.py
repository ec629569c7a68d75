"""Closed vocabularies of the loop."""

from django.db.models import TextChoices

from guatu.register.enums import Domain


class DutyState(TextChoices):
    """拟定 → 已下达 → 办理中 → 待核 → 办结; 暂停 stands beside."""

    DRAFT = "draft", "拟定"
    ISSUED = "issued", "已下达"
    DOING = "doing", "办理中"
    REVIEW = "review", "待核"
    CLOSED = "closed", "办结"
    PAUSED = "paused", "暂停"


OPEN_STATES = (DutyState.ISSUED, DutyState.DOING, DutyState.REVIEW)
OWING_STATES = (DutyState.ISSUED, DutyState.DOING)
"""States in which the owner has to act; 待核 waits for who reviews it."""
DUTY_DOMAINS = {**dict(Domain.choices), "": "未分领域"}
"""What a duty's domain is called; a duty may have none."""


class Strength(TextChoices):
    """How firmly a paper promised: 力争 is never a deed."""

    ENSURE = "ensure", "确保"
    STRIVE = "strive", "力争"
    SEEK = "seek", "争取"
    EXPLORE = "explore", "探索"


class DutySource(TextChoices):
    """Where a duty came from."""

    PAPER = "paper", "会议材料"
    MEETING = "meeting", "调度会"
    VISIT = "visit", "督帮"
    LEADER = "leader", "领导交办"
    PLAN = "plan", "一企一策"
    LEDGER = "ledger", "台账"
    NODE = "node", "项目节点"


class BlockerState(TextChoices):
    """待审核 → 处理中 → 待确认 → 已完结; 上级协调 and 退回 lead back, 已撤回 ends it."""

    RAISED = "raised", "待审核"
    RETURNED = "returned", "退回"
    WORKING = "working", "处理中"
    UPPER = "upper", "上级协调"
    ANSWERED = "answered", "待确认"
    CLOSED = "closed", "已完结"
    WITHDRAWN = "withdrawn", "已撤回"


OPEN_BLOCKERS = (
    BlockerState.RAISED,
    BlockerState.RETURNED,
    BlockerState.WORKING,
    BlockerState.UPPER,
    BlockerState.ANSWERED,
)
COUNTED_BLOCKERS = (*OPEN_BLOCKERS, BlockerState.CLOSED)
"""States whose days are summed: what was withdrawn has cost nothing."""


class BlockerPart(TextChoices):
    """In which part somebody has a blocker; the words name its columns."""

    REMOVER = "remover", "解决"
    UPPER = "upper", "协调"
    RAISER = "raised", "确认"


class RemoverKind(TextChoices):
    """Who usually removes a cause."""

    UNIT = "unit", "主管部门"
    OWNER = "owner", "责任单位"
    LEADER = "leader", "包保领导"


class ClaimState(TextChoices):
    """The reviewer's opinion of a claim, apart from the claim."""

    PENDING = "pending", "待核"
    ACCEPTED = "accepted", "认可"
    REFUSED = "refused", "不认可"


class ExtensionState(TextChoices):
    """Where a request for a later due date stands."""

    PENDING = "pending", "待批"
    APPROVED = "approved", "同意"
    REFUSED = "refused", "不同意"


class Colour(TextChoices):
    """A lamp: always shown as colour and word."""

    RED = "red", "红"
    AMBER = "amber", "黄"
    GREEN = "green", "绿"
    UNRATED = "unrated", "未评"


class ActivityKind(TextChoices):
    """What a row of the network is; the empty text is a node of the category's path."""

    WORK = "work", "工作"


class Cause(TextChoices):
    """What usually stretches a duration; activities of one cause stretch together."""

    APPROVAL = "approval", "审批"
    PROCUREMENT = "procurement", "招采"
    WEATHER = "weather", "天气"
    FUNDS = "funds", "资金"
    SITE = "site", "用地"
    DESIGN = "design", "设计"


class LinkType(TextChoices):
    """Which ends a link ties."""

    FS = "FS", "完成—开始"
    SS = "SS", "开始—开始"
    FF = "FF", "完成—完成"
    SF = "SF", "开始—完成"


class LeaveKind(TextChoices):
    """On which days off work has leave; the words are the engine's."""

    REST = "rest", "休息日"
    STOP = "stop", "停工期"
    ALL = "all", "停工期和休息日"


class LimitUnit(TextChoices):
    """What a legal limit is counted in."""

    WORKING = "working", "工作日"
    CALENDAR = "calendar", "日历日"


class StopKind(TextChoices):
    """What does not count towards a limit: 行政许可法第四十五条, in its order."""

    HEARING = "hearing", "听证"
    TENDER = "tender", "招标"
    AUCTION = "auction", "拍卖"
    INSPECTION = "inspection", "检验"
    TEST = "test", "检测"
    QUARANTINE = "quarantine", "检疫"
    APPRAISAL = "appraisal", "鉴定"
    REVIEW = "review", "专家评审"


class CalendarBase(TextChoices):
    """What days a calendar starts from."""

    CHINA = "china", "法定工作日"
    EVERY_DAY = "every-day", "自然日"


class ScenarioState(TextChoices):
    """A copy of a plan: being tried, adopted, or dropped."""

    OPEN = "open", "推演中"
    ADOPTED = "adopted", "已采用"
    DROPPED = "dropped", "已放弃"


class ResourceKind(TextChoices):
    """What several plans share."""

    CREW = "crew", "班组"
    DESK = "desk", "审批窗口"
    MACHINE = "machine", "设备"


class LevellingState(TextChoices):
    """A levelling that was run: to be judged, adopted, or dropped."""

    OPEN = "open", "待采用"
    ADOPTED = "adopted", "已采用"
    DROPPED = "dropped", "已放弃"


class LetterState(TextChoices):
    """拟稿 → 待签发 → 已签发 → 已送达 → 已阅 → 已回复 → 办结; 撤回 ends a draft, 作废 a number."""

    DRAFT = "draft", "拟稿"
    SIGNING = "signing", "待签发"
    SIGNED = "signed", "已签发"
    SENT = "sent", "已送达"
    READ = "read", "已阅"
    ANSWERED = "answered", "已回复"
    CLOSED = "closed", "办结"
    WITHDRAWN = "withdrawn", "撤回"
    VOID = "void", "作废"


UNSIGNED_STATES = (LetterState.DRAFT, LetterState.SIGNING, LetterState.WITHDRAWN)
"""States in which a letter has no number and nobody outside has seen it."""
UNDELIVERED_STATES = (LetterState.DRAFT, LetterState.SIGNING, LetterState.SIGNED)
"""States of a letter under way in which nobody outside has it yet."""
OWED_STATES = (LetterState.SENT, LetterState.READ)
"""States in which the addressee still has to do something."""


class StepTo(TextChoices):
    """To whom a step of escalation turns; the words are the engine's."""

    OWNER = "owner", "责任岗位"
    UNIT_HEAD = "unit_head", "单位负责人"
    LEADER = "leader", "包保领导"
    OFFICE = "office", "专班"
    PARENT = "parent", "上级单位"


class NoticeKind(TextChoices):
    """What a notice is; the first three are also what a step of escalation does."""

    REMIND = "remind", "提醒"
    COPY = "copy", "抄送"
    LETTER = "letter", "建议发函"
    ANSWER = "answer", "答复"
    URGE = "urge", "催办"


class HandoverState(TextChoices):
    """待移交 → 待接收 → 已交接; 有疑问 goes back to who handed over.

    已终止: it ended by itself, for who left came back or the post went out of use.
    """

    DRAWN = "drawn", "待移交"
    HANDED = "handed", "待接收"
    QUERIED = "queried", "有疑问"
    DONE = "done", "已交接"
    ENDED = "ended", "已终止"


class ItemKind(TextChoices):
    """What an open thing is to the post that hands it over; lists keep this order."""

    PROMISE = "promise", "承诺事项"
    DUTY = "duty", "责任事项"
    LED = "led", "包保事项"
    HELPED = "helped", "配合事项"
    EXTENSION = "extension", "待批延期申请"
    ESCALATION = "escalation", "逐级提醒中"
    RAISED = "raised", "上报的堵点"
    WAITING = "waiting", "待解决的堵点"
    DRAFT = "draft", "草拟的函件"
    SIGN = "sign", "待签发函件"
    ANSWER = "answer", "待回复函件"
    JUDGE = "judge", "待核回复函件"
    NODE = "node", "计划节点"
    MEETING = "meeting", "主持的会议"
    RESERVE = "reserve", "申报的储备项目"
    LEAD = "lead", "招商线索"
    STEP = "step", "招商下一步"
    NAMED = "named", "联系对象"


class ItemState(TextChoices):
    """Where an item stands between the two who hand over and accept."""

    OPEN = "open", "待接收"
    QUERIED = "queried", "有疑问"
    ACCEPTED = "accepted", "已接收"


class DispatchState(TextChoices):
    """筹备 → 定稿 → 已召开; 取消 ends it before it was held."""

    PLANNED = "planned", "筹备"
    FINAL = "final", "定稿"
    HELD = "held", "已召开"
    CANCELLED = "cancelled", "取消"


FROZEN_DISPATCHES = (DispatchState.FINAL, DispatchState.HELD)
"""States in which an agenda no longer changes and decisions are taken."""


class ReformState(TextChoices):
    """Where a reform stands."""

    PLANNED = "planned", "未启动"
    DOING = "doing", "推进中"
    DONE = "done", "已完成"
    STOPPED = "stopped", "已停止"
