"""Doing what a program asks exactly once, however often it asks for it."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Annotated

from django.db import IntegrityError, transaction
from ninja import Header

from guatu.api.bearer import ProgramRequest
from guatu.api.kind import Told
from guatu.api.problems import Conflict
from guatu.api.rendering import rendered
from guatu.register.errors import Invalid, Stale
from guatu.register.models import ApiCall
from guatu.register.recording import Act
from guatu.register.versions import Versioned

KEPT_FOR = dt.timedelta(days=7)
HEADER = "Idempotency-Key"
Once = Annotated[
    str,
    Header(
        ...,
        alias=HEADER,
        min_length=8,
        max_length=64,
        pattern=r"^[0-9A-Za-z_-]+$",
        description="每次办理自编一个不重复的键；同一个键重发只办一次，答复相同，保留 7 天",
    ),
]


def once(request: ProgramRequest, key: str, thing: Versioned, run: Callable[[Act], Told]) -> Told:
    """Run an act on ``thing`` and keep its answer; the same key again gets that answer.

    Act, event and kept answer stand in one transaction. Raises Invalid for a key that was used for
    something else, Conflict with the version that holds when somebody was quicker.
    """
    digest = _digest(request)
    found = _kept(request, key, digest)
    if found is not None:
        return found
    act = request.program.act()
    try:
        with transaction.atomic():
            answer = run(act)
            _keep(request, key, digest, answer, act.at)
    except Stale as refusal:
        thing.refresh_from_db(fields=["revision"])
        raise Conflict(str(refusal), thing.revision) from refusal
    except IntegrityError:
        # The same request twice at once: the other one did it.
        found = _kept(request, key, digest)
        if found is None:
            raise
        return found
    return answer


def _digest(request: ProgramRequest) -> str:
    told = f"{request.method} {request.path}\n".encode() + request.body
    return hashlib.sha256(told).hexdigest()


def _kept(request: ProgramRequest, key: str, digest: str) -> Told | None:
    found = ApiCall.objects.filter(token=request.program.token, key=key).first()
    if found is None:
        return None
    if found.digest != digest:
        raise Invalid("这个键已用于另一项请求，请换一个。", HEADER)
    return dict(found.answer)


def _keep(request: ProgramRequest, key: str, digest: str, answer: Told, at: dt.datetime) -> None:
    calls = ApiCall.objects.filter(token=request.program.token)
    calls.filter(at__lt=at - KEPT_FOR).delete()
    ApiCall.objects.create(
        token=request.program.token, key=key, digest=digest, answer=_plain(answer), at=at
    )


def _plain(answer: Told) -> Told:
    """Answer as the program reads it."""
    return dict(json.loads(rendered(answer)))
