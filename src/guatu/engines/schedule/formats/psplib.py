"""Single-mode projects as PSPLIB writes them (`.sm`).

Format: Kolisch & Sprecher, "PSPLIB – a project scheduling problem library", EJOR 96, 1997.
"""

import re
from collections.abc import Iterator

from guatu.engines.schedule.rcpsp import LARGEST, LONGEST, BadProject, Rcpsp

MOST_JOBS = 100_000
MOST_RESOURCES = 1_000
NUMBERS = re.compile(r"[-+]?\d+(?:\s+[-+]?\d+)*\Z")


class BadPsplib(BadProject):
    """A file that is no such project; ``line`` counts from 1, 0 when no line is to blame."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"第{line}行：{message}" if line else message)
        self.message, self.line = message, line


def read_psplib(text: str) -> Rcpsp:
    """Return the project of a file; BadPsplib names the line that is wrong."""
    return _Reader(text.splitlines()).project()


class _Reader:
    """The lines of a file, found by the headings PSPLIB gives its parts."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def project(self) -> Rcpsp:
        """Read the parts in turn."""
        jobs = self._count("jobs", MOST_JOBS, "工作")
        resources = self._count("- renewable", MOST_RESOURCES, "可更新资源")
        for kind in ("- nonrenewable", "- doubly constrained"):
            if self._count(kind, MOST_RESOURCES, "资源", default=0):
                raise BadPsplib("只接受可更新资源的项目，文件里还有别的资源。", self._find(kind))
        successors = self._successors(jobs)
        durations, needs = self._requests(jobs, resources)
        line, capacities = next(self._rows("RESOURCEAVAILABILITIES", 1))
        if len(capacities) != resources:
            raise BadPsplib(f"应有{resources}种资源的总量，实际{len(capacities)}个数。", line)
        self._check_all(line, capacities, LARGEST - 1)
        if sum(durations) > LONGEST:
            raise BadPsplib(f"工期合计{sum(durations)}，超过{LONGEST}，无法计算。")
        return Rcpsp(durations, successors, needs, tuple(capacities))

    def _successors(self, jobs: int) -> tuple[tuple[int, ...], ...]:
        found = []
        for job, (line, row) in enumerate(self._rows("PRECEDENCE RELATIONS", jobs), start=1):
            self._check_job(line, row, job)
            if len(row) < 3 or len(row) != 3 + row[2]:  # noqa: PLR2004 -- job, modes, count
                raise BadPsplib(f"工作{job}写明的后续数与列出的不符。", line)
            for other in row[3:]:
                if not 1 <= other <= jobs:
                    raise BadPsplib(f"工作{job}的后续工作{other}不存在。", line)
                if other == job:
                    raise BadPsplib(f"工作{job}不能以自己为后续。", line)
            found.append(tuple(dict.fromkeys(other - 1 for other in row[3:])))
        return tuple(found)

    def _requests(
        self, jobs: int, resources: int
    ) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
        durations, needs = [], []
        for job, (line, row) in enumerate(self._rows("REQUESTS/DURATIONS", jobs), start=1):
            self._check_job(line, row, job)
            if len(row) != 3 + resources:
                raise BadPsplib(
                    f"工作{job}应有工期和{resources}种资源需要，实际{len(row) - 2}个数。", line
                )
            self._check_all(line, row[2:3], LONGEST)
            self._check_all(line, row[3:], LARGEST - 1)
            durations.append(row[2])
            needs.append(tuple(row[3:]))
        return tuple(durations), tuple(needs)

    def _count(self, label: str, most: int, what: str, default: int | None = None) -> int:
        """Return the number behind ``label  :``."""
        try:
            line = self._find(label)
        except BadPsplib:
            if default is None:
                raise
            return default
        value = re.search(r":\s*(-?\d+)", self.lines[line - 1])
        if value is None:
            raise BadPsplib(f"{what}数不是一个整数。", line)
        count = _number(value[1], line)
        if not (0 if default == 0 or what != "工作" else 1) <= count <= most:
            raise BadPsplib(f"{what}数是{value[1]}，应在{most}以内。", line)
        return count

    def _find(self, label: str) -> int:
        """Return the number of the first line that begins with the label."""
        for number, line in enumerate(self.lines, start=1):
            if line.strip().startswith(label):
                return number
        raise BadPsplib(f"缺少“{label}”一段，不是PSPLIB的.sm文件。")

    def _rows(self, label: str, count: int) -> Iterator[tuple[int, list[int]]]:
        """Yield ``count`` rows of whole numbers under a heading, with their line numbers."""
        found, begin = 0, self._find(label)
        for number, line in enumerate(self.lines[begin:], start=begin + 1):
            written = line.strip()
            if found == count or written.startswith("***"):
                break
            if NUMBERS.match(written):
                found += 1
                yield number, [_number(word, number) for word in written.split()]
            elif found:
                raise BadPsplib("这里应是一行整数。", number)
        if found < count:
            raise BadPsplib(f"“{label}”应有{count}行，实际只有{found}行。", begin)

    @staticmethod
    def _check_job(line: int, row: list[int], job: int) -> None:
        if row[0] != job:
            raise BadPsplib(f"这里应是工作{job}，写的却是{row[0]}。", line)
        if len(row) > 1 and row[1] != 1:
            raise BadPsplib(f"只接受每项工作一种做法的项目，工作{job}写的是{row[1]}。", line)

    @staticmethod
    def _check_all(line: int, values: list[int], most: int) -> None:
        for value in values:
            if not 0 <= value <= most:
                raise BadPsplib(f"数字{value}不在0到{most}之间。", line)


def _number(word: str, line: int) -> int:
    try:
        return int(word)
    except ValueError:  # thousands of digits
        raise BadPsplib("数字太大，无法计算。", line) from None
