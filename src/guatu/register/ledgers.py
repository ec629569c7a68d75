"""What the rows of every ledger share: how names are compared, and facts pointed to their cells."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guatu.register.bulk import insert_rows
from guatu.register.errors import Invalid
from guatu.register.models import Sourced
from guatu.register.recording import Act, mark_sample


@dataclass(frozen=True)
class Issue:
    """What keeps a row of a ledger out, and the value it is about; empty: the row as a whole."""

    words: str
    field: str = ""

    def __str__(self) -> str:
        return self.words


def issue_of(refusal: Invalid) -> Issue:
    """What a chapter refuses, at the value it refuses."""
    return Issue(str(refusal), refusal.field or "")


_NOISE = re.compile(r"[\s★☆*·,，、。.:：;；'\"“”‘’《》<>【】\[\]()（）—_-]+")


def normalised(name: str) -> str:
    """Name without marks, brackets and white space, so that two spellings meet.

    >>> normalised("★ 示例路（一期） 工程") == normalised("示例路(一期)工程")
    True
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).lower()


def said_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values a row really gives, texts without white space around them.

    >>> said_in({"name": " 示例 ", "site": "", "total_wan": None})
    {'name': '示例'}
    """
    trimmed = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    return {name: value for name, value in trimmed.items() if value not in (None, "", [])}


def point_to_cells(act: Act, facts: Iterable[tuple[int, str, int]]) -> None:
    """Point facts to their cells: key of the subject, name of the field, key of the SourceCell.

    In the caller's transaction, one statement however many there are.
    """
    last = Sourced.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = [(subject, field, cell, None, act.at) for subject, field, cell in facts]
    insert_rows(Sourced, ["subject_id", "field", "cell_id", "quote_id", "at"], rows)
    if act.sample:
        mark_sample(list(Sourced.objects.filter(pk__gt=last)))
