"""What this process has imported: looked at as a whole once, and afterwards only what came since.

To look at thousands of modules takes two milliseconds, and in a fork it copies the pages of all of them.
Every cell asks, and most cells import nothing.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from smote_bench.environment.lazy_modules import module_file

__all__ = ["imported_files", "modules_mark", "names_since", "number_imported"]

Mark = tuple[int, str, int]

# The mark of the last look, the names there were then, all names in the order in which they were seen, and
# the modules of files.
_mark: list[Mark] = []
_present: set[str] = set()
_seen: list[str] = []
_by_file: dict[str, ModuleType] = {}


def modules_mark() -> Mark:
    """Return what is another value after an import: how many modules there are, and the last one.

    A module that is imported, also for the second time, comes last. To compare the names of all of them takes
    half a millisecond, since those of a large process are no longer in the processor's cache.
    """
    last = next(reversed(sys.modules))
    return len(sys.modules), last, id(sys.modules.get(last))


def number_imported() -> int:
    """Return how many modules this process has imported until now; for `names_since`.

    One that was forgotten and imported again counts twice, if this was asked for in between.
    """
    _look()
    return len(_seen)


def names_since(number: int) -> list[str]:
    """Return the names of the modules that were imported after `number_imported` had returned a number."""
    _look()
    return _seen[number:]


def imported_files() -> Mapping[str, Any]:
    """Return the modules that this process has imported, under whatever names, by their files.

    A module in whose place another was put is still the one that was imported.
    """
    _look()
    return _by_file


def _look() -> None:
    mark = modules_mark()
    if _mark and _mark[0] == mark:
        return
    new = _came_last(_mark[0], mark) if _mark else None
    if new is None:
        modules = dict(sys.modules)
        new = [name for name in modules if name not in _present]
        _present.clear()
        _by_file.clear()
        _enter(modules)
    else:
        _enter({name: sys.modules.get(name) for name in new})
    _seen.extend(new)
    _mark[:] = [mark]


def _enter(modules: Mapping[str, Any]) -> None:
    _present.update(modules)
    for module in modules.values():
        file = module_file(module)
        if file is not None:
            _by_file[file] = module


def _came_last(then: Mark, now: Mark) -> list[str] | None:
    """Return the names that came after those of a mark; None where some of these are gone or came again."""
    n_then, last, module = then
    n_new = now[0] - n_then
    if n_new < 0:
        return None
    # Another thread may import, too: then it does not fit, and all are looked at.
    tail = list(itertools.islice(reversed(sys.modules), n_new + 1))
    if tail[-1] != last or id(sys.modules.get(last)) != module:
        return None
    return tail[-2::-1]
