"""The user's own modules, read here to be sent to workers that do not have them."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from smote_bench.engines.dask.messages import Code
from smote_bench.environment.local_code import OURS
from smote_bench.environment.targets import target_files, target_identity
from smote_bench.errors import ConfigError, SmoteBenchError

__all__ = ["MOST_BYTES", "code_behind"]

MOST_BYTES = 50 * 1024**2
"""More is no code, but a folder in which code was found that may import whatever lies there."""


def code_behind(targets: Iterable[str]) -> Code:
    """Return the local files behind targets, by the paths that Python would find them under.

    Raises
    ------
    ConfigError
        If they are too large to be sent.
    """
    files: set[Path] = set()
    for target in targets:
        if target.partition(":")[0].partition(".")[0] in OURS:
            continue
        try:
            target_identity(target)
        except SmoteBenchError:
            continue  # its cells say why
        files |= target_files(target)
    found: dict[str, bytes] = {}
    places: dict[str, str] = {}
    roots: dict[str, None] = {}
    for path in sorted(files):
        for root in _roots():
            if root in path.parents:
                roots[str(root)] = None
                for one in (path, *_packages_above(path, root)):
                    name = one.relative_to(root).as_posix()
                    found[name], places[name] = one.read_bytes(), str(one)
    n_bytes = sum(map(len, found.values()))
    if n_bytes > MOST_BYTES:
        raise ConfigError(
            f"expected at most {MOST_BYTES // 1024**2} MB of your own modules to send to the workers, found "
            f"{n_bytes / 1024**2:.0f} MB: install them as a package on every worker"
        )
    digest = hashlib.sha256()
    for name, content in sorted(found.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return Code(found, digest.hexdigest()[:32] if found else "", places, tuple(roots))


def _roots() -> list[Path]:
    """Return the folders that Python searches, and the current one."""
    entries = [Path(entry or os.curdir).absolute() for entry in sys.path]
    return [entry for entry in dict.fromkeys([*entries, Path.cwd()]) if entry.is_dir()]


def _packages_above(path: Path, root: Path) -> list[Path]:
    """Return the files that make packages of the folders between a root and a file."""
    between = [folder for folder in path.parents if root in folder.parents]
    return [init for folder in between if (init := folder / "__init__.py").is_file()]
