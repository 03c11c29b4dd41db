"""Where progress is shown: one line drawn anew on a terminal, lines now and then elsewhere.

A thread draws the line, or says in a log what has been running for long. All that pytest writes goes through
one lock with it, and takes the line away first.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from smote_bench.session.progress import start_new_line

if TYPE_CHECKING:
    import pytest

    from smote_bench.session.progress import Progress

__all__ = ["Display", "can_redraw"]

_REDRAWN_EVERY = 0.5
_LOOKED_EVERY = 5.0


def can_redraw(fd: int, environ: Mapping[str, str]) -> bool:
    """Whether a line may be drawn anew there: on a terminal that is not dumb. NO_COLOR is about colours."""
    return os.isatty(fd) and environ.get("TERM", "dumb") not in ("", "dumb")


class Display:
    """Shows the progress of a session in its terminal, from a thread of its own until it is closed.

    Parameters
    ----------
    reporter : pytest.TerminalReporter
    progress : Progress
    is_redrawn : bool, optional
        Whether one line is drawn anew; default as `can_redraw` and pytest's capturing allow.
    is_watched : bool
        Whether a thread looks at the clock; without one `look` does it.
    """

    def __init__(
        self,
        reporter: pytest.TerminalReporter,
        progress: Progress,
        *,
        is_redrawn: bool | None = None,
        is_watched: bool = True,
    ) -> None:
        self._reporter, self._progress = reporter, progress
        self._writer = cast(Any, reporter._tw)
        self._lock = threading.RLock()
        # While a test runs, pytest may have turned the file's own number to where it captures.
        self._fd = _second_number(self._writer)
        if is_redrawn is None:
            is_captured = reporter.config.getoption("capture", "fd") != "no"
            is_redrawn = self._fd is not None and is_captured and can_redraw(self._fd, os.environ)
        self.is_redrawn = is_redrawn and self._fd is not None
        self._drawn_at: int | None = None
        self._drawn = ""
        self._write = self._writer.write
        self._writer.write = self._write_alone
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        if is_watched and self._fd is not None:
            self._thread = threading.Thread(target=self._watch, name="smote-bench progress", daemon=True)
            self._thread.start()

    def say(self, line: str | None, *, always: bool = False) -> None:
        """Write a line of its own, unless the line that is drawn anew says it all the time."""
        if line and (always or not self.is_redrawn):
            with self._lock:
                start_new_line(self._reporter)
                self._reporter.write_line(line)

    @contextlib.contextmanager
    def step(self, what: str) -> Iterator[Callable[[str], None]]:
        """Show that something runs while the block does; what is yielded says what part of it is done."""
        now = [what]
        self._progress.begun(what)

        def say(part: str) -> None:
            self._progress.ended(now[0])
            now[0] = f"{what}: {part}"
            self._progress.begun(now[0])

        try:
            yield say
        finally:
            self._progress.ended(now[0])
            self.clear()

    def look(self) -> None:
        """Draw the line anew, or say what has been running for long."""
        with self._lock:
            if self._closed.is_set():
                return
            if self.is_redrawn:
                text = self._progress.live_line()
                self._draw(text) if text else self.clear()
            elif line := self._progress.still():
                self._put(("\n" if self._column() else "") + line + "\n")
                self._writer._current_line = ""

    def clear(self) -> None:
        """Take the drawn line away."""
        with self._lock:
            if self._drawn_at is None:
                return
            column, self._drawn_at = self._drawn_at, None
            self._put(f"\n\r\x1b[K\x1b[1A\x1b[{column + 1}G" if column else "\r\x1b[K")

    def close(self) -> None:
        """Take the line away for good."""
        if self._closed.is_set():
            return
        self._closed.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self.clear()
        self._writer.write = self._write
        if self._fd is not None:
            os.close(self._fd)

    def _watch(self) -> None:
        while not self._closed.wait(_REDRAWN_EVERY if self.is_redrawn else _LOOKED_EVERY):
            try:
                self.look()
            except OSError:  # the terminal is gone, or the pipe: what is shown there matters to nobody
                return

    def _write_alone(self, msg: str, *, flush: bool = False, **markup: bool) -> None:
        with self._lock:
            self.clear()
            # Flushed, since the line is drawn past the file's buffer.
            self._write(msg, flush=flush or self.is_redrawn, **markup)

    def _draw(self, text: str) -> None:
        """Draw the line, below one that pytest has begun, and put the cursor back."""
        column = self._column()
        shown = _printable(text)[: max(1, self._width() - 1)]
        if self._drawn_at is not None and (column, shown) == (self._drawn_at, self._drawn):
            return
        self._drawn_at, self._drawn = column, shown
        self._put(f"\n\r{shown}\x1b[K\x1b[1A\x1b[{column + 1}G" if column else f"\r{shown}\x1b[K\r")

    def _column(self) -> int:
        return len(str(self._writer._current_line).rpartition("\r")[2])

    def _width(self) -> int:
        assert self._fd is not None
        try:
            return os.get_terminal_size(self._fd).columns or 80
        except OSError:
            return 80

    def _put(self, text: str) -> None:
        assert self._fd is not None
        os.write(self._fd, text.encode("ascii", "backslashreplace"))


def _second_number(writer: Any) -> int | None:
    """Return another number for the file behind a terminal writer, or None where there is none."""
    try:
        writer.flush()
        return os.dup(writer._file.fileno())
    except (OSError, ValueError, AttributeError):
        return None


def _printable(text: str) -> str:
    return "".join(character if " " <= character <= "~" else "?" for character in text)
