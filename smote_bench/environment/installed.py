"""Installed code: which distribution owns a file, and what the files of a distribution contain.

A distribution says in its RECORD which files are its own, with their digests. That is asked wherever
packages may lie (site-packages, ``pip install --user``, Debian's dist-packages, folders named by a .pth
file), once per process. What no distribution claims is somebody's own code, an editable install too.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import re
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CODE_SUFFIXES", "Owner", "code_below", "is_standard", "owner_of", "standard_roots", "tree_digest"]

CODE_SUFFIXES = (".py", ".pyi", ".pyx", ".pxd", ".so", ".pyd", ".dll", ".dylib")
_SITE = ("site-packages", "dist-packages")
_METADATA = (".dist-info", ".egg-info")
_NOT_CODE = ("/__pycache__/", ".dist-info/")
_IMPORT = re.compile(rb"[\n;:][ \t]*(?:from[ \t]+([A-Za-z_]\w*)|import[ \t]+([A-Za-z_][\w., \t]*))")
_TOP_LEVEL = re.compile(rb"(?:^|,)[ \t]*([A-Za-z_]\w*)")
_PYTHON_FILE = re.compile(rb"^(?!\.\./|/)[^,\n]+\.py,[^,\n]*", re.MULTILINE)
_MOST_BYTES_READ = 1_500_000
_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@functools.cache
def is_standard(path: Path) -> bool:
    """Tell whether a file belongs to Python's own library."""
    resolved = path.resolve()
    if any(part in _SITE for part in (*path.parts, *resolved.parts)):
        return False
    return not standard_roots().isdisjoint(resolved.parents)


@functools.cache
def standard_roots() -> frozenset[Path]:
    """Return the folders of Python's own library: to find them takes a millisecond."""
    return frozenset(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib"))


@functools.cache
def owner_of(path: Path) -> Owner | None:
    """Return the distribution that owns a file found on the search path, or None.

    Without a RECORD, as Debian installs, the name of the package has to do, in a folder for packages.
    """
    for base in _search_path():
        if base not in path.parents:
            continue
        name = path.relative_to(base).as_posix()
        top = name.partition("/")[0].partition(".")[0]
        for info in _infos(base, top):
            owner, record = Owner(info), _read(info / "RECORD")
            if record is None:
                is_own = base.name in _SITE and top in owner.top_level
            else:
                is_own = f"\n{name},".encode() in record or record.startswith(f"{name},".encode())
            if is_own:
                return owner
    return None


def _search_path() -> list[Path]:
    """Return the folders that modules are found in, the innermost first."""
    return sorted({Path(entry or os.curdir).absolute() for entry in _entries()}, key=lambda p: -len(p.parts))


def _entries() -> list[str]:
    """Return `sys.path` without the working directory where that was removed."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return [entry for entry in sys.path if os.path.isabs(entry)]
    return sys.path


def _infos(base: Path, top: str) -> Iterator[Path]:
    """Yield the metadata of the distributions in a folder, first those that are called like the package."""
    infos = _metadata_in(base)
    wanted = _normalised(top)
    alike = [info for info in infos if _normalised(info.name.partition("-")[0].partition(".")[0]) == wanted]
    yield from alike
    yield from (info for info in infos if info not in alike)


@functools.cache
def _metadata_in(base: Path) -> tuple[Path, ...]:
    try:
        return tuple(sorted(Path(base, name) for name in os.listdir(base) if name.endswith(_METADATA)))
    except OSError:
        return ()


def _read(path: Path | str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).casefold()


@dataclass(frozen=True)
class Owner:
    """A distribution by the folder (or file) of its metadata."""

    info: Path

    @property
    def name(self) -> str:
        """Its name, as `importlib.metadata` finds it."""
        return self.info.name.removesuffix(self.info.suffix).partition("-")[0]

    @property
    def record(self) -> dict[str, tuple[str, str]]:
        """Digest and size of each file of its packages; empty where there is no RECORD."""
        return _record(self.info)

    @property
    def top_level(self) -> frozenset[str]:
        """The packages it ships, where there is no RECORD."""
        text = _read(self.info / "top_level.txt")
        return frozenset(text.decode().split() if text else [self.name.replace("-", "_")])

    @property
    def requirements(self) -> tuple[str, ...]:
        """The names of the distributions that it requires, those of its extras apart."""
        return _requirements(self.info)

    @property
    def imports(self) -> frozenset[str]:
        """The packages that its files import, where it is small enough to look; the rest it requires."""
        return _imports(self.info)

    @property
    def contents(self) -> str:
        """A digest of its files as they are on this disk, see `_contents`."""
        return _contents(self.info)

    @property
    def recorded(self) -> str:
        """A digest of its Python files as they were installed: cheap, and blind to an edit in place."""
        return _recorded(self.info)


@functools.cache
def _record(info: Path) -> dict[str, tuple[str, str]]:
    content = _read(info / "RECORD")
    found = {}
    for line in (content or b"").decode("utf-8", "replace").splitlines():
        name, _, rest = line.partition(",")
        digest, _, size = rest.partition(",")
        if not name.startswith(("../", "/")) and not any(part in f"/{name}" for part in _NOT_CODE):
            found[name] = (digest, size)
    return found


@functools.cache
def _requirements(info: Path) -> tuple[str, ...]:
    text = _read(info / "METADATA") or _read(info / "PKG-INFO") or b""
    found = []
    for line in text.decode("utf-8", "replace").splitlines():
        if not line:
            break  # the description follows
        key, _, value = line.partition(":")
        name = _REQUIREMENT.match(value.strip())
        if key == "Requires-Dist" and name and not re.search(r"\bextra\s*==", value):
            found.append(name.group())
    return tuple(sorted(set(found)))


@functools.cache
def _imports(info: Path) -> frozenset[str]:
    files = {
        name: size
        for name, (_, size) in _record(info).items()
        if name.endswith(".py") and "/tests/" not in name
    }
    if sum(int(size) for size in files.values() if size.isdigit()) > _MOST_BYTES_READ:
        return frozenset()
    texts = (_read(f"{info.parent}/{name}") or b"" for name in files)
    named = {name or names for text in texts for name, names in _IMPORT.findall(b"\n" + text)}
    found = {name.decode() for names in named for name in _TOP_LEVEL.findall(names)}
    own = {name.partition("/")[0].removesuffix(".py") for name in files}
    return frozenset(found - own - set(sys.stdlib_module_names))


@functools.cache
def _recorded(info: Path) -> str:
    lines = _PYTHON_FILE.findall(_read(info / "RECORD") or b"")
    lines = [line for line in lines if b"__config__.py," not in line]  # how and where it was built
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()


@functools.cache
def _contents(info: Path) -> str:
    """Return the digest of a distribution's files: as recorded, or as read where they were touched since.

    An installer writes the RECORD last. A file that is newer, or of another size, was edited in place; a file
    of a package that is not recorded was put there by hand.
    """
    record, base = _record(info), info.parent
    if not record:
        return tree_digest(*(base / top for top in sorted(Owner(info).top_level)))
    written = (info / "RECORD").stat().st_mtime_ns
    digest = hashlib.sha256()
    for name, (digest_then, size) in sorted(record.items()):
        try:
            now = os.stat(f"{base}/{name}")
        except OSError:
            digest.update(f"{name} is gone\n".encode())
            continue
        if not digest_then or size != str(now.st_size) or now.st_mtime_ns > written:
            digest_then = _digest_like(digest_then, base / name)
        digest.update(f"{name},{digest_then}\n".encode())
    for package in sorted({name.partition("/")[0] for name in record if "/" in name}):
        for path in _walk(f"{base}/{package}"):
            name = path[len(str(base)) + 1 :]
            if name not in record:
                digest.update(name.encode() + b"\0" + (_read(path) or b"") + b"\0")
    return digest.hexdigest()


def _digest_like(recorded: str, path: Path) -> str:
    """Return a file's digest in the form of RECORD, with the algorithm that was used there."""
    algorithm = recorded.partition("=")[0]
    if algorithm not in hashlib.algorithms_available:
        algorithm = "sha256"
    value = hashlib.new(algorithm, path.read_bytes()).digest()
    return f"{algorithm}={base64.urlsafe_b64encode(value).decode().rstrip('=')}"


def tree_digest(*roots: Path) -> str:
    """Return the digest of packages of code: Python by its bytes, what is compiled by name and size."""
    digest = hashlib.sha256()
    for root in roots:
        single = (path for path in (root, root.with_name(f"{root.name}.py")) if path.is_file())
        files = code_below(root) if root.is_dir() else list(single)
        for path in files:
            if path.suffix in (".py", ".pyi"):
                content = _read(path) or b""
            else:
                content = str(path.stat().st_size).encode()
            digest.update(path.relative_to(root.parent).as_posix().encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def code_below(folder: Path) -> list[Path]:
    """Return the files of code below a folder, but for environments and what is hidden."""
    return [Path(path) for path in _walk(str(folder))]


def _walk(folder: str) -> Iterator[str]:
    for here, folders, files in os.walk(folder):
        folders[:] = [
            name
            for name in sorted(folders)
            if not name.startswith(".")
            and name not in ("__pycache__", "node_modules", *_SITE)
            and not os.path.exists(f"{here}/{name}/pyvenv.cfg")
        ]
        yield from (f"{here}/{name}" for name in sorted(files) if name.endswith(CODE_SUFFIXES))
