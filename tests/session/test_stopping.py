"""A session that is cut says so everywhere, accounts for every cell, and leaves no half file and no worker.

Also of: controller, report.
"""

from __future__ import annotations

import csv
import dataclasses
import functools
import json
import os
import re
import select
import shlex
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from smote_bench.errors import ConfigError
from smote_bench.runs.listing import list_runs
from smote_bench.runs.open import open_run
from tests.conftest import Bench, Run

EXPERIMENT = """
name: small
methods: {Jitter: "samplers:Jitter", Hold: "hold:Hold"}
datasets: [{name: one, file: one.csv, target: y, minority: 1}]
experiment_config: {cv_folds: 2, selected_classifiers: {DecisionTree: }}
"""
HOLD = """
import os
import subprocess
import threading

from samplers import Jitter


class Hold(Jitter):
    def fit_resample(self, X, y):
        if "FIFO" in os.environ:
            pid = os.getpid()
            if "START" in os.environ:
                pid = subprocess.Popen(["sleep", "777"], start_new_session=True).pid
            with open(os.environ["FIFO"], "w") as fifo:
                fifo.write(f"{pid} ")
        if "HOLD" in os.environ:
            threading.Event().wait()
        return super().fit_resample(X, y)
"""
# It swallows whatever comes from the moment on at which somebody can know of what it started.
SWALLOW = """
import os
import subprocess
import threading

from samplers import Jitter


class Hold(Jitter):
    def fit_resample(self, X, y):
        is_told = False
        while True:
            try:
                if not is_told:
                    is_told = True
                    pid = subprocess.Popen(["sleep", "777"], start_new_session=True).pid
                    with open(os.environ["FIFO"], "w") as fifo:
                        fifo.write(f"{pid} ")
                threading.Event().wait()
            except BaseException:
                pass
"""
# The controller gets a signal: after the first cell, while tables are written, or while the page is made.
SENDER = """
import os
import signal

where = os.environ.get("WHERE", "")
number = getattr(signal, os.environ.get("SEND", "SIGTERM"))


def send_once():
    global where
    if where:
        where = ""
        os.kill(os.getpid(), number)


def before(owner, name):
    real = getattr(owner, name)

    def sending(*args, **named):
        send_once()
        return real(*args, **named)

    setattr(owner, name, sending)


def pytest_configure(config):
    global where
    if hasattr(config, "workerinput"):
        where = ""
    if where == "asked":
        from smote_bench.runs import asked
        before(asked, "write_asked")
    if where == "tables":
        from smote_bench.runs import tables_folder
        before(tables_folder, "summarise")
    if where == "page":
        from smote_bench.report.page import page
        before(page, "build_page")


def pytest_runtest_logreport(report):
    if where == "cells" and report.when == "call":
        send_once()
"""
# It gets two, one after the other, while tables are written.
TWICE = """
import os
import signal

from smote_bench.environment import stopping
from smote_bench.runs import tables_folder

stopping._SAME_SECONDS = 0.0
real = tables_folder.summarise


def twice(*args, **named):
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGTERM)
    return real(*args, **named)


tables_folder.summarise = twice
"""
# A worker that comes to one of these cells ends, whatever it computes cells in.
DIES = """
import os


def pytest_runtest_call(item):
    if not hasattr(item.config, "workerinput") or "-K" not in item.nodeid:
        return
    with open("deaths.txt", "a+") as file:
        file.write("one more\\n")
        file.seek(0)
        n = len(file.readlines())
    if n <= int(os.environ.get("DEATHS", "99")):
        os._exit(9)
"""
KILLERS = """
name: killers
methods: {K1: "samplers:Jitter", K2: "samplers:Jitter", Jitter: "samplers:Jitter"}
datasets: [{name: one, file: one.csv, target: y, minority: 1}]
experiment_config: {cv_folds: 2, selected_classifiers: {DecisionTree: }}
"""
BROKEN = EXPERIMENT.replace("Jitter:", "Broken:").replace("samplers:Jitter", "samplers:Broken")


class CutRun(Run):
    """A run whose folder stays the same when another becomes the latest."""

    @functools.cached_property
    def folder(self) -> Path:
        (entry,) = (entry for entry in list_runs(self.out) if entry.status == "unfinished")
        return entry.folder


def prepared(path: Path) -> Bench:
    path.mkdir(exist_ok=True)
    bench = Bench(path)
    bench.table("one", 1, rows=60)
    bench.experiment(EXPERIMENT)
    bench.experiment(KILLERS, "killers.yaml")
    bench.experiment(BROKEN, "broken.yaml")
    (path / "hold.py").write_text(HOLD)
    (path / "sender.py").write_text(SENDER)
    (path / "twice.py").write_text(TWICE)
    (path / "dies.py").write_text(DIES)
    return bench


@pytest.fixture
def small(tmp_path: Path) -> Bench:
    return prepared(tmp_path)


@pytest.fixture(scope="module")
def cut_bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return prepared(tmp_path_factory.mktemp("cut") / "a b")


@pytest.fixture(scope="module")
def cut(cut_bench: Bench) -> Run:
    """A run of two workers, of which one holds a cell for ever, after a SIGTERM; with its report."""
    options = ("-p", "sender", "-n", "2", "-o", "smote_report=true")
    return CutRun(**vars(cut_bench.run(*options, WHERE="cells", SEND="SIGTERM", HOLD="1")))


def check_account(run: Run, n_asked: int) -> Counter[str]:
    """Check that manifest and cells.csv agree and add up; return the reasons of what was not run."""
    cells, rows = run.manifest["cells"], run.cells.values()
    assert cells["asked"] == n_asked == len(rows)
    assert cells["done"] == cells["total"] == sum(cells["by_status"].values())
    assert cells["done"] + sum(cells["not_run"].values()) == n_asked
    statuses = Counter(row["status"] for row in rows)
    assert statuses.pop("not_run", 0) == n_asked - cells["done"]
    assert statuses == cells["by_status"]
    reasons = Counter(row["reason"] for row in rows if row["status"] == "not_run")
    assert reasons == cells["not_run"]
    return reasons


def after_title(text: str, title: str) -> str:
    """Return the first line below a section's title in the terminal."""
    lines = text.splitlines()
    (place,) = (n for n, line in enumerate(lines) if re.fullmatch(f"=+ {title} =+", line))
    return lines[place + 1]


@pytest.mark.fault(
    injected="SIGTERM to the controller while a worker is in the middle of a cell",
    seen="within seconds tables, manifest and page of what is there; in `cells.csv` why others were not run; "
    "exit code 2",
    lost="the cells that workers were at",
)
def test_every_cell_of_a_cut_run_is_accounted_for(cut: Run) -> None:
    assert cut.code == 2, cut.text
    reasons = check_account(cut, 3)
    assert set(reasons) == {"interrupted by SIGTERM"}
    assert cut.cells["one-Hold-DecisionTree"]["status"] == "not_run"
    assert cut.manifest["cut"] == "interrupted by SIGTERM"


def test_a_cut_run_says_so_in_its_first_lines(cut: Run) -> None:
    said = f"This run was cut (interrupted by SIGTERM): {cut.manifest['cells']['done']} of 3 cells are done."
    assert after_title(cut.text, "smote-bench") == said
    first = (cut.folder / "summary.md").read_text().splitlines()[0]
    assert first.replace("\\", "") == f"**{said}**"
    page = (cut.folder / "report.html").read_text()
    assert said in page[page.index("<body>") : page.index("<nav")]


@pytest.mark.fault(
    injected="a run that was cut",
    seen="`smote-bench list`: unfinished, n of m cells, the command that finishes it",
    lost="nothing",
)
def test_the_list_has_the_command_that_finishes_a_cut_run(cut_bench: Bench, cut: Run) -> None:
    (entry,) = list_runs(cut.out)
    assert (entry.status, entry.n_asked, entry.n_cells) == ("unfinished", 3, cut.manifest["cells"]["done"])
    words = shlex.split(entry.finish)
    assert words[:2] == ["cd", str(cut_bench.path)]
    assert words[3:] == cut.manifest["command"]


def test_the_list_shows_how_far_a_cut_run_came(cut: Run, capsys: pytest.CaptureFixture[str]) -> None:
    from smote_bench.cli import main

    assert main(["list", "--out", str(cut.out)]) == 0
    said = capsys.readouterr().out
    assert f"{cut.manifest['cells']['done']} of 3, unfinished" in said
    assert "Finish it with: cd " in said


def test_what_reads_a_cut_run_says_that_it_was_cut(cut_bench: Bench, cut: Run, tmp_path: Path) -> None:
    import smote_bench
    from smote_bench.report.compare.two_runs import compare_runs
    from smote_bench.runs import open as stored

    folder = cut.folder
    run = smote_bench.open_run(folder)
    assert run.cut == "interrupted by SIGTERM"
    assert "cut (interrupted by SIGTERM)" in repr(run)
    assert run.caveats[0].startswith("This run was cut")
    assert set(run.cells["status"]) == {"ok", "not_run"}
    assert len(run.cells) == 3
    assert "Hold" not in run.methods
    other = stored.open_run(folder)
    (warning,) = (text for text in compare_runs(other, other).warnings if text.startswith("the base was cut"))
    assert "only those are compared" in warning


@pytest.mark.fault(
    injected="a run that was cut, given to a gate or saved as a baseline",
    seen="the gate fails with the problem `cut`, also with `--partial`; the baseline is refused",
    lost="nothing",
)
def test_no_gate_passes_a_cut_run_and_none_takes_it_for_a_baseline(cut: Run, tmp_path: Path) -> None:
    from smote_bench.experiment.gate_settings import GateSettings
    from smote_bench.gating.baselines.baseline import save_from_run
    from smote_bench.gating.evidence.from_run import run_evidence
    from smote_bench.gating.judging.judge import judge

    folder = cut.folder
    evidence = run_evidence(folder)
    about = {name: value for name, value in evidence.about.items() if name != "cut"}
    whole = dataclasses.replace(evidence, about=about)
    settings = GateSettings(partial=True)
    assert judge(whole, whole, settings).result == "pass"
    verdict = judge(whole, evidence, settings)
    assert (verdict.result, [problem.what for problem in verdict.problems]) == ("fail", ["cut"])
    with pytest.raises(ConfigError, match="expected a run that came to its end"):
        save_from_run(folder, "main", tmp_path)


@pytest.mark.fault(
    injected="SIGINT, SIGTERM or SIGHUP without workers",
    seen="tables, manifest and `cells.csv` of what is there; exit code 2",
    lost="the cell that was being computed",
)
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_without_workers_a_signal_leaves_tables_too(small: Bench, name: str) -> None:
    run = small.run("-p", "sender", "-n", "0", WHERE="cells", SEND=name)
    assert run.code == 2, run.text
    word = "Ctrl-C" if name == "SIGINT" else name
    assert check_account(run, 3) == {f"interrupted by {word}": 2}


@pytest.mark.fault(
    injected="a signal while the run writes down what it was asked for",
    seen="tables, manifest and `cells.csv` with every cell asked for; exit code 2",
    lost="nothing",
)
@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_signal_before_the_first_cell_finds_what_was_asked_for(small: Bench, workers: str) -> None:
    run = CutRun(**vars(small.run("-p", "sender", "-n", workers, WHERE="asked", SEND="SIGINT")))
    assert run.code == 2, run.text
    assert set(check_account(run, 3)) == {"interrupted by Ctrl-C"}


@pytest.mark.fault(
    injected="a signal while tables are written",
    seen="the tables, whole; exit code 2",
    lost="nothing",
)
def test_a_signal_while_tables_are_written_loses_none(small: Bench) -> None:
    run = small.run("-p", "sender", WHERE="tables", SEND="SIGTERM")
    assert run.code == 2, run.text
    assert check_account(run, 3) == {}
    assert (run.folder / "tables" / "summary.csv").is_file()
    assert list_runs(run.out)[0].status == "finished"


@pytest.mark.fault(
    injected="a signal while the report is made",
    seen="page and `summary.md`, and the command that makes the rest; exit code 2",
    lost="nothing: `smote-bench report` makes the figures",
)
def test_a_signal_in_the_report_leaves_the_page_and_what_makes_the_rest(small: Bench) -> None:
    run = small.run("-p", "sender", "-o", "smote_report=true", WHERE="page", SEND="SIGINT")
    assert run.code == 2, run.text
    assert (run.folder / "report.html").read_text().endswith("</html>\n")
    assert "this run was cut" not in (run.folder / "summary.md").read_text().lower()
    assert f"smote-bench report {run.folder} makes them" in run.text


@pytest.mark.fault(
    injected="kill -9 of the controller",
    seen="`smote-bench list`: unfinished, n of m cells, the command that finishes it; it gives the table of "
    "an undisturbed run, byte for byte. Report, comparison and gate take from the store what the manifest "
    "would say",
    lost="the cells in flight",
)
def test_a_killed_run_is_listed_with_what_was_asked_for(small: Bench) -> None:
    killed = small.run("-p", "sender", "-k", "Jitter or Hold", WHERE="cells", SEND="SIGKILL")
    assert killed.code == -signal.SIGKILL
    (entry,) = list_runs(killed.out)
    assert (entry.status, entry.is_readable) == ("unfinished", True)
    assert not (entry.folder / "manifest.json").exists()
    assert open_run(entry.folder).account.line.endswith(
        "2 done (0 from the memo, 0 failed), 1 not run (1 no manifest.json: killed, or still running)"
    )
    # the selected cells and Original, which is computed for their deltas
    assert (entry.n_cells, entry.n_selected, entry.not_run) == (2, 3, {})
    assert "stopped after 2 of 3 cells" in entry.remark
    assert entry.finish.endswith(shlex.join(["-p", "sender", "-k", "Jitter or Hold"]))
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        entry.finish, shell=True, env=small.environment(PATH=tools), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    finished = Run(0, "", killed.out)
    assert finished.scores == small.run("--smote-memo", "off", out="plain").scores
    assert finished.manifest["cells"]["from_memo"] == 2


@pytest.mark.fault(
    injected="kill -9 of the controller while a worker is in a cell that never ends",
    seen="the worker is killed by the system",
    lost="the cells in flight",
)
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="a process's end cannot be waited for here")
def test_no_worker_outlives_a_controller_that_is_killed(small: Bench) -> None:
    fifo = small.path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    options = ["--smote-experiment", "experiment.yaml", "--smote-out", "out", "-n", "2"]
    controller = subprocess.Popen(
        small.command(*options),
        cwd=small.path,
        env=small.environment(HOLD="1", FIFO=str(fifo)),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert select.select([reading], [], [], 120)[0], "no worker came to the cell that holds it"
    worker = os.pidfd_open(int(os.read(reading, 20).split()[0]))
    controller.kill()
    controller.wait()
    assert select.select([worker], [], [], 60)[0], "the worker lives on"
    os.close(worker)
    os.close(reading)


@pytest.mark.fault(
    injected="SIGTERM to the controller while a process runs that a sampler started in a session of its own",
    seen="tables, manifest and page of what is there; no process is left; exit code 2",
    lost="the cells that workers were at",
)
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="a process's end cannot be waited for here")
@pytest.mark.parametrize(
    "how", [("0",), ("0", "--smote-timeout", "0"), ("2",), ("2", "--smote-timeout", "0")], ids=" ".join
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_nothing_that_a_sampler_started_outlives_a_run_that_is_cut(
    small: Bench, how: tuple[str, ...], number: signal.Signals
) -> None:
    fifo = small.path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    options = ["--smote-experiment", "experiment.yaml", "--smote-out", "out", "-n", *how]
    controller = subprocess.Popen(
        small.command(*options),
        cwd=small.path,
        env=small.environment(HOLD="1", START="1", FIFO=str(fifo)),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert select.select([reading], [], [], 120)[0], "no worker came to the cell that starts a process"
    started = os.pidfd_open(int(os.read(reading, 20).split()[0]))
    controller.send_signal(number)
    assert controller.wait() == 2
    assert select.select([started], [], [], 60)[0], "what the sampler started lives on"
    os.close(started)
    os.close(reading)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="a process's end cannot be waited for here")
def test_nothing_that_a_sampler_started_outlives_a_single_process_that_is_ended(small: Bench) -> None:
    """Code that swallows interrupts has the process ended by a thread."""
    fifo = small.path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    (small.path / "soon.py").write_text(
        "from smote_bench.environment import stopping\n"
        "stopping.StopSignals.__init__.__defaults__ = (0.2, 0.1)\n"
    )
    (small.path / "hold.py").write_text(SWALLOW)
    options = ["--smote-experiment", "experiment.yaml", "--smote-out", "out", "--smote-timeout", "0"]
    alone = subprocess.Popen(
        small.command(*options, "-n", "0", "-p", "soon"),
        cwd=small.path,
        env=small.environment(FIFO=str(fifo)),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert select.select([reading], [], [], 120)[0], "the cell that starts a process was not come to"
    started = os.pidfd_open(int(os.read(reading, 20).split()[0]))
    alone.terminate()
    assert alone.wait() == 128 + signal.SIGTERM
    assert select.select([started], [], [], 60)[0], "what the sampler started lives on"
    os.close(started)
    os.close(reading)


@pytest.mark.fault(
    injected="SIGTERM before tests are collected",
    seen="the process ends by the signal; no folder is left",
    lost="nothing",
)
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_signal_before_anything_is_written_leaves_no_folder(small: Bench, workers: str) -> None:
    (small.path / "early.py").write_text(
        "import os, pathlib, signal\n"
        "def pytest_sessionstart(session):\n"
        "    if not hasattr(session.config, 'workerinput'):\n"
        "        assert list(pathlib.Path('none/runs').iterdir())\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    ended = small.run("-p", "early", "-n", workers, out="none")
    assert ended.code == -signal.SIGTERM, ended.text
    assert not (small.path / "none").exists()


def test_a_second_signal_says_how_to_go_on(small: Bench) -> None:
    ended = small.run("-p", "twice")
    assert ended.code == 128 + signal.SIGTERM, ended.text
    (line,) = (line for line in ended.text.splitlines() if line.startswith("interrupted again: "))
    assert "ended at once. What was recorded is kept; finish it with: pytest " in line
    assert line.endswith("-p twice")


def test_cells_that_were_not_selected_are_counted_and_cut_nothing(small: Bench) -> None:
    run = small.run("-k", "Jitter")
    assert run.code == 0, run.text
    assert check_account(run, 3) == {"not selected": 1}
    assert run.manifest["cut"] is None
    said = "3 cells asked for: 2 done (0 from the memo, 0 failed), 1 not run (1 not selected)"
    assert after_title(run.text, "smote-bench") == said
    assert list_runs(run.out)[0].status == "finished"


@pytest.mark.fault(
    injected="a failure with `-x`",
    seen="the cells left over are `not_run`, stopped by -x; pytest's exit code",
    lost="nothing",
)
@pytest.mark.parametrize("workers", ["0", "1"])
def test_cells_after_the_first_failure_say_that_it_stopped_the_run(small: Bench, workers: str) -> None:
    run = small.run("-x", "-n", workers, experiment="broken.yaml")
    assert run.code in (1, 2), run.text  # pytest's own, without and with workers
    reasons = check_account(run, 3)
    assert set(reasons) <= {"stopped by -x"}
    if workers == "0":
        assert reasons == {"stopped by -x": 1}


@pytest.mark.fault(
    injected="a cell that ends every worker, more often than pytest-xdist replaces workers",
    seen="after its third worker it is an `error`, all others are computed; exit code 1",
    lost="nothing",
)
def test_more_workers_die_than_pytest_xdist_replaces_and_no_cell_is_lost(small: Bench) -> None:
    run = small.run("-p", "dies", "-n", "1", experiment="killers.yaml")  # of one worker, four are replaced
    assert run.code == 1, run.text
    assert check_account(run, 4) == {}
    assert run.manifest["cells"]["by_status"] == {"error": 2, "ok": 2}
    assert len((small.path / "deaths.txt").read_text().splitlines()) == 6
    assert run.text.count("a worker died while it computed one-K1-DecisionTree (exit code 9)") == 2


@pytest.mark.fault(
    injected="a worker that dies in a cell that computes well the next time",
    seen="a line that says so; the cell is tried again after all others; exit code 0",
    lost="nothing",
)
@pytest.mark.parametrize("n_deaths", [1, 3])
def test_a_cell_whose_worker_died_is_tried_again(small: Bench, n_deaths: int) -> None:
    whole = small.run(experiment="killers.yaml", out="undisturbed")
    run = small.run("-p", "dies", "-n", "2", experiment="killers.yaml", DEATHS=str(n_deaths))
    assert run.code == 0, run.text
    assert check_account(run, 4) == {}
    assert run.manifest["cells"]["by_status"] == {"ok": 4}
    assert run.text.count("tried again, for death") == n_deaths
    assert run.scores == whole.scores


@pytest.mark.fault(
    injected="more dead workers than `--max-worker-restart` allows",
    seen="the cells left over are `not_run`, worker limit; exit code 1",
    lost="nothing",
)
def test_the_users_own_limit_of_workers_holds_and_is_the_reason(small: Bench) -> None:
    run = small.run("-p", "dies", "-n", "1", "--max-worker-restart", "1", experiment="killers.yaml")
    assert run.code != 0, run.text
    reasons = check_account(run, 4)
    assert set(reasons) == {"worker limit"}
    assert run.manifest["cells"]["by_status"]["error"] == 1
    assert run.manifest["cut"] == "worker limit"


@pytest.mark.fault(
    injected="a run that is cut, from Python",
    seen="`run()` raises `RunAborted` with the reason and the folder",
    lost="nothing",
)
def test_the_api_gives_no_cut_run_for_a_whole_one(small: Bench) -> None:
    script = (
        "import smote_bench\n"
        "try:\n"
        "    smote_bench.run('killers.yaml', n_workers=2, progress=False, timeout=0)\n"
        "except smote_bench.RunAborted as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=small.path,
        env=small.environment(PYTEST_ADDOPTS="--max-worker-restart=0 -p dies"),
        capture_output=True,
        text=True,
    )
    assert "got a run that was cut (worker limit)" in done.stdout, done.stdout + done.stderr


def test_the_store_knows_what_is_asked_for_before_the_first_cell(small: Bench) -> None:
    (small.path / "look.py").write_text(
        "from pathlib import Path\n"
        "from smote_bench.runs.asked import read_asked, read_command\n"
        "def pytest_runtest_setup(item):\n"
        "    (store,) = Path('out').glob('runs/*/cells.sqlite')\n"
        "    asked = read_asked(store)\n"
        "    print(f'ASKED {len(asked.selected)} {len(asked.left_out)} {read_command(store)[0][-2:]}')\n"
    )
    run = small.run("-p", "look", "-s", "-k", "Original", "-n", "0")
    assert "ASKED 1 2 ['-n', '0']" in run.text
    assert json.loads((run.folder / "manifest.json").read_text())["command"][-2:] == ["-n", "0"]


@pytest.mark.fault(
    injected="SIGTERM before the first cell is done",
    seen="a manifest in which every cell is `not_run`; `latest` stays where it was",
    lost="nothing",
)
def test_nothing_done_is_a_cut_run_too(small: Bench) -> None:
    (small.path / "early.py").write_text(
        "import os, signal\ndef pytest_runtest_setup(item):\n    os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    run = small.run("-p", "early", "-o", "smote_report=true")
    assert run.code == 2, run.text
    assert not (run.out / "latest").exists()
    run = CutRun(**vars(run))
    assert check_account(run, 3) == {"interrupted by SIGTERM": 3}
    with (run.folder / "scores.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == 1


def test_an_interrupt_between_lines_is_shown_like_another(small: Bench) -> None:
    (small.path / "between.py").write_text(
        "def pytest_runtest_setup(item):\n"
        "    code = compile('raise KeyboardInterrupt', 'between', 'exec')\n"
        "    exec(code.replace(co_linetable=b''))\n"
    )
    run = small.run("-p", "between", "-n", "0")
    assert run.code == 2, run.text
    assert "Traceback" not in run.text
    assert "KeyboardInterrupt" in run.text
