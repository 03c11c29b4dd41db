"""The key of a stored outcome: a digest of everything that a cell's scores depend on.

A stale hit is a serious bug, so when in doubt something belongs into the key: the worst that follows is a
cell computed again.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.classifiers.registry import classifier_identity, classifier_targets
from smote_bench.data.fingerprints import fingerprint
from smote_bench.data.sources import UserFile
from smote_bench.environment.code_digest import PACKAGE, digest_of_files, modules_behind
from smote_bench.environment.targets import package_contents, package_version
from smote_bench.methods.identity import method_identity
from smote_bench.metrics import metric_identity
from smote_bench.runs.store import SCHEMA

if TYPE_CHECKING:
    from smote_bench.data.sources import DatasetEntry
    from smote_bench.evaluation.outcome import Cell
    from smote_bench.experiment.model import Experiment

__all__ = ["DATA", "SHARED", "CellKeys", "code_digest", "key_of", "process_part"]

SHARED, DATA = "shared", "data"
"""Those parts of a key that are the process's, and the data set's."""

_LIBRARIES = ("numpy", "scipy", "sklearn", "pandas")

# What is imported from these on computes a cell or describes what a method did to its rows; the files beside
# them hand it its settings. A test compares this with what a cell has really loaded.
_COMPUTES = ("engines.compute",)

# Variables of the environment that are known to change digits and are not pinned (`environment.threads`).
_ENVIRONMENT = (
    *("OPENBLAS_CORETYPE", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS", "MKL_DEBUG_CPU_TYPE", "BLIS_ARCH_TYPE"),
    *("NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES", "NPY_PROMOTION_STATE", "GLIBC_TUNABLES"),
    *("SCIPY_ARRAY_API", "SKLEARN_ASSUME_FINITE", "SKLEARN_WORKING_MEMORY"),
    *("SKLEARN_PAIRWISE_DIST_CHUNK_SIZE", "SKLEARN_ENABLE_CYTHON_PAIRWISE_DIST", "NUMBA_DISABLE_JIT"),
    *("KERAS_BACKEND", "TF_DETERMINISTIC_OPS", "TF_XLA_FLAGS", "XLA_FLAGS", "CUDA_VISIBLE_DEVICES"),
)


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
        self._adopted: dict[str, str] = {}
        self._own_data = functools.cache(self._dataset_part)
        self._method = functools.cache(lambda name: _dump(method_identity(methods[name])))
        self._classifier = functools.cache(lambda name: _dump(classifier_identity(classifiers[name])))

    def key(self, dataset: str, method: str, classifier: str) -> str:
        """Return the key of a cell, 64 hexadecimal digits.

        Raises
        ------
        UnavailableError
            If the data set cannot be had here.
        """
        return key_of(self.parts(dataset, method, classifier))

    def parts(self, dataset: str, method: str, classifier: str) -> dict[str, str]:
        """Return what a key is made of, as JSON texts: to say in what two keys differ.

        Raises
        ------
        UnavailableError
            If the data set cannot be had here.
        """
        return {
            SHARED: self._shared_part,
            DATA: self._dataset(dataset),
            "method": self._method(method),
            "classifier": self._classifier(classifier),
        }

    def data_part(self, dataset: str) -> str:
        """Return what identifies a data set, for `adopt_data` elsewhere."""
        return self._dataset(dataset)

    def adopt_data(self, dataset: str, part: str) -> None:
        """Take over what identifies a data set whose table came from another process."""
        self._adopted[dataset] = part

    def extra_key(self, dataset: str, method: str = "") -> str:
        """Return the key of what belongs to a data set, or to a method on it, whatever the classifier.

        Raises
        ------
        UnavailableError
            If the data set cannot be had here.
        """
        parts = (self._shared_part, self._dataset(dataset), self._method(method) if method else "")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def targets(self, cell: Cell) -> set[str]:
        """Return the code behind a cell that is not smote-bench's: of samplers, classifiers, metrics."""
        experiment = self._experiment
        metrics = {metric.target for metric in experiment.metrics.values() if metric.target is not None}
        steps = {step.target for step in experiment.methods[cell.method].steps}
        return metrics | steps | set(classifier_targets(experiment.classifiers[cell.classifier]))

    def user_file_sha256(self, dataset: str) -> str | None:
        """Return the digest that a user's own file had when its key was made; None for other sources."""
        self._dataset(dataset)
        return self._user_files.get(dataset)

    def _dataset(self, name: str) -> str:
        return self._adopted.get(name) or self._own_data(name)

    @functools.cached_property
    def _shared_part(self) -> str:
        experiment = self._experiment
        return _dump(
            {
                **process_part(),
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
            {
                "data": content,
                "version": entry.version,
                "preprocessing": entry.preprocessing.to_json(),
                # Only where it is not the minority: keys of all others stay what they were.
                **({"positive": entry.positive_code} if entry.positive_code != 1 else {}),
            }
        )


def key_of(parts: Mapping[str, str]) -> str:
    """Return the key that is made of parts, in their order."""
    return hashlib.sha256("\n".join(parts.values()).encode()).hexdigest()


def process_part() -> dict[str, Any]:
    """Return what every key made in this process contains: code, Python, libraries, environment."""
    return {
        "schema": SCHEMA,
        "code": code_digest(),
        "python": list(sys.version_info[:2]),
        "libraries": {name: package_version(name) for name in _LIBRARIES},
        "installed": {name: package_contents(name) for name in _LIBRARIES},
        "environment": {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    }


@functools.cache
def code_digest(package: Path = PACKAGE) -> str:
    """Return the digest of smote-bench's own code that computes cells, not of what shows or transports."""
    return digest_of_files(modules_behind(_COMPUTES, package), package)


def _dump(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
