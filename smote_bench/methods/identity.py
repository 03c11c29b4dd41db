"""What identifies a method in the store's key: its spec, and the code behind each of its steps."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from smote_bench.environment.targets import package_version, target_identity
from smote_bench.methods.adapters import adapter_of
from smote_bench.metrics import metric_identity

if TYPE_CHECKING:
    from smote_bench.methods.spec import MethodSpec, Step

__all__ = ["method_identity"]

# Raised when the same spec, seed and data may give other rows than before: it is part of every stored key.
RESAMPLING_SCHEME = 1


def method_identity(spec: MethodSpec) -> dict[str, Any]:
    """Return what identifies a method in the store's key: the spec, and the code behind each of its steps.

    Nothing heavy is imported. It reads package metadata (a few milliseconds): call it once a method, not
    once a cell.
    """
    identity = spec.to_json()
    identity["scheme"] = RESAMPLING_SCHEME
    identity["code"] = [_step_identity(step) for step in spec.steps]
    if spec.tuned_threshold:
        identity["threshold_metric"] = metric_identity(spec.threshold_metric)
    return identity


def _step_identity(step: Step) -> dict[str, Any]:
    code = target_identity(step.target)
    needs = {"numpy", "scipy", "sklearn"}
    adapter = adapter_of(step.target)
    if adapter is not None:
        code["adapter"] = hashlib.sha256(adapter.source_path.read_bytes()).hexdigest()
        code["adapter_code"] = target_identity(adapter.adapted_target)["source"]
        needs.update(adapter.needs)
    versions = {package: package_version(package) for package in sorted(needs)}
    code["needs"] = {**versions, **code.get("needs", {})}
    return code
