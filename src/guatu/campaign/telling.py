"""Notices of what hangs on no duty, blocker or letter: they lead to a page, in words of their own.

They stand on the campaign; before one has begun nobody has an inbox and nobody is told.
"""

from guatu.loop.enums import NoticeKind
from guatu.loop.models import Notice
from guatu.register.campaign import current
from guatu.register.enums import ADMINISTRATORS
from guatu.register.models import Organisation, Post
from guatu.register.policies import Standing
from guatu.register.recording import Act, create

TITLE_LENGTH = 40
"""As much as one line of the inbox holds."""


def tell(
    act: Act, kind: NoticeKind, to: Post | Organisation | None, *, title: str, path: str, said: str
) -> None:
    """Tell a post, or a unit as a whole, what ``path`` shows; nobody where there is none."""
    campaign = current()
    if to is None or campaign is None:
        return
    notice = Notice(
        subject=campaign.subject,
        kind=kind,
        post=to if isinstance(to, Post) else None,
        unit=None if isinstance(to, Post) else to,
        words={"title": title, "path": path, "said": said},
        on=act.business_date,
        at=act.at,
    )
    create(act, "notice.tell", notice)


def reading_post(standing: Standing) -> Post | None:
    """First post, own ones before others, at which an officer has an inbox."""
    return next((post for post in standing.posts if post.role not in ADMINISTRATORS), None)


def shortened(text: str) -> str:
    """The beginning of a text on one line.

    >>> shortened("请加一列"), len(shortened("长" * 99))
    ('请加一列', 41)
    """
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else f"{line[:TITLE_LENGTH]}…"
