"""``smote-bench report RUN``."""

from __future__ import annotations

from pathlib import Path

import pytest

from smote_bench import cli


def test_a_folder_that_is_no_run_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", str(tmp_path)]) == 2
    assert "expected a run's folder, the name of one in" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["report", str(tmp_path), "--jobs", "0"])
    assert "expected a number of processes, 1 or more, got '0'" in capsys.readouterr().err
