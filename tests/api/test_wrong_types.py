"""Every public function tells a wrong type in three parts, before it does anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_up import made_up_run

import smote_bench
from smote_impls import SMOTE

FRAME = pd.DataFrame({"dataset": ["d"]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("one") / "reports"
    return made_up_run(out, datasets=1, methods=2, classifiers=1, folds=2, points=None)


def _refused(words: str, call: Callable[..., object], *given: Any, **options: Any) -> None:
    with pytest.raises(smote_bench.ConfigError, match=words) as error:
        call(*given, **options)
    said = str(error.value)
    assert ": " in said or "Choose from" in said, "what to do"


@pytest.mark.parametrize("value", ["no", "x", 1, 0, None])
def test_flags_are_not_taken_by_their_truth(value: Any, folder: Path) -> None:
    calls: list[tuple[str, Callable[..., object], tuple[Any, ...]]] = [
        ("progress", smote_bench.run, ("quick",)),
        ("report", smote_bench.run, ("quick",)),
        ("smoke", smote_bench.validate, (SMOTE,)),
        ("fail_fast", smote_bench.validate, (SMOTE,)),
        ("smoke", smote_bench.parametrize_with_properties, ([SMOTE],)),
        ("any_data", smote_bench.compare, (folder, folder)),
        ("partial", smote_bench.gate, (FRAME, FRAME)),
        ("again", smote_bench.Run(folder).report, ()),
    ]
    for name, call, given in calls:
        _refused(rf"^expected True or False for {name}, got {value!r} \(", call, *given, **{name: value})


@pytest.mark.parametrize("value", [3, None, b"reports", ["reports"]])
def test_folders_are_paths(value: Any, folder: Path) -> None:
    run = smote_bench.Run(folder)
    words = r"^expected a folder for out, got"
    _refused(words, smote_bench.open_run, "latest", out=value)
    _refused(words, smote_bench.compare, run, run, out=value)
    _refused(words, smote_bench.gate, FRAME, FRAME, out=value)
    _refused(words, smote_bench.save_baseline, run, "b", out=value)
    _refused(r"^expected the folder of a finished run for folder, got", smote_bench.Run, value)
    _refused(r"^expected a run's folder or name, got", smote_bench.open_run, value)


@pytest.mark.parametrize("value", [3, "nowhere", __file__])
def test_a_folder_of_data_files_is_there(value: Any) -> None:
    words = r"^expected a folder of data files for data, got"
    _refused(words, smote_bench.load_dataset, "Ecoli", data=value)
    _refused(words, smote_bench.run, "quick", data=value)


@pytest.mark.parametrize("seed", ["x", 1.5, True, -1])
def test_seeds_are_integers(seed: Any) -> None:
    words = r"^expected an integer, 0 or more, for seed, got"
    _refused(words, smote_bench.validate, SMOTE, seed=seed)
    _refused(words, smote_bench.parametrize_with_properties, [SMOTE], seed=seed)


@pytest.mark.parametrize("value", [3, ["x"], b"x"])
def test_words_are_text(value: Any, folder: Path) -> None:
    family = r"^expected the name of a family for family, got"
    _refused(family, smote_bench.validate, SMOTE, family=value)
    _refused(family, smote_bench.parametrize_with_properties, [SMOTE], family=value)
    _refused(r"^expected raw or processed for version, got", smote_bench.load_dataset, "Ecoli", value)
    _refused(r"^expected words for reason, got", smote_bench.save_baseline, folder, "b", reason=value)
    _refused(r"^expected a baseline's name for name, got", smote_bench.save_baseline, folder, value)
    _refused(r"^expected a figure's name, got", smote_bench.Run(folder).figure, value)


@pytest.mark.parametrize("value", [3, [3], {"SMOTE": 1}, b"SMOTE"])
def test_names_are_names(value: Any, folder: Path) -> None:
    for what in ("datasets", "methods", "classifiers", "metrics"):
        _refused(rf"^expected names for {what}, got", smote_bench.run, "quick", **{what: value})
    _refused(r"^expected names for properties, got", smote_bench.validate, SMOTE, properties=value)
    _refused(r"^expected names for metrics, got", smote_bench.gate, FRAME, FRAME, metrics=value)
    _refused(r"^expected names for metrics, got", smote_bench.Run(folder).intervals, value)


@pytest.mark.parametrize("value", [3, "structure", lambda _: 3])
def test_expected_failures_are_a_mapping_or_a_function_that_returns_one(value: Any) -> None:
    words = r"^expected_failures: expected a mapping, or a function"
    _refused(words, smote_bench.parametrize_with_properties, [SMOTE], expected_failures=value)


def test_a_folder_in_which_nothing_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    words = r"^expected a folder for out in which files can be made, got"
    _refused(words, smote_bench.run, "quick", out=tmp_path / "file" / "below", progress=False)
