"""`guatu schedule solve`: levelling of project files, without a database.

The engine is imported by the command that runs it: it loads a compiler and a solver.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from guatu.cli.answers import Answer, existing_file
from guatu.cli.schedule import plan_of
from guatu.engines.intake import BadInput

if TYPE_CHECKING:
    from guatu.engines.schedule.levelling import Outcome
    from guatu.engines.schedule.rcpsp import Rcpsp

PLANS = (".json", ".xml", ".mpp", ".mpx", ".xer", ".pmxml")
LONGEST_LIMIT = 86_400
MOST_WORKERS = 64
MOST_SEED = 2**31 - 1
STATUS_WORDS = {
    "OPTIMAL": "已证明最优",
    "FEASIBLE": "可行，未证明最优",
    "INFEASIBLE": "不可行",
    "UNKNOWN": "未找到可行安排",
}


def solve(arguments: argparse.Namespace) -> Answer:
    """Level a PSPLIB project or a plan within a budget of work."""
    limit = _limit(arguments.limit)
    workers = _within("--workers", arguments.workers, 1, MOST_WORKERS)
    seed = _within("--seed", arguments.seed, 0, MOST_SEED)
    suffix = Path(arguments.file).suffix.lower()
    if suffix == ".sm":
        return _project(arguments.file, limit, workers, seed)
    if suffix in PLANS:
        return _plan(arguments.file, limit, workers, seed)
    raise BadInput("只接受 .sm、.json、.xml、.mpp 文件。", file=arguments.file, kind="type")


def _project(name: str, limit: float, workers: int, seed: int) -> Answer:
    """Level a project in periods; starts are keyed by job number."""
    project = _psplib(name)
    from guatu.engines.schedule.levelling import (  # noqa: PLC0415 -- loaded when it is needed
        level_project,
    )

    answer = level_project(project, limit=limit, workers=workers, seed=seed)
    starts = None
    if answer.starts is not None:
        starts = {str(job): start for job, start in enumerate(answer.starts, start=1)}
    lines = [f"工作{job}：{start}" for job, start in (starts or {}).items()]
    return Answer(
        {**_head(answer), "starts": starts, "cut_by_clock": answer.cut_by_clock},
        "\n".join([*_verdict(answer, "期"), *lines]),
    )


def _psplib(name: str) -> "Rcpsp":
    from guatu.engines.schedule.formats import psplib  # noqa: PLC0415 -- as above
    from guatu.engines.schedule.rcpsp import BadProject  # noqa: PLC0415 -- as above

    content = existing_file(name).read_bytes()
    try:
        return psplib.read_psplib(content.decode("utf-8-sig", errors="replace"))
    except psplib.BadPsplib as bad:
        raise BadInput(bad.message, file=name, row=bad.line or None) from bad
    except BadProject as bad:
        raise BadInput(str(bad), file=name) from bad


def _plan(name: str, limit: float, workers: int, seed: int) -> Answer:
    """Level a plan in days; starts and finishes are dates."""
    network = plan_of(name)
    from guatu.engines.schedule import BadNetwork  # noqa: PLC0415 -- as above
    from guatu.engines.schedule.levelling import level  # noqa: PLC0415 -- as above

    try:
        answer = level(network, limit=limit, workers=workers, seed=seed)
    except BadNetwork as bad:
        raise BadInput(str(bad), file=name) from bad
    rows, starts = [], None
    if answer.starts is not None:
        starts = {
            key: {"start": start.isoformat(), "finish": finish.isoformat()}
            for key, (start, finish) in answer.starts.items()
        }
        names = {row.id: row.name or row.id for row in network.activities}
        rows = [
            f"{names[key]}：{dates['start']}—{dates['finish']}" for key, dates in starts.items()
        ]
    return Answer(
        {**_head(answer), "starts": starts, "cut_by_clock": answer.cut_by_clock},
        "\n".join([*_verdict(answer, "个日历日"), *rows]),
    )


def _head(answer: "Outcome") -> dict[str, object]:
    return {
        "status": answer.status.value,
        "makespan": answer.makespan,
        "bound": answer.bound,
        "gap": answer.gap,
    }


def _verdict(answer: "Outcome", unit: str) -> list[str]:
    """Say how good the schedule is, or why there is none."""
    lines = [f"{STATUS_WORDS[answer.status]}。"]
    if answer.makespan is not None:
        lines = [
            f"{STATUS_WORDS[answer.status]}：总工期{answer.makespan}{unit}，下界{answer.bound}{unit}。"
        ]
    if answer.gap:
        lines.append(f"与最优相差不超过{answer.gap:.1%}。")
    if answer.cut_by_clock:
        lines.append("机器繁忙，搜索被时钟截断，再算一次结果可能不同。")
    return [*lines, *answer.reasons]


def _limit(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        raise BadInput(f"参数 --limit 应为秒数，实际是 {word!r}。") from None
    if not 0 < seconds <= LONGEST_LIMIT:
        raise BadInput(f"参数 --limit 应大于0、不超过{LONGEST_LIMIT}秒，实际是 {word}。")
    return seconds


def _within(name: str, value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise BadInput(f"参数 {name} 应在{least}到{most}之间，实际是 {value}。")
    return value
