"""What this process has imported: since a moment, and from which files.

Thousands of modules are there, and each of them that is looked at in a forked process costs a copy of the
page it lies in. So only those are looked at that came since the last look.
"""

from __future__ import annotations

import sys
from types import ModuleType

from smote_bench.environment.lazy_plots import module_file

__all__ = ["imported_from", "modules_mark", "modules_since"]

Mark = tuple[int, str, int]


def modules_mark() -> Mark:
    """Return what is another value after an import: how many modules there are, and the last one.

    A module that is imported, also for the second time, comes last. To compare the names of all of them takes
    half a millisecond, since those of a large process are no longer in the processor's cache.
    """
    last = next(reversed(sys.modules))
    return len(sys.modules), last, id(sys.modules.get(last))


def modules_since(mark: Mark | None) -> list[str]:
    """Return the names of the modules that were imported since a mark was taken, in their order.

    Parameters
    ----------
    mark : tuple, optional
        Default: since the process was started.

    Examples
    --------
    >>> modules_since(modules_mark())
    []
    """
    if mark == modules_mark():
        return []
    names = []
    for name in reversed(list(sys.modules) if mark is None else sys.modules):
        if mark is not None and name == mark[1] and id(sys.modules.get(name)) == mark[2]:
            break
        names.append(name)
    return names[::-1]


# The mark of the last look, and the names under which modules of a file were seen.
_looked: list[Mark | None] = [None]
_names: dict[str, tuple[str, ...]] = {}


def imported_from(file: str) -> ModuleType | None:
    """Return the module that was imported from a file, under whatever name; None where there is none."""
    mark = modules_mark()
    if mark != _looked[0]:
        for name in modules_since(_looked[0]):
            path = module_file(sys.modules.get(name))
            if path is not None and name not in _names.get(path, ()):
                _names[path] = (*_names.get(path, ()), name)
        _looked[0] = mark
    for name in _names.get(file, ()):
        module = sys.modules.get(name)
        if module_file(module) == file:
            return module
    return None
