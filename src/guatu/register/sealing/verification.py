"""Verifying: the chain, its heads, the rows it speaks of, and what facts came from."""

from pathlib import Path

from guatu.register.models.events import Event
from guatu.register.sealing.links import check_heads, check_links
from guatu.register.sealing.outcome import Fault, Verification
from guatu.register.sealing.replay import check_rows, check_rows_of
from guatu.register.sealing.sources import check_files, check_sources

__all__ = ["Fault", "Verification", "verify"]


def verify(head_file: Path | None = None, last: int | None = None) -> Verification:
    """Check everything, or with ``last`` the newest links and the rows they changed.

    Reads in steps of bounded size and writes nothing. ``head_file`` is a head kept outside the
    data folder: only that shows a tail cut off, or a whole rewrite, by somebody who could also
    replace the heads inside. Raises BadInput when the file is no head or not as it was signed.
    """
    result = Verification()
    result.unsealed = Event.objects.filter(seal=None).count()
    for events in check_links(result, last):
        if not result.complete:
            check_rows_of(result, events)
    result.events = result.sealed + result.unsealed
    check_heads(result, head_file)
    if result.complete:
        check_rows(result)
        check_sources(result)
        check_files(result)
    return result
