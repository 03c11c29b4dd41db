"""What code can change in the process it runs in, read before it runs and put back afterwards.

Each `_Part` is one such setting. Reading all of them takes some 0.2 milliseconds, and nothing is written
unless it differs, so that every fit can be enclosed. Settings of an optional library are looked at where it
is loaded.
"""

from __future__ import annotations

import contextlib
import csv
import ctypes
import decimal
import gc
import importlib
import importlib.util
import locale
import logging
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from smote_bench.threads import limit_threads, thread_counts
from smote_bench.timeouts import CellTimeout

__all__ = ["ProcessState", "apply", "seed_generators"]


@dataclass(frozen=True)
class _Part:
    """One setting of the process.

    Parameters
    ----------
    name : str
    read : callable
        Returns a value that later changes leave alone.
    write : callable
        Takes such a value.
    always : bool
        Whether to write without comparing: where comparing costs more, or is not possible.
    """

    name: str
    read: Callable[[], Any]
    write: Callable[[Any], object]
    always: bool = False


class ProcessState:
    """Every setting of `_PARTS` at one moment."""

    def __init__(self) -> None:
        self._parts = [(part, part.read()) for part in (*_PARTS, *_parts_of_loaded_libraries())]
        self._timer = _read_timer()

    def restore(self) -> list[str]:
        """Put back what has changed; return in words what could not be.

        An alarm of the cell's time limit that strikes in here is raised at the end, when all is done.
        """
        alarm: CellTimeout | None = None
        failures = []
        for part, value in self._parts:
            for _ in range(2):  # alarms come once a second: the second attempt gets through
                try:
                    if part.always or part.read() != value:
                        part.write(value)
                except CellTimeout as error:
                    alarm = error
                    continue
                except Exception as error:
                    failures.append(f"{part.name} could not be put back: {type(error).__name__}: {error}")
                break
        _rearm(self._timer)
        if alarm is not None:
            raise alarm
        return failures

    def changes_since(self) -> dict[str, Any]:
        """Return what differs by now from this state, for `apply`."""
        changes: dict[str, Any] = {}
        for part, before in self._parts:
            after = part.read()
            if part.always or after == before:
                continue
            if part.name == "environment variables":
                names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
                changes[part.name] = {name: after.get(name) for name in names}
            elif part.name == "sys.path":
                changes[part.name] = [entry for entry in after[1] if entry not in before[1]]
            elif part.name in _OF_AN_IMPORT:
                changes[part.name] = after
        return changes


def apply(changes: Mapping[str, Any]) -> None:
    """Make the changes that `ProcessState.changes_since` returned."""
    if not changes:
        return
    for part in (*_PARTS, *_parts_of_loaded_libraries()):
        if part.name not in changes:
            continue
        value = changes[part.name]
        if part.name == "environment variables":
            merged = {**part.read(), **value}
            part.write({name: text for name, text in merged.items() if text is not None})
        elif part.name == "sys.path":
            sys.path[:0] = [entry for entry in value if entry not in sys.path]
        else:
            part.write(value)


# What an import may set for the code that is imported; the rest is of the process and its other users.
_OF_AN_IMPORT = frozenset(
    {
        "recursion limit",
        "numpy's settings",
        "scikit-learn's configuration",
        "pandas' options",
        "scipy.special's errors",
        "joblib's configuration",
        "Keras' configuration",
    }
)


_MISSING = object()


def _attributes(module: Any, *names: str) -> tuple[Callable[[], Any], Callable[[Any], object]]:
    """Return how to read and write attributes that are compared by identity, as functions and files are."""

    def read() -> tuple[Any, ...]:
        return tuple(getattr(module, name, _MISSING) for name in names)

    def write(values: tuple[Any, ...]) -> None:
        for name, value in zip(names, values, strict=True):
            if value is _MISSING:
                delattr(module, name)
            else:
                setattr(module, name, value)

    return read, write


def _names_of(module: Any) -> tuple[Callable[[], Any], Callable[[Any], object]]:
    """Return how to read and write the names a module has; those that come to it later are left to it."""

    def write(before: Mapping[str, Any]) -> None:
        vars(module).update(before)

    return lambda: {**vars(module)}, write


def _list_of(name: str) -> tuple[Callable[[], Any], Callable[[Any], object]]:
    """Return how to read and write a list of ``sys``: which object it is, and what is in it."""

    def read() -> tuple[int, list[Any], Any]:
        found = getattr(sys, name)
        return id(found), list(found), found

    def write(value: tuple[int, list[Any], Any]) -> None:
        _, items, found = value
        found[:] = items
        setattr(sys, name, found)

    return read, write


def _read_environment() -> dict[Any, Any]:
    # Undecoded, as it is held: decoding every variable takes longer than all other parts together.
    return dict(getattr(os.environ, "_data", os.environ))


def _write_environment(before: Mapping[Any, Any]) -> None:
    decode = getattr(os.environ, "decodekey", str), getattr(os.environ, "decodevalue", str)
    wanted = {decode[0](name): decode[1](value) for name, value in before.items()}
    has_other_zone = os.environ.get("TZ") != wanted.get("TZ")
    for name in set(os.environ) - set(wanted):
        del os.environ[name]
    os.environ.update(wanted)
    if has_other_zone and hasattr(time, "tzset"):
        time.tzset()


def _read_folder() -> str | None:
    try:
        return os.getcwd()
    except FileNotFoundError:
        return None  # it was removed


def _write_folder(folder: str | None) -> None:
    if folder is not None:
        os.chdir(folder)


def _read_umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _read_numpy_random() -> tuple[Any, Any]:
    """Return numpy's global generator and its state, read in full only if it was used since the last time.

    Reading it takes longer than everything else here. Since the code that is enclosed gets a generator of its
    own (see `seed_generators`), the bytes of this one rarely differ; and with the same bytes and no normal
    number kept from a pair, the whole state is the same.
    """
    generator = _legacy.get_bit_generator()
    if type(generator) is not np.random.MT19937:
        return generator, np.random.get_state(legacy=False)
    numbers = ctypes.string_at(generator.ctypes.state_address, _MERSENNE_TWISTER_BYTES)
    if _last_read and _last_read[0] is generator and _last_read[1] == numbers and not _last_read[2][3]:
        return generator, _last_read[2]
    state = np.random.get_state()
    _last_read[:] = [generator, numbers, state]
    return generator, state


def _write_numpy_random(value: tuple[Any, Any]) -> None:
    generator, state = value
    is_own = _legacy.get_bit_generator() is generator
    if not is_own:
        _legacy.set_bit_generator(generator)  # nobody drew from it meanwhile
    if is_own or not isinstance(state, tuple) or state[3]:
        np.random.set_state(state)


_legacy: Any = np.random  # numpy's stubs leave out the two functions that exchange its global generator
_MERSENNE_TWISTER_BYTES = 624 * 4 + 4  # the numbers, and the position among them
_last_read: list[Any] = []
_own_generator = np.random.MT19937(0)


_SEEDERS: Mapping[str, Callable[[Any, int], object]] = {
    "keras": lambda keras, seed: keras.utils.set_random_seed(
        seed
    ),  # a generator of its own, and TensorFlow's
    "tensorflow": lambda tensorflow, seed: tensorflow.random.set_seed(seed),
    "torch": lambda torch, seed: torch.manual_seed(seed),
}
"""How to seed the global generators of optional libraries that are loaded: below 0.2 ms each."""


def seed_generators(seed: int) -> None:
    """Seed Python's and numpy's global generators; `ProcessState.restore` puts back what they were.

    Those of libraries that are loaded are seeded too: they cannot be put back, but nobody draws from them
    before they are seeded again.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1.
    """
    _legacy.set_bit_generator(_own_generator)
    for name, seed_library in _SEEDERS.items():
        if name in sys.modules:
            with contextlib.suppress(AttributeError):  # half imported, or something else of that name
                seed_library(sys.modules[name], seed)
    np.random.seed(seed)
    random.seed(seed)


# What `signal.getsignal` calls; its conversion to enumerations takes a microsecond for each signal.
_handler_of: Callable[[int], Any] = importlib.import_module("_signal").getsignal
_SIGNALS = tuple(int(number) for number in signal.valid_signals())


def _read_signals() -> list[Any]:
    if threading.current_thread() is not threading.main_thread():
        return []
    return [_handler_of(number) for number in _SIGNALS]


def _write_signals(handlers: Sequence[Any]) -> None:
    for number, handler in zip(_SIGNALS, handlers, strict=False):
        if handler is not None and _handler_of(number) != handler:
            signal.signal(number, handler)


def _read_timer() -> tuple[float, float, float] | None:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return None
    return (*signal.getitimer(signal.ITIMER_REAL), time.monotonic())


def _rearm(timer: tuple[float, float, float] | None) -> None:
    """Start the cell's time limit again if its timer was stopped or set to something else."""
    if timer is None:
        return
    left, interval, then = timer
    now = signal.getitimer(signal.ITIMER_REAL)
    if now[1] != interval or (left > 0) != (now[0] > 0):
        left = max(left - (time.monotonic() - then), 0.001) if left > 0 else 0.0
        signal.setitimer(signal.ITIMER_REAL, left, interval)


def _loggers() -> Iterator[logging.Logger]:
    yield logging.root
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            yield logger


def _read_logging() -> tuple[Any, ...]:
    loggers = [
        (
            *(logger, logger.name in sys.modules),
            *(logger.level, logger.propagate, logger.disabled, logger.filters[:]),
            [(handler, handler.level) for handler in logger.handlers],
        )
        for logger in _loggers()
    ]
    return logging.root.manager.disable, logging.raiseExceptions, logging.getLoggerClass(), loggers


def _write_logging(value: tuple[Any, ...]) -> None:
    disable, logging.raiseExceptions, logger_class, loggers = value
    logging.disable(disable)
    logging.setLoggerClass(logger_class)
    for logger, was_imported, level, propagate, disabled, filters, handlers in loggers:
        if not was_imported and logger.name in sys.modules:
            continue  # what a module gives its own logger while it is imported, it gives it once
        if logger.level != level:
            logger.setLevel(level)
        logger.propagate, logger.disabled, logger.filters[:] = propagate, disabled, filters
        logger.handlers[:] = [handler for handler, _ in handlers]
        for handler, handler_level in handlers:
            if handler.level != handler_level:
                handler.setLevel(handler_level)


def _write_numpy(value: tuple[Any, ...]) -> None:
    errors, call, size, options = value
    np.seterr(**errors)
    np.seterrcall(call)
    np.setbufsize(size)
    np.set_printoptions(**options)


def _write_gc(value: tuple[bool, tuple[int, int, int]]) -> None:
    enabled, threshold = value
    (gc.enable if enabled else gc.disable)()
    gc.set_threshold(*threshold)


def _write_hooks(value: tuple[Any, Any]) -> None:
    sys.settrace(value[0])
    sys.setprofile(value[1])


def _write_hooks_of_threads(value: tuple[Any, Any]) -> None:
    threading.settrace(value[0])
    threading.setprofile(value[1])


# Scripts that want quiet replace the functions, which would hide the warnings of all other cells.
_OF_WARNINGS = (
    *("filters", "showwarning", "formatwarning", "warn", "warn_explicit", "catch_warnings"),
    *("simplefilter", "filterwarnings", "resetwarnings", "defaultaction"),
)


def _read_limits() -> list[tuple[int, int]]:
    return [_resource.getrlimit(number) for number in _LIMITS]


def _write_limits(limits: Sequence[tuple[int, int]]) -> None:
    for number, limit in zip(_LIMITS, limits, strict=True):
        if _resource.getrlimit(number) != limit:
            _resource.setrlimit(number, limit)


_resource: Any = importlib.import_module("resource") if importlib.util.find_spec("resource") else None
_LIMITS = [
    getattr(_resource, name)
    for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_NOFILE")
    if hasattr(_resource, name)
]


def _parts_of_posix() -> Iterator[_Part]:
    """Yield the settings that not every platform has."""
    if hasattr(signal, "pthread_sigmask"):
        yield _Part(
            "blocked signals",  # among which may be the alarm of the cell's time limit
            lambda: signal.pthread_sigmask(signal.SIG_BLOCK, ()),
            lambda mask: signal.pthread_sigmask(signal.SIG_SETMASK, mask),
        )
    if hasattr(os, "sched_setaffinity"):
        yield _Part("processors", lambda: os.sched_getaffinity(0), lambda mask: os.sched_setaffinity(0, mask))
    if _resource is not None:
        yield _Part("limits of resources", _read_limits, _write_limits)


_PARTS = (
    _Part("names of random", *_names_of(random)),
    _Part("names of numpy.random", *_names_of(np.random)),
    _Part("working directory", _read_folder, _write_folder),
    _Part(
        "the environment's object",
        lambda: (id(os.environ), os.environ),
        lambda value: setattr(os, "environ", value[1]),
    ),
    _Part("environment variables", _read_environment, _write_environment),
    _Part("sys.path", *_list_of("path")),
    _Part("sys.argv", *_list_of("argv")),
    _Part("standard streams", *_attributes(sys, "stdin", "stdout", "stderr")),
    _Part(
        "sys hooks",
        *_attributes(
            *(sys, "excepthook", "displayhook", "unraisablehook", "breakpointhook", "dont_write_bytecode")
        ),
    ),
    _Part("hook for errors of threads", *_attributes(threading, "excepthook")),
    _Part(
        "tracing of threads",
        lambda: (threading.gettrace(), threading.getprofile()),
        _write_hooks_of_threads,
    ),
    _Part("tracing", lambda: (sys.gettrace(), sys.getprofile()), _write_hooks),
    _Part("recursion limit", sys.getrecursionlimit, sys.setrecursionlimit),
    _Part("switch interval", sys.getswitchinterval, sys.setswitchinterval),
    _Part("digits of integers", sys.get_int_max_str_digits, sys.set_int_max_str_digits),
    _Part("warnings", *_attributes(warnings, *_OF_WARNINGS)),
    _Part("folder for temporary files", *_attributes(tempfile, "tempdir")),
    _Part("longest field of a table", csv.field_size_limit, csv.field_size_limit),
    _Part("garbage collection", lambda: (gc.isenabled(), gc.get_threshold()), _write_gc),
    _Part("umask", _read_umask, os.umask),
    _Part("locale", lambda: locale.setlocale(locale.LC_ALL), lambda v: locale.setlocale(locale.LC_ALL, v)),
    _Part("socket timeout", socket.getdefaulttimeout, socket.setdefaulttimeout),
    _Part("signal handlers", _read_signals, _write_signals),
    _Part("decimal context", lambda: decimal.getcontext().copy(), decimal.setcontext, always=True),
    _Part("Python's random numbers", random.getstate, random.setstate, always=True),
    _Part("numpy's random numbers", _read_numpy_random, _write_numpy_random, always=True),
    _Part(
        "numpy's settings",
        lambda: (np.geterr(), np.geterrcall(), np.getbufsize(), np.get_printoptions()),
        _write_numpy,
    ),
    _Part("threads of BLAS and OpenMP", thread_counts, limit_threads),
    _Part("logging", _read_logging, _write_logging),
    *_parts_of_posix(),
)


def _scikit_learn() -> _Part:
    import sklearn

    return _Part(
        "scikit-learn's configuration", sklearn.get_config, lambda value: sklearn.set_config(**value)
    )


def _pandas() -> _Part:
    import pandas as pd

    options: dict[str, Any] = importlib.import_module("pandas._config.config")._global_config

    def leaves(folder: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
        for name, value in folder.items():
            if isinstance(value, dict):
                yield from leaves(value, f"{prefix}{name}.")
            else:
                yield prefix + name, folder, name

    places = list(leaves(options))

    def write(values: list[Any]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an option may be deprecated; it was set by who set it first
            for (name, folder, last), value in zip(places, values, strict=True):
                if folder[last] != value:
                    pd.set_option(name, value)

    return _Part("pandas' options", lambda: [folder[last] for _, folder, last in places], write)


def _scipy_special() -> _Part:
    from scipy import special

    return _Part("scipy.special's errors", special.geterr, lambda value: special.seterr(**value))


def _joblib() -> _Part:
    from joblib import parallel

    return _Part("joblib's configuration", *_attributes(parallel._backend, "config"))


def _keras() -> _Part:
    from keras import config

    def read() -> tuple[Any, ...]:
        return config.floatx(), config.epsilon(), config.dtype_policy()

    def write(value: tuple[Any, ...]) -> None:
        config.set_floatx(value[0])
        config.set_epsilon(value[1])
        config.set_dtype_policy(value[2])

    return _Part("Keras' configuration", read, write)


_LIBRARIES = {
    "sklearn": _scikit_learn,
    "pandas": _pandas,
    "scipy.special": _scipy_special,
    "joblib.parallel": _joblib,
    "keras.config": _keras,
}
_found: dict[str, _Part | None] = {}


def _parts_of_loaded_libraries() -> Iterator[_Part]:
    for name, make in _LIBRARIES.items():
        if name not in _found:
            if name not in sys.modules:
                continue
            _found[name] = None  # of another version, which has no such setting
            with contextlib.suppress(ImportError, AttributeError):
                part = make()
                part.read()
                _found[name] = part
        part_or_none = _found[name]
        if part_or_none is not None:
            yield part_or_none
