"""`smote_bench.load_dataset`."""

from __future__ import annotations

from pathlib import Path

import pytest

import smote_bench


def test_a_name_of_the_catalogue_raw_or_processed() -> None:
    raw, processed = (smote_bench.load_dataset("Ecoli", version) for version in ("raw", "processed"))
    assert isinstance(raw, smote_bench.Dataset)
    assert raw.y.sum() == 35
    assert processed.X.shape[1] == raw.X.shape[1]
    assert not processed.X.equals(raw.X)


@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_is_described_as_in_an_experiment_and_relative_to_the_current_folder(
    kind: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t.csv").write_text("a,left\n" + "1.5,no\n2.5,yes\n3.5,no\n" * 10)
    monkeypatch.chdir(tmp_path)
    own = {"name": "churn", "file": kind("t.csv"), "target": "left", "minority": "yes"}
    assert smote_bench.load_dataset(own).y.sum() == 10


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Ecoly", r"Did you mean 'Ecoli'\?"),
        (3, r"expected a dataset's name or .* got 3 \(int\)"),
        ({"name": "x", "file": "nowhere.csv", "target": "y", "minority": 1}, r"there is none"),
    ],
)
def test_what_is_not_there_is_told(source: object, words: str) -> None:
    with pytest.raises(smote_bench.ConfigError, match=words):
        smote_bench.load_dataset(source)  # type: ignore[arg-type]


def test_a_version_that_there_is_not_is_told() -> None:
    with pytest.raises(smote_bench.ConfigError, match="clean"):
        smote_bench.load_dataset("Ecoli", "clean")  # type: ignore[arg-type]
