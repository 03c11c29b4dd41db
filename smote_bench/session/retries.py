"""Which cells are tried again after a worker died."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smote_bench.environment.deaths import Told
    from smote_bench.evaluation.outcome import Cell
    from smote_bench.runs.run_store import RunStore, Worker

__all__ = ["Retries", "why_lost"]


def why_lost(time: tuple[float, float], exit_code: int | None) -> Told:
    """Return status and reason of a cell whose worker died, by the seconds it took and its limit."""
    from smote_bench.environment.deaths import Death
    from smote_bench.runs.run_store import DIED

    seconds, limit = time
    return Death(exit_code).told(DIED, limit_seconds=limit, seconds=seconds)


class Retries:
    """Counts the workers that died in each cell.

    Parameters
    ----------
    say : callable
        Told in words of a cell that is tried again.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._n_deaths: Counter[str] = Counter()

    def grant(self, store: RunStore, cell: Cell, worker: Worker, exit_code: int | None) -> bool:
        """Tell whether a cell is tried again whose worker died; then the store forgets that it was begun.

        It is not where it has an outcome, was over its time limit or out of memory, or where three
        workers died in it, or in the `Original` that they computed for it.
        """
        from smote_bench.engines.contract import MOST_DEATHS
        from smote_bench.environment.deaths import exit_text

        begun = store.begun_by(worker)
        told = [why_lost(store.time_of(worker, other, part), exit_code) for other, part in begun]
        if store.outcome_of(cell) is not None or not all(map(_may_be_chance, told)):
            return False
        names = {other.id for other, _ in begun} or {cell.id}
        self._n_deaths.update(names)
        if any(self._n_deaths[name] >= MOST_DEATHS for name in names):
            return False
        store.forget(worker)
        n, ended = max(self._n_deaths[name] for name in names), exit_text(exit_code)
        self._say(
            f"a worker died while it computed {', '.join(sorted(names))}{ended}: "
            f"tried again, for death {n} of {MOST_DEATHS}"
        )
        return True

    def words(self, cell: Cell) -> str:
        """Return what the reason of a lost cell says of the workers that died in it before."""
        n = self._n_deaths[cell.id]
        return f"; {n} workers died in it, so it is not tried again" if n > 1 else ""


def _may_be_chance(told: Told) -> bool:
    return told.status == "error" and not told.reason.startswith("memory:")
