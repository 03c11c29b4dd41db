"""``smote-bench plan``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from smote_bench import cli


def plan(*words: str) -> int:
    return cli.main(["plan", *words])


FEW = ("quick", "--datasets", "Haberman", "--methods", "SMOTE", "--classifiers", "kNN")


def test_prints_what_a_run_will_cost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(*FEW, "--no-calibrate", "--workers", "1,2", "--out", str(tmp_path)) == 0
    text = capsys.readouterr().out
    assert "quick: 2 cells asked for, 0 in the memo, 2 to compute" in text
    assert "kNN" in text
    assert list(tmp_path.iterdir()) == []  # nothing is left


def test_calibrates_and_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(*FEW, "--memo", "off", "--calibrate", "0.5", "--json") == 0
    read = json.loads(capsys.readouterr().out)
    assert list(read["wall"]) == ["1", "16", "256", "4096"]
    assert 0 < read["cpu_seconds"]["cells"] < 60
    assert read["memory_bytes_of_a_worker"] > 1e8


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["quik"], "expected an experiment file, or one of .*'quik'. Did you mean 'quick'"),
        (["quick", "--methods", "SMOTT"], "got 'SMOTT'. Did you mean 'SMOTE'"),
        (["quick", "--datasets", " , "], "expected names with commas for --datasets"),
        (
            ["quick", "--memo", "nowhere.sqlite"],
            "expected the file of a memo for --memo, got 'nowhere.sqlite'",
        ),
        (["quick", "--data", "nowhere"], "expected a folder of data files for --data, got 'nowhere'"),
    ],
)
def test_refuses_what_is_wrong_and_says_what_is_right(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan(*words) == 2
    assert re.search(message, capsys.readouterr().err)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--workers", "1,x"], "expected whole numbers from 1 to 1,000,000 with commas, as in 1,16, got 'x'"),
        (["--workers", "0"], "got '0'"),
        (["--workers", "1,,2"], "got ''"),
        (["--timeout", "soon"], "expected a number of seconds, 0 or more, got 'soon'"),
        (["--calibrate", "-1"], "expected a number of seconds, 0 or more, got '-1'"),
        (["--engine", "ray"], "invalid choice: 'ray'"),
    ],
)
def test_a_slip_in_an_option_is_wrong_usage(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        plan("quick", *words)
    assert message in capsys.readouterr().err


def test_help_imports_neither_numpy_nor_pandas() -> None:
    code = (
        "import sys\nfrom smote_bench import cli\n"
        "try:\n    cli.main(['plan', '--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'numpy', 'pandas', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
