"""Closed vocabularies of the loop."""

from django.db.models import TextChoices


class DutyState(TextChoices):
    """拟定 → 已下达 → 办理中 → 待核 → 办结; 暂停 stands beside."""

    DRAFT = "draft", "拟定"
    ISSUED = "issued", "已下达"
    DOING = "doing", "办理中"
    REVIEW = "review", "待核"
    CLOSED = "closed", "办结"
    PAUSED = "paused", "暂停"


OPEN_STATES = (DutyState.ISSUED, DutyState.DOING, DutyState.REVIEW)


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
    LEDGER = "ledger", "台账"
    NODE = "node", "项目节点"


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
