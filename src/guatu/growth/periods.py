"""Months and quarters as figures of firms name them: ``2025-03`` and ``2025Q1``."""

import datetime as dt
import re

PATTERN = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2])|Q([1-4]))")
MONTHS = 12


def is_period(text: str) -> bool:
    """Tell whether the text names a month or a quarter.

    >>> is_period("2025-03"), is_period("2025Q1"), is_period("2025-13"), is_period("2025")
    (True, True, False, False)
    """
    return PATTERN.fullmatch(text) is not None


def month_of(day: dt.date) -> str:
    """The month a day lies in.

    >>> month_of(dt.date(2025, 3, 18))
    '2025-03'
    """
    return f"{day.year}-{day.month:02d}"


def last_month(today: dt.date) -> str:
    """The last month that is over.

    >>> last_month(dt.date(2025, 3, 18)), last_month(dt.date(2025, 1, 31))
    ('2025-02', '2024-12')
    """
    return month_of(today.replace(day=1) - dt.timedelta(days=1))


def last_quarter(today: dt.date) -> str:
    """The last quarter that is over.

    >>> last_quarter(dt.date(2025, 3, 18)), last_quarter(dt.date(2025, 4, 1))
    ('2024Q4', '2025Q1')
    """
    found = quarter_of(last_month(today))
    return found if ends_on(found) < today else before(found)


def before(period: str, steps: int = 1) -> str:
    """The month or quarter so many steps earlier.

    >>> before("2025-01"), before("2025Q1"), before("2025-03", 12), before("2025Q2", 4)
    ('2024-12', '2024Q4', '2024-03', '2024Q2')
    """
    year, place, per_year = _parts(period)
    count = year * per_year + place - 1 - steps
    year, place = divmod(count, per_year)
    return f"{year}-{place + 1:02d}" if per_year == MONTHS else f"{year}Q{place + 1}"


def year_before(period: str) -> str:
    """The same month or quarter of the year before.

    >>> year_before("2025Q1")
    '2024Q1'
    """
    return before(period, _parts(period)[2])


def quarter_of(month: str) -> str:
    """The quarter a month lies in.

    >>> quarter_of("2025-03"), quarter_of("2025-04")
    ('2025Q1', '2025Q2')
    """
    return f"{month[:4]}Q{(int(month[5:]) + 2) // 3}"


def months_of(quarter: str) -> tuple[str, str, str]:
    """The three months of a quarter.

    >>> months_of("2025Q1")
    ('2025-01', '2025-02', '2025-03')
    """
    first = 3 * int(quarter[5:]) - 2
    year = quarter[:4]
    return f"{year}-{first:02d}", f"{year}-{first + 1:02d}", f"{year}-{first + 2:02d}"


def ends_on(period: str) -> dt.date:
    """The last day of a month or quarter.

    >>> ends_on("2024-02"), ends_on("2025Q4")
    (datetime.date(2024, 2, 29), datetime.date(2025, 12, 31))
    """
    year, place, per_year = _parts(period)
    month = place * MONTHS // per_year
    following = dt.date(year + month // MONTHS, month % MONTHS + 1, 1)
    return following - dt.timedelta(days=1)


def words(period: str) -> str:
    """A period as people write it.

    >>> words("2025-03"), words("2025Q1")
    ('2025年3月', '2025年1季度')
    """
    year, place, per_year = _parts(period)
    return f"{year}年{place}{'月' if per_year == MONTHS else '季度'}"


def _parts(period: str) -> tuple[int, int, int]:
    found = PATTERN.fullmatch(period)
    if found is None:
        message = f"no month or quarter: {period}"
        raise ValueError(message)
    year, month, quarter = found.groups()
    return (int(year), int(month), MONTHS) if month else (int(year), int(quarter), 4)
