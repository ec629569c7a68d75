"""Invented projects, firms and their histories, from a seed: every name carries 示例.

Pure functions: the same seed gives the same sample. Nothing here is a fact of a real district.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

NATURES = ("新建", "新建", "新建", "续建", "扩建", "改建")
AREAS = ("东岭", "河畔", "新站", "北园", "南山", "西桥", "中央", "临港", "东湖", "双泉")
TITLES: Mapping[str, tuple[str, ...]] = {
    "industry": ("智能装备厂房", "新材料生产线", "食品加工园", "汽车零部件基地", "光电器件厂房"),
    "park": ("数字产业园", "冷链物流园", "检验检测园", "中小企业孵化园"),
    "road": ("大街北延工程", "路网提升工程", "立交改造工程", "支路贯通工程"),
    "renewal": ("老旧小区改造", "历史街区改造", "厂区更新", "滨河片区更新"),
    "school": ("第一中学新建", "实验小学扩建", "幼儿园新建"),
    "hospital": ("康复医院", "社区卫生服务中心", "妇幼保健院迁建"),
    "property": ("花园住宅", "公馆住宅", "云境住宅"),
    "gov_building": ("全民健身中心", "养老服务中心", "群众文化馆"),
    "upgrade": ("生产线智能化改造", "节能技术改造", "数字化车间改造"),
}
FIRM_WORDS = ("精工", "新材", "智慧物业", "云仓", "食品", "建材", "检测", "装备", "商贸", "物流")
STUCK = 0.25
"""Chance that a node promised in the last weeks is still open."""

RECENT_DAYS = 40
"""How far back an open node may lie: what is older was done."""

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
NO_SUCH_REGION = "999999"


@dataclass(frozen=True)
class InventedNode:
    """A node's promised day and, when done, its actual day."""

    code: str
    due: dt.date
    finished: dt.date | None


@dataclass(frozen=True)
class InventedProject:
    """A 示例 project; money in 万元; ``images`` month → words; ``paid`` month → 万元 or None."""

    name: str
    category: str
    nature: str
    unit: str
    leader: str
    total_wan: Decimal
    year_plan_wan: Decimal | None
    start_on: dt.date
    finish_on: dt.date
    nodes: tuple[InventedNode, ...]
    images: Mapping[str, str]
    paid: Mapping[str, Decimal | None]


@dataclass(frozen=True)
class InventedFirm:
    """A 示例 firm with a code whose region does not exist."""

    name: str
    uscc: str
    street: str


def projects(
    seed: int,
    count: int,
    *,
    paths: Mapping[str, Sequence[str]],
    units: Sequence[str],
    leaders: Sequence[str],
    today: dt.date,
    named: Sequence[tuple[str, str, float]] = (),
) -> list[InventedProject]:
    """Invent ``count`` projects; ``paths`` gives the node codes of each category in order.

    The first take name, category and share of their life already lived from ``named``.
    """
    chance = Random(seed)  # noqa: S311 -- a repeatable sample, not a secret
    categories = [name for name in TITLES if name in paths]
    made: list[InventedProject] = []
    for number in range(count):
        name, category, lived = named[number] if number < len(named) else ("", "", 0.0)
        category = category or categories[number % len(categories)]
        path = paths[category]
        made.append(
            _project(
                chance,
                number,
                what=(name, category, lived),
                path=path,
                owners=(units, leaders),
                today=today,
            )
        )
    return made


def _project(
    chance: Random,
    number: int,
    *,
    what: tuple[str, str, float],
    path: Sequence[str],
    owners: tuple[Sequence[str], Sequence[str]],
    today: dt.date,
) -> InventedProject:
    units, leaders = owners
    named, category, progress = what
    titles = TITLES[category]
    area = AREAS[(number // len(titles)) % len(AREAS)]
    serial = number // (len(titles) * len(AREAS))
    name = f"示例{area}{titles[number % len(titles)]}" + (f"{serial + 1}期" if serial else "")
    name = named or name
    life, lived = chance.randint(360, 700), progress or chance.uniform(0.1, 0.9)
    start = today - dt.timedelta(days=round(life * lived))
    finish = start + dt.timedelta(days=life)
    total = Decimal(chance.randint(12, 900)) * 100
    return InventedProject(
        name=name,
        category=category,
        nature=chance.choice(NATURES),
        unit=units[number % len(units)],
        leader=leaders[number % len(leaders)],
        total_wan=total,
        year_plan_wan=None if number % 7 == 0 else total * chance.randint(2, 6) / 10,
        start_on=start,
        finish_on=finish,
        nodes=_nodes(chance, path, start, finish, today),
        images=_images(today),
        paid=_paid(chance, total, today),
    )


def _nodes(
    chance: Random, path: Sequence[str], start: dt.date, finish: dt.date, today: dt.date
) -> tuple[InventedNode, ...]:
    """Spread the nodes over the life; past ones are mostly done, some late, a few still open."""
    span = (finish - start).days
    open_from: int | None = None
    nodes: list[InventedNode] = []
    for index, code in enumerate(path):
        due = start + dt.timedelta(days=round(span * (index + 1) / len(path)))
        done: dt.date | None = None
        if due <= today and open_from is None:
            if today - due <= dt.timedelta(days=RECENT_DAYS) and chance.random() < STUCK:
                open_from = index
            else:
                done = min(today, due + dt.timedelta(days=chance.randint(-6, 4)))
        nodes.append(InventedNode(code, due, done))
    return tuple(nodes)


def _images(today: dt.date) -> dict[str, str]:
    words = (
        "完善前期手续",
        "完成招标",
        "组织进场",
        "基础施工",
        "基础完成",
        "主体施工",
        "主体过半",
        "主体封顶",
        "二次结构",
        "安装装修",
        "室外配套",
        "年度目标完成",
    )
    return {f"{today.year}-{month:02d}": text for month, text in enumerate(words, 1)}


def _paid(chance: Random, total: Decimal, today: dt.date) -> dict[str, Decimal | None]:
    """Monthly payments to the month before ``today``; one month in six is not reported."""
    months = [f"{today.year}-{month:02d}" for month in range(1, today.month)]
    return {
        month: None if chance.random() < 1 / 6 else total * chance.randint(5, 40) / 1000
        for month in months
    }


def firms(seed: int, count: int, streets: Sequence[str]) -> list[InventedFirm]:
    """Invent ``count`` firms with distinct codes that pass the check digit of GB 32100-2015."""
    chance = Random(seed)  # noqa: S311 -- a repeatable sample, not a secret
    made: list[InventedFirm] = []
    for number in range(count):
        word = FIRM_WORDS[number % len(FIRM_WORDS)]
        area = AREAS[(number // len(FIRM_WORDS)) % len(AREAS)]
        made.append(
            InventedFirm(
                name=f"示例{area}{word}有限公司（{number + 1:03d}）",
                uscc=_uscc(number),
                street=chance.choice(streets),
            )
        )
    return made


def _uscc(number: int) -> str:
    """Code with two check characters: of the body (GB 11714) and of the whole (GB 32100)."""
    body = f"MA{number:06d}"
    ninth = _organisation_check(body)
    head = f"91{NO_SUCH_REGION}{body}{ninth}"
    total = sum(USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(head))
    return head + USCC_ALPHABET[(31 - total % 31) % 31]


def _organisation_check(body: str) -> str:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c, 36) * w for c, w in zip(body, weights, strict=True))
    return "0123456789X0"[11 - total % 11] if total % 11 else "0"
