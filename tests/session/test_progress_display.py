"""The line on a terminal and the lines in a log: a pseudo-terminal and a pipe; the clock is the test's."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from _pytest.terminal import TerminalReporter

from smote_bench.session.progress import Progress
from smote_bench.session.progress_display import Display, can_redraw
from tests.conftest import Bench

pty = pytest.importorskip("pty", reason="pseudo-terminals are of POSIX")

WIDTH = 60


@dataclass
class Screen:
    """What a terminal shows: the few sequences that are used here, and nothing else."""

    lines: list[str] = field(default_factory=lambda: [""])
    row: int = 0
    column: int = 0

    def feed(self, text: str) -> Screen:
        for match in re.finditer(r"\x1b\[(\d*)([A-Za-z])|([^\x1b])", text):
            self._code(match[1], match[2]) if match[2] else self._put(match[3])
        return self

    def _code(self, argument: str, letter: str) -> None:
        match letter:
            case "K":
                self.lines[self.row] = self.lines[self.row][: self.column]
            case "A":
                self.row -= int(argument)
            case "G":
                self.column = int(argument) - 1
            case "m":
                pass
            case _:
                raise AssertionError(f"a sequence that this screen does not know: {argument}{letter}")

    def _put(self, letter: str) -> None:
        if letter == "\r":
            self.column = 0
        elif letter == "\n":
            self.row += 1
            self.lines += [""] * (self.row + 1 - len(self.lines))
        else:
            assert self.column < WIDTH, "the terminal would go on in the next line"
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[: self.column] + letter + line[self.column + 1 :]
            self.column += 1


@dataclass
class Terminal:
    """A reporter of pytest that writes to a pseudo-terminal, or to a pipe, and what came out there."""

    reporter: TerminalReporter
    progress: Progress
    clock: list[float]
    read_fd: int

    def written(self) -> str:
        """What came until now."""
        text = b""
        os.set_blocking(self.read_fd, False)
        try:
            while part := os.read(self.read_fd, 1 << 16):
                text += part
        except (BlockingIOError, OSError):
            pass
        return text.decode().replace("\r\n", "\n\r")


def _terminal(config: pytest.Config, ends: tuple[int, int]) -> Iterator[Terminal]:
    read_fd, write_fd = ends
    clock = [0.0]
    progress = Progress({"iris-SMOTE-kNN": 1.0, "other": 1.0}, clock=lambda: clock[0])
    with os.fdopen(write_fd, "w", encoding="utf-8") as file:
        yield Terminal(TerminalReporter(config, file), progress, clock, read_fd)
    os.close(read_fd)


@pytest.fixture
def terminal(pytestconfig: pytest.Config) -> Iterator[Terminal]:
    import fcntl
    import termios

    ends = pty.openpty()
    fcntl.ioctl(ends[1], termios.TIOCSWINSZ, struct.pack("HHHH", 30, WIDTH, 0, 0))
    yield from _terminal(pytestconfig, ends)


@pytest.fixture
def pipe(pytestconfig: pytest.Config) -> Iterator[Terminal]:
    yield from _terminal(pytestconfig, os.pipe())


def _display(terminal: Terminal, **more) -> Display:
    return Display(terminal.reporter, terminal.progress, is_watched=False, **more)


def test_the_line_is_below_the_dots_and_gone_before_the_next_dot(terminal: Terminal) -> None:
    display, screen = _display(terminal, is_redrawn=True), Screen()
    terminal.reporter.write("tests ..")
    terminal.progress.begun("other")
    display.look()
    screen.feed(terminal.written())
    assert screen.lines[0] == "tests .."
    assert screen.lines[1].startswith("smote-bench: 0/2 cells, 0%, 0 s gone")
    terminal.reporter.write(".")
    assert screen.feed(terminal.written()).lines == ["tests ...", ""]
    display.look()
    terminal.reporter.write_line("F\na failure")
    display.close()
    assert screen.feed(terminal.written()).lines == ["tests ...F", "a failure", ""]


def test_a_screen_shows_in_the_end_what_it_shows_without_a_line(terminal: Terminal) -> None:
    display, screen = _display(terminal, is_redrawn=True), Screen()
    plain = Screen()
    for n in range(200):
        text = "." if n % 7 else " [ 10%]\n" if n % 2 else "\n"
        terminal.reporter.write(text)
        plain.feed(text.replace("\n", "\n\r"))
        terminal.clock[0] += 0.3
        display.look()
        screen.feed(terminal.written())
        assert any(line.startswith("smote-bench: ") for line in screen.lines)
    display.close()
    shown = [line for line in screen.feed(terminal.written()).lines if line]
    assert shown == [line for line in plain.lines if line]


def test_the_line_is_cut_to_the_width_of_the_terminal(terminal: Terminal) -> None:
    display = _display(terminal, is_redrawn=True)
    terminal.progress.begun("other" * 40)
    display.look()
    assert len(Screen().feed(terminal.written()).lines[0]) == WIDTH - 1
    display.close()


def test_a_line_that_says_the_same_is_not_drawn_again(terminal: Terminal) -> None:
    display = _display(terminal, is_redrawn=True)
    display.look()
    assert terminal.written()
    display.look()
    assert terminal.written() == ""
    terminal.clock[0] = 1.0
    display.look()
    assert terminal.written()
    display.close()


def test_names_of_cells_cannot_steer_the_terminal(terminal: Terminal) -> None:
    display = _display(terminal, is_redrawn=True)
    terminal.progress.cells_are_over()
    terminal.progress.begun("a\x1b[2Jb\n\x07ü")
    display.look()
    assert Screen().feed(terminal.written()).lines == ["smote-bench: a?[2Jb??? 0 s"]
    display.close()


def test_on_a_terminal_only_the_last_line_stays(terminal: Terminal) -> None:
    display, screen = _display(terminal, is_redrawn=True), Screen()
    display.say("smote-bench: 1/2 cells")
    display.look()
    display.say("smote-bench: 2/2 cells in 3 s", always=True)
    display.close()
    assert screen.feed(terminal.written()).lines == ["smote-bench: 2/2 cells in 3 s", ""]


def test_a_log_has_lines_of_its_own_and_no_sequences(pipe: Terminal) -> None:
    display = _display(pipe)
    assert not display.is_redrawn
    pipe.reporter.write("tests ..")
    display.say("smote-bench: 1/2 cells")
    pipe.reporter.write(".")
    pipe.reporter.flush()
    pipe.progress.begun("iris-SMOTE-kNN")
    display.look()
    pipe.clock[0] = 240.0
    display.look()
    pipe.reporter.write(".\n", flush=True)
    display.close()
    assert pipe.written().splitlines() == [
        "tests ..",
        "smote-bench: 1/2 cells",
        ".",
        "smote-bench: still: iris-SMOTE-kNN for 4 min 00 s (0/2 cells)",
        ".",
    ]


def test_steps_of_the_end_are_shown_while_they_last(terminal: Terminal) -> None:
    display = _display(terminal, is_redrawn=True)
    terminal.progress.cells_are_over()
    with display.step("report") as say:
        for part in (None, "figures"):
            if part:
                say(part)
            display.look()
    shown = terminal.written()
    assert "smote-bench: report 0 s" in shown
    assert "smote-bench: report: figures 0 s" in shown
    assert Screen().feed(shown).lines == [""]
    display.close()


def test_writing_and_drawing_at_once_mix_no_bytes(terminal: Terminal) -> None:
    display, screen = _display(terminal, is_redrawn=True), Screen()

    def draw() -> None:
        for _ in range(300):
            terminal.clock[0] += 1.0
            display.look()

    thread = threading.Thread(target=draw)
    thread.start()
    shown = ""
    for n in range(20):
        terminal.reporter.write_line(f"line {n}")
        shown += terminal.written()
    while thread.is_alive():  # a terminal that nobody reads takes no more after some thousand bytes
        shown += terminal.written()
    thread.join()
    display.close()
    screen.feed(shown + terminal.written())
    assert [line for line in screen.lines if line] == [f"line {n}" for n in range(20)]


def test_what_pytest_writes_is_its_own_again_after_the_end(terminal: Terminal) -> None:
    writer = terminal.reporter._tw
    before = writer.write
    n_open = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    display = Display(terminal.reporter, terminal.progress, is_redrawn=True)
    assert writer.write != before
    display.close()
    display.close()
    assert writer.write == before
    assert not [t for t in threading.enumerate() if t.name == "smote-bench progress"]
    assert n_open == (len(os.listdir("/proc/self/fd")) if n_open else 0)


@pytest.mark.parametrize(
    ("environ", "redrawn"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": ""}, False),
        ({}, False),
    ],
)
def test_a_line_is_drawn_on_terminals_that_can(environ: dict[str, str], redrawn: bool) -> None:
    ends = pty.openpty()
    try:
        assert can_redraw(ends[1], environ) is redrawn
    finally:
        for end in ends:
            os.close(end)


def test_a_pipe_is_no_terminal() -> None:
    ends = os.pipe()
    try:
        assert not can_redraw(ends[1], {"TERM": "xterm"})
    finally:
        for end in ends:
            os.close(end)


EXPERIMENT = """
methods: {Jitter: "samplers:Jitter", Broken: "samplers:Broken"}
datasets: [{name: one, file: one.csv, target: y, minority: 1}]
experiment_config:
  cv_folds: 2
  metrics: [balanced_accuracy]
  priority_metrics: [balanced_accuracy]
  selected_classifiers: {Counting: "counting:CountingNB"}
"""


@pytest.mark.parametrize(("term", "workers"), [("xterm", "0"), ("xterm", "2"), ("dumb", "0")])
def test_a_session_on_a_terminal(bench: Bench, term: str, workers: str) -> None:
    bench.table("one", seed=0)
    bench.experiment(EXPERIMENT)
    ends = pty.openpty()
    options = ["--smote-experiment", "experiment.yaml", "--smote-out", str(bench.path / "out"), "-n", workers]
    process = subprocess.Popen(
        [sys.executable, *bench.command(*options)[1:]],
        cwd=bench.path,
        env=bench.environment(TERM=term),
        stdin=ends[1],
        stdout=ends[1],
        stderr=ends[1],
    )
    os.close(ends[1])
    text = b""
    try:
        while part := os.read(ends[0], 1 << 16):
            text += part
    except OSError:  # the other end is closed
        pass
    os.close(ends[0])
    assert process.wait(timeout=60) == 1  # one cell is broken
    shown = text.decode()
    assert re.search(r"^smote-bench: 3/3 cells \(1 not ok\) in \d+ s\r?$", shown, re.MULTILINE)
    assert ("\x1b[1A" in shown or "\r\x1b[K" in shown) is (term == "xterm")
    assert "broken on purpose" in shown
