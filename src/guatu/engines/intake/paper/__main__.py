"""``python -m guatu.engines.intake.paper FILE [YEAR]`` prints what is read, as JSON."""

import json
import sys
from pathlib import Path

from guatu.engines.intake import BadInput
from guatu.engines.intake.paper import read_paper


def main(arguments: list[str]) -> int:
    """Read one file and print it."""
    path = Path(arguments[0])
    year = int(arguments[1]) if len(arguments) > 1 else None
    try:
        paper = read_paper(path.read_bytes(), path.name, year)
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(paper.as_json(), ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
