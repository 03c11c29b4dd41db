"""Where a run came from: versions, commit, machine, seeds, digests, command."""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smote_bench.classifiers.registry import classifier_identity
from smote_bench.classifiers.tree_growing import why_not_compiled
from smote_bench.data.sources import UserFile
from smote_bench.environment.targets import package_version
from smote_bench.errors import SmoteBenchError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.experiment.gate_options import gate_block
from smote_bench.methods.identity import method_identity
from smote_bench.runs.data_findings import findings_of, findings_to_json
from smote_bench.runs.keys import code_digest
from smote_bench.runs.manifest_of_store import completed_manifest
from smote_bench.runs.store import SCHEMA
from smote_bench.version import __version__

if TYPE_CHECKING:
    from smote_bench.data.sources import DatasetEntry
    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.settings import RunSettings

__all__ = ["build_manifest", "draft_manifest"]

_PACKAGES = (
    "numpy",
    "scipy",
    "sklearn",
    "pandas",
    "imblearn",
    "smote_variants",
    "catboost",
    "tensorflow",
    "pytest",
    "xdist",
)


def build_manifest(
    experiment: Experiment,
    settings: RunSettings,
    outcomes: Sequence[Outcome],
    from_memo: set[Cell],
    arguments: Sequence[str],
    not_run: Mapping[Cell, str] | None = None,
) -> dict[str, Any]:
    """Return everything needed to tell what a run was and to repeat it, as JSON values."""
    draft = draft_manifest(experiment, settings, arguments)
    return completed_manifest(draft, outcomes, from_memo, not_run or {})


def draft_manifest(experiment: Experiment, settings: RunSettings, arguments: Sequence[str]) -> dict[str, Any]:
    """Return what is known of a run before its cells are: `completed_manifest` adds these."""
    return {
        "schema": SCHEMA,
        "finished": None,
        "command": ["pytest", *arguments],
        "cut": None,
        "experiment": {
            "name": experiment.name,
            "file": experiment.path,
            "protocol": experiment.protocol.to_json(),
            "gate": gate_block(experiment.gate),
            "tracking": experiment.tracking.to_json(),
            "methods": {name: spec.to_json() for name, spec in experiment.methods.items()},
            "classifiers": {
                name: {"target": spec.target, "params": dict(spec.params)}
                for name, spec in experiment.classifiers.items()
            },
            "datasets": {
                name: {
                    "version": entry.version,
                    "preprocessing": entry.preprocessing.to_json(),
                    "digest": None,
                    **_roles(entry),
                    "findings": findings_to_json(findings_of(entry)),
                    **({"positive": entry.positive.to_json()} if entry.positive is not None else {}),
                }
                for name, entry in experiment.datasets.items()
            },
            "metrics": list(experiment.metrics),
            "metric_cards": {
                name: {
                    **{part: getattr(metric, part) for part in ("better", "title", "formula")},
                    # JSON has no infinity: null is an open end
                    **{
                        end: v if math.isfinite(v := getattr(metric, end)) else None
                        for end in ("low", "high")
                    },
                    **({} if metric.costs is None else {"costs": list(metric.costs)}),
                }
                for name, metric in experiment.metrics.items()
            },
            "priority_metrics": list(experiment.priority_metrics),
        },
        "cells": {},
        "versions": {
            "smote-bench": __version__,
            "python": platform.python_version(),
            **{name: version for name in _PACKAGES if (version := package_version(name))},
        },
        "code_digest": code_digest(),
        "sources": {
            "methods": {name: _source(method_identity, m) for name, m in experiment.methods.items()},
            "classifiers": {
                name: _source(classifier_identity, c) for name, c in experiment.classifiers.items()
            },
        },
        "commit": _commit(),
        "machine": {
            "system": platform.platform(),
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "n_workers": settings.n_workers,
            "compiled_trees": why_not_compiled() or True,
        },
        "timeout_seconds": settings.timeout_seconds,
        "max_memory": settings.max_memory,
    }


def _roles(entry: DatasetEntry) -> dict[str, Any]:
    """Return what says how the rows are split and weighted, where something does."""
    roles = entry.source.roles.to_json() if isinstance(entry.source, UserFile) else {}
    return {"roles": roles} if roles else {}


def _source(identity: Callable[[Any], Any], spec: Any) -> str | None:
    """Return a digest of the code and parameters behind a name, or None where they cannot be had here."""
    try:
        text = json.dumps(identity(spec), sort_keys=True)
    except SmoteBenchError:
        return None
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _commit() -> dict[str, Any] | None:
    """Return the commit of the folder the run was started in, and whether it had uncommitted changes."""
    try:
        commit = _git("rev-parse", "HEAD")
        return {"id": commit, "dirty": bool(_git("status", "--porcelain", "--untracked-files=no"))}
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=10, check=True)
    return done.stdout.strip()
