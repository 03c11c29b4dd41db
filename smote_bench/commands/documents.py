"""Tables that commands write into documents, between two markers."""

from __future__ import annotations

from pathlib import Path

from smote_bench.errors import ConfigError

__all__ = ["check_document", "write_into"]


def check_document(path: Path, name: str) -> None:
    """Refuse a document that has no markers for the table `name`; a missing document is fine.

    Raises
    ------
    ConfigError
        If the markers are not there, or there is no such folder.
    """
    if not path.parent.is_dir():
        raise ConfigError(f"expected --out in a folder that exists, got {path}: make {path.parent}")
    _split(path, name)


def write_into(path: Path, name: str, text: str) -> None:
    """Write `text` between the markers ``<!-- name: begin -->`` and ``<!-- name: end -->`` of a document."""
    before, after = _split(path, name)
    begin, end = _markers(name)
    path.write_text(f"{before}{begin}\n{text}{end}{after}", encoding="utf-8")


def _markers(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def _split(path: Path, name: str) -> tuple[str, str]:
    """Return what stands before and after the markers; a missing document has only markers."""
    begin, end = _markers(name)
    old = path.read_text(encoding="utf-8") if path.exists() else f"{begin}\n{end}\n"
    before, found, rest = old.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise ConfigError(
            f"expected {path} to hold the lines {begin!r} and {end!r}, it does not: "
            "add them where the table belongs, or name another file"
        )
    return before, after
