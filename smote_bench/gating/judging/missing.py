"""Which fits and scores a side lacks that the baseline has: a part of its structure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel, Unit
from smote_bench.gating.verdicts.verdict import Problem

__all__ = ["missing_fits", "undefined_scores"]

_SHOWN = 6


def missing_fits(baseline: Evidence, current: Evidence, cells: Sequence[Cell]) -> list[Problem]:
    """Return a problem for each case with other fits than the baseline's.

    Parameters
    ----------
    baseline, current : Evidence
    cells : sequence of Cell
        The cases of both sides that were scored on both.

    Notes
    -----
    A run may have fewer splits than its baseline, and later splits of some methods only, since suspicious
    methods alone get the others. A split is expected of a case where the case has any fold of it, where
    another case on the same resampled rows (data set and method) has it, or where it is one of the run's own
    splits: those its protocol names, or else those that every other case has.
    """
    units = sorted({*baseline.scores.units, *current.scores.units})
    before = _any(baseline.scores.take(cells=cells, units=units).present, 2)
    after_of_draw = current.scores.take(cells=cells, units=units).present
    after = _any(after_of_draw, 2)
    split_of = np.array([unit.split for unit in units], dtype=np.int64)
    lacks, more = np.zeros_like(before), np.zeros_like(before)
    holes = np.zeros_like(after_of_draw)
    for split in np.unique(split_of).tolist():
        here = split_of == split
        was, is_, of_draw = before[:, here], after[:, here], after_of_draw[:, here]
        has = _any(is_, 1)
        expected = np.logical_or(has, _expected(has, split, current, cells))
        lacks[:, here] = was & ~is_ & expected[:, None]
        # a seed that the case has at all has every fold, as the other seeds have
        holes[:, here] = was[:, :, None] & _any(of_draw, 1)[:, None] & ~of_draw & ~lacks[:, here][:, :, None]
        more[:, here] = is_ & ~was & _any(was, 1)[:, None]
    found: list[Problem] = []
    for n in np.flatnonzero(_any(lacks, 1) | _any(holes, (1, 2)) | _any(more, 1)).tolist():
        where, n_before = cells[n].id, _count(int(before[n].sum()), "fit")
        if lacks[n].any():
            found.append(Problem("missing fit", where, _missing(n_before, _chosen(units, lacks[n]))))
        if holes[n].any():
            found.append(Problem("missing fit", where, _missing_of_seeds(holes[n], current.scores.draws)))
        if more[n].any():
            found.append(Problem("missing fit", where, _added(n_before, _chosen(units, more[n]))))
    return found


def _expected(has: np.ndarray, split: int, current: Evidence, cells: Sequence[Cell]) -> np.ndarray:
    """Return for each case whether the split is expected of it, though it may have none of its folds."""
    own = _own_splits(current)
    if own is not None and split in own:
        return np.ones(len(cells), dtype=bool)
    groups = {cell.group for cell, has_it in zip(cells, has, strict=True) if has_it}
    expected = np.array([cell.group in groups for cell in cells], dtype=bool)
    if own is None and len(cells) > 1:
        # every other case has it
        expected |= has.sum() - has == len(cells) - 1
    return expected


def _own_splits(current: Evidence) -> range | None:
    """Return the splits that the run's protocol names; None where there is no protocol, as of tables.

    Of a run that does not say how many, the first: whatever comes later may be of suspicious methods alone.
    """
    if not current.protocol:
        return None
    first = min((unit.split for unit in current.scores.units), default=0)
    first = int(current.protocol.get("first_repeat", first))
    return range(first, first + int(current.protocol.get("random_runs", 1)))


def _missing(n_before: str, fits: Sequence[Unit]) -> str:
    return (
        f"expected the baseline's {n_before}, got none of {_words(fits)}: run the case again to its end, or "
        "find what stopped it"
    )


def _missing_of_seeds(holes: np.ndarray, draws: Sequence[int]) -> str:
    seeds = [str(draws[n]) for n in np.flatnonzero(_any(holes, 0)).tolist()]
    return (
        f"expected every fold with each seed, got none in {_count(int(holes.sum()), 'fit')} of seed "
        f"{_listed(seeds)}: run the case again to its end, or add the rows"
    )


def _added(n_before: str, fits: Sequence[Unit]) -> str:
    return (
        f"expected the baseline's {n_before}, got {_words(fits)} too: split into as many folds as before, or "
        "accept a new baseline"
    )


def _chosen(units: Sequence[Unit], chosen: np.ndarray) -> list[Unit]:
    return [units[n] for n in np.flatnonzero(chosen).tolist()]


def _words(fits: Sequence[Unit]) -> str:
    """Return fits in words, those of several splits together: ``fold 2, fold 3 of splits 0, 1``."""
    folds_of: dict[int, list[int]] = {}
    for unit in fits:
        folds_of.setdefault(unit.split, []).append(unit.fold)
    splits_of: dict[tuple[int, ...], list[str]] = {}
    for split, folds in folds_of.items():
        splits_of.setdefault(tuple(folds), []).append(str(split))
    return "; ".join(
        f"{_folds(folds)} of split{'s' * (len(splits) > 1)} {_listed(splits)}"
        for folds, splits in splits_of.items()
    )


def _folds(folds: Sequence[int]) -> str:
    words = [f"fold {fold}" for fold in folds if fold != HOLDOUT_FOLD]
    return _listed([*words, *["the hold-out"] * (HOLDOUT_FOLD in folds)])


def _listed(words: Sequence[str]) -> str:
    more = len(words) - _SHOWN
    return ", ".join(words[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def undefined_scores(
    baseline: Evidence, current: Evidence, cells: Sequence[Cell], metrics: Sequence[str]
) -> tuple[list[Problem], list[str]]:
    """Return a problem for each case and metric that is undefined where the baseline has a value, and notes.

    A score that some of the baseline's own seeds leave undefined may be so again.
    """
    names = [name for name in metrics if name in current.scores.names]
    found = [_metric_gone(name) for name in metrics if name not in current.scores.names]
    units = [unit for unit in baseline.scores.units if unit in set(current.scores.units)]
    before = baseline.scores.take(cells=cells, units=units, names=names)
    after = current.scores.take(cells=cells, units=units, names=names)
    was_defined = _any(_measured(before), 2) & ~_any(_undefined(before), 2)
    is_undefined = _any(_undefined(after), 2)
    fits = _any(after.present, 2).sum(axis=1)
    wrong = was_defined & is_undefined
    for cell, metric in np.argwhere(_any(wrong, 1)).tolist():
        n = int(wrong[cell, :, metric].sum())
        reason = (
            f"expected a value of {names[metric]} in each of {_count(int(fits[cell]), 'fold')}, as in the "
            f"baseline, got none in {n}: see whether a class is never predicted or scores are not finite"
        )
        found.append(Problem("undefined score", cells[cell].id, reason))
    return found, _notes(before, after)


def _metric_gone(name: str) -> Problem:
    reason = (
        f"expected values of {name}, which the baseline has, got no such metric: score it, choose the others "
        "by --metrics, or accept a new baseline"
    )
    return Problem("undefined score", f"metric {name}", reason)


def _measured(panel: Panel) -> np.ndarray:
    is_measured: np.ndarray = np.logical_and(panel.present[..., None], ~np.isnan(panel.values))
    return is_measured


def _undefined(panel: Panel) -> np.ndarray:
    is_undefined: np.ndarray = np.logical_and(panel.present[..., None], np.isnan(panel.values))
    return is_undefined


def _notes(before: Panel, after: Panel) -> list[str]:
    both = _any(_undefined(before), 2) & _any(_undefined(after), 2)
    new = _any(_undefined(before), 2) & ~_any(_undefined(after), 2) & _any(_measured(after), 2)
    notes = []
    if both.any():
        notes.append(
            f"{_count(int(both.sum()), 'score')} undefined on both sides ({_names(before, both)}) could not "
            "be compared"
        )
    if new.any():
        notes.append(
            f"{_count(int(new.sum()), 'score')} undefined in the baseline ({_names(before, new)}) "
            "came out defined"
        )
    return notes


def _names(panel: Panel, chosen: np.ndarray) -> str:
    return ", ".join(panel.names[n] for n in np.flatnonzero(_any(chosen, (0, 1))).tolist())


def _any(array: np.ndarray, axis: int | tuple[int, ...]) -> np.ndarray:
    return np.asarray(np.any(array, axis=axis))


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'s' * (n != 1)}"
