"""One method in several libraries: whether another's is equal to ours within noise, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smote_bench.report.analysis.effects import least
from smote_bench.report.analysis.gains import gains_over
from smote_bench.report.analysis.over_datasets import ROPE
from smote_bench.stats import resampled_t

if TYPE_CHECKING:
    from smote_bench.report.analysis.gains import Gains
    from smote_bench.runs.open import Run

__all__ = ["same_method_lines"]

_ALPHA = 0.05
_SAME = (
    ("SMOTE", "SMOTE", "SMOTE"),
    ("BorderlineSMOTE", "Borderline_SMOTE1", "BorderlineSMOTE"),
    ("ADASYN", "ADASYN", "ADASYN"),
)
"""Names of one method: ours, smote_variants', imbalanced-learn's."""
_MODULES = ("smote_impls", "smote_variants", "imblearn.over_sampling")


def same_method_lines(run: Run, metric: str) -> list[str]:
    """Return a line for each method of ours that the run has of another library too, with its defaults.

    Another library's scores minus ours, data set by data set; the intervals of a line hold together with 95%
    (Bonferroni). Equal within noise is said where an interval holds 0 and lies within the region of practical
    equivalence, a difference where it excludes 0; in between nothing is shown, which is said with how large a
    difference may be.
    """
    if run.metrics[metric].better is None:
        return []
    plain = _plain(run.manifest["experiment"].get("methods", {}))
    lines = []
    for names in _SAME:
        ours, *others = (
            [name for name, target in plain.items() if target == f"{module}:{known}"]
            for module, known in zip(_MODULES, names, strict=True)
        )
        compared = [name for found in others for name in found if name in run.methods]
        if ours and ours[0] in run.methods and compared:
            lines.append(_line(run, metric, ours[0], compared))
    return lines


def _plain(methods: Mapping[str, Any]) -> dict[str, str]:
    """Return the targets of methods that are one sampler with its defaults, and nothing else."""
    found = {}
    for name, recipe in methods.items():
        steps = (recipe or {}).get("steps") or []
        more = [value for key, value in (recipe or {}).items() if key not in ("name", "steps")]
        if len(steps) == 1 and not steps[0].get("params") and not any(more):
            found[name] = steps[0]["target"]
    return found


def _line(run: Run, metric: str, ours: str, others: list[str]) -> str:
    said = []
    for other in others:
        gains = gains_over(run, metric, [other], ours)
        said.append(f"{run.label_of(other)} {_words(gains, other, n_comparisons=len(others))}")
    together = ", all of this line together" if len(others) > 1 else ""
    return (
        f"{ours} in other libraries, their {metric} against ours (better is +; 95% interval{together}): "
        f"{'; '.join(said)}."
    )


def _words(gains: Gains, other: str, *, n_comparisons: int) -> str:
    if other not in gains.values or not len(gains.values):
        return "has no score to compare"
    values = gains.values[other].to_numpy()
    unit = "data sets" if gains.basis == "datasets" else "fits of one data set"
    over = f"over {len(values)} {unit}"
    if len(values) < least(gains.basis):
        return f"{values.mean():+z.4f} {over}, too few to say more"
    if not values.any():
        return f"has the same scores, {over}"
    found = resampled_t(values, gains.test_train_ratio, confidence=1 - _ALPHA / n_comparisons)
    text = f"{found.mean:+z.4f} ± {found.half_width:.4f} {over}"
    if not found.scale > 0:
        return f"{found.mean:+z.4f} {over} alike, which has no interval"
    if abs(found.mean) > found.half_width:
        return f"{text}, {'better' if found.mean > 0 else 'worse'}"
    most = abs(found.mean) + found.half_width
    if most <= ROPE:
        return f"{text}, equal within noise (less than {ROPE:g} apart)"
    return f"{text}, no difference shown (up to {most:.3f} is possible)"
