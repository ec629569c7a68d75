"""Which guides there are, and which section tells about a page."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings

from guatu.engines.guide import Guide, anchor, read_guide
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.policies import Standing

ROOT = "/help/"
GUIDES = (
    "officer",
    "office",
    "leader",
    "meetings",
    "handover",
    "targets",
    "leads",
    "reserve",
    "firms",
    "plan",
    "administrator",
    "api",
)

Place = tuple[str, str]
"""A guide and the heading of a section in it; the heading is empty for the guide as a whole."""

TOLD: Mapping[str, Place] = {
    "/desk/": ("officer", "二、看今天该办什么"),
    "/today/": ("plan", "六、今日该推"),
    "/inbox/": ("officer", "二、看今天该办什么"),
    "/search/": ("officer", "十四、查找、列表与快捷键"),
    "/views/": ("officer", "十四、查找、列表与快捷键"),
    "/duties/": ("officer", "四、报告进展"),
    "/blockers/": ("officer", "九、上报堵点"),
    "/letters/": ("officer", "十、回复来函"),
    "/meetings/": ("meetings", "一、开一次调度会"),
    "/visits/": ("meetings", "四、督帮"),
    "/reforms/": ("meetings", "五、改革任务"),
    "/handovers/": ("handover", "一、岗位换人"),
    "/absences/": ("handover", "二、请假与代理"),
    "/targets/": ("targets", "一、看"),
    "/reserve/": ("reserve", "一、报谋划项目"),
    "/firms/plans/": ("firms", "七、一企一策"),
    "/firms/sheet/": ("firms", "六、月度指标表"),
    "/firms/": ("firms", "一、服务专员"),
    "/leads/new/": ("leads", "一、新建线索"),
    "/leads/funnel/": ("leads", "八、清单与漏斗"),
    "/leads/bulk/": ("leads", "八、清单与漏斗"),
    "/leads/": ("leads", "二、记跟进"),
    "/projects/": ("officer", "十一、维护项目"),
    "/enterprises/industries/": ("office", "十、业务日期和行业代码"),
    "/enterprises/": ("firms", "十、企业清单与企业页"),
    "/resources/": ("plan", "八、资源平衡"),
    "/calendars/": ("plan", "七、日历与放假"),
    "/cockpit/": ("leader", "二、全区怎么样：驾驶舱"),
    "/wall/": ("leader", "五、挂图与大屏"),
    "/map/": ("office", "十二、项目地图"),
    "/brief/": ("office", "十一、每周简报"),
    "/suggestions/": ("officer", "十三、意见建议"),
    "/intake/": ("office", "二、材料变成责任事项"),
    "/campaign/": ("office", "十、业务日期和行业代码"),
    "/organisations/": ("administrator", "三、组织、岗位与账号"),
    "/officers/": ("administrator", "三、组织、岗位与账号"),
    "/account/tokens/": ("api", "二、建立令牌"),
    "/account/": ("officer", "一、登录"),
    "/log/": ("administrator", "六、校验操作日志"),
    "/api/": ("api", "三、读取"),
}
"""Beginning of a page's address → where it is told about."""
LISTS: Mapping[str, Place] = {
    "/leads/": ("leads", "八、清单与漏斗"),
    "/reserve/": ("reserve", "七、清单"),
    "/firms/": ("firms", "五、企业报数表"),
}
"""Whole addresses of lists that are told about elsewhere than the pages beneath them."""
OF_OFFICE: Mapping[str, Place] = {
    "/desk/": ("office", "一、工作台"),
    "/inbox/": ("office", "一、工作台"),
    "/duties/": ("office", "四、下达与调整"),
    "/letters/": ("office", "七、两函一单"),
    "/cockpit/": ("office", "八、驾驶舱与挂图"),
    "/wall/": ("office", "八、驾驶舱与挂图"),
}
OF_LEADERS: Mapping[str, Place] = {
    "/desk/": ("leader", "一、今天要拍板的"),
    "/projects/": ("leader", "三、为什么是红灯"),
}
OF_FIRMS: Mapping[str, Place] = {
    "/desk/": ("firms", "三、报数"),
    "/firms/": ("firms", "三、报数"),
}
FOR_FIRMS = ("firms", "officer")
"""What is on the shelf of a firm's account: its own guide, and the one that tells of signing in."""
PLAN = ("plan", "二、看懂计划页")


@cache
def guides() -> dict[str, Guide]:
    """Every guide that is installed, by name."""
    found = {}
    for name in GUIDES:
        file = Path(settings.GUIDES) / f"{name}.md"
        if file.is_file():
            found[name] = read_guide(file.read_text(encoding="utf-8"), ROOT)
    return found


def place_of(path: str, standing: Standing) -> Place:
    """Where the page at ``path`` is told about to this officer; a whole guide where nowhere."""
    if path.startswith("/projects/") and "/plan/" in path:
        return PLAN
    if path in LISTS:
        return LISTS[path]
    tables = [TOLD]
    if is_firm(standing):
        tables.insert(0, OF_FIRMS)
    elif standing.has(Role.OFFICE):
        tables.insert(0, OF_OFFICE)
    elif standing.has(Role.LEADER):
        tables.insert(0, OF_LEADERS)
    for table in tables:
        for beginning, place in table.items():
            if path.startswith(beginning) and place[0] in shelf_of(standing):
                return place
    return own_guide(standing), ""


def is_firm(standing: Standing) -> bool:
    """Tell whether the reader is a firm's account and nothing else."""
    return standing.roles == {Role.ENTERPRISE}


def shelf_of(standing: Standing) -> list[str]:
    """Names of the guides that are put before the reader, their own first."""
    if is_firm(standing):
        return [name for name in FOR_FIRMS if name in guides()]
    own = own_guide(standing)
    return sorted(guides(), key=lambda name: name != own)


def own_guide(standing: Standing) -> str:
    """The guide that is written for what the officer does."""
    if standing.roles & ADMINISTRATORS:
        return "administrator"
    if standing.has(Role.OFFICE):
        return "office"
    if is_firm(standing):
        return "firms"
    return "leader" if standing.has(Role.LEADER) else "officer"


def address(place: Place) -> str:
    """Address of a section."""
    guide, heading = place
    return f"{ROOT}{guide}/#{anchor(heading)}" if heading else f"{ROOT}{guide}/"
