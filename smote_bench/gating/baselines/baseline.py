"""Baselines: evidence in files that are fit for git.

``NAME.json`` can be read: where the baseline came from, why it was refreshed, its noise and its limits.
``NAME.fits.parquet`` has the scores of every fit, ``NAME.samples.parquet`` what the methods did to the rows.
A baseline is never replaced without a reason.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.baselines.arguments import portable_arguments, portable_path
from smote_bench.gating.baselines.header import (
    FOLDER,
    FORMAT,
    check_digest,
    check_name,
    file_beside,
    find_baseline,
    list_baselines,
    read_header,
    readable_json,
)
from smote_bench.gating.baselines.noise import noise_table
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.from_run import run_evidence
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel
from smote_bench.gating.evidence.panel_file import DESCRIPTOR_DIGITS, read_panel, write_panel
from smote_bench.runs.whole_folder import write_whole

__all__ = ["check_free", "list_baselines", "load_baseline", "save_baseline", "save_from_run"]

_SECONDS = ("resample_seconds", "fit_seconds")
_SECONDS_DIGITS = 3
_NOT_ABOUT = frozenset(
    [
        "format",
        "history",
        "arguments",
        "protocol",
        "metrics",
        "data",
        "splits",
        "statuses",
        "noise",
        "limits",
        "files",
        "cases",
        "n_splits",
        "n_seeds",
        "gate",
    ]
)
"""What a header says beside `Evidence.about`."""


def check_free(name: str, reports: Path, *, reason: str = "") -> None:
    """Refuse to save over a baseline that is there, unless there is a reason; ask before a long run.

    Raises
    ------
    ConfigError
    """
    check_name(name)
    path = Path(reports, FOLDER, f"{name}.json")
    if path.exists() and not reason.strip():
        raise ConfigError(_taken(path))


def _taken(path: Path) -> str:
    name = path.name.removesuffix(".json")
    return (
        f"expected a new baseline's name, got {name!r}, which is there ({path}): refresh it with "
        f'`smote-bench baseline accept {name} --reason "..."` (from Python: reason="..."), or take '
        "another name"
    )


def save_from_run(
    run_folder: Path,
    name: str,
    reports: Path,
    *,
    reason: str = "",
    replace: bool = False,
    arguments: Sequence[str] = (),
) -> Path:
    """Save a finished run as a baseline and return the path of its JSON.

    Parameters
    ----------
    run_folder : Path
    name : str
    reports : Path
        It comes to lie in ``reports/baselines``.
    reason : str
        Why it is refreshed; must be given with `replace`.
    replace : bool
        Whether a baseline of this name may be replaced; its reasons are kept as history.
    arguments : sequence of str
        pytest's, so that the baseline can be made again.

    Raises
    ------
    ConfigError
    """
    check_name(name)
    path = Path(reports, FOLDER, f"{name}.json")
    history: list[Mapping[str, Any]] = []
    if path.exists() and replace:
        if not reason.strip():
            raise ConfigError(
                f"expected a reason for replacing the baseline {name!r}, got {reason!r}: say in words why "
                'its numbers change, as in --reason "SMOTE\'s ties are broken by distance"'
            )
        old = read_header(path)
        history = [*old["history"], {key: old.get(key, "") for key in ("made_at", "commit", "reason")}]
    stem = path.with_name(name)
    evidence = run_evidence(run_folder)
    if cut := evidence.about.get("cut"):
        raise ConfigError(
            f"expected a run that came to its end, got {str(run_folder)!r}. {cut} Finish it first: "
            "`smote-bench list` has the command"
        )
    return save_baseline(evidence, stem, reason=reason, arguments=arguments, history=history, replace=replace)


def save_baseline(
    evidence: Evidence,
    path_stem: Path,
    *,
    reason: str = "",
    arguments: Sequence[str] = (),
    history: Sequence[Mapping[str, Any]] = (),
    replace: bool = False,
) -> Path:
    """Write a baseline's files and return the path of the JSON; equal evidence gives equal bytes.

    Parameters
    ----------
    evidence : Evidence
    path_stem : Path
        The files' path without ``.json`` and ``.fits.parquet``.
    reason : str
    arguments : sequence of str
        pytest's.
    history : sequence of mapping
        ``made_at``, ``commit`` and ``reason`` of the baselines that this one follows, oldest first.
    replace : bool

    Raises
    ------
    ConfigError
        If it is there already and not to be replaced, or if there is no score.
    """
    path = path_stem.with_name(f"{path_stem.name}.json")
    if path.exists() and not replace:
        raise ConfigError(_taken(path))
    if not evidence.scores.cells:
        states = sorted({status for status, _ in evidence.statuses.values()})
        raise ConfigError(
            f"expected at least one scored cell for a baseline, got none in {evidence.name!r} "
            f"({', '.join(states) or 'no cells'}): see the reasons in its cells.csv"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    seconds = {
        name: {cell: _rounded(pair[n]) for cell, pair in evidence.seconds.items()}
        for n, name in enumerate(_SECONDS)
    }
    fits, samples = (file_beside(path, part) for part in ("fits", "samples"))
    files = {"fits": _write(evidence.scores, fits, group_by_dataset=True, by_cell=seconds)}
    if evidence.samples is not None:
        files["samples"] = _write(evidence.samples, samples, digits=DESCRIPTOR_DIGITS)
    else:
        samples.unlink(missing_ok=True)
    # last: it names the digests of the others, so a save that was cut short is noticed
    write_whole(path, readable_json(_header(evidence, reason, arguments, history, files)) + "\n")
    return path


def _rounded(value: float) -> float:
    return float(f"{value:.{_SECONDS_DIGITS - 1}e}")


def _write(panel: Panel, file: Path, **settings: Any) -> str:
    """Write a panel's file, whole or not at all, and return its digest."""
    partial = file.with_name(f".{file.name}.partial")
    try:
        write_panel(panel, partial, **settings)
        digest = hashlib.sha256(partial.read_bytes()).hexdigest()
        os.replace(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    return digest


def _header(
    evidence: Evidence,
    reason: str,
    arguments: Sequence[str],
    history: Sequence[Mapping[str, Any]],
    files: Mapping[str, str],
) -> dict[str, Any]:
    about = {name: value for name, value in evidence.about.items() if name not in _NOT_ABOUT}
    if "experiment" in about:
        about["experiment"] = {**about["experiment"], "file": portable_path(about["experiment"]["file"])}
    scores = evidence.scores
    return {
        "made_at": "",
        **about,
        "format": FORMAT,
        "reason": reason,
        "history": [dict(entry) for entry in history],
        "arguments": portable_arguments(arguments),
        "protocol": dict(evidence.protocol),
        "n_splits": len({unit.split for unit in scores.units}),
        "n_seeds": len(scores.draws),
        "cases": len(set(evidence.statuses) | set(scores.cells)),
        "metrics": [[name, evidence.better[name]] for name in scores.names],  # in their order
        "data": dict(evidence.data),
        "splits": _nested(evidence.splits),
        "statuses": _statuses(evidence),
        "noise": noise_table(scores),
        "limits": _limits(evidence),
        "files": dict(files),
    }


def _nested(splits: Mapping[tuple[str, int, int], str]) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for (dataset, split, fold), digest in splits.items():
        name = "holdout" if fold == HOLDOUT_FOLD else f"fold {fold}"
        found.setdefault(dataset, {}).setdefault(f"split {split}", {})[name] = digest
    return found


def _flat(splits: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[tuple[str, int, int], str]:
    found = {}
    for dataset, by_split in splits.items():
        for split, by_fold in by_split.items():
            for fold, digest in by_fold.items():
                number = HOLDOUT_FOLD if fold == "holdout" else int(fold.removeprefix("fold "))
                found[dataset, int(split.removeprefix("split ")), number] = digest
    return dict(sorted(found.items()))


def _statuses(evidence: Evidence) -> list[dict[str, str]]:
    """Return the cells that are not what a scored cell is otherwise: ok, without a reason."""
    scored = set(evidence.scores.cells)
    listed = []
    for cell, (status, reason) in evidence.statuses.items():
        if cell not in scored or (status, reason) != ("ok", ""):
            listed.append({**vars(cell), "status": status, "reason": reason})
    return sorted(listed, key=lambda row: (row["dataset"], row["method"], row["classifier"]))


def _limits(evidence: Evidence) -> dict[str, Any]:
    """Return each method's limits, and the median of those of data sets and cases, which are thousands."""
    from smote_bench.gating.judging.limits import limits_of_baseline

    limits = limits_of_baseline(evidence, GateSettings())
    found: dict[str, Any] = {}
    others: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for limit in limits:
        pair = limit.alarms_beyond, limit.would_see
        if limit.level == "method":
            values = dict(zip(("alarms_beyond", "would_see"), map(_json_number, pair), strict=True))
            found.setdefault("method", {}).setdefault(limit.metric, {})[limit.method] = values
        else:
            others.setdefault((limit.level, limit.metric), []).append(pair)
    for (level, metric), pairs in others.items():
        beyond, seen = np.nanmedian(np.array(pairs), axis=0).tolist()
        found.setdefault(f"{level}, median", {})[metric] = {
            "alarms_beyond": _json_number(beyond),
            "would_see": _json_number(seen),
            "n": len(pairs),
        }
    return found


def _json_number(value: float) -> float | None:
    return float(f"{value:.3g}") if math.isfinite(value) else None


def load_baseline(name_or_path: str | Path, reports: Path = Path("reports")) -> Evidence:
    """Read a baseline.

    Parameters
    ----------
    name_or_path : str or Path
        See `smote_bench.gating.baselines.header.find_baseline`.
    reports : Path

    Raises
    ------
    ConfigError
        If there is none, or its files are damaged or of a newer release.
    """
    path = find_baseline(name_or_path, reports)
    header = read_header(path)
    for part, digest in header["files"].items():
        check_digest(path, part, digest)
    try:
        return _evidence(path, header)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"expected the files of a baseline, got {str(path)!r}, which do not fit together "
            f"({type(error).__name__}: {error}): restore them from git, or save the baseline again"
        ) from error


def _evidence(path: Path, header: Mapping[str, Any]) -> Evidence:
    scores, seconds = read_panel(file_beside(path, "fits"), by_cell=_SECONDS)
    samples = None
    if "samples" in header["files"]:
        samples, _ = read_panel(file_beside(path, "samples"), digits=DESCRIPTOR_DIGITS)
    statuses = dict.fromkeys(scores.cells, ("ok", ""))
    for row in header["statuses"]:
        cell = Cell(row["dataset"], row["method"], row["classifier"])
        statuses[cell] = row["status"], row["reason"]
    resample, fit = (seconds[name] for name in _SECONDS)
    return Evidence(
        name=path.name.removesuffix(".json"),
        scores=scores,
        better=dict(header["metrics"]),
        samples=samples,
        statuses=dict(sorted(statuses.items(), key=lambda item: tuple(vars(item[0]).values()))),
        data=dict(header["data"]),
        splits=_flat(header["splits"]),
        seconds={cell: (resample[cell], fit[cell]) for cell in scores.cells if cell in fit},
        protocol=dict(header["protocol"]),
        about={name: value for name, value in header.items() if name not in _NOT_ABOUT},
    )
