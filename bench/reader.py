"""Reading a paper: start-up, speed, and how well against twenty lines of regular expressions.

How well is measured on the labelled papers beside the checkout (GUATU_SHARED), when they are there.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measuring.clocks import Spent, spent
from bench.measuring.tables import Value, table

CHECKOUT = Path(__file__).resolve().parents[1]
LONGEST = 150_000  # a paper may be as long as this
GUATU = (sys.executable, "-m", "guatu.cli")
POOLED = re.compile(r"ALL but seed .*?strict P (\S+) R (\S+) F (\S+)")

# The baseline: what a name is when one knows nothing but how names often end.
FIRM = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）]{2,20}?(?:有限责任公司|股份公司|有限公司|集团|公司)"
)
PROJECT = re.compile(r"[\u4e00-\u9fffA-Za-z0-9“”（）·—-]{2,24}?(?:项目|工程|产业园|基地|中心)")
LEAD = re.compile(
    r"^(?:.*[，、。；：])?(?:加快|推进|推动|实施|建设|支持|确保|抓好|谋划|和|与|等|的)+"
)


def main() -> int:
    """Return the exit code."""
    if sys.argv[1:2] == ["--baseline"]:
        text = Path(sys.argv[2]).read_bytes().decode("utf-8-sig")
        print(json.dumps({"items": baseline(text)}, ensure_ascii=False))
        return 0
    _speed()
    _quality()
    return 0


def baseline(text: str) -> list[dict[str, Value]]:
    """Find names by their endings; verbs in front are cut off."""
    found: list[dict[str, Value]] = []
    for kind, pattern in (("enterprise", FIRM), ("project", PROJECT)):
        for match in pattern.finditer(text):
            lead = LEAD.match(match[0])
            start = match.start() + (lead.end() if lead else 0)
            name = text[start : match.end()]
            if len(name) > 3:  # noqa: PLR2004 -- shorter is the ending alone
                found.append({"kind": kind, "text": name, "start": start, "end": match.end()})
    return found


def _speed() -> None:
    speech = CHECKOUT / "src/guatu/campaign/sample/data/speech.txt"
    paper = speech.read_text("utf-8")
    texts = {
        "nothing (start-up)": "示例。",
        "the sample's speech": paper,
        "as long as may be": (paper * (LONGEST // len(paper) + 1))[:LONGEST],
    }
    rows: list[list[Value]] = []
    start = 0.0
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as folder:
        for name, text in texts.items():
            file = Path(folder, "paper.txt")
            file.write_text(text, "utf-8")
            done, time = _read(file)
            start = start or time.cpu
            if done.returncode:
                found = (done.stderr or done.stdout).strip()[-60:]
            else:
                found = f"{len(json.loads(done.stdout)['items'])} items"
            net = max(time.cpu - start, 0.0)
            speed = f"{len(text) / net:,.0f}" if rows and net else None
            rows.append([name, f"{len(text):,}", time.cpu, time.wall, speed, found])
    print("\n`guatu read`, a process each time; speed without the start-up\n")
    print(table(["text", "characters", "CPU s", "wall s", "characters / CPU s", "found"], rows))


def _read(file: Path) -> tuple[subprocess.CompletedProcess[str], Spent]:
    command = [*GUATU, "read", str(file), "--json"]
    return spent(lambda: subprocess.run(command, capture_output=True, text=True, check=False))


def _quality() -> None:
    shared = Path(os.environ.get("GUATU_SHARED", CHECKOUT.parent / "shared"))
    scorer, labels = shared / "tools" / "score_intake.py", shared / "data" / "intake"
    if not scorer.is_file() or not labels.is_dir():
        print("\nhow well: the labelled papers are absent (GUATU_SHARED)")
        return
    readers = {
        "guatu read": f"{' '.join(GUATU)} read {{file}} --json",
        "regular expressions": f"{sys.executable} -m bench.reader --baseline {{file}}",
    }
    rows: list[list[Value]] = []
    for name, reader in readers.items():
        command = [sys.executable, str(scorer), "--reader", reader, "--labels", str(labels)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKOUT)
        pooled = POOLED.search(done.stdout)
        assert pooled, done.stdout + done.stderr
        rows.append([name, *pooled.groups()])
    print("\nstrict, pooled over the labelled passages but the first\n")
    print(table(["reader", "precision", "recall", "F1"], rows), flush=True)


if __name__ == "__main__":
    sys.exit(main())
