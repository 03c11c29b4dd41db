"""What a pytest session is asked to do about a gate: options, ini values, the experiment, markers.

Importing this module imports neither numpy nor pandas.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.errors import ConfigError
from smote_bench.evaluation.parts import Part, parts_beyond
from smote_bench.experiment.gate_options import (
    parse_alpha,
    parse_fixed,
    parse_max_slowdown,
    parse_mode,
    parse_overrides,
    parse_tolerances,
)
from smote_bench.experiment.gate_settings import GateSettings

if TYPE_CHECKING:
    import pytest

    from smote_bench.evaluation.outcome import Cell
    from smote_bench.experiment.model import Experiment

__all__ = ["MARKER", "SEEDS", "SPLITS", "GatePlan", "marker_override", "overrides_from", "plan_gate"]

MARKER = "smote_gate"
SPLITS, SEEDS = 5, 4
"""Of a baseline. The seeds' own spread has 15 degrees of freedom per case then: 3 of each split."""

_OFF = (
    "--smote-compare: nothing was judged, since the ini file or the experiment switches the gate off; "
    "--smote-gate=fail switches it on"
)


@dataclass(frozen=True)
class GatePlan:
    """What a session is asked to do about a gate.

    Parameters
    ----------
    save : str
        Name of the baseline to be written; empty for none.
    reason : str
        Why an existing one may be replaced.
    compare : str
        Path of the baseline's JSON; empty for none.
    asked : bool
        Whether the comparison was asked for by option, not by the ini file alone.
    n_splits, n_seeds : int
        Of a baseline to be saved.
    reports : str
        Baselines are in ``baselines/`` below it.
    settings : GateSettings
    idle : str
        Why nothing is judged, where options lead one to expect it; empty where they do not.
    """

    save: str = ""
    reason: str = ""
    compare: str = ""
    asked: bool = False
    n_splits: int = SPLITS
    n_seeds: int = SEEDS
    reports: str = "reports"
    settings: GateSettings = field(default_factory=GateSettings)
    idle: str = ""

    def parts(self, experiment: Experiment) -> list[Part]:
        """Return what each cell has to be computed for beside the run itself."""
        return parts_beyond(experiment.protocol, self.n_splits, self.n_seeds) if self.save else []

    def words_before(self, experiment: Experiment, n_cells: int, seconds: float) -> str:
        """Say what saving a baseline will compute, and about how long; empty where none is saved.

        Parameters
        ----------
        experiment : Experiment
        n_cells : int
        seconds : float
            That these cells are expected to take on one core, under the experiment's own protocol.
        """
        if not self.save:
            return ""
        from smote_bench.engines.planning.words import duration

        own = experiment.protocol
        fits = sum(part.protocol(own).fits_per_cell for part in self.parts(experiment))
        about = duration(seconds * (1 + fits / own.fits_per_cell))
        return (
            f"baseline {self.save!r} of {experiment.name}: {n_cells:,} cells on {self.n_splits} splits with "
            f"{self.n_seeds} seeds, about {about} of one core (a rough estimate; `smote-bench plan` makes a "
            "better one)"
        )


def plan_gate(config: pytest.Config, experiment: Experiment, out: Path) -> GatePlan:
    """Read the gate's options, ini values and the experiment's ``gate:`` section, in this precedence.

    Parameters
    ----------
    config : pytest.Config
    experiment : Experiment
    out : Path
        The folder of runs; baselines lie in ``baselines/`` below it, or below the project's own ``reports``.

    Raises
    ------
    ConfigError
        Also where a baseline to be saved is there already, or one to compare with is not.
    """
    save = config.getoption("smote_save") or ""
    reason = config.getoption("smote_accept_reason") or ""
    settings = _settings(config, experiment)
    if save:
        _check_place(save, out, reason)
    elif reason:
        raise ConfigError(
            f"expected --smote-save NAME beside --smote-accept-reason {reason!r}: name the baseline"
        )
    option, ini = config.getoption("smote_compare"), config.getini("smote_compare")
    wanted = option if option is not None else ini
    compare = None
    if wanted is not None and (option is not None or ini) and settings.mode != "off":
        compare = _find(str(wanted), experiment.name, [out, Path(config.rootpath, "reports")])
        if not hasattr(config, "workerinput"):
            _check_whole(compare)
    return GatePlan(
        save=save,
        reason=reason,
        compare=str(compare) if compare else "",
        asked=option is not None,
        n_splits=_count(config, "smote_gate_splits", SPLITS),
        n_seeds=_count(config, "smote_gate_seeds", SEEDS),
        reports=str(out),
        settings=settings,
        idle="" if compare else _why_idle(config, settings.mode),
    )


def _check_place(name: str, out: Path, reason: str) -> None:
    """Refuse now what could not be saved after hours of computing."""
    from smote_bench.gating.baselines.baseline import check_free
    from smote_bench.gating.baselines.header import FOLDER, read_header

    check_free(name, out, reason=reason)
    there = Path(out, FOLDER, f"{name}.json")
    if there.exists():
        read_header(there)  # its history is kept


def _check_whole(path: Path) -> None:
    """Refuse a damaged baseline before any cell is computed."""
    from smote_bench.gating.baselines.header import check_digest, read_header

    for part, digest in read_header(path)["files"].items():
        check_digest(path, part, digest)


def _why_idle(config: pytest.Config, mode: str) -> str:
    if mode == "off":
        overruled = config.getoption("smote_compare") is not None and config.getoption("smote_gate") is None
        return _OFF * overruled
    names = ("smote_gate", "smote_gate_alpha", "smote_gate_tol", "smote_compare_fail", "smote_gate_slowdown")
    given = ["--" + name.replace("_", "-") for name in names if config.getoption(name) not in (None, [])]
    return f"{', '.join(given)}: nothing was judged, since --smote-compare was not given" if given else ""


def _settings(config: pytest.Config, experiment: Experiment) -> GateSettings:
    settings = experiment.gate

    change: dict[str, Any] = {}
    mode, where = _given(config, "smote_gate")
    if mode is not None:
        change["mode"] = parse_mode(mode, where)
    alpha, where = _given(config, "smote_gate_alpha")
    if alpha is not None:
        change["alpha"] = parse_alpha(alpha, where)
    tolerance, where = _given(config, "smote_gate_tol")
    if tolerance is not None:
        change["tolerance"] = {**settings.tolerance, **parse_tolerances(tolerance, where)}
    fixed, where = _given(config, "smote_compare_fail")
    if fixed is not None:
        change["fixed"] = parse_fixed(fixed, where)
        for name in change["fixed"]:
            _check_metric(name, experiment, where)
    slowdown, where = _given(config, "smote_gate_slowdown")
    if slowdown is not None:
        change["max_slowdown"] = parse_max_slowdown(slowdown, where)
    return dataclasses.replace(settings, **change)


def _given(config: pytest.Config, name: str) -> tuple[Any, str]:
    """Return an option's value, else that of its ini twin, else None; and what to call it in a message."""
    option = config.getoption(name)
    if option not in (None, []):
        return option, "--" + name.replace("_", "-")
    return config.getini(name) or None, f"{name} in the ini file"


def _check_metric(name: str, experiment: Experiment, where: str, others: Collection[str] = ()) -> None:
    """Refuse the name of a metric that there is not: nothing would be judged by it, in silence."""
    from smote_bench.errors import did_you_mean

    known = [*experiment.metrics, *others]
    if name not in known:
        raise ConfigError(
            f"{where}: expected a metric of the experiment, got {name!r}.{did_you_mean(name, known)} "
            f"Choose from {', '.join(experiment.metrics)}"
        )


def _count(config: pytest.Config, name: str, default: int) -> int:
    value, where = _given(config, name)
    if value is None:
        return default
    if not str(value).isdecimal() or int(value) < 1:
        raise ConfigError(
            f"{where}: expected a whole number from 1, got {value!r}: write one such as {default}"
        )
    return int(value)


def _find(wanted: str, experiment: str, folders: Sequence[Path]) -> Path:
    """Return the file of a baseline: by name or path, else the experiment's own, else the only one."""
    from smote_bench.gating.baselines.header import find_baseline, list_baselines

    folders = list(dict.fromkeys(folders))
    if not wanted:
        names = list(dict.fromkeys(one.name for folder in folders for one in list_baselines(folder)))
        if experiment not in names and len(names) != 1:
            have = f"got {', '.join(names)}" if names else "got none"
            raise ConfigError(
                f"--smote-compare: expected one baseline, or one named {experiment!r} as the experiment; "
                f"{have}: name one (--smote-compare=NAME) or save one (--smote-save NAME)"
            )
        wanted = experiment if experiment in names else names[0]
    errors = []
    for folder in folders:
        try:
            return find_baseline(wanted, folder)
        except ConfigError as error:
            errors.append(error)
    is_for_pytest = Path(wanted).is_dir() or Path(wanted).suffix == ".py"
    hint = "; to have pytest collect it, write --smote-compare after it, or --smote-compare=NAME"
    raise ConfigError(f"--smote-compare: {errors[0]}{hint if is_for_pytest else ''}") from errors[0]


def marker_override(cell: Cell, marks: Iterable[pytest.Mark], experiment: Experiment) -> list[dict[str, Any]]:
    """Return the overrides that a case's markers ask for, as JSON values; the closest marker's comes last.

    ``@pytest.mark.smote_gate(tolerance=0.03, metric="g_mean", mode="warn")``

    Raises
    ------
    ConfigError
    """
    from smote_bench.evaluation.descriptors import DESCRIPTORS

    found = []
    for mark in reversed(
        list(marks)
    ):  # as pytest has them, the closest is first; of overrides the last holds
        if mark.args:
            raise ConfigError(
                f"{cell.id}: expected pytest.mark.{MARKER}(tolerance=..., mode=..., metric=...), "
                f"got {mark.args!r} without names: write tolerance={mark.args[0]!r}"
            )
        names = {name: getattr(cell, name) for name in ("dataset", "method", "classifier")}
        wrong = names.keys() & mark.kwargs.keys()
        if wrong:
            raise ConfigError(
                f"{cell.id}: expected pytest.mark.{MARKER}(tolerance=..., mode=..., metric=...), got "
                f"{sorted(wrong)[0]!r}: a marker is for its own case"
            )
        found.append({**names, **mark.kwargs})
    where = f"{cell.id}: pytest.mark.{MARKER}"
    for override in parse_overrides(found, where):
        if override.metric:
            _check_metric(override.metric, experiment, where, (*DESCRIPTORS, "resample_seconds"))
    return found


def overrides_from(texts: Iterable[str]) -> list[Mapping[str, Any]]:
    """Return the overrides that reports carried as JSON."""
    return [item for text in texts for item in json.loads(text)]
