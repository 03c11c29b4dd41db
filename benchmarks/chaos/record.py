"""What came of rounds: counted together, and kept in a file from which a later call goes on."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Record", "Tally"]


@dataclass
class Tally:
    """What was done and what came of it."""

    injected: Counter[str] = field(default_factory=Counter)
    ends: dict[str, Counter[int]] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    starts: int = 0
    identical: int = 0
    rounds: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count what came of other rounds, too; of cells computed again the most after one fault counts."""
        self.injected += other.injected
        for fault, ends in other.ends.items():
            self.ends.setdefault(fault, Counter()).update(ends)
        for fault, n in other.lost.items():
            self.lost[fault] = max(self.lost[fault], n)
        self.starts += other.starts
        self.identical += other.identical
        self.rounds += other.rounds
        self.problems += other.problems

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        ends = {fault: {str(code): n for code, n in codes.items()} for fault, codes in self.ends.items()}
        return {**vars(self), "injected": dict(self.injected), "lost": dict(self.lost), "ends": ends}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Tally:
        """Read what `to_json` gave."""
        ends = {f: Counter({int(code): n for code, n in codes.items()}) for f, codes in plain["ends"].items()}
        counted = {"injected": Counter(plain["injected"]), "lost": Counter(plain["lost"]), "ends": ends}
        return cls(**(plain | counted))


class Record:
    """A file with a line of JSON for each round that was ended; the first line says of what grid they are.

    Parameters
    ----------
    path : Path
        Made where it is not there. A last line that was cut, as by a kill, is taken off.
    n_cells : int
    faults : sequence of str
    scores : str
        The digest of the undisturbed run's table, which other code may change.
    """

    def __init__(self, path: Path, n_cells: int, faults: Sequence[str], scores: str) -> None:
        self.path = path
        self.rounds: dict[int, Tally] = {}
        about = {"cells": n_cells, "faults": sorted(faults), "scores": scores}
        whole = path.read_text(encoding="utf-8").rpartition("\n")[0] if path.is_file() else ""
        lines = [json.loads(line) for line in whole.splitlines()]
        if lines and lines[0] != about:
            differing = ", ".join(name for name in about if lines[0].get(name) != about[name])
            raise SystemExit(
                f"expected {str(path)!r} to have rounds of this grid, got others ({differing}): name another "
                "file, or call it as before"
            )
        for line in lines[1:]:
            self.rounds[line["seed"]] = Tally.from_json(line["tally"])
        text = "".join(f"{json.dumps(line)}\n" for line in (lines or [about]))
        partial = path.with_name(f".{path.name}.partial")
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)

    def keep(self, seed: int, tally: Tally) -> None:
        """Write down a round, at once."""
        self.rounds[seed] = tally
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps({'seed': seed, 'tally': tally.to_json()})}\n")
            file.flush()
            os.fsync(file.fileno())
