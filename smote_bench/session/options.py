"""The options of the command line, and their ini twins for what a project would want to fix."""

from __future__ import annotations

import os
import shlex

import pytest

__all__ = ["add_options", "are_given", "only_looks", "words_of_command"]

_DEFAULT_TIMEOUT_SECONDS = "1800"
_GATING = (
    "save",
    "accept_reason",
    "compare",
    "compare_fail",
    "gate",
    "gate_alpha",
    "gate_tol",
    "gate_slowdown",
    "gate_splits",
    "gate_seeds",
)
_NARROWING = ("datasets", "methods", "classifiers", "metrics")
_OTHERS = (
    "experiment",
    "out",
    "run_name",
    "data",
    "memo",
    "timeout",
    "max_memory",
    "tracker",
    "engine",
    "engine_wait",
)


def add_options(parser: pytest.Parser) -> None:
    """Register the options; each has an ini twin where a project would want to fix it."""
    group = parser.getgroup("smote-bench", "oversampling benchmark")
    group.addoption(
        "--smote-experiment",
        metavar="FILE",
        help="experiment to run: a YAML file, or the name of a shipped one such as quick (default: default)",
    )
    for what in _NARROWING:
        group.addoption(
            f"--smote-{what}",
            metavar="A,B",
            action="append",
            help=f"only these {what} (comma separated; may be repeated)",
        )
    group.addoption(
        "--smote-out",
        metavar="DIR",
        help="folder for runs, the memo and the link to the latest run (default: reports)",
    )
    group.addoption(
        "--smote-run-name",
        metavar="NAME",
        help="name of the run's folder in --smote-out/runs, for programs that have to find it "
        "(default: time and experiment)",
    )
    group.addoption(
        "--smote-data",
        metavar="DIR",
        help="folder with data files that are not bundled (default: the environment's SMOTE_BENCH_DATA)",
    )
    group.addoption(
        "--oversampler",
        metavar="PACKAGE.MODULE:CLASS",
        action="append",
        help="an oversampler for benchmarks/test_properties.py, with parameters as JSON after '?' "
        "(may be repeated)",
    )
    group.addoption(
        "--oversampler-family",
        metavar="FAMILY",
        help="what the oversamplers claim to be (default: their tags)",
    )
    group.addoption(
        "--oversampler-smoke",
        action="store_true",
        help="put fewer cases of each property to the oversamplers",
    )
    group.addoption(
        "--oversampler-strict",
        action="store_true",
        help="hold the oversamplers to conventions too that their tags do not claim",
    )
    group.addoption(
        "--smote-memo",
        metavar="FILE|off",
        help="outcomes shared by runs (default: memo.sqlite in --smote-out); off computes everything anew",
    )
    group.addoption(
        "--smote-timeout",
        metavar="SECONDS",
        type=float,
        help="time limit of a cell; 0 for none (ini: smote_timeout)",
    )
    group.addoption(
        "--smote-max-memory",
        metavar="SIZE",
        help="memory that a process may hold while it computes cells, such as 2GB; 0 for no limit "
        "(default: none; ini: smote_max_memory)",
    )
    group.addoption(
        "--smote-no-report",
        action="store_true",
        help="write scores and tables only; `smote-bench report RUN` makes the rest (ini: smote_report)",
    )
    group.addoption(
        "--smote-tsne",
        choices=("auto", "on", "off"),
        help="embed the points of the report by t-SNE; auto: within a tenth of the cells' time and a minute "
        "at most (ini: smote_tsne)",
    )
    group.addoption(
        "--smote-tracker",
        metavar="NAME,...",
        action="append",
        help="send the finished run to clearml, mlflow, another package's tracker or package.module:Class; "
        "off for none (default: the experiment's trackers; ini: smote_tracker)",
    )
    group.addoption(
        "--smote-engine",
        metavar="NAME[=ADDRESS]",
        help="what computes the cells: local, xdist (with -n), dask (workers on this machine), "
        "dask=tcp://HOST:8786, another package's engine (default: the experiment's, or what -n says; "
        "ini: smote_engine)",
    )
    group.addoption(
        "--smote-engine-wait",
        metavar="SECONDS",
        type=float,
        help="how long a scheduler and a first worker are waited for (default: 8; ini: smote_engine_wait)",
    )
    _add_gate_options(group, parser)
    parser.addini("smote_engine", "what computes the cells, when --smote-engine is not given")
    parser.addini("smote_engine_wait", "seconds that an engine's first worker is waited for", default="8")
    parser.addini("smote_tracker", "trackers that finished runs are sent to, such as clearml,mlflow")
    parser.addini("smote_report", "write report.html and figures after a run", type="bool", default=True)
    parser.addini("smote_tsne", "auto, on or off", default="auto")
    parser.addini("smote_experiment", "experiment to run when --smote-experiment is not given")
    parser.addini("smote_out", "folder for runs when --smote-out is not given")
    parser.addini(
        "smote_timeout", "time limit of a cell in seconds, 0 for none", default=_DEFAULT_TIMEOUT_SECONDS
    )
    parser.addini("smote_max_memory", "memory that a process may hold while it computes cells", default="0")


def _add_gate_options(group: pytest.OptionGroup, parser: pytest.Parser) -> None:
    """Register what saves a baseline and what holds a run to one."""
    group.addoption(
        "--smote-save",
        metavar="NAME",
        help="save the run as the baseline NAME, on several splits with several seeds; never over another",
    )
    group.addoption(
        "--smote-accept-reason",
        metavar="TEXT",
        help="with --smote-save: why the baseline of this name is replaced",
    )
    group.addoption(
        "--smote-compare",
        metavar="NAME",
        nargs="?",
        const="",
        help="hold the run to a baseline (--smote-compare=NAME; without a name: the experiment's, or the "
        "only one) and fail on a real drop or change (ini: smote_compare)",
    )
    group.addoption(
        "--smote-gate",
        metavar="off|warn|fail",
        help="what a comparison that comes out badly does (default: fail; ini: smote_gate)",
    )
    group.addoption(
        "--smote-gate-alpha",
        metavar="RATE",
        help="rate of false alarms per run (default: 0.01; ini: smote_gate_alpha)",
    )
    group.addoption(
        "--smote-gate-tol",
        metavar="LEVEL:DROP,...",
        help="mean drops up to these are no alarm (default: method:0.0015,dataset:0.005,case:0.01; "
        "ini: smote_gate_tol)",
    )
    group.addoption(
        "--smote-compare-fail",
        metavar="METRIC:DROP",
        action="append",
        help="also fail when a case's mean drops by more than a fixed limit; its rate of false alarms is "
        "printed (may be repeated; ini: smote_compare_fail)",
    )
    group.addoption(
        "--smote-gate-slowdown",
        metavar="FACTOR",
        help="also fail when a method's resampling, in units of the run's own Original, became slower by "
        "more than this factor (ini: smote_gate_slowdown)",
    )
    group.addoption(
        "--smote-gate-splits",
        metavar="N",
        help="splits of a baseline to be saved (default: 5; ini: smote_gate_splits)",
    )
    group.addoption(
        "--smote-gate-seeds",
        metavar="N",
        help="seeds of each split of a baseline to be saved (default: 4; ini: smote_gate_seeds)",
    )
    parser.addini("smote_compare", "name of the baseline that runs are held to")
    parser.addini("smote_gate", "off, warn or fail")
    parser.addini("smote_gate_alpha", "rate of false alarms per run")
    parser.addini("smote_gate_tol", "mean drops that are no alarm, as method:0.0015,dataset:0.005,case:0.01")
    parser.addini("smote_compare_fail", "fixed limits of a case's mean drop, as roc_auc:0.05")
    parser.addini("smote_gate_slowdown", "factor by which a method's resampling may become slower")
    parser.addini("smote_gate_splits", "splits of a baseline to be saved")
    parser.addini("smote_gate_seeds", "seeds of each split of a baseline to be saved")


def are_given(config: pytest.Config) -> bool:
    """Tell whether an option was given that has to be checked with the experiment, before anything runs."""
    names = (*_OTHERS, *_NARROWING, *_GATING)
    return any(config.getoption(f"smote_{name}") is not None for name in names)


def only_looks(config: pytest.Config) -> bool:
    """Tell whether no test is called: ``--collect-only``, ``--setup-only``, ``--setup-plan``."""
    return any(getattr(config.option, name, False) for name in ("collectonly", "setuponly", "setupplan"))


def words_of_command(config: pytest.Config) -> list[str]:
    """Return the command's words, those of the variable PYTEST_ADDOPTS first, as pytest takes them."""
    added = shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))
    return [*added, *(str(argument) for argument in config.invocation_params.args)]
