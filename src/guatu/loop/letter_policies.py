"""Who may do what to a letter.

The campaign office and leaders draft. Only the holder of the post the letter names signs it, or
sends it back. Whoever it is addressed to reads and answers it: the holder of the post, or a clerk
of the unit; those who get a copy read it. The office and who signed judge the answer. Whoever sees
it may urge as the rule has it.
"""

from guatu.loop.models import Letter
from guatu.loop.queries.letter_sight import copied, is_addressed, sees_letter
from guatu.loop.queries.sight import working_posts
from guatu.loop.removers import ACTING
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.policies import Standing, policy


def _drafts(standing: Standing, letter: Letter) -> bool:
    return standing.has(Role.OFFICE, Role.LEADER) and sees_letter(standing, letter)


def _signs(standing: Standing, letter: Letter) -> bool:
    return letter.signer_post_id is not None and letter.signer_post_id in working_posts(standing)


def _signs_or_office(standing: Standing, letter: Letter) -> bool:
    return standing.has(Role.OFFICE) or _signs(standing, letter)


policy("letter.see")(sees_letter)
policy("letter.edit")(_drafts)
policy("letter.deliver")(_drafts)
policy("letter.sign")(_signs)
policy("letter.judge")(_signs_or_office)
policy("letter.void")(_signs_or_office)
policy("letter.answer")(is_addressed)


@policy("letter.urge")
def _urge(standing: Standing, letter: Letter) -> bool:
    """Whoever acts and sees it; whom they may urge, and from when, is the rule ``urge.rights``."""
    return standing.has(*ACTING) and sees_letter(standing, letter)


@policy("letter.list")
def _list(standing: Standing, _thing: object) -> bool:
    """Everyone who does business; what is listed is what is in sight."""
    return bool(standing.roles - ADMINISTRATORS)


@policy("letter.draft")
def _draft(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.OFFICE, Role.LEADER)


@policy("letter.read")
def _read(standing: Standing, letter: Letter) -> bool:
    """Whom it is addressed to, and who gets a copy, once it has been delivered."""
    if letter.sent_on is None:
        return False
    return is_addressed(standing, letter) or copied(standing).filter(letter=letter).exists()
