"""History of anything: recorded events as lines a clerk reads, old → new.

    changes = history_of(events_of(subject_ids=[subject.pk], as_of=request.as_of))

and ``{% include "components/history.html" %}``. References are told by name, choices by their word,
columns by the names of :mod:`guatu.web.history.names`; keys and paths are not told at all.
"""

from guatu.web.history.lines import changed_columns, events_of, history_of
from guatu.web.history.names import column_name, model_name
from guatu.web.history.verbs import verb_name, verbs_named

__all__ = [
    "changed_columns",
    "column_name",
    "events_of",
    "history_of",
    "model_name",
    "verb_name",
    "verbs_named",
]
