"""Measure what smote-bench costs those who do not use it: its import, and its plugin in a project of others.

``python tools/load_time.py``; aims: 10 ms for the import, 30 ms for the plugin. Some calls each of

- ``import smote_bench``, by Python's own ``-X importtime``;
- a pytest session without cells: what is imported because of the plugin, by ``-X importtime`` too, and the
  whole session with it against without it (``-p no:smote_bench.plugin``), by the clock.

The least of the calls is what the work takes, the median what else the machine does as well.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PLUGIN = "smote_bench.plugin"
_LINE = re.compile(r"import time:\s+\d+ \|\s+(\d+) \| ( *)(\S+)")
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")


def main(argv: Sequence[str] | None = None) -> int:
    """Print the least and the median of each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=11, help="of each command (default: %(default)s)")
    calls = parser.parse_args(argv).calls
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "test_theirs.py").write_text("def test_theirs():\n    assert True\n", encoding="utf-8")
        alone = [imported_ms(["-c", "import smote_bench"], project) for _ in range(calls)]
        plugin = [imported_ms([*_PYTEST, "-p", PLUGIN], project) for _ in range(calls)]
        seconds: dict[str, list[float]] = {"with": [], "without": []}
        for _ in range(calls):  # in turn, so that what else the machine does meets both
            seconds["with"].append(session_seconds([*_PYTEST, "-p", PLUGIN], project))
            seconds["without"].append(session_seconds([*_PYTEST, "-p", f"no:{PLUGIN}"], project))
    print(f"{'ms':<44} {'least':>8} {'median':>8}")
    for name, times in {
        "import smote_bench": alone,
        "imports of the plugin in a session": plugin,
        "a session with the plugin": [1000 * s for s in seconds["with"]],
        "a session without it": [1000 * s for s in seconds["without"]],
    }.items():
        print(f"{name:<44} {min(times):>8.1f} {statistics.median(times):>8.1f}")
    return 0


def imported_ms(arguments: Sequence[str], folder: Path) -> float:
    """Return the milliseconds of imports that modules of smote-bench caused in a call of Python."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        cwd=folder,
        env=_environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return sum(caused_by_us(done.stderr)) / 1000


def caused_by_us(text: str) -> list[int]:
    """Return the cumulative microseconds of the outermost imports of smote-bench's modules.

    Python prints a module after those that it imports, which stand further in.

    >>> caused_by_us('''import time:  100 |  100 |   json
    ... import time:   50 |  150 | smote_bench.plugin
    ... import time:   70 |   70 | json.tool''')
    [150]
    """
    found: list[int] = []
    inside: int | None = None
    for line in reversed(text.splitlines()):
        match = _LINE.match(line)
        if match is None:
            continue
        depth = len(match[2])
        if inside is not None and depth > inside:
            continue
        inside = None
        if match[3].split(".")[0] == "smote_bench":
            found.append(int(match[1]))
            inside = depth
    return found


def session_seconds(arguments: Sequence[str], folder: Path) -> float:
    """Return the seconds of a call of Python."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=_environment(), stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - started


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}


if __name__ == "__main__":
    sys.exit(main())
