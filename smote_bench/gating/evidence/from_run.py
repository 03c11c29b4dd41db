"""A run's folder as evidence: its own cells, and the parts of a longer protocol beside them."""

from __future__ import annotations

import hashlib
import math
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.errors import ConfigError
from smote_bench.evaluation.extras import SAMPLES
from smote_bench.evaluation.outcome import Cell, DamagedOutcome, Outcome
from smote_bench.evaluation.parts import Part
from smote_bench.evaluation.seeding import HOLDOUT
from smote_bench.gating.evidence.evidence import SPLIT_SETTINGS, Better, Evidence, SplitName
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel, Unit
from smote_bench.gating.evidence.panel_file import DESCRIPTOR_DIGITS, round_to_digits
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.account import Account
from smote_bench.runs.manifest_file import read_json
from smote_bench.runs.manifest_of_store import manifest_of
from smote_bench.runs.run_store import RunStore, damage_of

if TYPE_CHECKING:
    from smote_bench.evaluation.outcome import Fit

__all__ = ["GATE_METRICS", "N_SYNTHETIC", "run_evidence"]

GATE_METRICS = ("balanced_accuracy", "g_mean", "f1_macro", "roc_auc")
"""What a gate judges in every run that has them, before the experiment's own priority metrics."""

N_SYNTHETIC = "n_synthetic"
"""Kept beside the descriptors, and not compared: the ratio of the classes says the same."""

_GRAVITY = ("ok", "noop", "unavailable", "timeout", "error")

_Place = tuple[Unit, int]
"""A unit under a draw."""


@dataclass
class _Gathered:
    """What is gathered of one cell from its outcome and those of its parts."""

    status: str = "ok"
    reason: str = ""
    is_own: bool = False
    fits: dict[_Place, Fit] = field(default_factory=dict)
    seconds: list[tuple[float, float]] = field(default_factory=list)


def run_evidence(folder: Path) -> Evidence:
    """Return what a finished run says of its cells, on all splits and with all seeds that it computed.

    A fit's digest is of all its scores and of the resampled rows; 0 where those were not recorded. Digests
    of runs with other metrics differ: ``about["digest_metrics"]`` names those that went in.

    Parameters
    ----------
    folder : Path
        Of a finished run, or ``latest``.

    Raises
    ------
    ConfigError
        If it is no folder of a finished run, is damaged, or has no cell.
    """
    from smote_bench.runs.open import finished_run, lacking

    folder = finished_run(folder)
    manifest = manifest_of(folder)
    store = RunStore(folder / "cells.sqlite", read_only=True)
    try:
        cells, data = _gather(store)
        samples = _read_samples(store, manifest["experiment"], cells)
    except (sqlite3.DatabaseError, DamagedOutcome, RecursionError) as error:
        raise ConfigError(
            f"expected the whole store of a run: {damage_of(store.path, error)}. Nothing is judged "
            "on what is left of it; run again"
        ) from error
    finally:
        store.close()
    if not cells:
        raise ConfigError(f"expected a run with cells, got {str(folder)!r} without any: run it again")
    n_own = sum(gathered.is_own for gathered in cells.values())
    if damage := lacking(folder, manifest, n_own):
        n_asked = manifest.get("cells", {}).get("total", "all")
        raise ConfigError(
            f"expected the whole store of a run: {damage}, {n_own} of {n_asked} are left. "
            "Nothing is judged on what is left of it; run again"
        )
    better = _gate_metrics(manifest["experiment"])
    return Evidence(
        name=folder.name,
        scores=_scores(cells, tuple(better), samples),
        better=better,
        samples=_samples_panel(samples),
        statuses={cell: (found.status, found.reason) for cell, found in sorted(cells.items(), key=_by_name)},
        data=dict(sorted(data.items())),
        splits=_split_digests(samples),
        seconds={
            cell: _means(found.seconds)
            for cell, found in sorted(cells.items(), key=_by_name)
            if found.seconds
        },
        protocol={
            name: manifest["experiment"]["protocol"][name] for name in (*SPLIT_SETTINGS, "random_runs")
        },
        about=_about(manifest, cells),
    )


def _by_name(item: tuple[Cell, Any]) -> tuple[str, str, str]:
    cell = item[0]
    return cell.dataset, cell.method, cell.classifier


def _gather(store: RunStore) -> tuple[dict[Cell, _Gathered], dict[str, str]]:
    cells: dict[Cell, _Gathered] = {}
    data: dict[str, str] = {}
    for words, outcome in _with_parts(store):
        gathered = cells.setdefault(outcome.cell, _Gathered())
        draw = Part.from_label(words).draw if words else 0
        gathered.is_own = gathered.is_own or not words
        if outcome.digest:
            data[outcome.cell.dataset] = outcome.digest
        if _GRAVITY.index(outcome.status) > _GRAVITY.index(gathered.status):
            gathered.status = outcome.status
            gathered.reason = f"{words}: {outcome.reason}" if words else outcome.reason
        if not outcome.is_scored:
            continue  # some folds only, never to be averaged
        for fit in outcome.fits:
            gathered.fits[_unit(fit.phase, fit.repeat, fit.fold), draw] = fit
            if draw == 0:
                gathered.seconds.append((fit.resample_seconds, fit.fit_seconds))
    return cells, data


def _with_parts(store: RunStore) -> Iterator[tuple[str, Outcome]]:
    yield from (("", outcome) for outcome in store.outcomes())
    yield from store.part_outcomes()


def _unit(phase: str, repeat: int, fold: int) -> Unit:
    return Unit(repeat, HOLDOUT_FOLD if phase == HOLDOUT else fold)


def _means(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    resample, fit = (math.fsum(column) / len(pairs) for column in zip(*pairs, strict=True))
    return resample, fit


def _gate_metrics(experiment: Mapping[str, Any]) -> dict[str, Better]:
    cards = experiment["metric_cards"]
    wanted = dict.fromkeys([*GATE_METRICS, *experiment["priority_metrics"]])
    return {name: cards[name]["better"] for name in wanted if name in cards and cards[name]["better"]}


_Samples = dict[tuple[str, str], dict[_Place, dict[str, Any]]]


def _read_samples(store: RunStore, experiment: Mapping[str, Any], cells: Iterable[Cell]) -> _Samples:
    """Return what was recorded of each (data set, method), that of `Original` for methods without steps."""
    found: _Samples = {}
    for dataset, method in sorted({cell.group for cell in cells}):
        source = method if experiment["methods"].get(method, {}).get("steps", True) else ORIGINAL
        here: dict[_Place, dict[str, Any]] = {}
        for text in store.extras_of(SAMPLES, dataset, source):
            for sample in read_json(text):
                here[_unit(sample["phase"], sample["repeat"], sample["fold"]), sample["draw"]] = sample
        found[dataset, method] = here
    return found


def _scores(cells: Mapping[Cell, _Gathered], metrics: tuple[str, ...], samples: _Samples) -> Panel:
    scored = sorted((item for item in cells.items() if item[1].fits), key=_by_name)
    units, draws = _axes(gathered.fits for _, gathered in scored)
    panel = Panel.empty([cell for cell, _ in scored], units, draws, metrics)
    row = {unit: n for n, unit in enumerate(units)}
    column = {draw: n for n, draw in enumerate(draws)}
    for number, (cell, gathered) in enumerate(scored):
        described = samples[cell.group]
        for (unit, draw), fit in gathered.fits.items():
            place = number, row[unit], column[draw]
            panel.present[place] = True
            panel.values[place] = [fit.scores.get(metric, math.nan) for metric in metrics]
            sample = described.get((unit, draw))
            panel.digests[place] = _fit_digest(fit, sample["rows_digest"]) if sample else 0
    return panel


def _axes(places: Iterable[Iterable[_Place]]) -> tuple[list[Unit], list[int]]:
    seen = {place for some in places for place in some}
    return sorted({unit for unit, _ in seen}), sorted({draw for _, draw in seen})


def _fit_digest(fit: Fit, rows_digest: str) -> int:
    """Return 64 bits of everything the fit gave; both sides of a gate come here, so equal fits are equal."""
    names = sorted(fit.scores)
    # one NaN and one zero, whatever their bits
    values = [value + 0.0 if (value := fit.scores[name]) == value else math.nan for name in names]
    text = "\0".join([rows_digest, *names]).encode()
    digest = hashlib.blake2b(text + struct.pack(f"<{len(values)}d", *values), digest_size=8)
    return int.from_bytes(digest.digest(), "little") or 1


def _samples_panel(samples: _Samples) -> Panel | None:
    """Return the descriptors of the methods that have steps; the others describe nothing."""
    described = {
        group: {place: sample for place, sample in here.items() if sample["descriptors"]}
        for group, here in samples.items()
    }
    described = {group: here for group, here in described.items() if here}
    if not described:
        return None
    # in the order in which they were written, which is that of their registry
    names = tuple(
        dict.fromkeys(
            name for here in described.values() for sample in here.values() for name in sample["descriptors"]
        )
    )
    names = (N_SYNTHETIC, *names)
    units, draws = _axes(described.values())
    panel = Panel.empty([Cell(*group, "") for group in described], units, draws, names)
    row = {unit: n for n, unit in enumerate(units)}
    column = {draw: n for n, draw in enumerate(draws)}
    for number, here in enumerate(described.values()):
        for (unit, draw), sample in here.items():
            place = number, row[unit], column[draw]
            values = (sample["descriptors"].get(name) for name in names[1:])
            panel.present[place] = True
            panel.values[place] = [
                sample["n_synthetic"],
                *(math.nan if value is None else value for value in values),
            ]
            panel.digests[place] = int(sample["rows_digest"], 16)
    panel.values[..., 1:] = round_to_digits(panel.values[..., 1:], DESCRIPTOR_DIGITS)
    return panel


def _split_digests(samples: _Samples) -> dict[SplitName, str]:
    found: dict[SplitName, str] = {}
    for (dataset, _), here in samples.items():
        for (unit, _), sample in here.items():
            found[dataset, unit.split, unit.fold] = sample["test_digest"]
    return dict(sorted(found.items()))


def _about(manifest: Mapping[str, Any], cells: Mapping[Cell, _Gathered]) -> dict[str, Any]:
    experiment, commit = manifest["experiment"], manifest["commit"] or {}
    account = Account.from_manifest(manifest)
    run = {part: {getattr(cell, part) for cell in cells} for part in ("dataset", "method", "classifier")}
    sources = manifest["sources"]
    return {
        "made_at": manifest["finished"],
        "commit": commit.get("id", ""),
        "dirty": bool(commit.get("dirty")),
        "packages": {name: v for name, v in manifest["versions"].items() if name != "python"},
        "python": manifest["versions"]["python"],
        "code_digest": manifest["code_digest"],
        "experiment": {"name": experiment["name"], "file": experiment["file"]},
        "methods": {
            name: {**spec, "source": sources["methods"].get(name)}
            for name, spec in experiment["methods"].items()
            if name in run["method"]
        },
        "classifiers": {
            name: {**spec, "source": sources["classifiers"].get(name)}
            for name, spec in experiment["classifiers"].items()
            if name in run["classifier"]
        },
        "datasets": {
            name: {part: entry[part] for part in ("version", "preprocessing", "roles") if part in entry}
            for name, entry in experiment["datasets"].items()
            if name in run["dataset"]
        },
        "digest_metrics": sorted(experiment["metrics"]),
        "gate": experiment.get("gate"),
        **({"cut": account.headline} if account.cut else {}),
    }
