"""What workers on this machine have imported before they are: one process imports, and each is its fork.

Where something cannot be imported, workers do so themselves and say what is wrong.
"""

from __future__ import annotations

import contextlib

from smote_bench.engines.dask.worker import warm_up

__all__: list[str] = []

with contextlib.suppress(Exception):
    import distributed.nanny
    import distributed.worker  # noqa: F401
with contextlib.suppress(Exception):
    warm_up()
