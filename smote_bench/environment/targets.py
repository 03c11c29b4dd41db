"""Classes and functions named in data: ``package.module:Class`` to the object, and to what identifies it.

The identity of a target goes into the key of every stored outcome, so it must change whenever the code behind
the name changes: for a user's own file the bytes of that file and of every local file it imports
(`smote_bench.environment.local_code`), for an installed one the contents of its distribution
(`smote_bench.environment.installed`), and for both the versions of the libraries below. Computing an identity
executes nothing of the target. What it cannot see is listed in docs/protocol.md.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.metadata
import os
import sys
import sysconfig
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from inspect import ismodule
from pathlib import Path
from typing import Any

from smote_bench.environment.imported import imported_files
from smote_bench.environment.installed import Owner, owner_of, tree_digest
from smote_bench.environment.lazy_modules import put_off_modules
from smote_bench.environment.local_code import OURS, local_code, origin_of
from smote_bench.errors import ConfigError, did_you_mean

__all__ = [
    "KnownFiles",
    "adopt_files",
    "is_as_first_seen",
    "known_files",
    "load_target",
    "loaded_among",
    "make_importable",
    "note_loaded_elsewhere",
    "package_contents",
    "package_version",
    "split_target",
    "target_files",
    "target_identity",
    "top_package",
]


def split_target(target: str) -> tuple[str, str]:
    """Split ``package.module:Class`` into its module and its qualified name.

    Raises
    ------
    ConfigError
        If `target` is not of that form.
    """
    module, colon, qualname = target.partition(":")
    words = [*module.split("."), *qualname.split(".")]
    if not colon or not all(word.isidentifier() for word in words):
        raise ConfigError(
            f"expected 'package.module:Class', got {target!r}: put a colon between module and class"
        )
    return module, qualname


def load_target(target: str) -> Any:
    """Import and return the object that ``package.module:Class`` names.

    Raises
    ------
    ConfigError
        If the module cannot be found or has no such attribute.
    """
    module_name, qualname = split_target(target)
    make_importable()
    put_off_modules()
    try:
        found: Any = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name == error.name or module_name.startswith(error.name + ".")):
            raise ConfigError(
                f"expected an importable module in {target!r}, but there is no module {error.name!r}: "
                "check the spelling, or run where it can be imported (the current directory is searched)"
            ) from error
        raise
    for name in qualname.split("."):
        if not hasattr(found, name):
            near = did_you_mean(name, (one for one in dir(found) if not ismodule(vars(found).get(one))))
            raise ConfigError(f"{module_name!r} has no {name!r}.{near}")
        found = getattr(found, name)
    return found


def top_package(target: str) -> str:
    """Return the package that a target lies in.

    >>> top_package("sklearn.svm:SVC")
    'sklearn'
    """
    return split_target(target)[0].partition(".")[0]


def package_version(module: str) -> str | None:
    """Return the installed version of the distribution that ships `module`, or None for local code."""
    top = module.partition(".")[0]
    for find in (_DISTRIBUTIONS.get, lambda name: name, _distribution_of):
        try:
            if name := find(top):
                return _installed_version(name, importlib.metadata.version)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


@functools.cache
def _installed_version(name: str, read: Callable[[str], str]) -> str:
    """Read a version once per process: each reading parses a file, and every metric and method asks."""
    return read(name)


def package_contents(module: str) -> str | None:
    """Return a digest of what is installed of a package, beside its version; None where it is not here.

    A library that is built from source again keeps its version: what it was installed with tells, or for an
    editable install its files.
    """
    top = module.partition(".")[0]
    origin = origin_of(top)
    return None if origin is None else _package_contents(origin)


@functools.cache
def _package_contents(origin: Path) -> str:
    owner = owner_of(origin)
    if owner is not None:
        return owner.recorded
    return tree_digest(origin.parent if origin.name == "__init__.py" else origin)


def target_identity(target: str) -> dict[str, Any]:
    """Return what identifies the code behind `target`: name, versions, digests of code (JSON values only).

    Local code is followed through its imports: each local file enters the digest, each installed package its
    version and what its own distribution requires. Of an installed target its whole distribution enters by
    content, and what it imports and requires by version. An installed file that no distribution claims counts
    as local.

    Raises
    ------
    ConfigError
        If a local file is no longer what this process imported: its results would be stored under the new
        content.
    """
    module, _ = split_target(target)
    make_importable()
    origin, version = origin_of(module), package_version(module)
    if origin is None:
        return {"target": target, "version": version}
    owner = owner_of(origin)
    if owner is not None and module.partition(".")[0] not in OURS:
        below = _below(owner.imports, owner)
        return {"target": target, "version": version, "contents": owner.contents, **below}
    code = local_code(module, origin)
    digest = hashlib.sha256()
    loaded = imported_files()
    _files_of[target] = frozenset(code.files.values())
    for name, path in sorted(code.files.items()):
        digest.update(name.encode() + b"\0" + _current_bytes(path, loaded) + b"\0")
    return {"target": target, "version": version, "source": digest.hexdigest(), **_below(code.packages)}


def target_files(target: str) -> frozenset[Path]:
    """Return the local files that the identity of a target was made of; none for an installed target."""
    return _files_of.get(target, frozenset())


KnownFiles = Mapping[Path, bytes]
"""The local files behind a target and the digest of each when it was first seen."""


def known_files(targets: Iterable[str]) -> dict[str, KnownFiles]:
    """Return what the identities of targets were made of, for the process that will run them."""
    found = {target: _files_of[target] for target in targets if target in _files_of}
    return {target: {path: _first_seen[path] for path in files} for target, files in found.items()}


def adopt_files(known: Mapping[str, KnownFiles]) -> None:
    """Take over what identities were made of in another process."""
    for target, files in known.items():
        _files_of[target] = frozenset(files)
        _first_seen.update(files)


def loaded_among(known: Mapping[str, KnownFiles]) -> tuple[Path, ...]:
    """Return which of these files this process has imported."""
    if not any(known.values()):
        return ()
    loaded = imported_files()
    return tuple({path for files in known.values() for path in files if _is_loaded(path, loaded)})


def note_loaded_elsewhere(files: Iterable[Path]) -> None:
    """Count files as imported that a process has which computes for this one."""
    _loaded_elsewhere.update(map(str, files))


def _below(packages: Iterable[str], owner: Owner | None = None) -> dict[str, Any]:
    """Return the versions of imported packages, of what these require, and what they were installed with."""
    versions = {name: package_version(name) for name in sorted(packages)}
    needs = {name: version for name, version in versions.items() if version is not None}
    owners = {owner} if owner is not None else {_owner_of(name) for name in versions}
    required = {name for owner in owners if owner is not None for name in owner.requirements}
    return {
        "needs": needs,
        "required": {name: _version_of(name) for name in sorted(required)},
        # What a version does not tell: a library that was built from changed sources again.
        # Words of an installed package's texts are no imports: what has no version may be anybody's folder.
        "installed": {name: package_contents(name) for name in (needs if owner is not None else versions)},
    }


def _owner_of(package: str) -> Owner | None:
    origin = origin_of(package)
    return None if origin is None else owner_of(origin)


def _version_of(distribution: str) -> str | None:
    try:
        return _installed_version(distribution, importlib.metadata.version)
    except importlib.metadata.PackageNotFoundError:
        return None


# Distributions whose name is not that of the package they ship.
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "imblearn": "imbalanced-learn",
    "smote_impls": "smote-bench",
    "yaml": "pyyaml",
    "PIL": "pillow",
    "xdist": "pytest-xdist",
}

# The local files behind each target whose identity this process has computed.
_files_of: dict[str, frozenset[Path]] = {}

# Files that were imported by a process that computes for this one.
_loaded_elsewhere: set[str] = set()

# The bytes each local file had when this process first saw it, as a digest.
_first_seen: dict[Path, bytes] = {}


@functools.cache
def _distribution_of(top: str) -> str | None:
    """Find the distribution that ships an installed package of another name, as umap-learn ships umap."""
    origin = None if top in sys.stdlib_module_names else origin_of(top)
    if origin is None:
        return None
    owner = owner_of(origin)
    if owner is not None:
        return owner.name
    if not any(root in origin.resolve().parents for root in _installed_roots()):
        return None
    return next(iter(_owners().get(top, ())), None)


@functools.cache
def _installed_roots() -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return tuple({Path(sysconfig.get_path(name)).resolve() for name in names})


@functools.cache
def _owners() -> Mapping[str, Sequence[str]]:
    """Read which distributions ship which packages: most of a second, so only where nothing else tells."""
    return importlib.metadata.packages_distributions()


def _is_loaded(path: Path, loaded: Collection[str]) -> bool:
    return str(path) in loaded or str(path) in _loaded_elsewhere


def _current_bytes(path: Path, loaded: Collection[str]) -> bytes:
    """Read a local file; refuse one edited after it was imported, since the old code would run on."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).digest()
    is_loaded = _is_loaded(path, loaded)
    first = _first_seen.setdefault(path, digest)
    if digest != first and is_loaded:
        raise ConfigError(
            f"expected the module {path.stem!r} as it was imported, but {path.name!r} has changed since: "
            "start again"
        )
    if not is_loaded:
        _first_seen[path] = digest
    return content


def is_as_first_seen(path: Path) -> bool:
    """Tell whether a local file still has the bytes that an identity was made of."""
    try:
        return hashlib.sha256(path.read_bytes()).digest() == _first_seen.get(path)
    except OSError:
        return False


def make_importable() -> None:
    """Search the current directory too, as `python -m pytest` does and `pytest` does not."""
    try:
        here = os.getcwd()
    except FileNotFoundError:
        return  # it was removed
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)
