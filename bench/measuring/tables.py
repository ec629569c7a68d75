"""Tables in Markdown, so that what is printed is what the document shows."""

from collections.abc import Iterable, Sequence

Value = str | int | float | None


def table(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """Lay out rows under headers; numbers to the right."""
    lines = ["| " + " | ".join(headers) + " |"]
    body = [[_written(value) for value in row] for row in rows]
    numeric = [all(_is_number(row[at]) for row in body) for at in range(len(headers))]
    lines.append("|" + "|".join("--:" if right else "---" for right in numeric) + "|")
    lines += ["| " + " | ".join(row) + " |" for row in body]
    return "\n".join(lines)


def verdict(*misses: str) -> str:
    """Say ok, or name plainly what was missed."""
    return "ok" if not any(misses) else "**MISS** " + ", ".join(filter(None, misses))


def _written(value: Value) -> str:
    if value is None:
        return "—"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _is_number(text: str) -> bool:
    return text == "—" or text.replace(".", "", 1).replace(",", "").lstrip("-").isdigit()
