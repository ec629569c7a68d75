"""`python -m guatu.cli`: the same as `guatu`, for processes the server starts."""

import sys

from guatu.cli import main

sys.exit(main())
