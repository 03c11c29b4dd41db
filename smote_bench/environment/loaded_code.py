"""Whether the code that computed a cell is the code that its key was made of.

A key is made by reading, before anything is imported. Code can import what no reading shows, and a file can
be edited between the two. Python knows afterwards what it has loaded: where that is something else, the
outcome is the run's own and is not shared.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from smote_bench.environment.imported import imported_files
from smote_bench.environment.installed import CODE_SUFFIXES
from smote_bench.environment.lazy_modules import module_file
from smote_bench.environment.local_code import OURS, is_local, may_be_local
from smote_bench.environment.targets import is_as_first_seen, target_files

__all__ = ["LoadedCode"]


class LoadedCode:
    """Compares what this process has imported with what the identities of targets were made of."""

    def __init__(self) -> None:
        self._looked_into: dict[Path, set[Path]] = {}
        self._used: dict[str, set[Path]] = {}
        self._edited: dict[str, set[Path]] = {}
        self._said: dict[frozenset[str], tuple[str, ...]] = {}

    def doubts(self, targets: Iterable[str], new_modules: Collection[str]) -> tuple[str, ...]:
        """Return in words why what some targets computed must not be shared; nothing if it may.

        Parameters
        ----------
        targets : iterable of str
            All that took part, as ``package.module:Class``. Of ours there is no doubt.
        new_modules : collection of str
            Names of the modules that were imported meanwhile.
        """
        asked = frozenset(targets)
        if new_modules:
            self._said.clear()
        elif asked in self._said:  # of most cells: nothing was imported since these were looked into
            return self._said[asked]
        self._said[asked] = found = self._doubts(asked, new_modules)
        return found

    def _doubts(self, targets: Collection[str], new_modules: Collection[str]) -> tuple[str, ...]:
        found = {target: target_files(target) for target in sorted(targets) if not target.startswith(OURS)}
        local = {target: files for target, files in found.items() if files}
        named = {path for files in local.values() for path in files}
        named |= {path.resolve() for path in named}
        if local and (new_modules or not local.keys() <= self._used.keys()):
            self._look(local, new_modules, named)
        texts = [
            f"the code of {target} also imports {path.name}, which its imports do not name"
            for target in local
            for path in sorted(self._used[target])
            if not {path, path.resolve()} & named
        ]
        texts += [
            f"{path.name} was edited while {target} was being imported"
            for target in local
            for path in sorted(self._edited[target])
        ]
        return tuple(f"not shared with later runs: {text}" for text in texts)

    def _look(
        self, local: Mapping[str, frozenset[Path]], new_modules: Collection[str], named: Collection[Path]
    ) -> None:
        """Note what the modules of some targets refer to, and what was imported meanwhile.

        What one of the targets names is that one's: another that took part in the same cell does not need it.
        """
        loaded = imported_files()
        new = {path for name in new_modules if (path := _local_file(sys.modules.get(name))) is not None}
        new = {path for path in new if not {path, path.resolve()} & set(named)}
        for target, files in local.items():
            used = self._used.setdefault(target, set())
            edited = self._edited.setdefault(target, set())
            used |= new
            for path in files:
                module = loaded.get(str(path))
                if module is None:
                    continue
                if path not in self._looked_into:
                    self._looked_into[path] = _local_files_used_by(module)
                    if not is_as_first_seen(path):
                        edited.add(path)
                used |= self._looked_into[path]


def _local_files_used_by(module: ModuleType) -> set[Path]:
    """Return the local files that define what a module's globals refer to."""
    values = list(vars(module).values())
    others = {id(other): other for value in values if (other := _module_of(value)) is not None}
    return {path for other in others.values() if (path := _local_file(other)) is not None}


def _module_of(value: Any) -> ModuleType | None:
    if isinstance(value, ModuleType):
        return value
    try:
        name = value.__module__
    except Exception:  # whatever a user's object does when it is asked
        return None
    return sys.modules.get(name) if type(name) is str else None


def _local_file(module: ModuleType | None) -> Path | None:
    """Return a module's file if it is somebody's own code, which enters by its bytes."""
    file = module_file(module)
    if module is None or file is None or not file.endswith(CODE_SUFFIXES):
        return None
    if module is sys.modules.get("__main__"):  # under whatever name: it starts the run and is no part of it
        return None
    if not may_be_local(module.__name__.partition(".")[0]):
        return None
    path = Path(file)
    return path if path.is_file() and is_local(path) else None
