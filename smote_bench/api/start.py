"""Starts the grid from a script or notebook: pytest as on the command line, in a process of its own."""

from __future__ import annotations

import contextlib
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from smote_bench.api.run import Run
from smote_bench.api.written import checked_yaml
from smote_bench.arguments import as_flag, as_folder, as_names, as_path, got
from smote_bench.environment.memory import parse_size, refuse_without_limits
from smote_bench.errors import ConfigError, RunAborted
from smote_bench.experiment.engine_choice import check_engine, parse_engine
from smote_bench.report.trackers.publish import NOT_SENT

__all__ = ["run"]

_USAGE_ERROR = 4  # pytest's own codes; 0 and 1 are a run that came to its end, with failed cells or without
_MEANINGS = {2: "interrupted", 3: "an internal error", 5: "no cell was selected"}
_PROGRESS = "smote-bench: "
_LAST_LINES = 40
_KEPT_LINES = 400
_AGAIN_SECONDS = 3.0
_EXAMPLES = {"datasets": "Ecoli", "methods": "SMOTE", "classifiers": "kNN", "metrics": "g_mean"}
_OPTIONS = re.compile(
    r"--smote-(data|datasets|methods|classifiers|metrics|memo|timeout|tracker|out|engine)\b(?!-)"
)
"""Options of the command that are arguments here, by the same names."""

_NOT_FOR_THE_CHILD = ("PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT")


def run(
    experiment: Mapping[str, Any] | str | os.PathLike[str],
    *,
    n_workers: int | Literal["auto"] = 1,
    out: str | os.PathLike[str] | None = None,
    progress: bool = True,
    datasets: str | Iterable[str] | None = None,
    methods: str | Iterable[str] | None = None,
    classifiers: str | Iterable[str] | None = None,
    metrics: str | Iterable[str] | None = None,
    data: str | os.PathLike[str] | None = None,
    memo: str | os.PathLike[str] | None = None,
    timeout: float | None = None,
    max_memory: str | int | None = None,
    report: bool = False,
    tracker: str | Iterable[str] | None = None,
    engine: str | None = None,
    minutes: float | None = None,
) -> Run:
    """Run an experiment and return the finished run.

    The same as ``smote-bench run``: pytest computes the cells in a process of its own, started in the current
    directory, and the scores have the same bytes. Cells that were computed before come from the memo.

    Parameters
    ----------
    experiment : mapping, path or str
        What a YAML file has (docs/experiments.md), as a dictionary; the path of a file; or the name of an
        experiment that comes with smote-bench, such as ``quick``. A dictionary is checked before anything is
        started, and written to ``experiment.yaml`` in the run's folder. Its data files are relative to the
        current directory, those of a file to the file. Classes of your own are named
        ``package.module:Class``; what is defined in a notebook has no such name, so put it into a module.
    n_workers : int or "auto"
        Processes that compute cells; ``auto`` for one per core.
    out : path, optional
        Folder for runs, the memo and the link to the latest run; default ``reports``.
    progress : bool
        Print a line now and then: how many cells are done, how long the rest may take.
    datasets, methods, classifiers : str or iterable of str, optional
        In place of the experiment's: those that it describes as it does, others from the catalogue
        (docs/experiments.md).
    metrics : str or iterable of str, optional
        In place of the experiment's: its own, or any that smote-bench has.
    data : path, optional
        Folder with data files that are not bundled; default the environment's ``SMOTE_BENCH_DATA``.
    memo : path or "off", optional
        Outcomes shared by runs; default ``memo.sqlite`` in `out`; ``off`` computes everything anew.
    timeout : float, optional
        Seconds that a cell may take, 0 for no limit; default 1800.
    max_memory : str or int, optional
        What a process may hold while it computes cells, as ``"2GB"`` or in bytes; default 0, no limit. On
        Linux only.
    report : bool
        Make the report too; `Run.report` makes it later.
    tracker : str or iterable of str, optional
        Where the finished run is sent: ``clearml``, ``mlflow``, a tracker of another package,
        ``package.module:Class``; ``off`` for nowhere. Default the experiment's own. What cannot be sent is a
        warning; `Run.track` sends it later.
    engine : str, optional
        What computes the cells: ``dask`` for workers on this machine, ``dask=tcp://host:8786`` for a
        cluster, another package's engine (docs/cluster.md). `n_workers` is left at 1 then. Default the
        experiment's own, or this machine's processes as `n_workers` says.
    minutes : float, optional
        When they are over, the run is stopped as by Ctrl-C, if it is not finished: `RunAborted`.

    Returns
    -------
    Run
        Cells that failed are in `Run.cells`, each with its reason; they raise nothing.

    Raises
    ------
    ConfigError
        If the experiment or an option is wrong: nothing is computed.
    RunAborted
        If the run came to no end, or was cut; what was computed is in the memo, so that the same call goes on
        from there.

    Examples
    --------
    >>> experiment = {
    ...     "datasets": ["Ecoli"],
    ...     "methods": ["SMOTE", "tuned_threshold"],
    ...     "selected_classifiers": ["DecisionTree"],
    ...     "cv_folds": 2,
    ... }
    >>> result = run(experiment, n_workers=2)  # doctest: +SKIP
    smote-bench: 3/3 cells in 1 s
    >>> run({"datasets": ["Ecoli"], "methods": ["SMOTT"]})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    smote_bench.errors.ConfigError: experiment: methods.0: method 'SMOTT': expected the name of a method, ...
    """
    reports = _folder(out)
    as_flag("progress", progress)
    as_flag("report", report)
    narrowing = {"datasets": datasets, "methods": methods, "classifiers": classifiers, "metrics": metrics}
    words = [
        *_workers(n_workers),
        *_narrowed(narrowing),
        *_data(data),
        *_memo(memo),
        *_timeout(timeout),
        *_max_memory(max_memory),
        *([] if report else ["--smote-no-report"]),
        *_tracker(tracker),
        *_engine(engine, n_workers),
    ]
    seconds = None if minutes is None else 60 * _minutes(minutes)
    name, source = _experiment(experiment)
    with _own_folder(reports, name) as folder:
        if isinstance(source, Path):
            file = source
        else:
            file = folder / "experiment.yaml"
            file.write_text(source, encoding="utf-8")
        command = _command(file, folder, words)
        code, lines = _follow(command, folder, progress=progress, seconds=seconds)
        if code == _USAGE_ERROR:
            raise ConfigError(_error_of(lines))
    for line in lines:
        if line.startswith(NOT_SENT):
            warnings.warn(line, stacklevel=2)
    if code not in (0, 1) or not (folder / "manifest.json").is_file():
        raise RunAborted(_why_aborted(code, lines, folder), str(folder), code)
    made = Run(folder)
    if made.cut:
        raise RunAborted(_why_cut(made), str(folder), code)
    return made


def _experiment(experiment: object) -> tuple[str, str | Path]:
    """Return an experiment's name, and its file or the text for one."""
    if isinstance(experiment, Mapping):
        return checked_yaml(experiment, Path.cwd())
    if not isinstance(experiment, str | os.PathLike):
        raise ConfigError(
            "expected an experiment as a dictionary, the path of a YAML file or a name such as 'quick', got "
            f"{got(experiment)}: write it as one of these"
        )
    from smote_bench.experiment.shipped import experiment_path
    from smote_bench.experiment.yaml_source import YamlSource

    path = experiment_path(os.fspath(experiment)).absolute()
    # Its name alone, for the folder; pytest reads the rest, with what plugins add.
    content = YamlSource.read(path).data
    name = content.get("name") if isinstance(content, dict) else None
    return str(name or path.stem), path


def _folder(out: object) -> Path:
    reports = (Path("reports") if out is None else as_path("out", out)).absolute()
    if reports.exists() and not reports.is_dir():
        raise ConfigError(f"expected a folder for out, got a file: {str(reports)!r}; name a folder")
    return reports


def _workers(n_workers: object) -> list[str]:
    if n_workers == "auto":
        return ["-n", "auto"]
    if isinstance(n_workers, bool) or not isinstance(n_workers, int) or n_workers < 1:
        raise ConfigError(f"expected n_workers to be 1 or more, or 'auto', got {n_workers!r}")
    return ["-n", str(n_workers) if n_workers > 1 else "0"]


def _narrowed(narrowing: Mapping[str, str | Iterable[str] | None]) -> Iterator[str]:
    for what, names in narrowing.items():
        listed = as_names(what, names, _EXAMPLES[what])
        if listed is not None:
            yield from (f"--smote-{what}", ",".join(listed))


def _data(value: object) -> list[str]:
    if value is None:
        return []
    return [f"--smote-data={as_folder('data', value, 'a folder of data files')}"]


def _memo(value: object) -> list[str]:
    return [] if value is None else [f"--smote-memo={as_path('memo', value, 'a path')}"]


def _tracker(names: str | Iterable[str] | None) -> list[str]:
    listed = as_names("tracker", names, "mlflow")
    return [] if listed is None else [f"--smote-tracker={','.join(listed)}"]


def _engine(name: object, n_workers: object) -> list[str]:
    if name is None:
        return []
    try:
        choice = parse_engine(name)
        check_engine(choice)
    except ConfigError as error:
        raise ConfigError(f"engine: {error}") from None
    if not choice.is_pytest and n_workers != 1:
        raise ConfigError(
            f"engine: expected n_workers to be left at 1 with the engine {choice.name}, got {n_workers!r}: "
            "it has workers of its own"
        )
    return [f"--smote-engine={choice}"]


def _timeout(seconds: object) -> list[str]:
    if seconds is None:
        return []
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
        raise ConfigError(f"expected timeout to be a number of seconds, 0 for no limit; got {seconds!r}")
    return [f"--smote-timeout={seconds}"]


def _minutes(minutes: object) -> float:
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes < math.inf:
        raise ConfigError(f"expected minutes to be a number above 0, got {minutes!r}")
    return float(minutes)


def _max_memory(size: object) -> list[str]:
    if size is None:
        return []
    try:
        if isinstance(size, bool) or not isinstance(size, str | int):
            raise ConfigError(f"expected a size such as '2GB', 0 for no limit; got {size!r}")
        if parse_size(str(size)):
            refuse_without_limits("max_memory")
    except ConfigError as error:
        raise ConfigError(f"max_memory: {str(error).removeprefix('max_memory: ')}") from None
    return [f"--smote-max-memory={size}"]


@contextlib.contextmanager
def _own_folder(reports: Path, name: str) -> Iterator[Path]:
    """Give a folder that is this run's alone; where the call was wrong, take away what was made for it."""
    from smote_bench.runs.folder import reserved_run_folder, usable_out

    with usable_out(reports, called="out"):
        parents = [folder for folder in (reports / "runs", reports) if not folder.exists()]
    folder = reserved_run_folder(reports, name, called="out")
    try:
        yield folder
    except ConfigError:
        if not (folder / "cells.sqlite").exists():
            shutil.rmtree(folder)
            for parent in parents:
                with contextlib.suppress(OSError):  # another run is in it by now
                    parent.rmdir()
        raise


def _command(experiment: Path, folder: Path, words: Sequence[str]) -> list[str]:
    from smote_bench.experiment.shipped import grid_file

    python = [sys.executable, "-u", "-m", "pytest", str(grid_file()), "-p", "smote_bench.plugin"]
    no_litter = ["-p", "no:cacheprovider", "-p", "no:benchmark"]  # each leaves a folder here
    plain = [*no_litter, "--import-mode=importlib", "--color=no", f"--rootdir={Path.cwd()}"]
    place = ["--smote-out", str(folder.parent.parent), "--smote-run-name", folder.name]
    # a gate that the project's ini file asks for is `gate`'s to judge
    return [*python, *plain, "--smote-experiment", str(experiment), *place, "--smote-gate=off", *words]


def _follow(
    command: Sequence[str], folder: Path, *, progress: bool, seconds: float | None = None
) -> tuple[int, list[str]]:
    """Wait for pytest, printing its progress; return its exit code and its last lines.

    After so many seconds it is interrupted, and writes what there is.

    It is in a session of its own, so that Ctrl-C reaches it once, from here, and it can write what it has;
    and it has a folder of its own for what is temporary: in the common one pytest clears up behind others.
    """
    with tempfile.TemporaryDirectory(prefix="smote-bench-", ignore_cleanup_errors=True) as temporary:
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_THE_CHILD}
        environment["PYTEST_DEBUG_TEMPROOT"] = temporary
        return _followed(command, folder, environment, progress=progress, seconds=seconds)


def _followed(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    progress: bool,
    seconds: float | None,
) -> tuple[int, list[str]]:
    last: deque[str] = deque(maxlen=_KEPT_LINES)
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=dict(environment),
        start_new_session=True,
    )
    assert process.stdout is not None
    ended = threading.Event()
    if seconds is not None:
        threading.Thread(target=_interrupt, args=(process, folder, seconds, ended), daemon=True).start()
    try:
        for line in process.stdout:
            last.append(line.rstrip("\n"))
            if progress and line.startswith(_PROGRESS):
                print(line, end="", flush=True)
        return process.wait(), list(last)
    except BaseException as error:
        _stop(process)
        if isinstance(error, KeyboardInterrupt) and folder.exists():
            error.add_note(f"what was computed is in {folder} and in the memo; the same call goes on")
        raise
    finally:
        ended.set()
        process.stdout.close()


def _interrupt(process: subprocess.Popen[str], folder: Path, seconds: float, ended: threading.Event) -> None:
    """Interrupt after so many seconds; again where the session had not begun: imports may lose a signal."""
    pause = seconds
    while not ended.wait(pause):
        # once there is a store, the session will write what it has, and a second signal would end that
        had_begun = (folder / "cells.sqlite").exists()
        process.send_signal(signal.SIGINT)
        if had_begun:
            return
        pause = _AGAIN_SECONDS


def _stop(process: subprocess.Popen[str]) -> None:
    """Interrupt pytest and let it write what it has; end it when that is interrupted too."""
    try:
        process.send_signal(signal.SIGINT)
        process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise


def _error_of(lines: Sequence[str]) -> str:
    """Return the message of a wrong call, which pytest prints after ``ERROR:``."""
    starts = [n for n, line in enumerate(lines) if line.startswith("ERROR: ")]
    text = "\n".join(lines[starts[0] :] if starts else lines[-_LAST_LINES:]).strip()
    return _OPTIONS.sub(r"\1", text.removeprefix("ERROR: "))


def _why_cut(run: Run) -> str:
    return (
        f"expected every cell to be run, got a run that was cut ({run.cut}): what was computed is in "
        f"{run.folder} and in the memo, so that the same call goes on from there; "
        "open_run(folder) reads what there is"
    )


def _why_aborted(code: int, lines: Sequence[str], folder: Path) -> str:
    meaning = _MEANINGS.get(code, "no complete run in its folder")
    if code < 0:
        with contextlib.suppress(ValueError):
            meaning = f"ended by {signal.Signals(-code).name}"
    said = "\n".join(f"  {line}" for line in lines[-_LAST_LINES:])
    return (
        f"expected the run to come to its end, got exit code {code} ({meaning}): what was computed is in "
        f"{folder} and in the memo, so that the same call goes on from there. Its last lines:\n{said}"
    )
