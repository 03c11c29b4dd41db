"""``smote-bench track RUN --to NAME``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smote_bench import cli
from tests.report.trackers.conftest import finished, run_folder, sent_to_toy, there

__all__ = ["finished", "run_folder", "there"]


def test_the_latest_run_is_sent_once(there: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["track", "--to", "toys:Toy", "--reports", "out"]) == 0
    assert "toys:Toy: toy takes" in capsys.readouterr().out
    assert cli.main(["track", "latest", "--to", "toys:Toy", "--reports", "out"]) == 0
    assert len(sent_to_toy(there.path)) == 3


def test_what_failed_is_code_1_and_the_same_command_sends_the_rest(
    there: Any, run_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOY", "refuses")
    assert cli.main(["track", str(run_folder), "--to", "toys:Toy"]) == 1
    assert "smote-bench track: not sent to toys:Toy: expected the toy" in capsys.readouterr().err
    monkeypatch.delenv("TOY")
    assert cli.main(["track", str(run_folder), "--to", "toys:Toy"]) == 0
    assert len(sent_to_toy(there.path)) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "--to", "toys:Toy"], "expected a run's folder, the name of one in"),
        (["latest", "--to", "mlfow", "--reports", "out"], "Did you mean 'mlflow'?"),
        (["latest", "--to", ",", "--reports", "out"], "expected a tracker's name for --to, got none"),
    ],
)
def test_a_wrong_call_is_code_2(
    there: Any, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert cli.main(["track", *arguments]) == 2
    assert said in capsys.readouterr().err
