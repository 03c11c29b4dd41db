"""``smote-bench survey``: the table between its markers, and wrong calls told before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

from smote_bench.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def judgements(tmp_path):
    path = tmp_path / "judgements.yaml"
    path.write_text(
        "default:\n  originals_come_first: {judgement: bug, reason: rows get lost}\n"
        "samplers:\n  sv.SPY:\n    originals_come_first: {judgement: design, reason: it relabels rows}\n"
    )
    return path


def test_the_command_writes_the_table_between_its_markers(tmp_path, monkeypatch, capsys, judgements):
    document = tmp_path / "violations.md"
    document.write_text("before\n<!-- survey: begin -->\nold\n<!-- survey: end -->\nafter\n")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    arguments = ["--samplers", "imblearn.RandomOverSampler", "--smoke", "--judgements", str(judgements)]
    assert main(["survey", *arguments, "--out", str(document)]) == 0
    text = document.read_text()
    assert text.startswith("before\n<!-- survey: begin -->\n## Samplers")
    assert text.endswith("<!-- survey: end -->\nafter\n")
    assert "| imblearn.RandomOverSampler | generic |" in text
    assert "old" not in text
    assert "--samplers imblearn.RandomOverSampler --smoke --seed 0" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--samplers", "sv.SMOTTE"], "expected a sampler's name"),
        (["-n", "0"], "-n >= 1"),
        (["--out", "no/such/folder/x.md"], "folder that exists"),
    ],
)
def test_wrong_arguments_are_told_before_any_work(capsys, arguments, message):
    assert main(["survey", *arguments]) == 2
    assert message in capsys.readouterr().err
