"""How much memory a process may take: the limit, who ran into it, and sizes in words.

The limit is the kernel's RLIMIT_DATA, what a process holds in writable memory of its own. RLIMIT_AS counts
addresses, of which libraries reserve far more than they use: with TensorFlow imported 2.2 GB, of which 0.4 GB
are data and 0.7 GB resident; with scikit-learn and pandas 0.5 GB and 0.2 GB. Memory shared between processes
and what child processes take is not in it.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError

__all__ = [
    "data_bytes",
    "is_out_of_memory",
    "kills_for_memory",
    "memory_limit",
    "parse_size",
    "refuse_without_limits",
    "size_text",
]

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(I?)B?", flags=re.IGNORECASE)

# What libraries write that have errors of their own for it: C++, PyTorch, TensorFlow, OpenBLAS, the system.
_WORDS = re.compile(
    r"bad[_ ]alloc|can(?:no|')t allocate memory|out of memory|not enough memory|OOM when allocating"
    r"|memory allocation (?:still )?failed",
    flags=re.IGNORECASE,
)

_resource: Any = importlib.import_module("resource") if importlib.util.find_spec("resource") else None


def parse_size(text: str) -> int:
    """Return a number of bytes written as people do.

    Parameters
    ----------
    text : str
        A number with a unit: KB, MB, GB, TB by thousands, KiB, MiB, GiB, TiB by 1024; 0 or nothing for none.

    Raises
    ------
    ConfigError

    Examples
    --------
    >>> parse_size("2GB"), parse_size("1.5 GiB"), parse_size("0")
    (2000000000, 1610612736, 0)
    """
    found = _SIZE.fullmatch(text.strip() or "0")
    if found is None:
        raise ConfigError(f"expected a size such as 2GB or 500MB, 0 for no limit; got {text!r}")
    number, unit, binary = found.groups()
    base = 1024 if binary else 1000
    size: float = float(number) * base ** " KMGT".index(unit.upper() or " ")
    if 0 < size < 1000**2:
        raise ConfigError(f"expected at least 1MB, got {text!r}: write the unit, as in 2GB")
    return int(size)


def size_text(n_bytes: float) -> str:
    """Return a number of bytes in words.

    Examples
    --------
    >>> size_text(2_000_000_000), size_text(512_300_000)
    ('2 GB', '512 MB')
    """
    return f"{n_bytes / 1000**3:.3g} GB" if n_bytes >= 1000**3 else f"{n_bytes / 1000**2:.0f} MB"


def refuse_without_limits(option: str) -> None:
    """Raise a `ConfigError` where the platform holds no process to such a limit.

    Parameters
    ----------
    option : str
        What asked for one.
    """
    if not sys.platform.startswith("linux") or not hasattr(_resource, "RLIMIT_DATA"):
        raise ConfigError(
            f"expected Linux, whose kernel limits the memory of a process, for {option}; got {sys.platform}: "
            "leave it out"
        )


@contextlib.contextmanager
def memory_limit(n_bytes: int) -> Iterator[None]:
    """Let the process hold that many bytes of data in the block; 0 for no limit of ours.

    Raises
    ------
    MemoryError
        If it holds more already.
    """
    if n_bytes <= 0:
        yield
        return
    before, most = _resource.getrlimit(_resource.RLIMIT_DATA)
    held = data_bytes()
    if held >= n_bytes:
        raise MemoryError(f"the process holds {size_text(held)} before it begins to compute: raise the limit")
    others = [limit for limit in (before, most) if limit != _resource.RLIM_INFINITY]
    _resource.setrlimit(_resource.RLIMIT_DATA, (min([n_bytes, *others]), most))
    try:
        yield
    finally:
        _resource.setrlimit(_resource.RLIMIT_DATA, (before, most))


def data_bytes() -> int:
    """Return how much data this process holds, as the limit counts it; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[5]) * _page_size()
    except (OSError, ValueError, IndexError):
        return 0


def _page_size() -> int:
    return int(_resource.getpagesize()) if _resource is not None else 4096


def kills_for_memory() -> int | None:
    """Return how many processes the kernel has killed for want of memory; None where it does not say."""
    try:
        text = Path("/proc/vmstat").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"^oom_kill (\d+)$", text, flags=re.MULTILINE)
    return int(found[1]) if found else None


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether an error, or what it was raised from or while handling, is that memory was not to be had."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
            return True
        with contextlib.suppress(Exception):
            if isinstance(error, Exception) and _WORDS.search(str(error)[:10_000]):
                return True
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return False
