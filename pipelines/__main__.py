"""`python -m pipelines` is the console script `ose`."""

import sys

from pipelines.cli import main

if __name__ == "__main__":
    sys.exit(main())
