"""Acts on the organisation tree: adding, moving and renaming units."""

from guatu.register.enums import OrganisationKind
from guatu.register.errors import Invalid
from guatu.register.models import Organisation
from guatu.register.recording import Act, change, create

STEP = 8


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

    Raises Invalid when a district has a parent, or anything else has none.
    """
    if (parent is None) != (kind == OrganisationKind.DISTRICT):
        raise Invalid("只有区级组织没有上级，其他组织必须选择上级。", "parent")
    number = Organisation.objects.count() + 1
    unit = create(
        act,
        "organisation.add",
        Organisation(
            name=name,
            kind=kind,
            parent=parent,
            rank=rank,
            short_name=short_name,
            code=code or f"ZZ-{number:05d}",
            district_code=district_code or (parent.district_code if parent else ""),
        ),
    )
    return _place(act, unit, parent)


def _place(act: Act, unit: Organisation, parent: Organisation | None) -> Organisation:
    """Set ``path`` and ``order_path``, which need the row's own key."""
    path = f"{parent.path if parent else ''}{unit.pk:0{STEP}d}."
    order = f"{parent.order_path if parent else ''}{unit.rank:05d}-{unit.pk:0{STEP}d}."
    return change(act, "organisation.place", unit, path=path, order_path=order)
