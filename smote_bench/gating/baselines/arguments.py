"""The command that made a baseline, written down so that another machine can repeat it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

__all__ = ["command_words", "portable_arguments", "portable_path", "repeated_arguments"]

GRID = "{grid}"
"""Stands for smote-bench's own test file, wherever it is installed."""

_NOT_REPEATED = ("--smote-save", "--smote-accept-reason", "--smote-out")
"""Options that take a value; who repeats the command gives them anew."""


def portable_arguments(arguments: Sequence[str], cwd: Path | None = None) -> list[str]:
    """Return pytest's arguments without what holds on one machine or for one baseline's name only.

    Paths below the current directory become relative, smote-bench's own files go by their names; other
    absolute paths stay, since somebody chose them.

    Parameters
    ----------
    arguments : sequence of str
        As given to pytest.
    cwd : Path, optional
        Where it was called; here, where nothing is said.

    Examples
    --------
    >>> portable_arguments(["-n", "2", "--smote-save", "main", "--smote-experiment=quick"])
    ['-n', '2', '--smote-experiment=quick']
    """
    return list(_portable(arguments, cwd))


def _portable(arguments: Sequence[str], cwd: Path | None) -> Iterator[str]:
    words = iter(arguments)
    for word in words:
        option, equals, value = word.partition("=")
        if option in _NOT_REPEATED:
            if not equals:
                next(words, None)
        elif equals and option.startswith("--"):
            yield f"{option}={portable_path(value, cwd)}"
        else:
            yield portable_path(word, cwd)


def portable_path(text: str, cwd: Path | None = None) -> str:
    """Return a path as another machine would write it; text that is no absolute path stays."""
    from smote_bench.experiment.shipped import experiments_folder, grid_file

    path = Path(text)
    if not path.is_absolute():
        return text
    if path == grid_file():
        return GRID
    if path.parent == experiments_folder():
        return path.stem
    here = cwd or Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else text


def repeated_arguments(recorded: Sequence[str], *, name: str, reports: Path, reason: str) -> list[str]:
    """Return the arguments by which pytest makes a baseline again, in the place of the old one."""
    from smote_bench.experiment.shipped import grid_file

    words = [str(grid_file()) if word == GRID else word for word in recorded]
    return [*words, "--smote-out", str(reports), "--smote-save", name, "--smote-accept-reason", reason]


def command_words(recorded: Sequence[str]) -> str:
    """Return the command in one line, for people."""
    return shlex.join(["pytest", *recorded])
