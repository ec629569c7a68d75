"""Files handed out: named, never opened in the page, never guessed at."""

from urllib.parse import quote

from django.http import Http404, HttpResponse

from guatu.register import files
from guatu.register.models import StoredFile

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_attachment(stored: StoredFile, filename: str) -> HttpResponse:
    """A kept file as a download; Http404 when it is gone or no longer what was kept."""
    try:
        data = files.read(stored)
    except OSError as gone:
        raise Http404 from gone
    response = HttpResponse(data, content_type=stored.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return attached(response, filename)


def made(content: bytes, kind: str, filename: str) -> HttpResponse:
    """What was made for the reader as a download; ``kind`` is its media type."""
    return attached(HttpResponse(content, content_type=kind), filename.replace("/", "／"))


def attached(response: HttpResponse, filename: str) -> HttpResponse:
    """Name a download; control characters and quotes cannot leave the header."""
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
