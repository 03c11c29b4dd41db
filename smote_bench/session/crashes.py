"""What crashed after the cells were computed: kept, shown with its traceback, and in the exit code.

Tables, the gate and the report each do their work whatever became of the others.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator

import pytest

from smote_bench.errors import DiskError, SmoteBenchError

__all__ = ["Crashes"]


class Crashes:
    """Collects crashes, so that none of them takes away what others have to say."""

    def __init__(self) -> None:
        self._traces: list[tuple[str, str]] = []
        self._no_room: dict[str, DiskError] = {}
        self._is_told_of_room = self._is_told = False
        self._said: dict[str, str] = {}
        self._session: pytest.Session | None = None

    @contextlib.contextmanager
    def of(self, what: str) -> Iterator[None]:
        """Go on after what is done inside, even if it raises."""
        try:
            yield
        except Exception as error:
            self.add(what, error)

    def add(self, what: str, error: Exception) -> None:
        """Keep an error that was caught; of one of ours, what it says and not where it came up."""
        if isinstance(error, DiskError):
            self._no_room.setdefault(what, error)
            self._fail()
            return
        if isinstance(error, SmoteBenchError):
            self._said[what] = str(error)
            self._fail()
            return
        self.add_traceback(what, "".join(traceback.format_exception(error)))

    def told_of_room(self) -> None:
        """Know that a test failed with what a disk did not take: the same disk is one error."""
        self._is_told_of_room = True

    def told(self) -> None:
        """Have the session fail with what was said already."""
        self._is_told = True
        self._fail()

    def add_traceback(self, what: str, trace: str) -> None:
        """Keep an error of which the traceback is left."""
        self._traces.append((what, trace))
        self._fail()

    def tell(self, session: pytest.Session) -> None:
        """Have this session fail if anything crashes, before or after; an exit code it has is kept."""
        self._session = session
        self._fail()

    def write(self, reporter: pytest.TerminalReporter) -> None:
        """Show the tracebacks, and one error for all that a disk did not take."""
        if self._no_room:
            from smote_bench.runs.place import GONE

            first = next(iter(self._no_room.values()))
            title = first.reason if first.reason == GONE else "no room on the disk"
            reporter.section(f"smote-bench: {title}", red=True)
            if not self._is_told_of_room:
                reporter.write_line(str(first), red=True)
            reporter.write_line(f"not written: {', '.join(self._no_room)} ({first.reason})", red=True)
        for what, text in self._said.items():
            reporter.section(f"smote-bench: {what}", red=True)
            reporter.write_line(text, red=True)
        for what, trace in self._traces:
            reporter.section(f"smote-bench: {what} crashed", red=True)
            reporter.write_line(trace.rstrip())
        if self._traces:
            names = ", ".join(what for what, _ in self._traces)
            reporter.write_line(
                f"{names}: expected to be written, got the errors above. What was computed is in the run's "
                "folder: `smote-bench report FOLDER` makes the rest once the cause is mended",
                red=True,
            )

    @property
    def _has_some(self) -> bool:
        return bool(self._traces or self._no_room or self._said or self._is_told)

    def _fail(self) -> None:
        if self._has_some and self._session is not None:
            self._session.exitstatus = self._session.exitstatus or pytest.ExitCode.INTERNAL_ERROR
