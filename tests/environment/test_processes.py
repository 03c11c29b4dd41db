"""Slow work in processes beside each other: in order, and left at once when it is interrupted."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from smote_bench.environment.processes import map_in_processes


def test_answers_come_in_the_order_of_the_items() -> None:
    assert list(map_in_processes(math.factorial, [5, 3, 4], 2)) == [120, 6, 24]


@pytest.mark.fault(
    injected="a signal while processes draw figures",
    seen="they are ended at once, in the middle of what they draw",
    lost="nothing: `smote-bench report` makes the figures",
)
def test_nobody_waits_for_processes_whose_work_is_not_wanted_any_more() -> None:
    script = (
        "import time\n"
        "from smote_bench.environment.processes import map_in_processes\n"
        "answers = map_in_processes(time.sleep, [0, 1e6, 1e6], 2)\n"
        "next(answers)\n"
        "try:\n"
        "    answers.throw(KeyboardInterrupt)\n"
        "except KeyboardInterrupt:\n"
        "    print('left')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "left\n"), done.stderr
