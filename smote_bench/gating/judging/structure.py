"""Step 0 of a gate: whether two sides can be compared, and what is missing or broken before statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.evidence import SPLIT_SETTINGS, Evidence, SplitName
from smote_bench.gating.judging.missing import missing_fits, undefined_scores
from smote_bench.gating.verdicts.verdict import Problem

__all__ = ["Structure", "structure"]

_ACCEPT = "accept a new baseline if that is meant"


@dataclass(frozen=True)
class Structure:
    """What is to be said before any statistics.

    Parameters
    ----------
    incomparable : tuple of Problem
        Why the sides cannot be compared; with any of them there is no verdict on the scores.
    problems : tuple of Problem
        Reasons to fail.
    new_cases, not_selected : tuple of str
        Ids of cases that the baseline does not have; that were not asked for this time.
    notes : tuple of str
        What a reader has to know, and no reason to fail.
    """

    incomparable: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    new_cases: tuple[str, ...] = ()
    not_selected: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def structure(
    baseline: Evidence, current: Evidence, *, partial: bool, metrics: Sequence[str] = ()
) -> Structure:
    """Compare what two sides consist of, not how good their scores are.

    Parameters
    ----------
    baseline, current : Evidence
    partial : bool
        What the current side does not have was not selected, and is no problem.
    metrics : sequence of str
        Those that are judged; all of the baseline by default.

    Returns
    -------
    Structure
    """
    before, after = _statuses(baseline), _statuses(current)
    common = [cell for cell in before if cell in after]
    gone = [cell for cell in before if cell not in after]
    incomparable = [
        *_other_protocol(baseline, current),
        *_other_data(baseline, current, common),
        *_nothing_common(baseline, current, before, after, common),
    ]
    problems = _cut(current)
    problems += [] if partial else [_missing_case(cell, baseline, current) for cell in gone]
    broken, notes = _status_changes(before, after, common)
    problems += broken
    scored = [cell for cell in common if before[cell][0] in _SCORED and after[cell][0] in _SCORED]
    if not incomparable:
        problems += missing_fits(baseline, current, scored)
        wanted = [name for name in baseline.scores.names if not metrics or name in metrics]
        undefined, undefined_notes = undefined_scores(baseline, current, scored, wanted)
        problems += undefined
        notes += undefined_notes
    return Structure(
        tuple(incomparable),
        tuple(problems),
        tuple(cell.id for cell in after if cell not in before),
        tuple(cell.id for cell in gone) if partial else (),
        (*notes, *_own_notes(baseline, current)),
    )


_SCORED = ("ok", "noop")


def _statuses(side: Evidence) -> dict[Cell, tuple[str, str]]:
    """Return the status of every cell in the order of names, so that a table's order of rows does not show.

    Scores without a status are of a cell that went well.
    """
    known = {**dict.fromkeys(side.scores.cells, ("ok", "")), **side.statuses}
    return {cell: known[cell] for cell in sorted(known, key=lambda cell: tuple(vars(cell).values()))}


def _other_protocol(baseline: Evidence, current: Evidence) -> list[Problem]:
    found = []
    for name in SPLIT_SETTINGS:
        if name not in baseline.protocol or name not in current.protocol:
            continue
        expected, got = baseline.protocol[name], current.protocol[name]
        if expected != got:
            reason = (
                f"expected {name} {expected!r}, as the baseline has it, got {got!r}: the folds test "
                f"other rows; run with {name} {expected!r}, or {_ACCEPT}"
            )
            found.append(Problem("protocol", name, reason))
    return found


def _other_table(expected: str, got: str) -> str:
    """Return how the tables of two digests differ: behind a digest stands which class is positive."""
    (table, _, positive), (other, _, other_positive) = (
        one.partition(", positive: ") for one in (expected, got)
    )
    if table == other:
        return (
            f"expected scores of the {positive or 'minority'} as the positive class, got those of the "
            f"{other_positive or 'minority'}: they say nothing about the code; set 'positive' as before, or "
            f"{_ACCEPT}"
        )
    return (
        f"expected the table with digest {table}, got {other}: scores on other data say nothing about the "
        f"code; restore the table, or {_ACCEPT}"
    )


def _other_data(baseline: Evidence, current: Evidence, common: Sequence[Cell]) -> list[Problem]:
    found = []
    known: dict[str, list[SplitName]] = {}
    for key, digest in baseline.splits.items():
        if digest and current.splits.get(key):
            known.setdefault(key[0], []).append(key)
    for dataset in dict.fromkeys(cell.dataset for cell in common):
        roles = baseline.roles(dataset), current.roles(dataset)
        if None not in roles and roles[0] != roles[1]:
            reason = (
                f"expected {_roles_words(roles[0])}, as the baseline has it, got {_roles_words(roles[1])}: "
                f"other rows are tested, or count otherwise; name the same columns, or {_ACCEPT}"
            )
            found.append(Problem("splits", dataset, reason))
            continue
        expected, got = baseline.data.get(dataset, ""), current.data.get(dataset, "")
        if expected and got and expected != got:
            found.append(Problem("data", dataset, _other_table(expected, got)))
            continue
        both = known.get(dataset, [])
        other = [key for key in both if baseline.splits[key] != current.splits[key]]
        if other:
            _, split, fold = min(other)
            reason = (
                f"expected the baseline's test rows in {len(both)} folds, got others in {len(other)} of "
                f"them, the first {_fold_words(split, fold)}: another release may split otherwise; "
                f"split as before, or {_ACCEPT}"
            )
            found.append(Problem("splits", dataset, reason))
    return found


def _roles_words(roles: Mapping[str, str] | None) -> str:
    named = ", ".join(f"{key}: {column}" for key, column in (roles or {}).items())
    return named or "no groups, time, test, split and weights"


def _fold_words(split: int, fold: int) -> str:
    return f"the hold-out of split {split}" if fold < 0 else f"fold {fold} of split {split}"


def _nothing_common(
    baseline: Evidence,
    current: Evidence,
    before: Mapping[Cell, object],
    after: Mapping[Cell, object],
    common: Sequence[Cell],
) -> list[Problem]:
    if not common:
        reason = (
            f"expected cases of {baseline.name!r} such as {_example(before)}, got none of its {len(before)} "
            f"in {current.name!r}, which has {len(after)} such as {_example(after)}: "
            "name the baseline of this experiment, or check the names"
        )
        return [Problem("cases", "", reason)]
    found = []
    if not set(baseline.scores.names) & set(current.scores.names) and baseline.scores.cells:
        reason = (
            f"expected some of the metrics {', '.join(baseline.scores.names)}, got "
            f"{', '.join(current.scores.names) or 'none'}: score the baseline's metrics"
        )
        found.append(Problem("metrics", "", reason))
    # a run without any score is one in which everything failed: that is a verdict
    both_scored = baseline.scores.cells and current.scores.cells
    if both_scored and not set(baseline.scores.units) & set(current.scores.units):
        reason = (
            f"expected some of the baseline's {len(baseline.scores.units)} folds, "
            f"{_units_words(baseline)}, got {_units_words(current)}: no fold is in both; "
            "number splits and folds alike on both sides"
        )
        found.append(Problem("splits", "", reason))
    return found


def _example(cases: Mapping[Cell, object]) -> str:
    return next((repr(cell.id) for cell in cases), "none")


def _units_words(side: Evidence) -> str:
    units = side.scores.units
    if not units:
        return "none"
    return f"from {_fold_words(*min(units))} to {_fold_words(*max(units))}"


def _cut(current: Evidence) -> list[Problem]:
    """Return why a run that was cut does not pass, whatever its cells give and whichever were asked for."""
    cut = current.about.get("cut")
    if not cut:
        return []
    reason = f"expected a run that came to its end, got one that did not. {cut} Finish it: `smote-bench list`"
    return [Problem("cut", current.name, f"{reason} has the command")]


def _missing_case(cell: Cell, baseline: Evidence, current: Evidence) -> Problem:
    reason = (
        f"expected the case, which is in {baseline.name!r}, got none in {current.name!r}: run it, judge a "
        f"part with --partial, or {_ACCEPT}"
    )
    return Problem("missing case", cell.id, reason)


def _status_changes(
    before: Mapping[Cell, tuple[str, str]], after: Mapping[Cell, tuple[str, str]], common: Sequence[Cell]
) -> tuple[list[Problem], list[str]]:
    problems = []
    better: Counter[tuple[str, str]] = Counter()
    for cell in common:
        (old, _), (new, why) = before[cell], after[cell]
        if old == new:
            continue
        if old == "ok" or (old == "noop" and new != "ok"):
            problems.append(Problem("status", cell.id, _status_reason(old, new, why)))
        else:
            better[old, new] += 1
    notes = [
        f"{n} {'case that was' if n == 1 else 'cases that were'} {old} in the baseline "
        f"{'is' if n == 1 else 'are'} {new} now: {_ACCEPT}, so that the gate watches what they give"
        for (old, new), n in sorted(better.items())
    ]
    return problems, notes


def _status_reason(old: str, new: str, why: str) -> str:
    said = f" ({why})" if why else ""
    remedy = {
        "noop": "the method gave its rows back as they were: mend it",
        "timeout": "raise the time limit, or mend what became slow",
        "unavailable": "install or fetch what is missing",
    }.get(new, "mend what went wrong; the run's report has the traceback")
    return f"expected status {old}, got {new}{said}: {remedy}, or {_ACCEPT}"


def _own_notes(baseline: Evidence, current: Evidence) -> list[str]:
    """Return what the sides say of themselves; what both say is said once."""
    ours, theirs = (tuple(side.about.get("notes", ())) for side in (baseline, current))
    both = [note for note in ours if note in theirs]
    return [
        *(f"both sides: {note}" for note in both),
        *(f"{baseline.name}: {note}" for note in ours if note not in both),
        *(f"{current.name}: {note}" for note in theirs if note not in both),
    ]
