"""Acts on the organisation tree: adding, renaming, ranking, moving and closing units."""

from django.db import transaction
from django.db.models import Q, QuerySet

from guatu.register.enums import OrganisationKind
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Holding, Organisation
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many, create

STEP = 8
DEEPEST = 8


def known_number(code: str) -> str:
    """The code where it is a number people may know; a bare word is only a key of the books.

    >>> known_number("ZZ-00012"), known_number("finance")
    ('ZZ-00012', '')
    """
    return code if any(sign.isdecimal() for sign in code) else ""


def add_organisation(
    act: Act,
    *,
    name: str,
    kind: OrganisationKind,
    parent: Organisation | None = None,
    rank: int = 100,
    short_name: str = "",
    code: str = "",
    district_code: str = "",
) -> Organisation:
    """Add a unit below ``parent`` and give it its place in the tree.

    Raises Invalid when a district has a parent or anything else has none, when a unit of the name
    already stands below the parent, when the code is taken, and when the tree would grow too deep.
    """
    require(act.standing, "organisation.edit")
    if (parent is None) != (kind == OrganisationKind.DISTRICT):
        raise Invalid("只有区级组织没有上级，其他组织必须选择上级。", "parent")
    _check_name(name, parent)
    if code and Organisation.objects.filter(code=code).exists():
        raise Invalid(f"组织编号 {code} 已被使用。", "code")
    if parent is not None and not parent.active:
        raise Invalid("上级组织已停用。", "parent")
    if parent is not None and parent.path.count(".") >= DEEPEST:
        raise Invalid("组织层级过深。", "parent")
    with transaction.atomic():
        latest = Organisation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        unit = create(
            act,
            "organisation.add",
            Organisation(
                name=name.strip(),
                kind=kind,
                parent=parent,
                rank=rank,
                short_name=short_name.strip(),
                code=code or f"ZZ-{latest + 1:05d}",
                district_code=district_code or (parent.district_code if parent else ""),
            ),
        )
        path, order = _place(
            unit, parent.path if parent else "", parent.order_path if parent else ""
        )
        return change(act, "organisation.place", unit, path=path, order_path=order)


def edit_organisation(
    act: Act,
    unit: Organisation,
    *,
    name: str,
    short_name: str = "",
    rank: int,
    expected_revision: int | None = None,
) -> Organisation:
    """Rename a unit or give it another rank; a new rank moves its subtree in every list."""
    require(act.standing, "organisation.edit", unit)
    _check_revision(unit, expected_revision)
    _check_name(name, unit.parent, unit)
    with transaction.atomic():
        change(
            act,
            "organisation.rename" if name.strip() != unit.name else "organisation.edit",
            unit,
            name=name.strip(),
            short_name=short_name.strip(),
            rank=rank,
        )
        _place_subtree(act, unit, unit.parent)
    return unit


def move_organisation(
    act: Act,
    unit: Organisation,
    parent: Organisation,
    *,
    reason: str,
    expected_revision: int | None = None,
) -> Organisation:
    """Hang a unit with all beneath it below another; sight follows at once."""
    require(act.standing, "organisation.edit", unit)
    _check_revision(unit, expected_revision)
    if unit.kind == OrganisationKind.DISTRICT:
        raise Invalid("区级组织不能移动。", "parent")
    if parent.path.startswith(unit.path):
        raise Invalid("不能移到自己或自己的下级之下。", "parent")
    if not parent.active:
        raise Invalid("上级组织已停用。", "parent")
    if not reason.strip():
        raise Invalid("请填写调整原因。", "reason")
    _check_name(unit.name, parent, unit)
    deepest = max(path.count(".") for path in _beneath(unit).values_list("path", flat=True))
    if parent.path.count(".") + deepest - unit.path.count(".") >= DEEPEST:
        raise Invalid("组织层级过深。", "parent")
    act = act.because(reason.strip())
    with transaction.atomic():
        change(act, "organisation.move", unit, parent=parent)
        _place_subtree(act, unit, parent)
    return unit


def close_organisation(
    act: Act, unit: Organisation, *, reason: str, expected_revision: int | None = None
) -> Organisation:
    """Take a unit out of use. Refused while units or holders of posts are left beneath it."""
    require(act.standing, "organisation.edit", unit)
    _check_revision(unit, expected_revision)
    if not reason.strip():
        raise Invalid("请填写停用原因。", "reason")
    if not unit.active:
        raise Invalid("该组织已停用。")
    if unit.children.filter(active=True).exists():
        raise Invalid("还有下级组织在用，请先移走或停用下级组织。")
    if _held_on(unit, act).exists():
        raise Invalid("还有人员在该组织任职，请先办理离任。")
    return change(act.because(reason.strip()), "organisation.close", unit, active=False)


def _held_on(unit: Organisation, act: Act) -> QuerySet[Holding]:
    day = act.business_date
    return Holding.objects.filter(Q(until=None) | Q(until__gte=day), post__organisation=unit)


def _beneath(unit: Organisation) -> QuerySet[Organisation]:
    """The unit and all below it, in the order of the tree."""
    return Organisation.objects.filter(path__startswith=unit.path).order_by("path")


def _place(unit: Organisation, path: str, order: str) -> tuple[str, str]:
    """``path`` and ``order_path`` of a unit below the given ones; they need the row's own key."""
    key = f"{unit.pk:0{STEP}d}."
    return f"{path}{key}", f"{order}{unit.rank:05d}-{key}"


def _place_subtree(act: Act, unit: Organisation, parent: Organisation | None) -> None:
    """Repeat the places of a unit and all below it after its parent or rank changed."""
    rows = list(_beneath(unit))
    places: dict[int, tuple[str, str]] = {}
    if parent is not None:
        places[parent.pk] = (parent.path, parent.order_path)
    changes = []
    for row in rows:
        above = places.get(row.parent_id or 0, ("", ""))
        places[row.pk] = _place(row, *above)
        path, order = places[row.pk]
        # The caller's object is the one that goes on being used.
        changes.append((unit if row.pk == unit.pk else row, {"path": path, "order_path": order}))
    change_many(act, "organisation.place", changes)


def _check_name(name: str, parent: Organisation | None, unit: Organisation | None = None) -> None:
    if not name.strip():
        raise Invalid("请填写名称。", "name")
    same = Organisation.objects.filter(name=name.strip(), parent=parent, active=True)
    if unit is not None:
        same = same.exclude(pk=unit.pk)
    if same.exists():
        raise Invalid(f"同一上级之下已有「{name.strip()}」。", "name")


def _check_revision(unit: Organisation, expected: int | None) -> None:
    if expected is not None and unit.revision != expected:
        raise Stale("这个组织刚被别人改过。")
