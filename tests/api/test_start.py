"""`smote_bench.run`: the same grid as pytest's, from a script or notebook."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

import smote_bench
from smote_bench.api import start

ON_ECOLI = {"datasets": ["Ecoli"], "methods": ["SMOTE"]}


@pytest.fixture
def here(bench: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A bench with a table, which is also where this process is."""
    bench.table("one", 1, rows=80)
    monkeypatch.chdir(bench.path)
    for name, value in bench.environment().items():
        monkeypatch.setenv(name, value)
    return bench


def _experiment(*methods: str) -> dict[str, Any]:
    return {
        "methods": list(methods),
        "datasets": [{"name": "one", "file": "one.csv", "target": "y", "minority": 1}],
        "selected_classifiers": ("kNN", "NaiveBayes"),
        "cv_folds": 2,
    }


@pytest.fixture
def not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def popen(*arguments: Any, **more: Any) -> None:
        raise AssertionError("pytest was started")

    monkeypatch.setattr(subprocess, "Popen", popen)


def test_a_dictionary_gives_the_bytes_that_pytest_gives_for_its_yaml(
    here: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    experiment = _experiment("samplers:Jitter", "samplers:Broken")
    plain = {**experiment, "selected_classifiers": ["kNN", "NaiveBayes"]}
    theirs = here.run(experiment=here.experiment(yaml.safe_dump(plain)).name, out="theirs")
    capfd.readouterr()

    run = smote_bench.run(experiment, n_workers=2, out="ours")

    ours = run.folder
    assert (ours / "scores.csv").read_bytes() == (theirs.folder / "scores.csv").read_bytes()
    assert ours.parent == here.path / "ours" / "runs"
    assert (here.path / "ours" / "latest").resolve() == ours
    assert yaml.safe_load((ours / "experiment.yaml").read_text())["datasets"][0]["file"] == str(
        here.path / "one.csv"
    )
    # failed cells are in the table, and nothing was raised for them
    failed = run.cells[run.cells["status"] == "error"]
    assert list(failed["method"].unique()) == ["samplers:Broken"]
    assert failed["reason"].str.contains("this sampler is broken on purpose").all()
    assert not (ours / "report.html").exists()
    # progress and nothing else was shown
    shown = capfd.readouterr()
    assert shown.out.splitlines()[-1].startswith("smote-bench: 6/6 cells")
    assert all(line.startswith("smote-bench: ") for line in shown.out.splitlines())
    assert shown.err == ""


def test_options_narrow_and_the_second_time_comes_from_the_memo(
    here: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    path = here.path / "deeper" / "mine.yaml"
    path.parent.mkdir()
    experiment = _experiment("samplers:Jitter", "samplers:Same")
    experiment["datasets"][0]["file"] = "../one.csv"  # a file's own are relative to it
    experiment["selected_classifiers"] = ["kNN", "NaiveBayes"]
    path.write_text(yaml.safe_dump({"name": "narrow", **experiment}))
    for n_memo in (0, 2):
        run = smote_bench.run(
            path, methods="samplers:Jitter", classifiers=["kNN"], metrics=["g_mean"], out="o", progress=False
        )
        assert (run.methods, run.classifiers, run.metrics) == (
            ("Original", "samplers:Jitter"),
            ("kNN",),
            run.priority_metrics,
        )
        assert run.manifest["cells"]["from_memo"] == n_memo
        assert run.folder.name.endswith("-narrow")
    assert capfd.readouterr() == ("", "")
    assert not {".benchmarks", ".pytest_cache"} & set(os.listdir(here.path))


def test_a_wrong_option_is_told_in_pytests_words_and_leaves_nothing_behind(here: Any) -> None:
    before = set(os.listdir(here.path))
    with pytest.raises(smote_bench.ConfigError, match=r"got 'ADASIN'\. Did you mean 'ADASYN'\?") as error:
        smote_bench.run(_experiment("SMOTE"), methods=["ADASIN"], out="new")
    assert not str(error.value).startswith("ERROR")
    assert "--smote" not in str(error.value)
    assert set(os.listdir(here.path)) == before


def test_a_run_that_dies_says_how_and_where_and_the_next_call_goes_on(here: Any) -> None:
    experiment = _experiment("samplers:Killer")
    with pytest.raises(smote_bench.RunAborted, match=r"exit code -9 \(ended by SIGKILL\)") as caught:
        # Without a limit cells have no process of their own.
        smote_bench.run(experiment, progress=False, timeout=0)
    error = caught.value
    assert error.exit_code == -signal.SIGKILL
    assert str(error.folder) in str(error)
    assert "collected 4 items" in str(error)
    assert Path(error.folder, "cells.sqlite").is_file()
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.folder, again.exit_code) == (str(error), error.folder, error.exit_code)
    run = smote_bench.run(experiment, methods="Original", progress=False)
    assert run.manifest["cells"]["from_memo"] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_is_passed_on_and_what_was_computed_stays(here: Any) -> None:
    (here.path / "stopping.py").write_text(
        "import os, signal\n"
        "class Stop:\n"
        "    def fit_resample(self, X, y):\n"
        "        os.kill(os.getppid(), signal.SIGINT)\n"  # what Ctrl-C does to the process of the notebook
        "        while True: signal.pause()\n"
    )
    script = (
        "import signal, smote_bench\nfrom pathlib import Path\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # as in a terminal, whoever started this
        f"experiment = {_experiment('stopping:Stop')!r}\n"
        "try:\n"
        "    smote_bench.run(experiment, progress=False, timeout=0)\n"
        "except KeyboardInterrupt as error:\n"
        "    print(*error.__notes__)\n"
        "    (folder,) = Path('reports', 'runs').iterdir()\n"
        "    run = smote_bench.open_run(folder)\n"
        "    print(*run.cells['method'], run.methods, run.cut)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=here.path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    note, methods = done.stdout.splitlines()
    assert "what was computed is in" in note
    assert methods == "Original Original stopping:Stop stopping:Stop ('Original',) interrupted by Ctrl-C"


@pytest.mark.parametrize(
    ("experiment", "options", "words"),
    [
        ({**ON_ECOLI, "methods": ["SMOTT"]}, {}, r"^experiment: methods\.0: .*'SMOTE'\?"),
        (
            {**ON_ECOLI, "cv_fold": 2},
            {},
            r"^experiment: cv_fold: unknown key",
        ),
        (
            {**ON_ECOLI, "methods": [Path]},
            {},
            r"^experiment: methods\.0: .*'package\.module:Class'",
        ),
        ({"datasets": ["Ecoli"]}, {}, r"^experiment: methods: expected at least one"),
        (3, {}, r"expected an experiment as a dictionary.*got 3 \(int\)"),
        ("quik", {}, r"Did you mean 'quick'\?"),
        ("nowhere.yaml", {}, r"expected a YAML file, got '.*nowhere\.yaml'"),
        ("quick", {"n_workers": 0}, r"expected n_workers to be 1 or more, or 'auto', got 0"),
        ("quick", {"n_workers": True}, r"expected n_workers .* got True"),
        ("quick", {"engine": "dusk"}, r"engine: expected the name of an engine .* Did you mean 'dask'"),
        ("quick", {"engine": 3}, r"engine: expected the name of an engine, such as dask .* got 3"),
        ("quick", {"engine": "my:E", "n_workers": 2}, r"engine: expected n_workers to be left at 1"),
        ("quick", {"methods": 3}, r"expected names for methods, got 3"),
        ("quick", {"methods": []}, r"expected names for methods, got \[\]"),
        ("quick", {"max_memory": "much"}, r"max_memory: expected a size such as 2GB.*got 'much'"),
        ("quick", {"max_memory": 2.5}, r"max_memory: expected a size such as '2GB'.*got 2\.5"),
        ("quick", {"timeout": "soon"}, r"expected timeout to be a number of seconds.*got 'soon'"),
        ("quick", {"memo": False}, r"expected a path for memo, got False"),
        ("quick", {"out": 3}, r"expected a folder for out, got 3"),
        ("quick", {"out": __file__}, r"expected a folder for out, got a file"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_started(
    experiment: Any,
    options: dict[str, Any],
    words: str,
    not_started: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(smote_bench.ConfigError, match=words):
        smote_bench.run(experiment, **options)
    assert list(tmp_path.iterdir()) == []


def test_the_gate_of_the_project_and_its_parallel_sessions_stay_out(tmp_path: Path) -> None:
    command = start._command(tmp_path / "e.yaml", tmp_path / "o" / "runs" / "r", ["-n", "0"])
    assert command[0] == sys.executable
    assert "--smote-gate=off" in command
    assert command[command.index("--smote-run-name") + 1] == "r"


_TOY = """
from smote_bench import TrackerError

class Toy:
    def publish(self, run, ledger, say):
        say("here")
        if (run.folder.parent / "closed").exists():
            raise TrackerError("expected an open toy, got a closed one")
        (run.folder / "toy.txt").write_text("sent")
"""


def test_a_run_is_sent_to_a_tracker_and_what_fails_is_a_warning_and_can_be_sent_later(here: Any) -> None:
    (here.path / "open_toys.py").write_text(_TOY)
    run = smote_bench.run(_experiment("samplers:Jitter"), tracker="open_toys:Toy", progress=False)
    assert (run.folder / "toy.txt").read_text() == "sent"

    closed = run.folder.parent / "closed"
    closed.touch()
    with pytest.warns(UserWarning, match="not sent to open_toys:Toy: expected an open toy"):
        run = smote_bench.run(_experiment("samplers:Jitter"), tracker=["open_toys:Toy"], progress=False)
    with pytest.raises(smote_bench.TrackerError, match="expected an open toy"):
        run.track("open_toys:Toy")
    assert not (run.folder / "toy.txt").exists()
    closed.unlink()
    run.track("open_toys:Toy")
    assert (run.folder / "toy.txt").read_text() == "sent"


def test_an_unknown_tracker_is_an_error_before_anything_is_computed(here: Any) -> None:
    with pytest.raises(smote_bench.ConfigError, match=r"Did you mean 'mlflow'\?"):
        smote_bench.run(_experiment("samplers:Jitter"), tracker="mlfow", progress=False)
    assert not (here.path / "reports").exists()


def test_after_its_minutes_a_run_is_stopped_and_what_was_computed_is_kept(here: Any) -> None:
    experiment = _experiment("samplers:Jitter", "samplers:Forever")
    with pytest.raises(smote_bench.RunAborted, match=r"was cut") as caught:
        smote_bench.run(experiment, out="out", minutes=0.2, progress=False)
    cells = smote_bench.open_run(caught.value.folder).cells
    done = cells[cells["status"] == "ok"]
    assert set(done["method"]) >= {"Original"}
    assert (cells["status"] == "not_run").any()


@pytest.mark.usefixtures("not_started")
@pytest.mark.parametrize("minutes", [0, -1, True, "5", float("inf")])
def test_minutes_are_a_number_above_0(here: Any, minutes: Any) -> None:
    with pytest.raises(smote_bench.ConfigError, match="expected minutes to be a number above 0"):
        smote_bench.run(_experiment("SMOTE"), minutes=minutes)


class _Signalled:
    def __init__(self) -> None:
        self.signals: list[int] = []

    def send_signal(self, number: int) -> None:
        self.signals.append(number)


def test_a_signal_that_imports_lose_is_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "_AGAIN_SECONDS", 0.01)
    process, ended = _Signalled(), threading.Event()
    waiting = threading.Thread(target=start._interrupt, args=(process, tmp_path, 0.01, ended))
    waiting.start()
    while len(process.signals) < 3:
        time.sleep(0.01)
    ended.set()
    waiting.join()
    # a session that has begun is interrupted once: it writes what it has
    (tmp_path / "cells.sqlite").touch()
    process = _Signalled()
    start._interrupt(process, tmp_path, 0.01, threading.Event())
    assert process.signals == [signal.SIGINT]


def test_what_pytest_makes_for_a_while_lies_in_a_folder_of_the_runs_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "test_one.py").write_text(
        "def test_one(tmp_path):\n    open('where', 'w').write(str(tmp_path / 'made'))\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:benchmark", "test_one.py"]
    monkeypatch.chdir(tmp_path)
    code, lines = start._follow(command, tmp_path / "run", progress=False)
    assert code == 0, lines
    made = Path((tmp_path / "where").read_text())
    assert made.relative_to(tmp_path).parts[0].startswith("smote-bench-")
    assert [path.name for path in tmp_path.iterdir() if path.is_dir() and path.name != "__pycache__"] == []
