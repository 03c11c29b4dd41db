#!/usr/bin/env python3
"""Disturb a grid of 300 cells at random moments and start it again until it ends; compare with a quiet run.

    python benchmarks/chaos/chaos.py [--rounds 50] [--seed 0] [--record FILE] [--minutes 60] [--out FILE]

In every round the same command is started again and again in one folder of reports. The first times
something is done to it, at a moment that the seed draws: workers or the controller are killed, signals are
sent, the disk is filled, the memo is damaged. Then it is left alone until it ends with exit code 0. After
every end the files that are there are checked (checks.py), and at the end of the round the table must be that
of an undisturbed run, byte for byte, and every count must add up. Filling the disk needs a file system of its
own, which only root may mount; without that it is left out, and the output says so.

With --record every round is written down when it ends, and the same command goes on with those that are not
in the file: 50 rounds take some two hours, and may be made in parts. The table is of all of them.
"""

from __future__ import annotations

import argparse
import math
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.chaos.checks import Reference, is_whole, n_computed_again, problems  # noqa: E402
from benchmarks.chaos.faults import FAULTS, FILE_LIMIT, Stage, processes_of, small_disk  # noqa: E402
from benchmarks.chaos.grid import Command, experiment  # noqa: E402
from benchmarks.chaos.record import Record, Tally  # noqa: E402

DISK_FULL = "disk full"
# Recorded in the run and not yet in the memo when it came, one of each process; damaged memos lose more.
IN_FLIGHT = 2
MAY_LOSE_IN_FLIGHT = {fault: IN_FLIGHT for fault in FAULTS if fault.startswith("SIG")}
MOST_FAULTS = 5
MOST_STARTS = 12
SECONDS_TO_END = 90.0
"""How long a command may go on after a fault that ends it; and its processes after it ended: a tenth."""


def main() -> int:
    """Run the rounds; 0 when every one ended with the table of an undisturbed run and nothing was amiss."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rounds", type=int, default=50)
    ask.add_argument("--seed", type=int, default=0, help="of the first round; the next has the next")
    ask.add_argument("--minutes", type=float, default=math.inf, help="begin no round after so many")
    ask.add_argument("--cells", type=int, default=300, choices=(300, 24))
    ask.add_argument(
        "--fault", action="append", choices=[*FAULTS, FILE_LIMIT], help="only these (may be repeated)"
    )
    ask.add_argument(
        "--keep", type=Path, help="a folder for the files of rounds in which something was amiss"
    )
    ask.add_argument(
        "--record", type=Path, metavar="FILE", help="keep what came of each round there, and go on from it"
    )
    ask.add_argument("--out", type=Path, help="the document whose table is replaced")
    args = ask.parse_args()
    if args.rounds < 1:
        ask.error(f"expected --rounds of at least 1, got {args.rounds}")
    if args.out:
        from smote_bench.commands.documents import check_document

        check_document(args.out, "chaos")
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        chaos = Chaos(Path(name), args.cells, args.fault, args.keep, args.record)
        tally = chaos.run(args.rounds, args.seed, args.minutes)
    text = table(tally, args.cells, args.seed)
    if tally.rounds < args.rounds and args.record:
        print(f"{tally.rounds} of {args.rounds} rounds: the same command goes on from {args.record}")
    print(text)
    if args.out:
        from smote_bench.commands.documents import write_into

        write_into(args.out, "chaos", f"\n{text}\n")
    return 1 if tally.problems or tally.identical < tally.rounds else 0


class Chaos:
    """Rounds of disturbed runs of one grid.

    Parameters
    ----------
    folder : Path
        Where everything is written.
    n_cells : int
    faults : sequence of str, optional
        Only these.
    keep : Path, optional
        Where the files of rounds go in which something was amiss.
    record : Path, optional
        The file of what came of rounds, from which it goes on.
    """

    def __init__(
        self,
        folder: Path,
        n_cells: int,
        faults: Sequence[str] | None = None,
        keep: Path | None = None,
        record: Path | None = None,
    ) -> None:
        self.folder = folder
        self._keep = keep
        self.experiment = experiment(folder, n_cells)
        self.tally = Tally()
        self._faults = list(faults or (*FAULTS, FILE_LIMIT))
        out = folder / "quiet"
        began = time.monotonic()
        quiet = Command(self.experiment, out, 0).start(folder / "quiet.log")
        if quiet.wait():
            raise SystemExit(
                f"the undisturbed run ended with {quiet.returncode}:\n{_end(folder / 'quiet.log')}"
            )
        self.seconds = time.monotonic() - began
        self.reference = Reference(out / "latest" / "scores.csv")
        if self.reference.n_cells != n_cells:
            raise SystemExit(f"expected {n_cells} cells in the undisturbed run, got {self.reference.n_cells}")
        self._record = Record(record, n_cells, self._faults, self.reference.sha256) if record else None

    def run(self, rounds: int, seed: int, minutes: float = math.inf) -> Tally:
        """Run rounds with the seeds from `seed` on; begin none after some minutes, but for the first.

        Those of the record are not run again. What is returned is of all of these seeds.
        """
        end, n_run, total = time.monotonic() + 60 * minutes, 0, Tally()
        for number in range(seed, seed + rounds):
            if self._record and (known := self._record.rounds.get(number)):
                total.add(known)
                continue
            if n_run and time.monotonic() > end:
                continue
            n_run += 1
            self.tally = Tally()
            out = self.folder / f"round{number}"
            with small_disk(out) as can_be_filled:
                if not can_be_filled and DISK_FULL in self._faults:
                    self._faults.remove(DISK_FULL)
                    print(
                        "left out: filling the disk, since this user may not mount a file system", flush=True
                    )
                if self._round(number, out) and self._keep:
                    shutil.copytree(out, self._keep / out.name, symlinks=True)
                    for log in self.folder.glob(f"round{number}-*.log"):
                        shutil.copy(log, self._keep / out.name)
            subprocess.run(["rm", "-rf", str(out)], check=True)
            total.add(self.tally)
            if self._record:
                self._record.keep(number, self.tally)
        return total

    def _round(self, seed: int, out: Path) -> list[str]:
        """Disturb the command some times, then let it end; return what is amiss."""
        rng = random.Random(seed)
        command = Command(self.experiment, out, rng.choice((2, 2, 2, 0)))
        todo = [rng.choice(self._faults) for _ in range(rng.randint(1, MOST_FAULTS))]
        said: list[str] = []
        before, last = 0, ""
        for start in range(MOST_STARTS):
            fault = todo[start] if start < len(todo) else ""
            log = self.folder / f"round{seed}-{start}.log"
            code, amiss = self._start(command, fault, rng, log)
            self.tally.starts += 1
            said += [f"start {start + 1} ({fault or 'undisturbed'}, exit {code}): {text}" for text in amiss]
            again = n_computed_again(out)
            most = MAY_LOSE_IN_FLIGHT.get(last)
            # What was done to memo or disk, now or before, costs what should have been found there.
            is_memo_whole = set(todo[: start + 1]) <= set(MAY_LOSE_IN_FLIGHT)
            if most is not None and is_memo_whole and again - before > most:
                said.append(f"{again - before} cells were computed again after {last}")
            self._count(fault, code, last, again - before)
            before, last = again, fault
            if not fault and code == 0:
                break
        else:
            said.append(f"the command did not end with 0 in {MOST_STARTS} starts:\n{_end(log)}")
        self.tally.rounds += 1
        self.tally.identical += is_whole(out, self.reference)
        self.tally.problems += [f"seed {seed}: {text}" for text in said]
        what = ", ".join(todo)
        print(f"seed {seed}, -n {command.n_workers}, {what}: {'; '.join(said) or 'well'}", flush=True)
        return said

    def _start(self, command: Command, fault: str, rng: random.Random, log: Path) -> tuple[int, list[str]]:
        """Start the command, disturb it, wait for its end; return its exit code and what is amiss."""
        limit = rng.randrange(20_000, 2_000_000) if fault == FILE_LIMIT else None
        running = command.start(log, largest_file=limit)
        try:
            return self._disturb(running, command, fault, rng, log)
        except BaseException:  # as by Ctrl-C: it has a session of its own
            subprocess.run(["kill", "-KILL", *map(str, processes_of(running.pid))], check=False)
            raise

    def _disturb(
        self, running: subprocess.Popen[bytes], command: Command, fault: str, rng: random.Random, log: Path
    ) -> tuple[int, list[str]]:
        stage = Stage(running.pid, command.out, rng)
        amiss = []
        if fault in FAULTS:
            try:
                running.wait(rng.uniform(0, self.seconds))
            except subprocess.TimeoutExpired:
                FAULTS[fault](stage)
        try:
            code = running.wait(SECONDS_TO_END + 2 * self.seconds)
        except subprocess.TimeoutExpired:
            amiss.append("it did not end")
            code = 1
        left = _processes_left(running.pid, SECONDS_TO_END / 10)
        if left:
            amiss.append(f"{len(left)} processes were left")
            subprocess.run(["kill", "-KILL", *map(str, left)], check=False)
            running.wait()
        stage.filler.unlink(missing_ok=True)
        return code, [*amiss, *problems(command.out, self.reference, code, log)]

    def _count(self, fault: str, code: int, last: str, again: int) -> None:
        """Count an end; what was computed again was lost by the fault before it."""
        if fault:
            self.tally.injected[fault] += 1
            self.tally.ends.setdefault(fault, Counter())[code] += 1
        if last:
            self.tally.lost[last] = max(self.tally.lost[last], again)


def _processes_left(session: int, seconds: float) -> list[int]:
    """Return the processes of a session that still live after some seconds."""
    end = time.monotonic() + seconds
    while left := list(processes_of(session)):
        if time.monotonic() > end:
            return left
        time.sleep(0.05)
    return []


def _end(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-3000:]


def table(tally: Tally, n_cells: int, seed: int) -> str:
    """Return the table of a document: a row for every fault."""
    lines = [
        f"{tally.rounds} rounds from seed {seed} of a grid of {n_cells} cells, "
        f"{tally.starts} starts of the command: {tally.identical} of {tally.rounds} tables byte-identical "
        "to an undisturbed run, "
        f"{len(tally.problems)} things amiss.",
        "",
        "| fault | injected | exit codes of the command | cells computed again, most after one |",
        "|---|---|---|---|",
    ]
    for fault in sorted(tally.injected):
        codes = ", ".join(f"{code} ({n} times)" for code, n in sorted(tally.ends[fault].items()))
        lines.append(f"| {fault} | {tally.injected[fault]} | {codes} | {tally.lost[fault]} |")
    return "\n".join([*lines, *(f"- {text}" for text in tally.problems)])


if __name__ == "__main__":
    sys.exit(main())
