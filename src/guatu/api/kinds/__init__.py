"""Every kind programs can read: a further one is a module here and a line below."""

from guatu.api.kind import Kind
from guatu.api.kinds.blockers import BLOCKERS
from guatu.api.kinds.duties import DUTIES
from guatu.api.kinds.enterprises import ENTERPRISES
from guatu.api.kinds.leads import LEADS
from guatu.api.kinds.letters import LETTERS
from guatu.api.kinds.meetings import MEETINGS
from guatu.api.kinds.nodes import NODES
from guatu.api.kinds.observations import OBSERVATIONS
from guatu.api.kinds.projects import PROJECTS
from guatu.api.kinds.reserves import RESERVES
from guatu.api.kinds.targets import TARGETS
from guatu.api.kinds.units import UNITS
from guatu.api.kinds.visits import VISITS
from guatu.register.scopes import scope

KINDS: tuple[Kind, ...] = (
    PROJECTS,
    NODES,
    RESERVES,
    LEADS,
    TARGETS,
    DUTIES,
    BLOCKERS,
    LETTERS,
    MEETINGS,
    VISITS,
    ENTERPRISES,
    OBSERVATIONS,
    UNITS,
)
for _kind in KINDS:
    scope(_kind.scope, f"读取{_kind.name}")
