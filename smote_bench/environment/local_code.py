"""The local files behind a target, found without executing anything: by its imports, or whole folders.

Imports are followed as they are written. Where code can import what is not written (a module's
``__getattr__``, a computed name, a changed search path, a compiled library that is opened by hand), all code
of its package enters, or of the folder it lies in.
"""

from __future__ import annotations

import ast
import functools
import importlib.machinery
import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from smote_bench.environment.installed import code_below, is_standard, owner_of

__all__ = ["OURS", "LocalCode", "is_local", "local_code", "may_be_local", "origin_of"]

OURS = ("smote_bench", "smote_impls")
_BENCH = "smote_bench"
"""What its modules import by names in texts are libraries and modules named elsewhere, never all of it."""
"""Our own packages: by content wherever they lie, so that a checkout and an installed copy agree."""

_MOST_FILES_FOLLOWED = 300
_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
# What lets code import or open code that no import statement names.
_DYNAMIC = frozenset(
    [
        "__getattr__",
        "__import__",
        "import_module",
        "exec",
        "find_spec",
        "spec_from_file_location",
        "module_from_spec",
        "SourceFileLoader",
        "ExtensionFileLoader",
        "run_path",
        "run_module",
        "runpy",
        "addsitedir",
        "walk_packages",
        "iter_modules",
        "meta_path",
        "path_hooks",
        "__path__",
        "extend_path",
        "lazy_loader",
        "pyximport",
        "CDLL",
        "PyDLL",
        "cdll",
        "LoadLibrary",
        "dlopen",
        "load_library",
    ]
)


def origin_of(module: str) -> Path | None:
    """Find a module's file without executing the module itself or its parents."""
    if module.partition(".")[0] in OURS:  # every target of ours asks for dozens of them
        return _origin_of_ours(module)
    return _find_origin(module)


@functools.cache
def _origin_of_ours(module: str) -> Path | None:
    """Look for a module of this project once: its files do not move while a process runs."""
    return _find_origin(module)


def _find_origin(module: str) -> Path | None:
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


def is_local(path: Path) -> bool:
    """Tell whether a file is neither Python's own nor claimed by an installed distribution."""
    return not is_standard(path) and owner_of(path) is None


@dataclass
class LocalCode:
    """What was found: local files by the names they enter under, and packages of others by top-level name.

    `files` holds modules by their names, and files of whole folders by their paths below these.
    """

    files: dict[str, Path] = field(default_factory=dict)
    packages: set[str] = field(default_factory=set)


def local_code(module: str, origin: Path) -> LocalCode:
    """Follow a local module's imports.

    Parameters
    ----------
    module : str
        Its dotted name.
    origin : Path
        Its file.
    """
    found = LocalCode()
    own = module.partition(".")[0]
    tops: dict[str, str] = {}
    trees: set[Path] = set()
    waiting = [(module, origin)]
    while waiting:
        name, path = waiting.pop()
        if not path.is_file():  # a module inside an archive: all of that enters
            path = next(parent for parent in path.parents if parent.exists())
        if path in found.files.values():
            continue
        found.files[name] = path
        if name == _BENCH:
            continue  # public names, looked up when they are asked for: what lies below runs without them
        seen = _scan(name, path)
        for imported in sorted(seen.names):  # which name a file enters under must not change with the order
            top = imported.partition(".")[0]
            if top not in tops:
                tops[top] = _kind(top, own)
            if tops[top] == "installed":
                found.packages.add(top)
                continue
            place = None if tops[top] == "standard" else origin_of(imported)
            if place is None:
                continue
            owner = owner_of(place) if tops[top] == "namespace" else None
            if owner is not None:
                found.packages.add(owner.name)
            else:
                waiting.append((imported, place))
        for tree in _trees(name, path, seen):
            if tree not in trees:
                trees.add(tree)
                waiting += _enter(tree, found)
    return found


def _kind(top: str, own: str) -> str:
    """Say what a top-level module is to a target's own: local, installed, standard, or a namespace."""
    if top in OURS and top != own:
        return "local" if own in OURS else "installed"
    place = origin_of(top)
    if place is None:  # nowhere, built in, or a namespace, which holds files of whoever
        return "namespace" if top not in sys.stdlib_module_names else "standard"
    if is_standard(place):
        return "standard"
    if top == own:
        return "local"
    # Somebody's editable install enters as one package, like what is installed for good.
    return "installed" if owner_of(place) is not None or _enters_as_package(top) else "local"


@functools.cache
def may_be_local(top: str) -> bool:
    """Tell whether an imported top-level module may be somebody's own code, without a look at each file."""
    return _kind(top, "") in ("local", "namespace")


@functools.cache
def _enters_as_package(top: str) -> bool:
    """Tell whether a package belongs to a distribution: it enters by its version and as a whole."""
    try:
        importlib.metadata.version(top)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _trees(name: str, path: Path, seen: _Seen) -> Iterator[Path]:
    """Yield the folders that enter whole because of what was seen in a file."""
    if seen.is_dynamic:
        n_packages = name.count(".") + (path.name == "__init__.py")
        yield path.parents[max(n_packages - 1, 0)]
    for package in sorted(seen.stars):
        place = origin_of(package)
        if place is not None and place.name == "__init__.py" and is_local(place):
            yield place.parent


def _enter(tree: Path, found: LocalCode) -> list[tuple[str, Path]]:
    """Put a folder's files among those found; return its modules, whose imports are still to be followed."""
    files = code_below(tree)
    modules = [path for path in files if path.suffix == ".py" and path not in found.files.values()]
    follow = len(modules) <= _MOST_FILES_FOLLOWED
    for path in files:
        if not (follow and path in modules):
            found.files[f"{tree.name}/{path.relative_to(tree).as_posix()}"] = path
    return [(_module_name(path, tree), path) for path in modules] if follow else []


def _module_name(path: Path, tree: Path) -> str:
    """Return the name that a file of a folder has, whose own place among packages is read off the disk."""
    parts = [*path.relative_to(tree).with_suffix("").parts]
    while (tree / "__init__.py").is_file():
        parts.insert(0, tree.name)
        tree = tree.parent
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


@dataclass(frozen=True)
class _Seen:
    """The absolute names a file imports, with parents and `from` names that may be modules."""

    names: frozenset[str] = frozenset()
    stars: frozenset[str] = frozenset()
    is_dynamic: bool = False


def _scan(name: str, path: Path) -> _Seen:
    if path.suffix != ".py":
        return _Seen()  # an extension module: its bytes are all there is to see
    try:
        return _scan_text(path.read_bytes(), name, path.name == "__init__.py")
    except OSError:
        return _Seen()


@functools.lru_cache(maxsize=4096)
def _scan_text(content: bytes, name: str, is_package: bool) -> _Seen:
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):  # Python 3.11 raises ValueError for null bytes
        return _Seen()
    package = name.split(".") if is_package else name.split(".")[:-1]
    found: set[str] = set()
    stars: set[str] = set()
    words: set[str] = set()
    strings: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                found.update(alias.name for alias in node.names)
                words.update(alias.name for alias in node.names)
            case ast.ImportFrom():
                base = package[: len(package) - node.level + 1] if node.level else []
                stem = ".".join([*base, *(node.module.split(".") if node.module else [])])
                if stem:
                    found.add(stem)
                    found.update(f"{stem}.{alias.name}" for alias in node.names if alias.name != "*")
                    stars.update(stem for alias in node.names if alias.name == "*")
                words.update((stem, *(alias.name for alias in node.names)))
                if stem == "sys" and any(alias.name == "path" for alias in node.names):
                    words.add("__path__")
            case ast.Attribute(value=ast.Name(id="sys" | "_sys"), attr="path"):
                words.add("__path__")
            case ast.Attribute():
                words.add(node.attr)
            case ast.Name():
                words.add(node.id)
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node in tree.body:
                words.add(node.name)
            case ast.Constant(value=str(text)) if len(text) < 100 and _NAME.fullmatch(text):
                strings.add(text)
            case _:
                pass
    is_dynamic = name.partition(".")[0] != _BENCH and not _DYNAMIC.isdisjoint(words)
    found |= strings if is_dynamic else set()
    parents = {
        ".".join(parts[:n]) for parts in (word.split(".") for word in found) for n in range(1, len(parts))
    }
    own_parents = {".".join(name.split(".")[:n]) for n in range(1, len(name.split(".")))}
    return _Seen(frozenset(found | parents | own_parents), frozenset(stars), is_dynamic)
