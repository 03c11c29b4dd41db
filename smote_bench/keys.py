"""The key of a stored outcome: a digest of everything that a cell's scores depend on.

A stale hit is a serious bug, so when in doubt something belongs into the key: the worst that follows is a
cell computed again.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.catalogue import UserFile, fingerprint
from smote_bench.classifiers import classifier_identity
from smote_bench.methods.identity import method_identity
from smote_bench.metrics import metric_identity
from smote_bench.store import SCHEMA
from smote_bench.targets import package_version

if TYPE_CHECKING:
    from smote_bench.experiment import DatasetEntry, Experiment

__all__ = ["CellKeys", "code_digest"]

_LIBRARIES = ("numpy", "scipy", "sklearn", "pandas")

# Top-level modules that show, schedule or transport results and cannot change one; all others enter the key.
_NOT_IN_KEY = frozenset(
    [
        *("plugin", "session", "gate_plan", "gating", "gated_session", "scheduling", "hookspec", "progress"),
        *("tables", "summary", "trivial_arms", "manifest", "figures", "cli"),
        *("run_folder", "run_files", "whole_folder"),
    ]
)
_FOLDERS_NOT_IN_KEY = ("commands/", "gate/", "properties/", "report/", "stats/", "_benchmarks/", "_datasets/")
# Experiments hold a gate's settings and read them.
_IN_KEY_ALL_THE_SAME = frozenset(["gate/__init__.py", "gate/options.py", "gate/settings.py"])


class CellKeys:
    """Keys of one experiment's cells; each identity is computed once per process.

    Parameters
    ----------
    experiment : Experiment
    data_dir : Path or None
        Where data files are looked for beside the bundled ones.
    """

    def __init__(self, experiment: Experiment, data_dir: Path | None = None) -> None:
        self._experiment = experiment
        self._data_dir = data_dir
        self._user_files: dict[str, str] = {}
        methods, classifiers = experiment.methods, experiment.classifiers
        self._dataset = functools.cache(self._dataset_part)
        self._method = functools.cache(lambda name: _dump(method_identity(methods[name])))
        self._classifier = functools.cache(lambda name: _dump(classifier_identity(classifiers[name])))

    def key(self, dataset: str, method: str, classifier: str) -> str:
        """Return the key of a cell, 64 hexadecimal digits.

        Raises
        ------
        UnavailableError
            If the data set cannot be had here.
        """
        parts = (
            self._shared_part,
            self._dataset(dataset),
            self._method(method),
            self._classifier(classifier),
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def extra_key(self, dataset: str, method: str = "") -> str:
        """Return the key of what belongs to a data set, or to a method on it, whatever the classifier.

        Raises
        ------
        UnavailableError
            If the data set cannot be had here.
        """
        parts = (self._shared_part, self._dataset(dataset), self._method(method) if method else "")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def user_file_sha256(self, dataset: str) -> str | None:
        """Return the digest that a user's own file had when its key was made; None for other sources."""
        self._dataset(dataset)
        return self._user_files.get(dataset)

    @functools.cached_property
    def _shared_part(self) -> str:
        experiment = self._experiment
        return _dump(
            {
                "schema": SCHEMA,
                "code": code_digest(),
                "python": list(sys.version_info[:2]),
                "libraries": {name: package_version(name) for name in _LIBRARIES},
                "protocol": experiment.protocol.to_json(),
                "metrics": [metric_identity(metric) for metric in experiment.metrics.values()],
            }
        )

    def _dataset_part(self, name: str) -> str:
        entry: DatasetEntry = self._experiment.datasets[name]
        content = fingerprint(entry.source, entry.version, data_dir=self._data_dir)
        if isinstance(entry.source, UserFile):
            self._user_files[name] = content["file"]
        return _dump(
            {"data": content, "version": entry.version, "preprocessing": entry.preprocessing.to_json()}
        )


@functools.cache
def code_digest() -> str:
    """Return the digest of smote-bench's own code, presentation apart."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        is_left_out = name.removesuffix(".py") in _NOT_IN_KEY or name.startswith(_FOLDERS_NOT_IN_KEY)
        if is_left_out and name not in _IN_KEY_ALL_THE_SAME:
            continue
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _dump(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
