"""``smote-bench figure RUN``."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up import made_up_run

from smote_bench import cli


def test_draws_the_deltas_of_a_run_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1, points=None)
    assert cli.main(["figure", str(folder)]) == 0
    assert cli.main(["figure", str(folder), "--out", str(tmp_path / "new" / "mine.svg")]) == 0
    said = [folder / "figures" / "deltas.png", tmp_path / "new" / "mine.svg"]
    assert capsys.readouterr().out.splitlines() == list(map(str, said))
    assert said[0].read_bytes().startswith(b"\x89PNG")
    assert "</svg>" in said[1].read_text(encoding="utf-8")


def test_a_wrong_call_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["figure", str(tmp_path), "--out", str(tmp_path / "mine.jpg")]) == 2
    assert "expected a file ending in .png, .svg, .pdf, got" in capsys.readouterr().err
    assert cli.main(["figure", str(tmp_path)]) == 2
    assert list(tmp_path.iterdir()) == []
