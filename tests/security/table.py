"""The checked-in table: one line a route, arguments and method; one cell a role."""

from dataclasses import dataclass
from pathlib import Path

from guatu.register.enums import Role
from tests.security.classes import CLASSES, ROLES

FILE = Path(__file__).with_name("matrix.tsv")
HEAD = ("route", "method", "arguments", "class", *(role.value for role in ROLES))
METHODS = ("GET", "POST")
PAGES_OF_API = {"api:reference", "api:openapi"}


@dataclass(frozen=True)
class Line:
    """One line. ``arguments`` are ``name=word`` pairs; ``@kind`` is an object of the world."""

    route: str
    method: str
    arguments: str
    kind: str
    cells: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name of the test."""
        return f"{self.method} {self.route} {self.arguments}".strip()

    @property
    def has_object(self) -> bool:
        """Tell whether the address names a row that belongs to a unit."""
        return "@" in self.arguments

    @property
    def is_for_programs(self) -> bool:
        """Tell whether a token opens it, and no session."""
        return self.route.startswith("api:") and self.route not in PAGES_OF_API

    def words(self) -> dict[str, str]:
        """Arguments by name."""
        return dict(pair.split("=", 1) for pair in self.arguments.split())

    def declared(self) -> tuple[str, ...]:
        """Cells that the class of the route demands."""
        kind = CLASSES[self.kind]
        return tuple(kind.cell(role, has_object=self.has_object) for role in ROLES)

    def expected(self, role: Role) -> tuple[str, ...]:
        """Expectation for the own and, where there is one, the other object."""
        return tuple(self.cells[ROLES.index(role)].split("|"))


def read() -> list[Line]:
    """Return the lines of the table."""
    rows = [row.split("\t") for row in FILE.read_text("utf-8").splitlines()]
    assert tuple(rows[0]) == HEAD
    return [Line(*row[:4], tuple(row[4:])) for row in rows[1:]]


def written(lines: list[Line]) -> str:
    """Return the table as text, its cells made from the classes."""
    rows = [HEAD] + [
        (line.route, line.method, line.arguments, line.kind, *line.declared()) for line in lines
    ]
    return "".join("\t".join(row) + "\n" for row in rows)
