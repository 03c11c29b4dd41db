"""A run and its cells in MLflow's terms: names, params, metrics by step, tags, the data set as an input."""

from __future__ import annotations

import datetime
import functools
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smote_bench.experiment.tracking import TrackingSettings
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.trackers.values import cv_summary, final_test, steps

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.evaluation.outcome import Cell, Outcome
    from smote_bench.runs.open import Run

__all__ = ["LONGEST_DIGEST", "Content", "Contents", "DataInput", "Value", "cut", "legal_names"]

LONGEST_PARAM, LONGEST_TAG, LONGEST_NAME = 6000, 5000, 200
"""In characters, at most what MLflow 3 takes: 6000, 8000 (of older servers 5000), 250."""

LONGEST_DIGEST = 16
"""MLflow takes 36 characters, and shows them behind a data set's name: the whole digest is in a tag."""

_ILLEGAL = re.compile(r"[^\w. -]")


@dataclass(frozen=True)
class Value:
    """One number of a metric."""

    key: str
    value: float
    step: int = 0


@dataclass(frozen=True)
class DataInput:
    """A data set as MLflow keeps it: source, schema and profile are JSON."""

    name: str
    digest: str
    source: str
    schema: str
    profile: str


@dataclass(frozen=True)
class Content:
    """What one run in MLflow consists of, files apart.

    Parameters
    ----------
    name : str
    params, tags : mapping of str to str
    values : sequence of Value
        Finite numbers only.
    started, ended : int
        Milliseconds since 1970.
    has_failed : bool
    data : DataInput, optional
    """

    name: str
    params: Mapping[str, str]
    tags: Mapping[str, str]
    values: Sequence[Value]
    started: int
    ended: int
    has_failed: bool = False
    data: DataInput | None = None


@dataclass(frozen=True)
class _Frames:
    """The scores of one method on one data set."""

    cv: pd.DataFrame
    summary: pd.DataFrame
    final: pd.DataFrame


@dataclass
class _Numbers:
    """Takes numbers; those that are none are named apart."""

    values: list[Value] = field(default_factory=list)
    undefined: list[str] = field(default_factory=list)

    def add(self, key: str, value: float, step: int = 0) -> None:
        if math.isfinite(value):
            self.values.append(Value(key, float(value), int(step)))
        else:
            what = "" if math.isnan(value) else f" = {value}"
            self.undefined.append(f"{key}{f' step {step}' if step else ''}{what}")


class Contents:
    """The contents of a run and of its cells.

    Parameters
    ----------
    run : Run
    gate : mapping, optional
        ``gate.json`` of the run's folder.
    """

    def __init__(self, run: Run, gate: Mapping[str, Any] | None = None) -> None:
        self._run, self._gate = run, gate
        self._settings = TrackingSettings.of(run.manifest)
        self._names = legal_names(run.metrics)
        self._ended = _milliseconds(run.manifest["finished"])
        # Cells come by data set and method: Original's frames are needed for each of its data set.
        self._frames = functools.lru_cache(maxsize=2)(self._read_frames)
        self._original = functools.lru_cache(maxsize=1)(lambda dataset: self._read_frames(dataset, ORIGINAL))
        self._means = functools.lru_cache(maxsize=1)(self._read_means)

    def whole_run(self) -> Content:
        """Return the content of the run that all cells are below."""
        run, manifest = self._run, self._run.manifest
        counts = manifest["cells"]
        numbers = _Numbers()
        for key in ("total", "from_memo"):
            numbers.add(f"cells/{key}", counts[key])
        for status, count in counts["by_status"].items():
            numbers.add(f"cells/{status}", count)
        tags = {
            **self._shared_tags(),
            "smote_bench.level": "run",
            "smote_bench.experiment": manifest["experiment"]["name"],
            "smote_bench.code_digest": manifest["code_digest"],
            "smote_bench.command": " ".join(manifest["command"]),
            "smote_bench.tags": ", ".join(self._settings.clearml_tags),
            "smote_bench.commit_is_dirty": str((manifest.get("commit") or {}).get("dirty", "")),
            "mlflow.note.content": self._note(),
        }
        params, end = _texts(_settings(manifest)), self._ended
        return Content(run.folder.name, params, _tags(tags), numbers.values, end, end)

    def cell(self, outcome: Outcome, parent: str) -> Content:
        """Return the content of a cell.

        Parameters
        ----------
        outcome : Outcome
        parent : str
            The id of the run that it is below.
        """
        numbers = self._numbers(outcome)
        milliseconds = round(1000 * outcome.total_seconds)
        return Content(
            outcome.cell.id,
            _texts(self._cell_params(outcome)),
            _tags({**self._cell_tags(outcome, numbers.undefined), "mlflow.parentRunId": parent}),
            numbers.values,
            self._ended - milliseconds,
            self._ended,
            not outcome.is_scored,
            self._data(outcome),
        )

    def table(self, cell: Cell) -> pd.DataFrame:
        """Return a cell's scores by metric: cv_mean, cv_std, cv_delta, holdout_mean, holdout_delta."""
        cv, final = self._means(cell)
        table = cv.join(final, how="outer")
        return table.loc[[name for name in self._run.metrics if name in table.index]]

    def _numbers(self, outcome: Outcome) -> _Numbers:
        numbers, cell = _Numbers(), outcome.cell
        frames = self._frames(cell.dataset, cell.method)
        # MLflow shows them in this order: what cells are compared by comes first.
        for means in self._means(cell):
            for column in map(str, means):
                if not (cell.method == ORIGINAL and column.endswith("_delta")):
                    for name, value in means[column].items():
                        numbers.add(f"{column}/{self._names[str(name)]}", value)
        for prefix, frame, part in (("cv", frames.cv, "value"), ("holdout", frames.final, "treated")):
            own = frame[frame["classifier"] == cell.classifier]
            for metric, step, value in zip(own["metric"], own["step"], own[part], strict=True):
                numbers.add(f"{prefix}/{self._names[metric]}", value, step)
        if outcome.fits:
            for part in ("resample", "fit", "predict"):
                numbers.add(f"seconds/{part}", outcome.seconds(part))
            numbers.add("seconds/total", outcome.total_seconds)
        for name, count in _row_counts(outcome):
            numbers.add(f"rows/{name}", count)
        return numbers

    def _read_means(self, cell: Cell) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return a cell's means by metric, of the cross-validation and of the hold-out."""
        import pandas as pd

        frames, original = self._frames(cell.dataset, cell.method), self._original(cell.dataset)
        own, before = (
            frame[frame["classifier"] == cell.classifier].set_index("metric")[["mean", "std"]].astype(float)
            for frame in (frames.summary, original.summary)
        )
        cv = own.rename(columns={"mean": "cv_mean", "std": "cv_std"})
        cv["cv_delta"] = own["mean"] - before["mean"].reindex(own.index)
        final = frames.final[frames.final["classifier"] == cell.classifier]
        means: dict[str, pd.Series[float]] = {}
        for part, name in (("treated", "holdout_mean"), ("improvement", "holdout_delta")):
            by_repeat = final.pivot(index="metric", columns="step", values=part).astype(float)
            # As in `cv_summary`, a mean with an undefined part is undefined.
            means[name] = by_repeat.mean(axis="columns", skipna=False)
        return cv, pd.DataFrame(means)

    def _read_frames(self, dataset: str, method: str) -> _Frames:
        return _Frames(
            steps(self._run, dataset, method, "cv").astype({"value": float}),
            cv_summary(self._run, dataset, method),
            final_test(self._run, dataset, method).astype({"treated": float}),
        )

    def _cell_params(self, outcome: Outcome) -> dict[str, Any]:
        experiment, cell = self._run.manifest["experiment"], outcome.cell
        dataset = dict(experiment["datasets"].get(cell.dataset, {}))
        params: dict[str, Any] = {
            "dataset": cell.dataset,
            "dataset_version": outcome.version or dataset.get("version", ""),
            "method": cell.method,
            "classifier": cell.classifier,
            **_flat("preprocessing", dataset.get("preprocessing")),
            **_flat("protocol", experiment["protocol"]),
        }
        if self._settings.log_model_params:
            params |= _method_params(experiment["methods"].get(cell.method, {}))
            classifier = experiment["classifiers"].get(cell.classifier, {})
            params["classifier.target"] = classifier.get("target", "")
            params |= _flat("classifier", classifier.get("params"))
        return params

    def _cell_tags(self, outcome: Outcome, undefined: Sequence[str]) -> dict[str, str]:
        cell, run = outcome.cell, self._run
        return {
            **self._shared_tags(),
            "smote_bench.level": "cell",
            "smote_bench.dataset": cell.dataset,
            "smote_bench.method": cell.method,
            "smote_bench.classifier": cell.classifier,
            "smote_bench.status": outcome.status,
            "smote_bench.reason": outcome.reason,
            "smote_bench.trivial_arm": run.trivial.get(cell.method, ""),
            "smote_bench.from_memo": str(cell in run.from_memo),
            "smote_bench.dataset_digest": self._digest(outcome),
            "smote_bench.gate_findings": ", ".join(self._findings(cell)),
            "smote_bench.undefined": ", ".join(undefined),
            "smote_bench.warnings": " | ".join(outcome.warnings),
            "mlflow.note.content": "" if outcome.is_scored else f"{outcome.status}: {outcome.reason}",
        }

    def _shared_tags(self) -> dict[str, str]:
        commit = self._run.manifest.get("commit") or {}
        return {
            "smote_bench.run": self._run.folder.name,
            "smote_bench.gate": str(self._gate["result"]) if self._gate else "",
            "smote_bench.cut": self._run.account.headline,
            "mlflow.source.name": "smote-bench",
            "mlflow.source.type": "LOCAL",
            "mlflow.source.git.commit": str(commit.get("id") or ""),
        }

    def _findings(self, cell: Cell) -> Iterator[str]:
        """Yield what the gate found of a cell, or of its data set or method over all."""
        for found in (self._gate or {}).get("findings", ()):
            if all(found.get(part) in ("", None, name) for part, name in vars(cell).items()):
                yield f"{found['kind']} {found['measure']} ({found['level']})"
        for problem in (self._gate or {}).get("problems", ()):
            if problem.get("where") == cell.id:
                yield str(problem["what"])

    def _note(self) -> str:
        """Return what MLflow shows at the top of the run's page."""
        summary = self._run.folder / "summary.md"
        return summary.read_text(encoding="utf-8") if summary.is_file() else ""

    def _digest(self, outcome: Outcome) -> str:
        known = self._run.manifest["experiment"]["datasets"].get(outcome.cell.dataset, {})
        return outcome.digest or str(known.get("digest") or "")

    def _data(self, outcome: Outcome) -> DataInput | None:
        digest = self._digest(outcome)
        if not digest:
            return None
        name = outcome.cell.dataset
        card = self._run.card(name) or {}
        rows, features = card.get("rows_split") or card.get("rows"), card.get("features")
        source = {"dataset": name, "version": outcome.version, "source": card.get("source", "")}
        profile = {
            "num_rows": rows,
            "num_elements": rows * features if rows and features else None,
            **{key: card.get(key) for key in _PROFILE},
        }
        return DataInput(
            name,
            digest[:LONGEST_DIGEST],
            json.dumps({"tags": source}),
            _schema(features),
            json.dumps({key: value for key, value in profile.items() if value is not None}),
        )


_PROFILE = ("features", "minority_rows", "ratio", "missing", "duplicates", "outliers", "target", "licence")


def legal_names(names: Iterable[str]) -> dict[str, str]:
    """Return the name of each metric as MLflow takes it; different ones stay different.

    >>> legal_names(["roc_auc", "f1@0.3", "f1_0.3"])
    {'roc_auc': 'roc_auc', 'f1@0.3': 'f1_0.3_', 'f1_0.3': 'f1_0.3'}
    """
    known = list(names)
    taken = {name for name in known if _legal(name) == name}
    legal: dict[str, str] = {}
    for name in known:
        legal[name] = _legal(name)
        while legal[name] != name and legal[name] in taken:
            legal[name] += "_"
        taken.add(legal[name])
    return legal


def cut(text: str, most: int) -> str:
    """Return a text of bounded length that says what was cut.

    >>> cut("a" * 99, 40)
    'aaaaaaaaaaaaaaaaaaaaaaa… (99 characters)'
    """
    if len(text) <= most:
        return text
    end = f"… ({len(text):,} characters)"
    return text[: most - len(end)] + end


def _legal(name: str) -> str:
    """Return a name without signs that MLflow refuses, on Windows too; a name of dots would be a path."""
    clean = _ILLEGAL.sub("_", name)[:LONGEST_NAME]
    return clean if clean.strip(".") else f"_{clean}"


def _texts(params: Mapping[str, Any]) -> dict[str, str]:
    return {_legal(key): cut(str(value), LONGEST_PARAM) for key, value in params.items()}


def _tags(tags: Mapping[str, str]) -> dict[str, str]:
    return {key: cut(value, LONGEST_TAG) for key, value in tags.items() if value}


def _settings(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run was made with: the experiment, the versions, the machine."""
    experiment = manifest["experiment"]
    listed = ("datasets", "methods", "classifiers", "metrics", "priority_metrics")
    return {
        "experiment": experiment["name"],
        **{part: ", ".join(experiment[part]) for part in listed},
        **_flat("protocol", experiment["protocol"]),
        **_flat("gate", experiment.get("gate")),
        "timeout_seconds": manifest.get("timeout_seconds"),
        **_flat("versions", manifest["versions"]),
        **_flat("machine", manifest["machine"]),
    }


def _method_params(method: Mapping[str, Any]) -> dict[str, Any]:
    """Return a method's own parameters; of several steps, each with its number."""
    found = method.get("steps", [])
    params: dict[str, Any] = {"method.target": " + ".join(step["target"] for step in found)} if found else {}
    for n, step in enumerate(found, 1):
        params |= _flat("method" if len(found) == 1 else f"method.{n}", step.get("params"))
    if method.get("class_weight") is not None:
        params["class_weight"] = _plain(method["class_weight"])
    if method.get("tuned_threshold"):
        params["tuned_threshold"] = method.get("threshold_metric") or True
    for remedy in ("calibrated", "prior_corrected"):
        if method.get(remedy):
            params[remedy] = method[remedy]
    return params


def _flat(prefix: str, values: Mapping[str, Any] | None) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in (values or {}).items():
        if isinstance(value, Mapping):
            flat |= _flat(f"{prefix}.{key}", value)
        else:
            flat[f"{prefix}.{key}"] = _plain(value)
    return flat


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _row_counts(outcome: Outcome) -> Iterator[tuple[str, int]]:
    """Yield rows of each class of the final evaluation's training part, first repeat, as in ``cells.csv``."""
    final = next((fit for fit in outcome.fits if fit.phase == "holdout"), None)
    if final is not None:
        for when, counts in (("before", final.rows_before), ("after", final.rows_after)):
            for which, count in zip(("majority", "minority"), counts, strict=True):
                yield f"{which}_{when}", count


def _schema(features: int | None) -> str:
    """Return the schema of a matrix of numbers and a label for each row."""
    if not features:
        return ""
    parts = {"features": ("float64", [-1, features]), "targets": ("int64", [-1])}
    spec = {
        name: json.dumps([{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}}])
        for name, (dtype, shape) in parts.items()
    }
    return json.dumps({"mlflow_tensorspec": spec})


def _milliseconds(time: str) -> int:
    return round(1000 * datetime.datetime.fromisoformat(time).timestamp())
