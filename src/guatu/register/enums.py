"""Closed vocabularies of the register. What a district may extend is data, not an enum."""

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    """What an organisation is in the tree; ``AREA`` cuts across the tree."""

    DISTRICT = "district", "区"
    DEPARTMENT = "department", "部门"
    STREET = "street", "街道"
    PLATFORM = "platform", "平台公司"
    SECTION = "section", "科室"
    TASK_FORCE = "task_force", "专班"
    AREA = "area", "片区"


class Role(TextChoices):
    """What a post lets its holder do. The three administrators never share an account."""

    LEADER = "leader", "区领导"
    OFFICE = "office", "专班"
    UNIT = "unit", "单位经办"
    SPECIALIST = "specialist", "专员"
    STATISTICIAN = "statistician", "统计局"
    ATTRACTION = "attraction", "招商干部"
    ENTERPRISE = "enterprise", "企业"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


APART = frozenset({*ADMINISTRATORS, Role.STATISTICIAN, Role.ENTERPRISE})
"""Roles that nobody of another role may take over, whatever a rule says."""


class Told(TextChoices):
    """Whom messages to an absent post reach."""

    BOTH = "both", "本人和代理人"
    DEPUTY = "deputy", "只给代理人"


class SubjectKind(TextChoices):
    """Kinds of things one can be responsible for."""

    CAMPAIGN = "campaign", "攻坚行动"
    PROJECT = "project", "项目"
    ENTERPRISE = "enterprise", "企业"
    INDICATOR = "indicator", "指标"
    REFORM = "reform", "改革任务"
    LEAD = "lead", "招商线索"


class Domain(TextChoices):
    """The campaign's chapters and what surrounds them."""

    STEADY_GROWTH = "steady_growth", "稳增长"
    INVESTMENT = "investment", "扩投资"
    ATTRACTION = "attraction", "抓招商"
    SERVICE = "service", "优服务"
    GOVERNANCE = "governance", "综合"


class PartyRole(TextChoices):
    """In which role a post, a unit or an outside body is named on a subject."""

    RESPONSIBLE = "responsible", "责任单位"
    OWNER = "owner", "建设单位"
    AGENT = "agent", "代建单位"
    CONTRACTOR = "contractor", "施工单位"
    COMPILER = "compiler", "编制单位"
    LEADER = "leader", "包保领导"
    SPECIALIST = "specialist", "服务专员"
    CO_OWNER = "co_owner", "配合单位"
    CONTACT = "contact", "联系人"


class DraftKind(TextChoices):
    """What a draft would become when accepted."""

    PROJECT = "project", "项目"
    ENTERPRISE = "enterprise", "企业"
    LEAD = "lead", "招商线索"
    QUANTITY = "quantity", "数量"
    TARGET = "target", "目标"
    COMMITMENT = "commitment", "责任事项"
    OTHER = "other", "其他"


class Verdict(TextChoices):
    """What importing a draft would do to the ledger."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    UNCHANGED = "unchanged", "未变"
    ERROR = "error", "错误"


class DraftState(TextChoices):
    """Where a draft stands with the person who confirms it."""

    PENDING = "pending", "待确认"
    ACCEPTED = "accepted", "已采纳"
    REJECTED = "rejected", "不采纳"


class BatchState(TextChoices):
    """Where a reading or an import stands."""

    PREVIEW = "preview", "待确认"
    CONFIRMED = "confirmed", "已确认"
    DROPPED = "dropped", "已放弃"


class EvidenceKind(TextChoices):
    """What can support a claim; none of them is ever forced."""

    CONTRACT = "contract", "合同"
    PAYMENT = "payment", "付款凭证"
    PERMIT = "permit", "许可批复"
    PHOTO = "photo", "现场照片"
    METER = "meter", "计量读数"
    OTHER = "other", "其他材料"


class Effect(TextChoices):
    """What an event did to its row: replay follows the first two and passes the third."""

    CREATED = "created", "新增"
    CHANGED = "changed", "变更"
    NOTED = "noted", "记录"


class Basis(TextChoices):
    """Whether a figure is of the period alone, of the year to its end, of a moment, or planned."""

    PERIOD = "period", "当期"
    CUMULATIVE = "cumulative", "累计"
    STOCK = "stock", "时点"
    PLAN = "plan", "计划"
    STRETCH = "stretch", "力争"


class RuleStatus(TextChoices):
    """How far a dated rule has been checked against its source."""

    VERIFIED = "verified", "已核"
    PENDING = "pending", "待核"


class SuggestionState(TextChoices):
    """What became of a suggestion about the system; every answer is an end, with its words."""

    OPEN = "open", "待处理"
    ADOPTED = "adopted", "已采纳"
    ANSWERED = "answered", "已答复"
    DECLINED = "declined", "不采纳"


class TokenState(TextChoices):
    """Whether a token opens anything, and why not; told of its row, its account and its permit."""

    LIVING = "living", "有效"
    REVOKED = "revoked", "已停用"
    EXPIRED = "expired", "已过期"
    CLOSED = "closed", "账号已停用"
    ENDED = "ended", "接口权限已收回"
    LAPSED = "lapsed", "接口权限已到期"
