"""In the scheduler: a task of ours whose worker died goes back to the session, which knows what to do."""

from __future__ import annotations

from typing import Any

from distributed.diagnostics.plugin import SchedulerPlugin

from smote_bench.engines.dask.messages import CELLS

__all__ = ["TellDeaths"]


class TellDeaths(SchedulerPlugin):
    """Has a worker's first death end our task; other people's tasks are retried as they were.

    Dask counts how often a task lost its worker, and gives it up beyond its ``allowed-failures``.
    """

    name = "smote-bench deaths"
    idempotent = True

    def __init__(self) -> None:
        self._scheduler: Any = None

    async def start(self, scheduler: Any) -> None:
        """Know the scheduler."""
        self._scheduler = scheduler

    def transition(self, key: Any, start: str, finish: str, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Count a task that is given to a worker as one that has lost as many as it may."""
        if finish == "processing" and isinstance(key, str) and key.startswith(CELLS):
            self._scheduler.tasks[key].suspicious = self._scheduler.allowed_failures
