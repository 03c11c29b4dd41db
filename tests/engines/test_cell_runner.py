"""From a cell's name to its stored outcome: the run's store, the memo, or computed here and committed.

Also of: compute, runs.recorder, runs.settings.
"""

from __future__ import annotations

import dataclasses
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from smote_bench.engines import compute as compute_module
from smote_bench.engines.cell_runner import CellRunner
from smote_bench.engines.compute import CellComputer
from smote_bench.errors import ConfigError, DiskError, UnavailableError
from smote_bench.evaluation import folds as folds_module
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.evaluation.parts import Part
from smote_bench.evaluation.predictions import Predictions
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.runs.keys import CellKeys
from smote_bench.runs.run_store import RunStore
from smote_bench.runs.settings import RunSettings
from smote_bench.runs.store import SCHEMA, Store

SMOTE = "imblearn.SMOTE"
TEXT = f"""
methods: [{SMOTE}, class_weight]
datasets: [{{name: T, file: table.csv, target: y, minority: 1}}]
selected_classifiers: [kNN, LogisticRegression]
priority_metrics: [roc_auc, balanced_accuracy]
cv_folds: 2
"""
PARTS = (Part(1, 2, 0), Part(0, 3, 1))


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    rng = np.random.default_rng(0)
    y = (np.arange(80) % 4 == 0).astype(int)
    X = rng.normal(size=(80, 2)) + y[:, None]
    rows = (f"{a!r},{b!r},{label}" for (a, b), label in zip(X.tolist(), y.tolist(), strict=True))
    (tmp_path / "table.csv").write_text("a,b,y\n" + "\n".join(rows) + "\n")
    return experiment_from_text(TEXT, str(tmp_path / "exp.yaml"))


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[Cell]:
    """Note every cell that is computed, not read."""
    seen: list[Cell] = []
    real = CellComputer.outcome

    def outcome(self: CellComputer, cell: Cell, file_sha256: str | None = None) -> Outcome:
        seen.append(cell)
        return real(self, cell, file_sha256)

    monkeypatch.setattr(CellComputer, "outcome", outcome)
    return seen


@pytest.fixture
def start(tmp_path: Path, experiment: Experiment) -> Iterator[Any]:
    """Return a function that starts a runner as another run, or another worker of the same, would."""
    started: list[CellRunner] = []

    def begin(run: str = "one", *, changed: Experiment | None = None, **settings: Any) -> CellRunner:
        plain = {"run_dir": str(tmp_path / run), "memo": str(tmp_path / "memo.sqlite")}
        started.append(CellRunner(changed or experiment, RunSettings(**{**plain, **settings})))
        return started[-1]

    yield begin
    for runner in started:
        runner.close()


def _cell(method: str = SMOTE, classifier: str = "LogisticRegression") -> Cell:
    return Cell("T", method, classifier)


def _scores(outcome: Outcome) -> list[dict[str, float]]:
    return [dict(fit.scores) for fit in outcome.fits]


def test_a_cell_comes_with_its_deltas_against_original(start: Any) -> None:
    runner = start()
    result = runner.run(_cell())
    original = runner.run(_cell("Original")).outcome
    assert (result.outcome.status, result.from_memo) == ("ok", False)
    assert set(result.deltas) == {(p, m) for p in ("cv", "holdout") for m in ("roc_auc", "balanced_accuracy")}
    for (phase, metric), delta in result.deltas.items():
        assert delta == result.outcome.mean(metric, phase) - original.mean(metric, phase)
        assert type(delta) is float


def test_original_has_no_deltas(start: Any) -> None:
    assert start().run(_cell("Original")).deltas == {}


def test_an_outcome_tells_version_digest_and_workers(start: Any) -> None:
    outcome = start(n_workers=3).run(_cell()).outcome
    assert (outcome.version, outcome.n_workers, len(outcome.fits)) == ("raw", 3, 3)
    assert outcome.digest


def test_original_is_computed_once_for_all_methods_and_workers(start: Any, computed: list[Cell]) -> None:
    for runner in (start(memo=""), start(memo="")):
        for method in (SMOTE, "class_weight", "Original"):
            runner.run(_cell(method))
    assert computed.count(_cell("Original")) == 1
    assert len(computed) == 3


def test_a_run_goes_on_where_it_stopped(start: Any, computed: list[Cell]) -> None:
    first = start(memo="").run(_cell())
    start(memo="").run(_cell())
    assert len(computed) == 2  # the cell and its Original
    assert _scores(start(memo="").run(_cell()).outcome) == _scores(first.outcome)


def test_another_run_takes_the_outcome_from_the_memo_and_notes_it(
    start: Any, computed: list[Cell], tmp_path: Path
) -> None:
    first = start("one").run(_cell())
    del computed[:]
    second = start("two").run(_cell())
    assert computed == []
    assert (first.from_memo, second.from_memo) == (False, True)
    assert second.outcome == first.outcome
    assert Store(tmp_path / "two" / "cells.sqlite").from_memo() == {_cell(), _cell("Original")}


def test_the_memo_serves_a_cell_under_another_name(
    start: Any, computed: list[Cell], experiment: Experiment
) -> None:
    start("one").run(_cell())
    del computed[:]
    renamed = dataclasses.replace(
        experiment, classifiers={"Logit": experiment.classifiers["LogisticRegression"]}
    )
    result = start("two", changed=renamed).run(_cell(classifier="Logit"))
    assert (computed, result.from_memo) == ([], True)
    assert result.outcome.cell == _cell(classifier="Logit")


def test_without_a_memo_every_run_computes(start: Any, computed: list[Cell]) -> None:
    for run in ("one", "two"):
        assert not start(run, memo="").run(_cell()).from_memo
    assert computed.count(_cell()) == 2


@pytest.mark.parametrize("change", ["seed", "data"])
def test_a_changed_experiment_or_file_is_computed_again(
    start: Any, computed: list[Cell], experiment: Experiment, tmp_path: Path, change: str
) -> None:
    start("one").run(_cell())
    del computed[:]
    changed = experiment
    if change == "data":
        table = tmp_path / "table.csv"
        table.write_text(table.read_text() + "0.5,0.5,0\n")
    else:
        changed = dataclasses.replace(
            experiment, protocol=dataclasses.replace(experiment.protocol, random_state=43)
        )
    assert not start("two", changed=changed).run(_cell()).from_memo
    assert _cell() in computed


def _break(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    from smote_bench.evaluation import folds

    def fail(*args: Any, **more: Any) -> Any:
        raise error

    monkeypatch.setattr(folds, "resample", fail)


def test_a_failed_cell_is_kept_by_its_run_and_tried_again_by_the_next(
    start: Any, computed: list[Cell], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        _break(broken, ValueError("no"))
        for _ in range(2):
            outcome = start("one").run(_cell()).outcome
            assert (outcome.status, outcome.reason) == ("error", "ValueError: no")
        assert computed == [_cell()]
    assert start("two").run(_cell()).outcome.status == "ok"


def test_a_sampler_that_exits_is_an_error_and_is_known_to_have_ended(start: Any, tmp_path: Path) -> None:
    from smote_bench.runs.run_store import RunStore, this_worker

    for error, words in (
        (SystemExit("bye"), "SystemExit('bye'): it asked the process to end"),
        (KeyboardInterrupt("enough"), "KeyboardInterrupt, and nobody had interrupted it"),
        (GeneratorExit(), "GeneratorExit"),
    ):
        with pytest.MonkeyPatch.context() as broken:
            _break(broken, error)
            name = type(error).__name__
            assert start(name).run(_cell("Original")).outcome.reason == f"the cell raised {words}"
        assert RunStore(tmp_path / name / "cells.sqlite").begun_by(this_worker()) == []
        assert start(name).run(_cell()).outcome.status == "ok"


@pytest.mark.parametrize("swallows", [False, True])
def test_a_users_interrupt_is_no_outcome_even_where_a_sampler_swallows_it(
    start: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, swallows: bool
) -> None:
    from smote_bench.evaluation import folds
    from smote_bench.runs.run_store import RunStore, this_worker

    def interrupted(*args: Any, **more: Any) -> Any:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            if not swallows:
                raise
        raise ValueError("no")

    monkeypatch.setattr(folds, "resample", interrupted)
    with pytest.raises(KeyboardInterrupt):
        start("one").run(_cell())
    store = RunStore(tmp_path / "one" / "cells.sqlite")
    assert (list(store.outcomes()), store.begun_by(this_worker())) == ([], [])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_nothing_can_be_recorded_the_first_error_is_told_alone(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(what: str) -> Any:
        def no_room(*_args: Any, **_named: Any) -> None:
            raise DiskError(f"{what}: no room", "the disk is full")

        return no_room

    monkeypatch.setattr(RunStore, "put", refuse("put"))
    monkeypatch.setattr(RunStore, "abandon", refuse("abandon"))
    with pytest.raises(DiskError, match="put: no room") as caught:
        start().run(Cell("T", "Original", "kNN"))
    assert caught.value.__context__ is None


def test_deltas_need_both_scores(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        _break(broken, ValueError("no"))
        assert start("one").run(_cell("Original")).outcome.status == "error"
        failed = start("one").run(_cell())
        assert (failed.deltas, failed.why_no_deltas) == ({}, "")  # it has no scores itself
    result = start("one").run(_cell("class_weight"))
    assert result.deltas == {}
    assert result.why_no_deltas == (
        "no deltas: T-Original-LogisticRegression has no scores (error: ValueError: no)"
    )


def test_a_data_set_that_is_not_here_makes_its_cells_unavailable(
    start: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from smote_bench.evaluation import folds

    def absent(*args: Any, **more: Any) -> Any:
        raise UnavailableError("no provider has it", "fetch it")

    monkeypatch.setattr(folds, "load_dataset", absent)
    outcome = start().run(_cell()).outcome
    assert (outcome.status, outcome.reason) == ("unavailable", "no provider has it; fetch it")
    assert Store(tmp_path / "memo.sqlite").known_seconds() == {}


@pytest.mark.parametrize(
    ("error", "status"),
    [(UnavailableError("gone", "fetch it"), "unavailable"), (ConfigError("wrong"), "error")],
)
def test_a_cell_without_a_key_is_recorded_and_never_shared(
    start: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, status: str
) -> None:
    def fail(*args: Any, **more: Any) -> str:
        raise error

    monkeypatch.setattr(CellKeys, "key", fail)
    assert start().run(_cell()).outcome.status == status
    assert [o.status for o in Store(tmp_path / "one" / "cells.sqlite").outcomes()] == [status]
    assert list(Store(tmp_path / "memo.sqlite").outcomes()) == []


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the platform has no such timer")
# The alarm may come in what Python calls for an object that goes, which swallows it; it comes again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cell_longer_than_its_limit_is_a_time_out_and_not_shared(
    start: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from smote_bench.evaluation import folds

    def hang(*args: Any, **more: Any) -> Any:
        while True:
            pass

    monkeypatch.setattr(folds, "resample", hang)
    outcome = start(timeout_seconds=0.05).run(_cell()).outcome
    assert outcome.status == "timeout"
    assert "longer than the limit of 0.05 s" in outcome.reason
    assert list(Store(tmp_path / "memo.sqlite").outcomes()) == []


def test_only_a_worker_that_is_replaced_may_be_killed(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = compute_module.time_limit

    def limit(seconds: float, *, kill_process: bool) -> Any:
        seen.append((seconds, kill_process))
        return real(0)

    monkeypatch.setattr(compute_module, "time_limit", limit)
    start("one", memo="", timeout_seconds=9.0).run(_cell("Original"))
    start("two", memo="", timeout_seconds=9.0, is_worker=True).run(_cell("Original"))
    assert seen == [(9.0, False), (9.0, True)]


def test_too_few_fits_are_never_ok(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = start()
    monkeypatch.setattr(type(runner.folds), "folds", lambda self, dataset, method: iter(()))
    assert runner.run(_cell()).outcome.status == "error"


def test_a_memo_that_takes_nothing_warns_and_the_run_goes_on(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = start()

    def full(*args: Any, **more: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(runner.recorder.memo._store, "put", full)
    with pytest.warns(UserWarning, match="takes no outcome .*database or disk is full"):
        assert runner.run(_cell("Original")).outcome.status == "ok"


def _write_schema(path: Path, version: int) -> None:
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {version}")
    db.execute("CREATE TABLE cells (old TEXT)")
    db.close()


def test_a_memo_of_another_schema_is_moved_aside_each_time_and_not_lost(start: Any, tmp_path: Path) -> None:
    memo = tmp_path / "memo.sqlite"
    for n in (1, 2):
        memo.unlink(missing_ok=True)
        _write_schema(memo, SCHEMA + n)
        with pytest.warns(UserWarning, match=rf"schema {SCHEMA + n} .* moved to .*old{n}"):
            start(f"run{n}").run(_cell("Original"))
        aside = sqlite3.connect(tmp_path / f"memo.sqlite.old{n}")
        assert aside.execute("PRAGMA user_version").fetchone() == (SCHEMA + n,)
        aside.close()
        assert len(list(Store(memo).outcomes())) == 1


def test_a_memo_from_before_there_were_parts_is_moved_aside(start: Any, tmp_path: Path) -> None:
    _write_schema(tmp_path / "memo.sqlite", 2)
    with pytest.warns(UserWarning, match=rf"of schema {SCHEMA}, got schema 2 .* moved to .*old1"):
        runner = start()
    assert runner.run_part(_cell("Original"), PARTS[0]).status == "ok"


def test_a_file_that_is_no_memo_is_moved_aside_and_kept(start: Any, tmp_path: Path) -> None:
    memo = tmp_path / "results.csv"
    memo.write_text("mine,and,dear\n" * 100)
    with pytest.warns(UserWarning, match=r"an SQLite file of outcomes.* moved to .*results.csv.damaged1"):
        runner = start(memo=str(memo))
    assert runner.run(_cell("Original")).outcome.status == "ok"
    assert (tmp_path / "results.csv.damaged1").read_text() == "mine,and,dear\n" * 100


def test_a_part_is_the_same_cell_on_other_repeats_and_with_other_seeds(start: Any) -> None:
    runner = start()
    own = runner.run(_cell()).outcome
    more, redrawn = (runner.run_part(_cell(), part) for part in PARTS)
    assert [fit.repeat for fit in own.fits] == [0] * 3
    assert [fit.repeat for fit in more.fits] == [1] * 3 + [2] * 3
    assert [fit.repeat for fit in redrawn.fits] == [0] * 3 + [1] * 3 + [2] * 3
    assert _scores(redrawn)[:3] != _scores(own)
    # the longer protocol in one go has the same scores: a part is nothing but a part
    longer = dataclasses.replace(
        runner.experiment, protocol=dataclasses.replace(runner.experiment.protocol, random_runs=3)
    )
    assert _scores(start("other", changed=longer).run(_cell()).outcome) == _scores(own) + _scores(more)


def test_parts_are_kept_beside_the_runs_own_cells_without_predictions(start: Any, tmp_path: Path) -> None:
    runner = start()
    runner.run(_cell("Original"))
    runner.run_part(_cell("Original"), PARTS[0])
    store = Store(tmp_path / "one" / "cells.sqlite")
    assert len(list(store.outcomes())) == 1
    assert [words for words, _ in store.part_outcomes()] == ["splits 1-2, seed 0"]
    for name in ("one/cells.sqlite", "memo.sqlite"):
        (n,) = sqlite3.connect(tmp_path / name).execute("SELECT COUNT(*) FROM predictions").fetchone()
        assert n == 1


def test_a_part_in_the_runs_store_is_not_computed_again(start: Any, computed: list[Cell]) -> None:
    first = [start(memo="").run_part(_cell(), part) for part in PARTS]
    assert computed == [_cell()] * 2
    assert [start(memo="").run_part(_cell(), part) for part in PARTS] == first
    assert computed == [_cell()] * 2


def test_a_part_in_the_memo_is_not_computed_again(start: Any, computed: list[Cell], tmp_path: Path) -> None:
    first = start("one").run_part(_cell(), PARTS[0])
    del computed[:]
    assert start("two").run_part(_cell(), PARTS[0]) == first
    assert computed == []
    assert list(Store(tmp_path / "two" / "cells.sqlite").part_outcomes()) == [("splits 1-2, seed 0", first)]
    start("two").run_part(_cell(), PARTS[1])
    assert computed == [_cell()]


def test_draws_share_tables_and_prepared_folds(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from smote_bench.evaluation import folds

    prepared: list[int] = []
    loaded: list[str] = []
    real_prepare, real_load = folds.prepare_fold, folds.load_dataset
    monkeypatch.setattr(folds, "prepare_fold", lambda *a: prepared.append(1) or real_prepare(*a))
    monkeypatch.setattr(folds, "load_dataset", lambda *a, **k: loaded.append("T") or real_load(*a, **k))
    runner = start()
    for part in (Part(0, 2, 1), Part(0, 2, 2)):
        runner.run_part(_cell(), part)
    assert (len(prepared), loaded) == (6, ["T"])


def test_a_failing_part_has_a_status_of_its_own(
    start: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runner = start()
    assert runner.run(_cell()).outcome.status == "ok"
    with monkeypatch.context() as broken:
        _break(broken, ValueError("no"))
        outcome = runner.run_part(_cell(), PARTS[0])
    assert (outcome.status, outcome.reason) == ("error", "ValueError: no")
    assert {o.status for o in Store(tmp_path / "one" / "cells.sqlite").outcomes()} == {"ok"}


def test_a_part_without_a_key_does_not_take_the_place_of_the_runs_own_cell(
    start: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*args: Any, **more: Any) -> str:
        raise UnavailableError("gone", "fetch it")

    monkeypatch.setattr(CellKeys, "key", fail)
    runner = start()
    runner.run(_cell())
    for part in PARTS:
        assert runner.run_part(_cell(), part).status == "unavailable"
    store = Store(tmp_path / "one" / "cells.sqlite")
    assert (len(list(store.outcomes())), len(list(store.part_outcomes()))) == (1, 2)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the platform has no such timer")
def test_a_part_has_the_time_limit_of_a_cell(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from smote_bench.evaluation import folds

    def hang(*args: Any, **more: Any) -> Any:
        while True:
            pass

    monkeypatch.setattr(folds, "resample", hang)
    assert start(timeout_seconds=0.05).run_part(_cell(), PARTS[0]).status == "timeout"


def test_processes_compute_a_part_of_original_once(start: Any, tmp_path: Path) -> None:
    import subprocess
    import sys

    start().close()
    code = (
        "import sys; from smote_bench.experiment.file import experiment_from_text\n"
        "from smote_bench.evaluation.outcome import Cell; from smote_bench.evaluation.parts import Part\n"
        "from smote_bench.engines.cell_runner import CellRunner\n"
        "from smote_bench.runs.settings import RunSettings\n"
        "from smote_bench.engines.compute import CellComputer\n"
        "real, n = CellComputer.outcome, []\n"
        "CellComputer.outcome = lambda self, *args: n.append(1) or real(self, *args)\n"
        f"runner = CellRunner(experiment_from_text({TEXT!r}, {str(tmp_path / 'exp.yaml')!r}),\n"
        f"                    RunSettings({str(tmp_path / 'one')!r}))\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "runner.run_part(Cell('T', 'Original', 'kNN'), Part(0, 3, 1))\n"
        "print(len(n)); runner.close()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen([sys.executable, "-c", code], **pipes) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    counts = [process.communicate()[0].strip() for process in processes]
    assert sorted(counts) == ["0", "1"]
    assert len(list(Store(tmp_path / "one" / "cells.sqlite").part_outcomes())) == 1


def test_other_seconds_are_what_a_cell_took_beside_resampling_fitting_and_predicting(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, resample = folds_module.load_dataset, folds_module.resample

    def read_slowly(*args: Any, **named: Any) -> Any:
        time.sleep(0.25)
        return read(*args, **named)

    def resample_slowly(*args: Any, **named: Any) -> Any:
        start = time.perf_counter()
        time.sleep(0.25)
        made = resample(*args, **named)
        return dataclasses.replace(made, seconds=time.perf_counter() - start)

    monkeypatch.setattr(folds_module, "load_dataset", read_slowly)
    monkeypatch.setattr(folds_module, "resample", resample_slowly)
    computer = CellComputer(experiment)
    first = computer.outcome(Cell("T", SMOTE, "kNN"))
    second = computer.outcome(Cell("T", SMOTE, "LogisticRegression"))
    assert [one.status for one in (first, second)] == ["ok", "ok"]
    assert first.seconds("resample") == second.seconds("resample") >= 3 * 0.25
    assert first.other_seconds >= 0.25
    # What the first cell read and resampled costs the second one nothing, and is not taken off its seconds.
    assert 0 < second.other_seconds < first.other_seconds
    assert Outcome.loads(first.dumps()).other_seconds == first.other_seconds


@pytest.mark.fault(
    injected="what a cell predicted is damaged in the memo",
    seen="the cell is computed again, and the memo is mended by it",
    lost="nothing",
)
def test_predictions_that_are_damaged_in_the_memo_are_computed_again(start: Any, tmp_path: Path) -> None:
    start().run(Cell("T", SMOTE, "kNN"))
    with sqlite3.connect(tmp_path / "memo.sqlite") as db:
        db.execute("UPDATE predictions SET data = substr(data, 1, length(data) / 2)")
    db.close()
    cell = Cell("T", SMOTE, "kNN")
    assert not start("two").run(cell).from_memo
    assert start("three").run(cell).from_memo
    data = RunStore(tmp_path / "three" / "cells.sqlite", read_only=True).predictions_of(cell)
    assert data is not None
    assert Predictions.loads(data).fits
