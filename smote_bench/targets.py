"""Classes and functions named in data: ``package.module:Class`` to the object, and to what identifies it.

The identity of a target goes into the key of every stored outcome, so it must change whenever the code behind
the name changes: for an installed package its version, for a user's own file the bytes of that file and of
every local file it imports. Computing an identity executes nothing of the target.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib
import importlib.machinery
import importlib.metadata
import importlib.util
import os
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["load_target", "package_version", "split_target", "target_identity"]


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
    _make_importable()
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
            raise ConfigError(f"{module_name!r} has no {name!r}.{did_you_mean(name, dir(found))}")
        found = getattr(found, name)
    return found


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


def target_identity(target: str) -> dict[str, Any]:
    """Return what identifies the code behind `target`: name, versions, source digest (JSON values only).

    Local code (outside the standard library and site-packages) is followed through its imports: each local
    file enters the digest, each installed package its version. An installed file that no distribution claims
    counts as local. Files that code reads or imports under a computed name cannot be seen.

    Raises
    ------
    ConfigError
        If a local file is no longer what this process imported: its results would be stored under the new
        content.
    """
    module, _ = split_target(target)
    _make_importable()
    origin, version = _origin(module), package_version(module)
    if origin is None or (not _is_local(origin) and version is not None):
        return {"target": target, "version": version}
    files, packages = _local_closure(module, origin)
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + _current_bytes(name, path) + b"\0")
    versions = {name: package_version(name) for name in sorted(packages)}
    return {
        "target": target,
        "version": version,
        "source": digest.hexdigest(),
        "needs": {name: version for name, version in versions.items() if version is not None},
    }


# Distributions whose name is not that of the package they ship.
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "imblearn": "imbalanced-learn",
    "smote_impls": "smote-bench",
    "yaml": "pyyaml",
    "PIL": "pillow",
    "xdist": "pytest-xdist",
}

# The bytes each local file had when this process first saw it, as a digest.
_first_seen: dict[Path, bytes] = {}


@functools.cache
def _distribution_of(top: str) -> str | None:
    """Find the distribution that ships an installed package of another name, as umap-learn ships umap."""
    origin = None if top in sys.stdlib_module_names else _origin(top)
    if origin is None or _is_local(origin):
        return None
    return next(iter(_owners().get(top, ())), None)


@functools.cache
def _owners() -> Mapping[str, Sequence[str]]:
    """Read which distributions ship which packages: most of a second, so only where nothing else tells."""
    return importlib.metadata.packages_distributions()


def _current_bytes(name: str, path: Path) -> bytes:
    """Read a local file; refuse one edited after it was imported, since the old code would run on."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).digest()
    first = _first_seen.setdefault(path, digest)
    loaded = getattr(sys.modules.get(name), "__file__", None)
    if digest != first and loaded and Path(loaded) == path:
        raise ConfigError(
            f"expected the module {name!r} as it was imported, but {path.name!r} has changed since: "
            "start again"
        )
    if not loaded:
        _first_seen[path] = digest
    return content


def _make_importable() -> None:
    """Search the current directory too, as `python -m pytest` does and `pytest` does not."""
    try:
        here = os.getcwd()
    except FileNotFoundError:
        return  # it was removed
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)


def _origin(module: str) -> Path | None:
    """Find a module's file without executing the module itself or its parents."""
    top, *rest = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if not rest:
        return Path(spec.origin) if spec.origin and spec.has_location else None
    for root in spec.submodule_search_locations or ():
        base = Path(root, *rest)
        suffixes = importlib.machinery.all_suffixes()
        modules = [base.with_name(base.name + suffix) for suffix in suffixes]
        for path in (base / "__init__.py", *modules):
            if path.is_file():
                return path
    return None


@functools.cache
def _installed_roots() -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return tuple({Path(sysconfig.get_path(name)).resolve() for name in names})


def _is_local(path: Path) -> bool:
    resolved = path.resolve()
    return not any(root in resolved.parents for root in _installed_roots())


def _local_closure(module: str, origin: Path) -> tuple[dict[str, Path], set[str]]:
    """Follow imports from a local module: local files by module name, and installed packages."""
    files: dict[str, Path] = {}
    packages: set[str] = set()
    waiting = [(module, origin)]
    while waiting:
        name, path = waiting.pop()
        if name in files:
            continue
        files[name] = path
        for imported in _imports(name, path):
            found = _origin(imported)
            if found is None:
                continue
            if _is_local(found):
                waiting.append((imported, found))
            else:
                packages.add(imported.partition(".")[0])
    return files, packages


def _imports(name: str, path: Path) -> set[str]:
    """Return the absolute names a file imports, with parent packages and `from` names that may be modules."""
    if path.suffix != ".py":
        return set()  # an extension module: its bytes are all there is to see
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except (SyntaxError, ValueError):  # Python 3.11 raises ValueError for null bytes
        return set()
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *(node.module.split(".") if node.module else [])])
            if stem:
                found.add(stem)
                found.update(f"{stem}.{alias.name}" for alias in node.names if alias.name != "*")
    parents = {
        ".".join(words[:n]) for words in (word.split(".") for word in found) for n in range(1, len(words))
    }
    own_parents = {".".join(name.split(".")[:n]) for n in range(1, len(name.split(".")))}
    return found | parents | own_parents
