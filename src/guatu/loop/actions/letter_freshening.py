"""Drawing a letter up again by what is so today, before anybody has signed it."""

from guatu.loop.actions.letters import redraft_checked
from guatu.loop.enums import LetterState
from guatu.loop.letter_freshness import staleness_of
from guatu.loop.letter_moves import begin
from guatu.loop.models import Letter
from guatu.loop.queries.letters import kind_of
from guatu.register.errors import Invalid
from guatu.register.recording import Act


def freshen(
    act: Act, letter: Letter, *, body: str = "", expected_revision: int | None = None
) -> Letter:
    """Put today's paragraphs in place of those drawn up before; all other words stay.

    ``body`` is the text a person saw and perhaps changed; without one it is what
    :func:`staleness_of` tells. Who is asked to sign may do so, too: they sign what it then says.
    Raises Forbidden, Stale, and Invalid where no figure is of an earlier day.
    """
    signing = letter.state == LetterState.SIGNING
    begin(act, letter, "freshen_signing" if signing else "freshen", expected_revision)
    stale = staleness_of(letter, kind_of(letter), act.business_date)
    if stale is None:
        raise Invalid("稿件里没有截至以前日期的情况，不必重新起草。")
    return redraft_checked(act, "letter.freshen", letter, {"body": body or stale.body})
