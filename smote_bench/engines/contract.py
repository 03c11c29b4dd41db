"""What an engine is: it computes the cells that it is asked for, wherever there are processors.

An engine knows nothing of pytest, of runs and of memos. Who asks has looked up what is known, and records
what comes. Other packages add engines by an entry point (`smote_bench.engines.registry`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from smote_bench.evaluation.outcome import Cell, Outcome
    from smote_bench.evaluation.protocol import Protocol as EvaluationProtocol

__all__ = ["MOST_DEATHS", "Batch", "Computed", "Engine", "EngineLost", "Request"]


MOST_DEATHS = 3
"""So many workers may die in one cell; then it is an error."""


class EngineLost(Exception):
    """The engine can compute nothing more; what it has computed so far was told."""


@dataclass(frozen=True)
class Request:
    """A cell to compute, under one protocol.

    Parameters
    ----------
    cell : Cell
    key : str
        The key of its outcome (`smote_bench.runs.keys`): who computes it elsewhere has to come to the same.
    protocol : Protocol, optional
        Another one than the experiment's: that of a part of a longer protocol.
    label : str
        The part's label; empty for the experiment's own protocol.
    file_sha256 : str, optional
        The digest that the user's own file of the data set has to have.
    targets : frozenset of str
        The code behind the cell that is not ours, as ``package.module:Class``.
    extras : tuple of (str, str, str)
        Kind, data set and method of what is wanted beside the cell; see `smote_bench.evaluation.extras`.
    """

    cell: Cell
    key: str
    protocol: EvaluationProtocol | None = None
    label: str = ""
    file_sha256: str | None = None
    targets: frozenset[str] = frozenset()
    extras: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Batch:
    """Requests that one process computes one after another, as one piece of work.

    Parameters
    ----------
    requests : tuple of Request
    seconds : float
        What they are expected to take.
    """

    requests: tuple[Request, ...]
    seconds: float = 0.0


@dataclass(frozen=True)
class Computed:
    """What came of a request.

    Parameters
    ----------
    outcome : Outcome
    doubts : tuple of str
        Why the outcome must not be shared with other runs, in words.
    extra : callable
        Gives what is kept beside the cell, by kind, data set and method.
    warnings : tuple of (str, str)
        Class and text of those that were no cell's, for whoever asks for the outcome.
    """

    outcome: Outcome
    doubts: tuple[str, ...] = ()
    extra: Callable[[str, str, str], bytes] = field(default=lambda *_: b"")
    warnings: tuple[tuple[str, str], ...] = ()


class Engine(Protocol):
    """Computes cells. A new one is a class with these methods, made with an experiment and its settings.

    Attributes
    ----------
    is_remote : bool
        Whether it computes what was submitted by itself, in an order of its own: the session then goes by
        what arrives. Another one computes a cell when its outcome is asked for.
    n_workers : int
        How many cells it computes at a time.
    began : callable
        Set by the session: told of a cell that is being computed from now on, from any thread, as far as
        the engine knows.
    remarks : list of str
        What is to be said in the summary.
    """

    is_remote: bool
    n_workers: int
    began: Callable[[Cell], None]
    remarks: list[str]

    def submit(self, chains: Sequence[Sequence[Batch]], arrived: Callable[[Request], None]) -> None:
        """Take work, the dearest first.

        Parameters
        ----------
        chains : sequence of sequences of Batch
            The batches of a chain are best computed one after another by one process: they share rows.
        arrived : callable
            Told of every request whose outcome is there, from any thread.
        """

    def outcome(self, request: Request) -> Computed:
        """Return what came of a request, waiting for it.

        Raises
        ------
        EngineLost
        """

    def cancel(self) -> None:
        """Give up what is not computed yet."""

    def close(self) -> None:
        """End what was started for this run."""

    def words(self) -> str:
        """Return in a few words how many compute, for the progress line; empty where that is plain."""
