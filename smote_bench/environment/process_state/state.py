"""What the process is set to at one moment: all parts read, put back, compared."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from smote_bench.environment.process_state.registry import all_parts
from smote_bench.environment.process_state.signals import read_timer, rearm
from smote_bench.environment.timeouts import CellTimeout

__all__ = ["ProcessState", "apply"]


class ProcessState:
    """Every setting that is registered, at one moment."""

    def __init__(self) -> None:
        self._parts = [(part, part.read()) for part in all_parts()]
        self._timer = read_timer()

    def restore(self) -> list[str]:
        """Put back what has changed; return in words what could not be.

        An alarm of the cell's time limit that strikes in here is raised at the end, when all is done.
        """
        alarm: CellTimeout | None = None
        failures = []
        for part, value in self._parts:
            for _ in range(2):  # alarms come once a second: the second attempt gets through
                try:
                    if part.always or part.read() != value:
                        part.write(value)
                except CellTimeout as error:
                    alarm = error
                    continue
                except Exception as error:
                    failures.append(f"{part.name} could not be put back: {type(error).__name__}: {error}")
                break
        rearm(self._timer)
        if alarm is not None:
            raise alarm
        return failures

    def changes_since(self) -> dict[str, Any]:
        """Return what differs by now from this state, for `apply`."""
        changes: dict[str, Any] = {}
        for part, before in self._parts:
            after = part.read()
            if part.always or after == before:
                continue
            if part.name == "environment variables":
                names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
                changes[part.name] = {name: after.get(name) for name in names}
            elif part.name == "sys.path":
                changes[part.name] = [entry for entry in after[1] if entry not in before[1]]
            elif part.name in _OF_AN_IMPORT:
                changes[part.name] = after
        return changes


def apply(changes: Mapping[str, Any]) -> None:
    """Make the changes that `ProcessState.changes_since` returned."""
    if not changes:
        return
    for part in all_parts():
        if part.name not in changes:
            continue
        value = changes[part.name]
        if part.name == "environment variables":
            merged = {**part.read(), **value}
            part.write({name: text for name, text in merged.items() if text is not None})
        elif part.name == "sys.path":
            sys.path[:0] = [entry for entry in value if entry not in sys.path]
        else:
            part.write(value)


# What an import may set for the code that is imported; the rest is of the process and its other users.
_OF_AN_IMPORT = frozenset(
    {
        "recursion limit",
        "numpy's settings",
        "scikit-learn's configuration",
        "pandas' options",
        "scipy.special's errors",
        "joblib's configuration",
        "Keras' configuration",
    }
)
