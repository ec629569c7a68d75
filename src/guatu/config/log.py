"""Logging: one plain line per event on stderr, from Django and from structlog alike."""

from typing import Any

import structlog
from structlog.typing import Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
]


def configure(level: str) -> dict[str, Any]:
    """Set up structlog and return Django's LOGGING for the same output."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {
                "()": structlog.stdlib.ProcessorFormatter,
                # Plain tracebacks: the values of locals may hold what a user typed.
                "processor": structlog.dev.ConsoleRenderer(
                    colors=False,
                    pad_event_to=0,
                    exception_formatter=structlog.dev.plain_traceback,
                ),
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own handlers would mail administrators and colour the console.
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }
