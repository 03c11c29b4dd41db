"""The pure core: a cell in, an outcome out. No pytest, no files, no clock but the stopwatch.

A cell is one (data set, method, classifier). The training part of each fold is prepared and resampled by the
`Folds` that the caller hands in, so that one resampling serves all classifiers.
"""

from __future__ import annotations

import functools
import itertools
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from smote_bench.classifiers.fitting import coded, fit_predict
from smote_bench.classifiers.prediction import NotApplicable, Prediction
from smote_bench.classifiers.row_splitting import is_split_note
from smote_bench.classifiers.thresholds import ThresholdSearch
from smote_bench.classifiers.typed_rows import TypedInnerFolds, classifier_frame
from smote_bench.environment.leaving import LeftEarly
from smote_bench.environment.memory import is_out_of_memory
from smote_bench.environment.timeouts import CellTimeout
from smote_bench.errors import UnavailableError
from smote_bench.evaluation.between_categories import between_note
from smote_bench.evaluation.outcome import Cell, Fit, Outcome, kept_warnings
from smote_bench.evaluation.predictions import FitPredictions, Predictions
from smote_bench.evaluation.seeding import HOLDOUT, classifier_seed
from smote_bench.scoring import score_fold, takes_weights

if TYPE_CHECKING:
    from smote_bench.classifiers.inner_folds import InnerFold
    from smote_bench.classifiers.registry import ClassifierSpec
    from smote_bench.data.typed_rows import TypedColumns
    from smote_bench.evaluation.splits import FoldRows
    from smote_bench.methods.spec import MethodSpec
    from smote_bench.methods.typed_step import FractionalRows
    from smote_bench.metrics import Metric

__all__ = ["OUT_OF_MEMORY", "CellPlan", "ResampledFold", "describe", "evaluate_cell", "traceback_end"]

OUT_OF_MEMORY = "memory:"
"""How the reason of a cell begins that took more memory than it may have, or there is."""

_MAX_REASON = 500
_MAX_TRACEBACK = 4000


@dataclass(frozen=True)
class ResampledFold:
    """A fold ready for fitting.

    Parameters
    ----------
    rows : FoldRows
    X, y : ndarray of shape (n_resampled, n_features) and (n_resampled,)
        The training part after preprocessing and resampling.
    X_test, y_test : ndarray of shape (n_test, n_features) and (n_test,)
        Never seen by preprocessing, sampler or threshold.
    rows_before : tuple of int
        Majority and minority rows of the training part before resampling.
    seconds : float
        Of the sampler alone.
    noop : bool
        The sampler gave its input back.
    warnings : tuple of str
    X_before, y_before : ndarray of shape (n_train, n_features) and (n_train,), optional
        The training part before resampling, in the feature space that classifiers see.
    parents : structured ndarray of shape (n_synthetic,), optional
        See `smote_bench.methods.resampling.Resampled`.
    inner : iterable of InnerFold, optional
        What a threshold is tuned on after samplers, and for rows with roles: computed when it is iterated
        over.
    weights, weights_test : ndarray of shape (n_resampled,) and (n_test,), optional
        How much each row counts.
    groups, times : ndarray of shape (n_train,), optional
        Of the training part before resampling.
    columns : TypedColumns, optional
        Between these rows and frames with categories, for classifiers that want those; of tables that have
        categories.
    between : FractionalRows, optional
        How many of the rows that a sampler added lie between categories.
    """

    rows: FoldRows
    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    rows_before: tuple[int, int]
    seconds: float
    noop: bool
    warnings: tuple[str, ...] = ()
    X_before: np.ndarray | None = None
    y_before: np.ndarray | None = None
    parents: np.ndarray | None = None
    inner: Iterable[InnerFold] | None = None
    weights: np.ndarray | None = None
    weights_test: np.ndarray | None = None
    groups: np.ndarray | None = None
    times: np.ndarray | None = None
    columns: TypedColumns | None = None
    between: FractionalRows | None = None


@dataclass(frozen=True)
class CellPlan:
    """What to evaluate: the cell's name, its method and classifier, and what to score it by.

    `positive` is the code in y of the class that is scored as positive: 1, the minority, or 0. For
    classifiers, in what is kept of fits and in predictions, 1 is that class.
    """

    cell: Cell
    method: MethodSpec
    classifier: ClassifierSpec
    random_state: int
    metrics: tuple[Metric, ...]
    draw: int = 0
    positive: int = 1


def evaluate_cell(plan: CellPlan, folds: Iterable[ResampledFold]) -> Outcome:
    """Fit and score a cell on every fold.

    Whatever goes wrong becomes a status and a reason, never a score; the fits that were finished are kept.

    Parameters
    ----------
    plan : CellPlan
    folds : iterable of ResampledFold
        May raise while it is consumed: that is the sampler failing.
    """
    fits: list[Fit] = []
    predicted: list[FitPredictions] = []
    seen: list[bool] = []
    warnings: Counter[str] = Counter()
    splits: Counter[str] = Counter()
    between: list[FractionalRows] = []
    own_notes: list[str] = []
    status, reason, trace = "ok", "", ""
    try:
        for fit, predictions, noop, notes in _fits(plan, _noting(folds, between)):
            fits.append(fit)
            predicted.append(predictions)
            seen.append(noop)
            each_once = dict.fromkeys(notes)  # in the same order in every process
            warnings.update([text for text in each_once if not is_split_note(text)])
            splits.update([text for text in each_once if is_split_note(text)])
    except CellTimeout as error:
        status, reason = "timeout", f"{error} (after {len(fits)} fits)"
    except UnavailableError as error:
        status, reason = "unavailable", str(error)
    except Exception as error:  # the cell's verdict is the record; nothing is hidden: it fails the test
        status, reason, trace = "error", describe(error), traceback_end(error)
    else:
        if seen and all(seen):
            status, reason = "noop", _noop_reason(plan)
        elif any(seen):
            own_notes.append(f"the method returned its input in {sum(seen)} of {len(seen)} fits")
    own_notes += filter(None, [between_note(between)])
    undefined = Counter(name for fit in fits for name, value in fit.scores.items() if value != value)
    own_notes += [f"{name} is undefined in {n} of {len(fits)} fits" for name, n in undefined.items()]
    return Outcome(
        plan.cell,
        status,
        reason,
        fits=tuple(fits),
        # The first screen looks for who splits resampled rows: no flood of warnings may wash that away.
        warnings=(*kept_warnings(warnings), *kept_warnings(splits), *own_notes),
        traceback=trace,
        predictions=Predictions(tuple(predicted)),
        arm=plan.method.arm,
        tuned_for=plan.method.tuned_for,
    )


def _noting(folds: Iterable[ResampledFold], between: list[FractionalRows]) -> Iterator[ResampledFold]:
    """Yield folds, and note what each says of rows between categories."""
    for fold in folds:
        if fold.between is not None:
            between.append(fold.between)
        yield fold


def describe(error: BaseException) -> str:
    """Return an error in one line: its class and the start of its message.

    Where memory was not to be had, the line begins with "memory:".
    """
    try:
        text = " ".join(str(error).split())
    except Exception as unreadable:  # whatever a foreign class does when it is asked
        text = f"(its message cannot be read: {type(unreadable).__name__})"
    line = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if isinstance(error, LeftEarly):
        line = text
    elif is_out_of_memory(error):
        line = f"{OUT_OF_MEMORY} {line}"
    return line[:_MAX_REASON]


def traceback_end(error: BaseException) -> str:
    """Return the last lines of an error's traceback; of one that would have left its cell, that one's."""
    raised = error.__cause__ if isinstance(error, LeftEarly) and error.__cause__ else error
    return "".join(traceback.format_exception(raised))[-_MAX_TRACEBACK:]


def _noop_reason(plan: CellPlan) -> str:
    if plan.method.steps:
        return "the method returned its input in every fit"
    names = f"{plan.cell.method} has no meaning for {plan.classifier.name}"
    return f"{names} (see the warnings): the same as Original"


def _fits(
    plan: CellPlan, folds: Iterable[ResampledFold]
) -> Iterator[tuple[Fit, FitPredictions, bool, Sequence[str]]]:
    for fold in folds:
        method, rows = plan.method, fold.rows
        typed = _rows_for(plan.classifier, fold)
        fit_fold = functools.partial(
            fit_predict,
            plan.classifier,
            typed(fold.X),
            fold.y,
            typed(fold.X_test),
            seed=classifier_seed(plan.random_state, rows.repeat, plan.draw),
            search=_search(plan, fold),
            X_train=typed(fold.X_before) if rows.phase == HOLDOUT and fold.X_before is not None else None,
            is_resampled=bool(method.steps) and not fold.noop,
            sample_weight=fold.weights,
            apart={} if method.steps else _apart(fold),
            apart_by="groups" if fold.groups is not None else "time" if fold.times is not None else "",
            positive=plan.positive,
        )
        truth = coded(fold.y_test, plan.positive)
        notes = [*fold.warnings, *_unweighted(fold, plan)]
        after = np.bincount(fold.y, minlength=2)
        prediction, n_left_out = _fit_what_applies(fit_fold, method, notes, fold, plan.positive)
        is_plain = n_left_out == _n_arms(method)  # neither weights nor a threshold
        noop = is_plain and (fold.noop if method.steps else n_left_out > 0)
        if fold.noop and not noop and method.steps:
            notes.append("the sampler returned its input: the weights or the threshold alone did something")
        notes += prediction.warnings
        fit = Fit(
            phase=rows.phase,
            repeat=rows.repeat,
            fold=rows.fold,
            scores=_scores(truth, fold.weights_test, prediction, plan),
            resample_seconds=fold.seconds,
            fit_seconds=prediction.fit_seconds,
            predict_seconds=prediction.predict_seconds,
            rows_before=fold.rows_before,
            rows_after=(int(after[0]), int(after[1])),
            train_counts=_counts(fold, prediction, plan),
            history=prediction.history if rows.phase == HOLDOUT else None,
            threshold=next(iter(prediction.thresholds.values())) if prediction.thresholds else None,
            tuned_scores=_tuned_scores(plan, truth, fold.weights_test, prediction),
        )
        tested = FitPredictions(
            rows.phase,
            rows.repeat,
            rows.fold,
            rows.test,
            truth,
            prediction.label,
            prediction.score,
            prediction.score_kind,
        )
        yield fit, tested, noop, notes


def _typed_columns(classifier: ClassifierSpec, fold: ResampledFold) -> TypedColumns | None:
    """Return the columns of the frames that the classifier wants; None where it gets encoded rows."""
    return fold.columns if classifier.rows == "typed" else None


def _rows_for(classifier: ClassifierSpec, fold: ResampledFold) -> Callable[[np.ndarray], Any]:
    """Return what makes of encoded rows those that the classifier wants."""
    columns = _typed_columns(classifier, fold)
    if columns is None:
        return lambda X: X
    return functools.partial(classifier_frame, columns, who=classifier.name)


def _apart(fold: ResampledFold) -> dict[str, np.ndarray]:
    known = {"groups": fold.groups, "times": fold.times}
    return {name: values for name, values in known.items() if values is not None}


def _scores(
    truth: np.ndarray, weights: np.ndarray | None, prediction: Prediction, plan: CellPlan
) -> dict[str, float]:
    return score_fold(
        truth,
        prediction.label,
        prediction.score if prediction.score_kind != "none" else None,
        plan.metrics,
        is_probability=prediction.score_kind == "probability",
        weights=weights,
    )


def _unweighted(fold: ResampledFold, plan: CellPlan) -> list[str]:
    """Name the user's own metrics that count all rows alike though rows have weights."""
    if fold.weights_test is None:
        return []
    own = [metric.name for metric in plan.metrics if not takes_weights(metric)]
    return [f"{name} counts all rows alike: its function takes no sample_weight" for name in own]


def _search(plan: CellPlan, fold: ResampledFold) -> ThresholdSearch:
    """Return how the method's threshold is chosen; the trivial arm is compared by every metric."""
    assert fold.inner is not None or not (plan.method.steps and plan.method.has_inner_fits), plan.cell
    others = plan.metrics if plan.method.arm == "tuned_threshold" else ()
    inner, columns = fold.inner, _typed_columns(plan.classifier, fold)
    if inner is not None and columns is not None:
        inner = TypedInnerFolds(inner, columns, plan.classifier.name)
    return ThresholdSearch(plan.method.threshold_metric, others, inner)


def _tuned_scores(
    plan: CellPlan, truth: np.ndarray, weights: np.ndarray | None, prediction: Prediction
) -> dict[str, float] | None:
    """Score each metric by the threshold that was tuned for it."""
    if plan.method.arm != "tuned_threshold" or not prediction.thresholds:
        return None
    scores: dict[str, float] = {}
    by_threshold: dict[float, list[Metric]] = {}
    for metric in plan.metrics:
        if metric.name in prediction.thresholds:
            by_threshold.setdefault(prediction.thresholds[metric.name], []).append(metric)
    for threshold, metrics in by_threshold.items():
        label = (prediction.score >= threshold).astype(np.int64)
        scores |= score_fold(truth, label, prediction.score, metrics, weights=weights)
    return scores


def _counts(fold: ResampledFold, prediction: Prediction, plan: CellPlan) -> tuple[int, int, int, int] | None:
    """Return tn, fp, fn, tp on the training part before resampling, where it was predicted."""
    if fold.y_before is None or prediction.train_label is None:
        return None
    tn, fp, fn, tp = np.bincount(
        2 * coded(fold.y_before, plan.positive) + prediction.train_label, minlength=4
    ).tolist()
    return tn, fp, fn, tp


def _n_arms(method: MethodSpec) -> int:
    return bool(method.class_weight) + method.tuned_threshold + _has_remedy(method)


def _has_remedy(method: MethodSpec) -> bool:
    return bool(method.calibrated) or method.prior_corrected


def _fit_what_applies(
    fit_fold: Callable[..., Prediction],
    method: MethodSpec,
    notes: list[str],
    fold: ResampledFold,
    positive: int,
) -> tuple[Prediction, int]:
    """Fit with all that a method does beside resampling, leaving out (and noting) what has no meaning here.

    Returns the prediction and how many of weights, threshold and remedy of probabilities were left out.
    """
    weights: list[Literal["balanced"] | None] = ["balanced", None] if method.class_weight else [None]
    thresholds = [True, False] if method.tuned_threshold else [False]
    remedies = [True, False] if _has_remedy(method) else [False]
    attempts = list(itertools.product(weights, thresholds, remedies))
    for weight, threshold, remedy in attempts[:-1]:
        try:
            righted = _remedy(method, fold, positive, is_weighted=weight is not None) if remedy else {}
            prediction = fit_fold(class_weight=weight, tuned_threshold=threshold, **righted)
        except NotApplicable as error:
            notes.append(str(error))
            continue
        return prediction, _n_arms(method) - (weight is not None) - threshold - remedy
    return fit_fold(), _n_arms(method)


def _remedy(method: MethodSpec, fold: ResampledFold, positive: int, *, is_weighted: bool) -> dict[str, Any]:
    """Return how probabilities are set right."""
    if method.calibrated:
        return {"calibrated": method.calibrated}
    if fold.weights is not None:
        raise NotApplicable("prior_corrected is for rows that count alike, and these have weights")
    if fold.noop and not is_weighted and method.steps:
        raise NotApplicable("prior_corrected has nothing to correct: the sampler returned its input")
    if not is_weighted and not method.steps:
        raise NotApplicable("prior_corrected has nothing to correct without a sampler or class weights")
    (majority, minority), after = fold.rows_before, np.bincount(fold.y, minlength=2)
    if not after.all():
        raise NotApplicable("prior_corrected needs rows of both classes after resampling")
    ratio = 1.0 if is_weighted else float(after[1] / after[0])
    factor = minority / majority / ratio
    return {"odds_factor": factor if positive == 1 else 1.0 / factor}
