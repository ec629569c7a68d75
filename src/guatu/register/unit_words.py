"""Words that name a unit beside words that name what it owns, as in 产业园 发改."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from django.db.models import Q

from guatu.register.initials import initials_of, written_narrow
from guatu.register.models import Organisation
from guatu.register.search import letters_of

Units = Mapping[str, frozenset[int]]
"""Keys of the units that each word names; words that name none are left out."""
LEAST_LETTERS = 2
"""One letter is part of most initials and tells nothing."""


def units_named(words: Sequence[str]) -> Units:
    """Units by name, short name and initials, for several words; one query.

    A word alone is no question of whose a thing is: a unit's name finds the unit, not all of its.
    """
    if len(words) < 2:  # noqa: PLR2004 -- several
        return {}
    rows = list(Organisation.objects.values_list("pk", "name", "short_name"))
    found = {
        word: frozenset(key for key, *names in rows if any(names_by(word, name) for name in names))
        for word in words
    }
    return {word: keys for word, keys in found.items() if keys}


def names_by(word: str, name: str) -> bool:
    """Tell whether a word stands in a unit's name or its initials."""
    letters = letters_of(word)
    spelt = len(letters) >= LEAST_LETTERS and letters in _letters(name)
    return word in _plain(name) or spelt


def with_units(words: Sequence[str], units: Units, own: Callable[[str], Q], unit: str) -> Q:
    """Condition that each word stands in a row's own texts or names its unit, one in its own.

    ``own`` says what a word means in the texts, ``unit`` is the column with the unit's key.
    """
    each, some = Q(), Q(pk__in=[])
    for word in words:
        meant = own(word)
        each &= meant | Q(**{f"{unit}__in": units[word]}) if word in units else meant
        some |= meant
    # Where a word names no unit it must stand in the texts, which is one.
    return each & some if all(word in units for word in words) and units else each


@lru_cache(maxsize=2_000)
def _plain(name: str) -> str:
    return written_narrow(name).lower()


_letters = lru_cache(maxsize=2_000)(initials_of)
