"""One file's runs, in the minutes that there are."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any

import pytest

from smote_bench.api.one_file import stages
from smote_bench.api.one_file.stages import Question, Stages
from smote_bench.errors import RunAborted, SmoteBenchError


@pytest.fixture
def question(bench: Any, monkeypatch: pytest.MonkeyPatch) -> Question:
    bench.table("own", 1, rows=100)
    monkeypatch.chdir(bench.path)
    for name, value in bench.environment().items():
        monkeypatch.setenv(name, value)
    entry = {"name": "own", "file": str(bench.path / "own.csv"), "target": "y", "minority": "1"}
    return Question(entry, n_rows=100, n_columns=4, n_folds=5, metric="balanced_accuracy")


def _grid(
    monkeypatch: pytest.MonkeyPatch,
    question: Question,
    methods: tuple[str, ...],
    classifiers: tuple[str, ...],
) -> Question:
    monkeypatch.setattr(stages, "CLASSIFIERS", classifiers)
    return dataclasses.replace(question, methods=methods)


def _stages(question: Question, seconds: float, said: list[str], **more: Any) -> Stages:
    return Stages(question, seconds, more.pop("wanted", None), Path("out"), 1, say=said.append, **more)


def test_repeats_until_narrow_and_the_whole_run_counts(
    question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = _grid(monkeypatch, question, ("SMOTE", "class_weight"), ("NaiveBayes",))
    said: list[str] = []
    first = _stages(question, 120, said, wanted=9.0).look()
    assert (first.repeats, first.why, len(said)) == (1, "narrow enough", 1)
    wanted = first.precision.after(4)
    found = _stages(question, 120, said, wanted=wanted).look()
    assert found.not_come_to == ()
    assert found.why == "narrow enough" if found.precision.half_width <= wanted else found.repeats == 10
    assert 4 <= found.repeats == found.experiment["experiment_config"]["random_runs"]
    assert said[0] == "5 folds once: 3 methods with NaiveBayes"
    # what was computed is in the memo of the reports, and nothing else is left
    assert {path.name for path in Path("out").iterdir()} >= {"memo.sqlite"}
    assert not (Path("out") / "runs").exists()


def test_when_time_is_over_what_is_whole_counts(question: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "_LAST_SECONDS", 0.0)
    question = _grid(monkeypatch, question, ("SMOTE", "samplers:Forever"), ("NaiveBayes",))
    started = time.monotonic()
    found = _stages(question, 15, []).look()
    assert time.monotonic() - started < 60  # it does not wait for what never ends
    assert found.why == "time"
    assert found.not_come_to == ("samplers:Forever",)
    assert found.experiment["methods"] == ["SMOTE"]


def test_the_stage_before_counts_where_the_next_was_cut(
    question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "_LAST_SECONDS", 0.0)
    Path("slow.py").write_text(
        "import time\nfrom sklearn.naive_bayes import GaussianNB\n\n\n"
        "class Slow(GaussianNB):\n    def fit(self, X, y):\n        time.sleep(99)\n"
    )
    question = _grid(monkeypatch, question, ("SMOTE",), ("NaiveBayes", "slow:Slow"))
    found = _stages(question, 20, []).look()
    assert (found.why, found.not_come_to, found.repeats) == ("time", ("slow:Slow",), 1)
    assert found.experiment["experiment_config"]["selected_classifiers"] == ["NaiveBayes"]


def test_what_is_gone_already_counts(question: Question) -> None:
    stages_ = _stages(question, 200, [], before=20.0)
    assert 200 - 20 - 4 * 20 - 1 < stages_.left <= 200 - 20 - 4 * 20


def test_it_begins_with_the_fastest_classifier(question: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    question = _grid(monkeypatch, question, ("SMOTE",), ("NaiveBayes", "kNN"))
    said: list[str] = []
    _stages(question, 60, said, wanted=0.9).look()
    assert said[:2] == [
        "5 folds once: 2 methods with NaiveBayes",
        "5 folds once: 2 methods with NaiveBayes, kNN",
    ]


def test_no_time_for_a_single_method_is_said(question: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "_LAST_SECONDS", 0.0)
    question = _grid(monkeypatch, question, ("samplers:Forever",), ("NaiveBayes",))
    with pytest.raises(
        SmoteBenchError, match=r"expected at least one method .* in 0\.2 minutes.*--minutes 1"
    ):
        _stages(question, 12, []).look()


def test_a_stage_is_not_begun_in_less_than_its_start_takes(
    question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = _grid(monkeypatch, question, ("SMOTE",), ("NaiveBayes", "kNN"))
    said: list[str] = []
    times = iter([0.0, 0.0, 0.0])  # its start, and what the first stage asks
    found = _stages(question, 90, said, clock=lambda: next(times, 70.0)).look()
    assert said == ["5 folds once: 2 methods with NaiveBayes"]
    assert (found.why, found.not_come_to) == ("time", ("kNN",))


def test_a_stage_stopped_before_its_first_cell_counts_as_not_begun(
    question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_args: Any, **_options: Any) -> Any:
        nonlocal now
        now = after
        raise RunAborted("interrupted", "nowhere", 2)

    now, after = 0.0, 90.0
    question = _grid(monkeypatch, question, ("SMOTE",), ("NaiveBayes", "kNN"))
    stages_ = _stages(question, 90, [], clock=lambda: now)
    first = stages_._stage(1, ("SMOTE",), ("NaiveBayes",))
    monkeypatch.setattr(stages, "run", interrupted)
    found = stages_._stage(1, ("SMOTE",), ("NaiveBayes", "kNN"), otherwise=first)
    assert (found.experiment, found.why, found.not_come_to) == (first.experiment, "time", ("kNN",))
    now = 0.0
    with pytest.raises(SmoteBenchError, match=r"in 1\.5 minutes, got no cell: .*--minutes 3"):
        stages_._stage(1, ("SMOTE",), ("NaiveBayes",))
    now, after = 0.0, 1.0  # there was time: it is another thing that stopped it
    with pytest.raises(RunAborted):
        stages_._stage(1, ("SMOTE",), ("NaiveBayes",), otherwise=first)
