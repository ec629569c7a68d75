"""Which chapter of the campaign a text belongs to; what it says outvotes what it is headed."""

import re
from dataclasses import dataclass
from functools import cache

from guatu.engines.intake.paper.model import Clash
from guatu.engines.intake.paper.outline import Outline, Section
from guatu.engines.intake.paper.tables import any_of, domains

MIN_EVIDENCE = 4
"""Content words a section must hold before it may contradict its heading."""
OUTVOTES = 2.0
"""How many times more content words than the heading's own domain has."""
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class SectionDomain:
    """What a section is about: by its heading, by its text, and the one that counts."""

    section: Section
    heading: str | None
    content: str | None
    evidence: tuple[str, ...]

    @property
    def domain(self) -> str | None:
        """The domain that counts."""
        return self.content or self.heading

    @property
    def clash(self) -> Clash | None:
        """The contradiction, where there is one."""
        if self.heading is None or self.content is None or self.heading == self.content:
            return None
        section = self.section
        return Clash(
            section.heading, section.start, section.end, self.heading, self.content, self.evidence
        )


def domain_of(text: str, part: str = "content") -> str | None:
    """The domain whose words weigh most in a short text; ``None`` without any or at a tie."""
    scores = sorted(((sum(map(len, found)), key) for key, found in words_of(text, part).items()))
    if not scores or scores[-1][0] == 0:
        return None
    tie = len(scores) > 1 and scores[-1][0] == scores[-2][0]
    return None if tie else scores[-1][1]


def words_of(text: str, part: str) -> dict[str, list[str]]:
    """Domain → its words found in the text, in order."""
    found = {}
    for key, row in domains().items():
        found[key] = _expression(key, part).findall(text) if row[part] else []
    return found


@cache
def _expression(key: str, part: str) -> re.Pattern[str]:
    return any_of(domains()[key][part])


def section_domains(text: str, shape: Outline) -> list[SectionDomain]:
    """Judge every section."""
    return [_judge(text, section) for section in shape.sections]


def _judge(text: str, section: Section) -> SectionDomain:
    headed = domain_of(section.heading, "heading") if section.heading else None
    found = words_of(text[section.end : section.body_end], "content")
    counts = {key: len(listed) for key, listed in found.items()}
    best = max(counts, key=lambda key: (counts[key], key))
    own = counts.get(headed, 0) if headed else 0
    strong = counts[best] >= MIN_EVIDENCE and counts[best] >= OUTVOTES * own
    if not strong or best == headed:
        return SectionDomain(section, headed, headed or (best if counts[best] else None), ())
    evidence = tuple(dict.fromkeys(found[best]))[:_SHOWN]
    return SectionDomain(section, headed, best, evidence)
