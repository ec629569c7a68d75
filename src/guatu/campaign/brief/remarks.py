"""Remarks on a brief: words that no figure holds, kept by week and scope."""

import datetime as dt

from guatu.campaign import policies as _policies  # noqa: F401 -- declares brief.*
from guatu.campaign.brief.scopes import Scope
from guatu.campaign.brief.weeks import Week
from guatu.register.errors import Invalid, Stale
from guatu.register.models import BriefRemark
from guatu.register.policies import require
from guatu.register.recording import Act, change, create
from guatu.register.versions import rows_as_of

LENGTH = 2000


def remark_of(week: Week, scope: Scope, as_of: dt.date | None) -> BriefRemark | None:
    """The remark on a brief as it is, or as it was known on a past day."""
    rows = rows_as_of(BriefRemark, as_of).filter(week=week.first, scope=scope.key)
    found: BriefRemark | None = rows.first()
    return found


def write_remark(
    act: Act, week: Week, scope: Scope, *, text: str, expected_revision: int | None = None
) -> BriefRemark:
    """Write or replace the remark. Raises Stale where somebody wrote another meanwhile."""
    require(act.standing, "brief.remark", scope)
    words = text.replace("\0", "").replace("\r\n", "\n").strip()
    if len(words) > LENGTH:
        raise Invalid(f"最多 {LENGTH} 字。", "text")
    officer = act.standing.officer if act.standing else None
    row = BriefRemark.objects.filter(week=week.first, scope=scope.key).first()
    if (row.revision if row else 0) != (expected_revision or 0):
        raise Stale("补充说明刚被别人改过。")
    if row is not None:
        return change(act, "brief.remark", row, text=words, officer=officer)
    made = BriefRemark(week=week.first, scope=scope.key, text=words, officer=officer)
    return create(act, "brief.remark", made)
