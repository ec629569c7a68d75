"""Who sits on the posts a page shows, on the day it is read for."""

from guatu.register.models import Post
from guatu.register.seats import Seats
from guatu.web.requests import OfficerRequest


def seats_of(request: OfficerRequest, *posts: Post | None) -> Seats:
    """Faces of the posts; one query, two where one of them is away."""
    if request.as_of is not None:
        return Seats(posts, request.as_of, request.as_of)
    return Seats(posts, request.standing.today)
