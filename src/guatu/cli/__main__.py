"""`python -m guatu.cli`: the same as `guatu`, for processes the server starts."""

import sys

from guatu.cli import main

if __name__ == "__main__":
    sys.exit(main())
