"""``python -m smote_bench``: the command ``smote-bench`` where its folder is not on the path."""

from __future__ import annotations

import sys

from smote_bench.cli import main

if __name__ == "__main__":
    sys.exit(main())
