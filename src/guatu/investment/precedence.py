"""What must be finished before a node: by the project's own links, else by its kind's template."""

from collections.abc import Iterable, Mapping, Sequence

from guatu.investment.models import Project
from guatu.investment.templates import template_for
from guatu.loop.enums import LinkType
from guatu.loop.models import Activity, Link

ENDS = (LinkType.FS, LinkType.FF)
"""Links by which what comes before must be finished first."""
NAMED = 5

Pairs = Iterable[tuple[str, str]]


def unfinished_before(project: Project, activity: Activity) -> list[Activity]:
    """Return what must precede a node and is not finished, in the order of the timetable.

    What precedes something finished is left out: who went on past a gap knowingly is not asked
    about it again. Two queries.
    """
    rows = {row.node: row for row in Activity.objects.filter(subject=project.subject_id)}
    before: dict[str, list[str]] = {}
    for earlier, later in _own_pairs(project) or _template_pairs(project):
        before.setdefault(later, []).append(earlier)
    leading = _leading_to([activity.node], before)
    done = [key for key in leading if key in rows and rows[key].finished is not None]
    left = leading - set(done) - _leading_to(done, before)
    found = [row for key, row in rows.items() if key in left and not row.basis.get("skipped")]
    return sorted(found, key=lambda row: (row.sequence, row.pk))


def _leading_to(keys: Iterable[str], before: Mapping[str, Sequence[str]]) -> set[str]:
    """Everything that precedes any of ``keys``, at any distance."""
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        fresh = set(before.get(waiting.pop(), ())) - found
        found |= fresh
        waiting += fresh
    return found


def order_doubts(project: Project, activity: Activity) -> list[str]:
    """Return what is to be asked of a node finished now: a sentence, or nothing."""
    found = unfinished_before(project, activity)
    if not found:
        return []
    names = "".join(f"「{row.name}」" for row in found[:NAMED])
    more = f"等 {len(found)} 项" if len(found) > NAMED else ""
    return [f"按计划须在「{activity.name}」之前完成的{names}{more}还没有登记完成。"]


def _own_pairs(project: Project) -> list[tuple[str, str]]:
    links = Link.objects.filter(subject=project.subject_id, ended=False, type__in=ENDS)
    return list(links.values_list("predecessor__node", "successor__node"))


def _template_pairs(project: Project) -> Pairs:
    template = template_for(project.category.code) if project.category else None
    links = template.links if template else ()
    return [(link.predecessor, link.successor) for link in links if link.type in ENDS]
