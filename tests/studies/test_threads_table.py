"""The table of threads: both numbers of threads are measured, and lines go between the marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import threads_table


def test_lines_are_written_between_the_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "runtime.md"
    document.write_text("before\n<!-- threads: begin -->\nold\n<!-- threads: end -->\nafter\n")
    options = ["--rows", "3000", "--samplers", "ADASYN", "--seconds", "0", "--out", str(document)]
    monkeypatch.setattr("sys.argv", ["threads_table.py", *options])
    assert threads_table.main() == 0
    text = document.read_text()
    head, _, line = (row for row in text.splitlines() if row.startswith("|"))
    assert line in capsys.readouterr().out
    cells = dict(zip(threads_table.CELLS, line.strip("| ").split(" | "), strict=True))
    assert head.count("|") == line.count("|")
    assert (cells["sampler"], cells["rows"]) == ("ADASYN", "3,000")
    assert min(float(cells[name]) for name in ("cpu 1", "cpu 2", "wall 1", "wall 2", "ratio")) > 0
    assert "old" not in text
    assert text.startswith("before")
    assert text.endswith("after\n")


def test_other_rows_with_two_threads_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = threads_table.make_data(200, 5)
    threads_table.save(tmp_path, X, y)
    monkeypatch.setattr(
        threads_table, "resampled", lambda _, n, *data: ({"cpu": 1, "wall": 1}, 0, f"rows of {n}")
    )
    with pytest.raises(SystemExit, match="expected the same rows of SMOTE with one thread and with two"):
        threads_table.measured(tmp_path, "SMOTE", 0.0)


def test_a_peak_begins_anew() -> None:
    threads_table.reset_peak()
    before = threads_table.peak_bytes()
    held = bytearray(b"x") * 50_000_000
    assert threads_table.peak_bytes() > before + 40_000_000
    del held
    threads_table.reset_peak()
    assert threads_table.peak_bytes() < before + 40_000_000
