"""Settings of the interpreter and of the standard library: ``sys``, warnings, tracing, garbage collection."""

from __future__ import annotations

import csv
import decimal
import gc
import sys
import tempfile
import threading
import warnings
from typing import Any

from smote_bench.environment.process_state.part import Part, attributes, list_of

__all__ = ["FIRST", "PARTS"]


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
    "filters",
    "showwarning",
    "formatwarning",
    "warn",
    "warn_explicit",
    "catch_warnings",
    "simplefilter",
    "filterwarnings",
    "resetwarnings",
    "defaultaction",
)

# Code that set a low one leaves nothing to put the others back with.
FIRST = (Part("recursion limit", sys.getrecursionlimit, sys.setrecursionlimit),)

PARTS = (
    Part("sys.path", *list_of("path")),
    Part("sys.argv", *list_of("argv")),
    Part("standard streams", *attributes(sys, "stdin", "stdout", "stderr")),
    Part(
        "sys hooks",
        *attributes(
            sys, "excepthook", "displayhook", "unraisablehook", "breakpointhook", "dont_write_bytecode"
        ),
    ),
    Part("hook for errors of threads", *attributes(threading, "excepthook")),
    Part(
        "tracing of threads",
        lambda: (threading.gettrace(), threading.getprofile()),
        _write_hooks_of_threads,
    ),
    Part("tracing", lambda: (sys.gettrace(), sys.getprofile()), _write_hooks),
    Part("switch interval", sys.getswitchinterval, sys.setswitchinterval),
    Part("digits of integers", sys.get_int_max_str_digits, sys.set_int_max_str_digits),
    Part("warnings", *attributes(warnings, *_OF_WARNINGS)),
    Part("folder for temporary files", *attributes(tempfile, "tempdir")),
    Part("longest field of a table", csv.field_size_limit, csv.field_size_limit),
    Part("garbage collection", lambda: (gc.isenabled(), gc.get_threshold()), _write_gc),
    Part("decimal context", lambda: decimal.getcontext().copy(), decimal.setcontext, always=True),
)
