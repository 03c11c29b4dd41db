"""``smote-bench methods``: what it prints, writes and returns.

Also of: documents.
"""

from __future__ import annotations

import argparse
import sys
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smote_bench.commands import methods as command

Table = tuple[np.ndarray, np.ndarray]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["methods", *words])
    status: int = args.run(args)
    return status


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch, table: Table) -> None:
    """Stand in for the catalogue of datasets."""

    def load_dataset(name: str, version: str) -> types.SimpleNamespace:
        assert (name, version) == ("Small", "processed")
        return types.SimpleNamespace(X=pd.DataFrame(table[0]), y=table[1])

    module = types.ModuleType("smote_bench.data.dataset")
    module.load_dataset = load_dataset  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)


def test_lists_all_names_or_those_of_one_library(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    everything = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert run("list", "--library", "imblearn") == 0
    some = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert {"Original", "Safe_Level_SMOTE", "imblearn.SMOTE", "TomekLinks"} <= set(everything)
    assert {line[1] for line in some} == {"imblearn"}
    assert len(some) < len(everything)


def test_shows_target_parameters_with_defaults_and_remark(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "SMOTE_ENN") == 0
    out = capsys.readouterr().out
    assert "SMOTE_ENN: smote_variants:SMOTE_ENN\nSMOTE, then edited nearest neighbours" in out
    assert "  n_neighbors: 5\n" in out
    assert "adapted for smote_variants 1.0.1" in out
    assert "random_state" not in out


def test_shows_trivial_arms(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "tuned_threshold") == 0
    assert "no sampler, class_weight=None, tuned_threshold=True" in capsys.readouterr().out


def test_an_unknown_name_is_explained_and_the_exit_code_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "SMOT") == 2
    assert "Did you mean 'SMOTE'" in capsys.readouterr().err


@pytest.mark.usefixtures("catalogue")
def test_check_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--datasets", "Small", "--methods", "SMOTE,imblearn.SMOTE") == 0
    out, err = capsys.readouterr()
    assert err.startswith("SMOTE on Small: ok 0.")
    assert out.startswith("| method | library | Small | remarks |")
    assert out.count(" ok, ") == 2


@pytest.mark.usefixtures("catalogue")
def test_check_writes_between_the_markers_and_keeps_the_rest(tmp_path: Path) -> None:
    document = tmp_path / "methods.md"
    begin, end = "<!-- methods check: begin -->", "<!-- methods check: end -->"
    document.write_text(f"# Title\n\n{begin}\nold\n{end}\n\nAfter.\n")
    assert run("check", "--datasets", "Small", "--methods", "SMOTE", "--out", str(document)) == 0
    text = document.read_text()
    assert text.startswith(f"# Title\n\n{begin}\n| method |")
    assert text.endswith(f"{end}\n\nAfter.\n")
    assert "old" not in text
    assert "Made by `smote-bench methods check --datasets Small --methods SMOTE" in text
    assert "smote_variants 1." in text


@pytest.mark.usefixtures("catalogue")
def test_check_refuses_a_document_without_markers_before_it_works(tmp_path: Path) -> None:
    document = tmp_path / "notes.md"
    document.write_text("mine\n")
    assert run("check", "--datasets", "Small", "--methods", "SMOTE", "--out", str(document)) == 2
    assert document.read_text() == "mine\n"


@pytest.mark.usefixtures("catalogue")
def test_check_returns_1_when_a_method_fails(write_sampler: Callable[[str], str]) -> None:
    target = write_sampler("def sampler(X, y):\n    raise ValueError('on purpose')\n")
    assert run("check", "--datasets", "Small", "--methods", target) == 1


@pytest.mark.parametrize("wrong", [["--timeout", "0"], ["-n", "0"]])
def test_check_refuses_impossible_limits(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", *wrong) == 2
    assert "expected --timeout > 0 and -n >= 1" in capsys.readouterr().err
