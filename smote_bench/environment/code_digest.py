"""Digests of smote-bench's own code: of what some of its modules run, or of the whole package.

What a module runs is derived from the import statements, wherever in a file they stand; imports for type
checkers do not count. Files are read and not parsed: every process asks for this.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Collection, Iterable
from pathlib import Path

__all__ = ["PACKAGE", "digest_of_files", "modules_behind", "package_digest"]

PACKAGE = Path(__file__).resolve().parents[1]
"""The folder of smote-bench's own code."""

_NAME = "smote_bench"
_PAGE_SUFFIXES = (".py", ".html", ".css", ".js")
_STATEMENT = re.compile(
    rf"\n[ \t]*(?:from[ \t]+({_NAME}[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+({_NAME}[\w.]*))"
)
_TYPE_CHECKING = re.compile(r"\nif (?:typing\.)?TYPE_CHECKING:(?:\n(?:[ \t]+[^\n]*)?)+")
_WORD = re.compile(r"\w+")


def modules_behind(roots: Iterable[str], package: Path = PACKAGE) -> list[Path]:
    """Return the files of the package's modules named in `roots` and of all that they import, sorted.

    Parameters
    ----------
    roots : iterable of str
        As in ``methods.resampling``, without the package's name.
    package : Path
        The package's folder.
    """
    there = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    found: set[str] = set()
    waiting = [file for root in roots for file in _files(root, there)]
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        for name in _imported((package / file).read_text(encoding="utf-8")):
            waiting += _files(name, there)
    return sorted(package / file for file in found)


def _imported(text: str) -> set[str]:
    """Return the names below the package that a module imports; some may be of classes and functions."""
    found = set()
    for stem, names, plain in _STATEMENT.findall(_TYPE_CHECKING.sub("\n", f"\n{text}")):
        stem = (stem or plain).removeprefix(_NAME).removeprefix(".")
        found.add(stem)
        found.update(f"{stem}.{name}".removeprefix(".") for name in _WORD.findall(names))
    return found


def _files(name: str, there: Collection[str]) -> list[str]:
    """Return the file of a module, or none, with those of the packages it lies in."""
    stem = name.replace(".", "/")
    module = [file for file in (f"{stem}.py", f"{stem}/__init__.py".lstrip("/")) if file in there]
    if not module:
        return []
    parts = stem.split("/")
    parents = ["/".join([*parts[:n], "__init__.py"]) for n in range(len(parts))]
    return [*module, *(file for file in parents if file in there)]


def digest_of_files(paths: Iterable[Path], package: Path = PACKAGE) -> str:
    """Return the digest of files of the package, with their names in it."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@functools.cache
def package_digest() -> str:
    """Return the digest of the whole package, templates and styles of the page included."""
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix in _PAGE_SUFFIXES)
    return digest_of_files(files)
