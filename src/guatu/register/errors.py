"""What can go wrong in the register, in sentences a clerk understands."""

from guatu.register.nesting import nested


class RegisterError(Exception):
    """A refused act; the message is shown as it is, titles with marks of their own nested.

    ``file`` is set by a command that takes several, to the one the act was about.
    """

    file: str | None = None

    def __init__(self, message: str = "") -> None:
        super().__init__(nested(message))


class Forbidden(RegisterError):
    """The officer may not do this; pages show it as 404 so that nothing is disclosed."""


class Stale(RegisterError):
    """Somebody else changed the row since it was shown."""


class Invalid(RegisterError):
    """The values given cannot be accepted; ``field`` names the form field, if there is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
