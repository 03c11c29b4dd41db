"""What goes from the session to the workers of a cluster, and what comes back: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smote_bench.engines.contract import Request
    from smote_bench.evaluation.outcome import Outcome

__all__ = ["CELLS", "Code", "Reply", "Spec", "Table"]

CELLS = "smote-cells-"
"""What the keys of tasks that compute cells begin with."""


@dataclass(frozen=True)
class Code:
    """The user's own modules that samplers, classifiers and metrics are made of.

    Parameters
    ----------
    files : mapping of str to bytes
        Their contents, by the path below the folder that Python searches.
    digest : str
        Of all of them; empty where there are none.
    places : mapping of str to str
        Where they lie in the session's own files, by the same paths.
    roots : tuple of str
        The folders there that Python searches.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    digest: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spec:
    """What a worker needs to know of a run; it gets it once.

    Parameters
    ----------
    run : str
        A name that no other run has.
    experiment : bytes
        An `Experiment`, pickled.
    code : Code
    data_dir : str
        Where data files lie, if the worker has that folder.
    timeout_seconds : float
        Per cell; 0 for no limit.
    max_memory : int
        Bytes; 0 for no limit but the worker's own.
    n_workers : int
        How many cells are computed at a time.
    """

    run: str
    experiment: bytes
    code: Code
    data_dir: str
    timeout_seconds: float
    max_memory: int
    n_workers: int


@dataclass(frozen=True)
class Table:
    """A data set for workers that have it in no file.

    Parameters
    ----------
    name : str
    part : str
        What identifies it in keys (`CellKeys.data_part`).
    data : bytes
        A `Dataset`, pickled.
    """

    name: str
    part: str
    data: bytes


@dataclass(frozen=True)
class Reply:
    """What a worker says to a request: an outcome, or why it has none.

    Parameters
    ----------
    request : Request
    worker : str
        Its address.
    outcome : Outcome, optional
    doubts : tuple of str
    extras : mapping of (str, str, str) to bytes
        What is kept beside the cell, by kind, data set and method.
    failed_extras : mapping of (str, str, str) to str
        Why there is none.
    warnings : tuple of (str, str)
        Class and text of those that were no cell's.
    needs : str
        The data set that this worker cannot read.
    differs : mapping of str to str
        The parts of the key as this worker makes them, where it comes to another key.
    failure : str
        Why it cannot make a key.
    """

    request: Request
    worker: str
    outcome: Outcome | None = None
    doubts: tuple[str, ...] = ()
    extras: Mapping[tuple[str, str, str], bytes] = field(default_factory=dict)
    failed_extras: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    warnings: tuple[tuple[str, str], ...] = ()
    needs: str = ""
    differs: Mapping[str, str] = field(default_factory=dict)
    failure: str = ""
