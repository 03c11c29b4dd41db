"""The errors users meet, and the words that help them on.

Every message has three parts: what was expected, what came (name and value), what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from smote_bench.plain_text import cut, visible

__all__ = [
    "ConfigError",
    "DiskError",
    "RunAborted",
    "SmoteBenchError",
    "TrackerError",
    "UnavailableError",
    "did_you_mean",
]


class SmoteBenchError(Exception):
    """Base of all errors that smote-bench raises on purpose.

    Its message shows control characters written out, and of very long values the start.
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*(cut(visible(part)) if isinstance(part, str) else part for part in args))


class ConfigError(SmoteBenchError, ValueError):
    """An experiment, option, card or specification is wrong; pytest shows it as a ``UsageError``."""


class UnavailableError(SmoteBenchError):
    """Something the experiment names cannot be had here: a data set, an optional package.

    Parameters
    ----------
    reason : str
        Why it cannot be had, in words.
    remedy : str
        What the user can do about it.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy

    def __reduce__(self) -> tuple[Any, ...]:
        # The default rebuilds an exception from its message alone, which fails between processes.
        return type(self), (self.reason, self.remedy)


class RunAborted(SmoteBenchError):
    """A run came to no end: its process died, or pytest itself failed.

    Parameters
    ----------
    message : str
        With the last lines that it printed.
    folder : str
        The run's; what was computed until then is in its ``cells.sqlite`` and in the memo.
    exit_code : int
        pytest's; negative for the number of the signal that ended it.
    """

    def __init__(self, message: str, folder: str, exit_code: int) -> None:
        super().__init__(message)
        self.folder = folder
        self.exit_code = exit_code

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.folder, self.exit_code)


class DiskError(SmoteBenchError):
    """A file cannot be written where it belongs; what was written before is as it was.

    Parameters
    ----------
    message : str
    reason : str
        Why, in a few words.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.reason)


class TrackerError(SmoteBenchError):
    """A tracker cannot be reached or does not take what is sent; the run itself is whole in its folder."""


_FEWEST_LETTERS = 3


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return ``" Did you mean 'SMOTE'?"`` for the closest choice, or an empty string.

    One that begins with the word is close where it alone does. Dashes of options do not count.

    >>> did_you_mean("SMOT", ["SMOTE", "ADASYN"])
    " Did you mean 'SMOTE'?"
    >>> did_you_mean("pima", ["Pima_diabetes", "Ecoli"])
    " Did you mean 'Pima_diabetes'?"
    """
    word = word.casefold().lstrip("-")
    by_folded = {choice.casefold().lstrip("-"): choice for choice in choices}
    close = difflib.get_close_matches(word, by_folded, n=1, cutoff=0.6)
    if not close and len(word) >= _FEWEST_LETTERS:
        close = [each for each in by_folded if each.startswith(word)]
    return f" Did you mean {by_folded[close[0]]!r}?" if len(close) == 1 else ""
