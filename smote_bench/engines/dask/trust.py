"""In what workers differ from this process: whatever enters a key has to be the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from smote_bench.errors import ConfigError

__all__ = ["check_workers", "difference"]

_MOST_LINES = 12
_WIDTH = 40


def check_workers(here: Mapping[str, Any], workers: Mapping[str, Mapping[str, Any]]) -> None:
    """Make sure that workers have the same Python, packages and code as this process.

    Parameters
    ----------
    here : mapping
        What `smote_bench.engines.dask.worker.describe` returns here.
    workers : mapping of str to mapping
        The same from every worker, by its address.

    Raises
    ------
    ConfigError
        With a table of what differs.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for address, there in workers.items():
        for line in _lines(here, there):
            found.setdefault(line, []).append(address)
    if not found:
        return
    differing = {address for addresses in found.values() for address in addresses}
    raise ConfigError(
        f"expected workers with the Python, packages and code of this process, but {len(differing)} of "
        f"{len(workers)} differ: their scores would not be those of a run here.\n"
        f"{_table(found)}\n"
        "Install the same versions there (pip freeze here, pip install -r there), and start the workers again"
    )


def difference(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Return in a line in what the parts of a key differ, as JSON texts."""
    words = []
    for name in here:
        if here[name] != there.get(name):
            ours, theirs = json.loads(here[name]), json.loads(there.get(name, "{}"))
            lines = list(_lines(ours, theirs))
            words += [f"{name} {what}: {one} here, {other} there" for what, one, other in lines[:3]] or [name]
    return "; ".join(words[:_MOST_LINES])


def _lines(here: Any, there: Any, name: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield name and both values of every leaf that differs."""
    if isinstance(here, Mapping) and isinstance(there, Mapping):
        for key in sorted({*here, *there}):
            below = f"{name} {key}".strip()
            yield from _lines(here.get(key, "none"), there.get(key, "none"), below)
    elif here != there:
        yield _LABELS.get(name, name), _shown(here), _shown(there)


_LABELS = {"code": "smote-bench's code (digest)", "python": "Python", "schema": "format of stored outcomes"}


def _shown(value: Any) -> str:
    if isinstance(value, list):
        value = ".".join(map(str, value))
    text = str(value)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."


def _table(found: Mapping[tuple[str, str, str], list[str]]) -> str:
    rows = [("", "here", "there", "workers")]
    for (name, ours, theirs), addresses in sorted(found.items()):
        more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
        rows.append((name, ours, theirs, addresses[0] + more))
    left_out = len(rows) - 1 - _MOST_LINES
    rows = rows[: _MOST_LINES + 1]
    widths = [max(len(row[n]) for row in rows) for n in range(4)]
    lines = [
        "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows
    ]
    lines += [f"  and {left_out} more"] if left_out > 0 else []
    return "\n".join(line.rstrip() for line in lines)
