"""The child's side of `smote_bench.engines.child`: a forked process that computes what it is asked for.

It never returns into the stack that it was forked in: it answers until the pipe is closed, and ends.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import pdb
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from smote_bench.engines.channel import Channel
from smote_bench.environment.descendants import adopt_orphans
from smote_bench.environment.memory import data_bytes
from smote_bench.environment.parent import end_with_parent
from smote_bench.environment.targets import KnownFiles, adopt_files, loaded_among
from smote_bench.evaluation.outcome import Cell
from smote_bench.evaluation.protocol import Protocol

if TYPE_CHECKING:
    from smote_bench.engines.compute import CellComputer

__all__ = ["Answer", "CallRequest", "CellRequest", "ExtraRequest", "serve"]


@dataclass(frozen=True)
class CellRequest:
    """A cell to compute.

    Parameters
    ----------
    protocol : Protocol or None
        Another one than the experiment's.
    cell : Cell
    file_sha256 : str or None
    targets : tuple of str
    files : mapping of str to KnownFiles
        What the keys of the targets were made of, in the process that made them.
    """

    protocol: Protocol | None
    cell: Cell
    file_sha256: str | None
    targets: tuple[str, ...]
    files: Mapping[str, KnownFiles]


@dataclass(frozen=True)
class ExtraRequest:
    """Something beside the cells; see `smote_bench.evaluation.extras.take_extra`."""

    protocol: Protocol | None
    kind: str
    dataset: str
    method: str


@dataclass(frozen=True)
class CallRequest:
    """Something else to do with the computer, such as to give it a table.

    Parameters
    ----------
    protocol : Protocol or None
        Another one than the experiment's.
    call : callable
        A function of a module, or a `functools.partial` of one.
    """

    protocol: Protocol | None
    call: Callable[[CellComputer], bytes]


@dataclass(frozen=True)
class Answer:
    """What came of a request, in plain values: to read it, the parent needs none of the child's libraries.

    Parameters
    ----------
    outcome : str
        As JSON; empty where an extra was asked for.
    data : bytes or None
        The predictions, the extra, or what a call returned.
    doubts : tuple of str
    loaded : tuple of Path
        Which of the targets' files this process has imported.
    warnings : tuple of (str, str)
        Class and text of warnings that were no cell's.
    failure : str
        Why there is no extra, or what a call raised.
    is_spent : bool
        Whether so much memory is held that the next cell needs a fresh process.
    """

    outcome: str = ""
    data: bytes | None = None
    doubts: tuple[str, ...] = ()
    loaded: tuple[Path, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    failure: str = ""
    is_spent: bool = False


def serve(connection: Channel, computer: CellComputer, parent: int, notes: int) -> NoReturn:
    """Answer requests until the pipe is closed, and end this process.

    Parameters
    ----------
    connection : Channel
    computer : CellComputer
    parent : int
        The process that this one must not outlive.
    notes : int
        Descriptor of the file in which it is written where this process was when it died.
    """
    code = 1
    try:
        _settle(parent, notes)
        _answer_all(connection, computer)
        code = 0
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _settle(parent: int, notes: int) -> None:
    """Become a process of its own, which has nothing of what its parent does with signals, streams, input."""
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)  # Ctrl-C is the parent's to answer
    end_with_parent()
    adopt_orphans()
    if os.getppid() != parent:  # it died just before
        os._exit(0)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        try:
            stream.fileno()
        except (
            AttributeError,
            OSError,
            ValueError,
        ):  # kept in the parent's memory, where nothing of ours comes
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  # as long as the process
    sys.breakpointhook = pdb.set_trace = _no_debugger
    faulthandler.enable(
        notes
    )  # written where it dies, also in the middle of C code, and when it is told to abort
    import resource  # where there is a fork, there is this

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    gc.freeze()  # what was inherited is shared with the parent until it is written to, as by a collection


def _no_debugger(*_args: object, **_named: object) -> NoReturn:
    raise RuntimeError(
        "expected no debugger in the child process that computes cells under a limit: "
        "run with --smote-timeout 0, --pdb or --trace to compute in pytest's own process"
    )


def _answer_all(connection: Channel, computer: CellComputer) -> None:
    me = os.getpid()
    computers: dict[Protocol | None, CellComputer] = {None: computer}
    while True:
        try:
            request = connection.receive()
        except EOFError:
            return
        if request.protocol not in computers:
            computers[request.protocol] = computer.with_protocol(request.protocol)
        answer = _answer(computers[request.protocol], request)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()
        if os.getpid() != me:
            os._exit(0)  # a sampler forked, and returned twice
        connection.send(answer)


def _answer(computer: CellComputer, request: CellRequest | ExtraRequest | CallRequest) -> Answer:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if isinstance(request, ExtraRequest):
            answered = _done(lambda: computer.extra(request.kind, request.dataset, request.method))
        elif isinstance(request, CallRequest):
            answered = _done(lambda: request.call(computer))
        else:
            answered = _cell(computer, request)
    said = tuple((warning.category.__name__, str(warning.message)) for warning in caught)
    return Answer(**answered, warnings=said, is_spent=_is_spent(computer.max_memory))


def _cell(computer: CellComputer, request: CellRequest) -> dict[str, Any]:
    adopt_files(request.files)
    outcome, doubts = computer.computed(request.cell, request.file_sha256, request.targets)
    is_whole = request.protocol is None  # of a part, predictions are not kept
    predictions = outcome.predictions.dumps() if is_whole and outcome.predictions is not None else None
    loaded = loaded_among(request.files)
    return {"outcome": outcome.dumps(), "data": predictions, "doubts": doubts, "loaded": loaded}


def _done(call: Callable[[], bytes]) -> dict[str, Any]:
    try:
        return {"data": call()}
    except Exception as error:
        return {"failure": str(error) or type(error).__name__}


def _is_spent(max_memory: int) -> bool:
    """Whether half of the memory that a cell may have is gone before it begins."""
    return bool(max_memory) and data_bytes() > max_memory / 2
