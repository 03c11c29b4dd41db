"""``smote-bench try``, from the file to the page and the experiment that repeats it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest
import yaml

from smote_bench.api.one_file import choice, stages
from smote_bench.cli import main
from smote_bench.commands import try_file


@pytest.fixture
def here(bench: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    bench.table("own", 1, rows=100)
    monkeypatch.chdir(bench.path)
    for name, value in bench.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(choice, "METHODS", ("class_weight", "SMOTE"))
    monkeypatch.setattr(stages, "CLASSIFIERS", ("NaiveBayes",))
    return bench.path


def test_answers_and_leaves_the_experiment_that_repeats_it(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["try", "own.csv", "--target", "y", "--minutes", "1", "--precision", "0.5", "-n", "1"]) == 0
    out = capfd.readouterr().out
    for words in (
        "target      y: '0' in 80 rows, '1' in 20 rows; the minority, '1', has 20",
        "a  numbers",
        "The answer\n",
        "What it is worth\n",
        "Gains over Original by balanced accuracy (95% interval, all methods counted)",
        "What it would take to know more\n  Stopped after 1 repeat",
        "To repeat it: smote-bench run own.yaml",
    ):
        assert words in out
    (folder,) = (here / "reports" / "runs").iterdir()
    assert (folder / "report.html").is_file()
    assert f"Page: reports/runs/{folder.name}/report.html" in out
    written = yaml.safe_load((here / "own.yaml").read_text())
    assert written["datasets"] == [{"name": "own", "file": "own.csv", "target": "y", "minority": "1"}]

    words = ["-n0", "-q", "--smote-memo", "off", "--smote-out", "again", "--smote-no-report"]
    assert main(["run", "own.yaml", *words, "-p", "no:cacheprovider"]) == 0
    (again,) = (here / "again" / "runs").iterdir()
    assert (again / "scores.csv").read_bytes() == (folder / "scores.csv").read_bytes()


def test_no_file_of_the_user_is_overwritten(here: Path) -> None:
    (here / "own.yaml").write_text("mine: true\n")
    args = argparse.Namespace(file="own.csv", yaml=None)
    experiment: dict[str, Any] = {"name": "own", "datasets": [{"name": "own", "file": "/elsewhere"}]}
    assert try_file._written(experiment, args) == Path("own_2.yaml")
    assert try_file._written(experiment, args) == Path("own_2.yaml")  # the same content
    assert try_file._written({**experiment, "cost": 1}, args) == Path("own_3.yaml")
    assert (here / "own.yaml").read_text() == "mine: true\n"
    (here / "sub").mkdir()
    args.yaml = Path("sub/x.yaml")
    assert (
        yaml.safe_load(try_file._written(experiment, args).read_text())["datasets"][0]["file"] == "../own.csv"
    )
    with_test = {"datasets": [{**experiment["datasets"][0], "test": "more/test.csv"}]}
    args.yaml = Path("sub/y.yaml")
    entry = yaml.safe_load(try_file._written(with_test, args).read_text())["datasets"][0]
    assert (entry["file"], entry["test"]) == ("../own.csv", "../more/test.csv")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nowhere.csv", "--target", "y"], "there is none"),
        (["ownn.csv"], "there is none: correct the name. Did you mean 'own.csv'?"),
        (["haberman"], "Haberman is a data set of the catalogue"),
        ([".", "--target", "y"], "expected a file, got the folder '.'"),
        (
            ["own.csv", "--target", "y", "--yaml", "nowhere/x.yaml"],
            "expected a folder at 'nowhere' for --yaml",
        ),
        (["own.csv", "--target", "y", "--yaml", "."], "got the folder '.': name a file in it"),
        (["own.csv"], "expected --target COLUMN"),
        (["own.csv", "--target", "Y2"], "y"),
        (["own.csv", "--target", "y", "--metric", "g_meen"], "Did you mean 'g_mean'?"),
        (["own.csv", "--target", "y", "--metric", "g_mean", "--cost", "1,2"], "got both"),
        (["own.csv", "--target", "y", "--minutes", "0.1"], "0.5 or more"),
        (["own.csv", "--target", "y", "--cost", "1"], "two numbers"),
        (["own.csv", "--target", "y", "--cost", "1,25,3"], "two numbers"),
        (["own.csv", "--target", "y", "--cost", "fp=1,fn=x"], "two numbers"),
        (["own.csv", "--target", "y", "-n", "0"], "whole number of 1 or more"),
        (["own.csv", "--target", "y", "--precision", "0"], "a number above 0"),
        (["own.csv", "--target", "y", "--minority", "7"], "'7'"),
    ],
)
def test_mistakes_are_told_before_anything_is_computed(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    expected: str,
) -> None:
    monkeypatch.setattr(stages, "run", None)
    try:
        code = main(["try", *words])
    except SystemExit as left:
        code = int(left.code or 0)
    assert code == 2
    assert expected in capsys.readouterr().err


def test_a_folder_in_which_nothing_may_be_written(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stages, "run", None)
    monkeypatch.setattr(try_file.os, "access", lambda *_: False)
    assert main(["try", "own.csv", "--target", "y"]) == 2
    assert "write in the folder you are in, got no: name a place with --yaml" in capsys.readouterr().err


def test_ctrl_c_is_a_line_and_no_traceback(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(stages, "run", interrupted)
    assert main(["try", "own.csv", "--target", "y"]) == 130
    assert capsys.readouterr().out.splitlines()[-1] == (
        "smote-bench: stopped; what was computed is in the memo, and the same command goes on from there"
    )


def test_too_few_rows_of_the_minority(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"{n * 7 % 13},{int(n < 9)}" for n in range(50)]
    (here / "few.csv").write_text("\n".join(["a,y", *rows]) + "\n")
    assert main(["try", "few.csv", "--target", "y"]) == 2
    assert "expected at least 10 rows of the minority, got 9" in capsys.readouterr().err


def test_costs_are_read_with_and_without_names() -> None:
    assert try_file._cost("1,25") == try_file._cost("fp=1, fn=25") == {"fp": 1.0, "fn": 25.0}
