"""How often `smote-bench try` says "helps" of files in which nothing can help."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from benchmarks import try_study


def test_a_file_without_signal_goes_through_the_rule(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = try_study.table(rng).iloc[:90]
    frame["y"] = (np.arange(len(frame)) % 5 == 0).astype(int)
    outcomes = try_study.outcomes_of(frame, tmp_path)
    assert {one.status for one in outcomes} == {"ok"}
    assert {len([fit for fit in one.fits if fit.phase == "cv"]) for one in outcomes} == {50}
    found = try_study.verdicts(outcomes, "balanced_accuracy", affordable=3)
    assert found["as the command stops"][1] == 3  # so small a file is never precise enough
    assert (found["one"][1], found["ten"][1]) == (1, 10)
    alone = try_study.verdicts(try_study.outcomes_of(frame, tmp_path, 3), "balanced_accuracy", affordable=3)
    assert alone == {"as the command stops": found["as the command stops"]}


def test_the_table_counts_and_keeps(tmp_path: Path) -> None:
    one = {rule: ("helps" if rule == "one" else "no difference shown", 2) for rule in try_study.RULES}
    records = [{"file": n, "found": dict.fromkeys(try_study.METRICS, one)} for n in range(4)]
    file = tmp_path / "kept.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records) + '{"file": 9, "fou')
    kept = list(try_study.kept(file))
    assert len(kept) == 4
    rows = [line.split(" | ") for line in try_study.render(kept).splitlines()[2:]]
    assert {(row[1], row[3].split(" (")[0]) for row in rows} == {
        ("as the command stops", "0.0"),
        ("one", "100.0"),
        ("ten", "0.0"),
        ("until it helps", "0.0"),
    }
