"""The sentences of the answer: numbers in, plain words out, no claim that an interval does not carry."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.effects import (
    ALPHA,
    Effect,
    against_best_trivial_arm,
    candidates,
    effect_against,
    effects_by_metric,
    least,
    too_few,
)
from smote_bench.report.analysis.over_datasets import not_told_apart, wilcoxon_table
from smote_bench.report.analysis.ranking import ranking
from smote_bench.runs.compared_cells import NO_SCORE
from smote_bench.runs.summary import BEST_ARM
from smote_bench.runs.trivial_arms import THRESHOLD, trivial_arms, why_not_best

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = ["explanations", "few_names", "few_words", "headline", "nothing_to_compare", "subject_of"]

_SMALLEST = 0.5e-4
"""Scores are published to four digits: what rounds to nothing is equal."""

_ARMS = {
    ORIGINAL: "doing nothing",
    "class_weight": "simply weighting the classes",
    "RandomOverSampler": "repeating minority rows at random",
    "tuned_threshold": "just tuning the decision threshold",
}


def nothing_to_compare(run: Run, metric: str) -> str:
    """Say why no method could be compared with `Original` by a metric."""
    if not any(outcome.is_scored for outcome in run.outcomes):
        return "Undecided: no cell of this run has scores."
    if not any(o.is_scored for o in run.outcomes if o.cell.method == ORIGINAL):
        return f"Undecided: {ORIGINAL} has no scores, so there is nothing to compare the methods with."
    if not candidates(run):
        return f"Undecided: only {ORIGINAL} was run, so there is nothing to compare it with."
    title = _title(run, metric)
    return (
        f"Undecided: no method has scores of {title} where {ORIGINAL} has them, with each classifier of a "
        "data set."
    )


def explanations(run: Run, best: Effect, effects: Sequence[Effect]) -> list[str]:
    """Return what follows the headline: the trivial arms, how sure, which others, where, other measures."""
    return [
        *_trivial(run, best),
        *_multiplicity(run, best, effects),
        *_others(run, best, effects),
        *_rank_and_mean(run, best.metric),
        *_by_data_set(best),
        *_other_metrics(run, best),
    ]


def headline(run: Run, best: Effect, effects: Sequence[Effect], verdict: str) -> str:
    """Return the one sentence that says it all."""
    what, title, where = subject_of(run, best), _title(run, best.metric), _where(run, best)
    if verdict == "helps":
        return f"{what} helped: {best.method} {_moved(run, best)} {where} ({_interval(best)})."
    if verdict == "hurts":
        even = f"even the best of {len(effects)} methods, {best.method}," if len(effects) > 1 else best.method
        return f"{what} hurt: {even} {_moved(run, best)} {where} ({_interval(best)})."
    of = f"the best of {len(effects)} methods, {best.method}," if len(effects) > 1 else best.method
    changed = f"{of} changed {title} by {_signed(run, best)} {where}"
    if best.n == 1:
        return f"Undecided: {changed}, but one fit carries no interval: use cross-validation or repeats."
    if best.is_all_zero:
        return f"No difference shown: {changed}. All differences are zero."
    if best.has_no_spread:
        return (
            f"Undecided: {changed}, but all {best.n} differences are the same: without any spread there is "
            "neither an interval nor a test."
        )
    changed += f" ({_interval(best, run)})"
    if verdict == "no difference shown":
        return f"No difference shown: {changed}. {_hidden(best)}"
    if best.basis == "fits":
        return (
            f"Undecided: {changed}, but {best.n} fits are too few to tell it from noise; at least "
            f"{least(best.basis)} are needed: use more folds or repeats."
        )
    return (
        f"Undecided: {changed}, but {best.n} data sets are too few to tell whether it helps in general; "
        f"at least {least(best.basis)} are needed."
    )


def few_names(names: Sequence[str]) -> str:
    """Return up to four names, and how many more there are: runs may have ninety methods."""
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(names[:4]) + more


def few_words(reasons: Sequence[str]) -> str:
    """Return up to three reasons, and how many more there are."""
    more = f"; and {len(reasons) - 3} reasons more" if len(reasons) > 3 else ""
    return "; ".join(reasons[:3]) + more


def subject_of(run: Run, best: Effect | None) -> str:
    """Name what was done; a method may drop rows too, or resample nothing."""
    if best is None:
        return "Oversampling"
    spec = run.manifest["experiment"].get("methods", {}).get(best.method, {})
    steps = spec.get("steps", [{"target": best.method}])
    if best.method in run.trivial or not steps:
        return "Treating the imbalance"
    keeps_rows = not any(
        ".under_sampling" in step["target"] or ".combine" in step["target"] for step in steps
    )
    return "Oversampling" if keeps_rows else "Resampling"


def _title(run: Run, metric: str) -> str:
    return run.metrics[metric].title


def _moved(run: Run, effect: Effect) -> str:
    is_low = run.metrics[effect.metric].better == "low"
    verb = "raised" if (effect.gain > 0) != is_low else "lowered"
    note = " (where low is better)" if is_low else ""
    return f"{verb} {_title(run, effect.metric)}{note} by {_number(abs(effect.gain))}"


def _where(run: Run, effect: Effect) -> str:
    classifiers = _classifiers(run, effect)
    if effect.basis == "datasets":
        return f"on average over {effect.n} data sets" + (f" and {classifiers}" if classifiers else "")
    assert effect.compared is not None
    averaged = f", on average over {effect.n} fits" if effect.n > 1 else ""
    return f"on {effect.compared.datasets[0]}{averaged}{_fewer_classifiers(run, effect)}"


def _fewer_classifiers(run: Run, effect: Effect) -> str:
    """Count the classifiers where they are not all of the run's."""
    classifiers = _classifiers(run, effect)
    return f" and {classifiers}" if " of " in classifiers else ""


def _classifiers(run: Run, effect: Effect) -> str:
    """Count the classifiers that a mean is over; empty where the run has one."""
    assert effect.compared is not None
    n, (fewest, most) = len(run.classifiers), effect.compared.n_classifiers
    if n == 1:
        return ""
    count = str(most) if fewest == most else f"{fewest} to {most}"
    # Not the same ones on each data set, where not all were run on each.
    each = " each" if len(effect.compared.classifiers) > fewest else ""
    return count + (f" of {n}" if fewest < n else "") + f" classifiers{each}"


def _interval(effect: Effect, run: Run | None = None) -> str:
    """Return the interval in the direction of the sentence: of the size of a move, or of a signed change."""
    if math.isinf(effect.half_width):
        return f"no 95% interval that counts all {effect.n_comparisons} methods is bounded"
    if run is not None:
        sign = _sign(run, effect)
        ends = sorted((sign * effect.low, sign * effect.high))
        numbers = f"{_number(ends[0], '+')} to {_number(ends[1], '+')}"
    else:
        ends = sorted((effect.low, effect.high)) if effect.gain > 0 else sorted((-effect.high, -effect.low))
        numbers = f"{_number(ends[0])} to {_number(ends[1])}"
    return f"95% interval {numbers}" + (
        f", all {effect.n_comparisons} methods counted" if effect.n_comparisons > 1 else ""
    )


def _hidden(best: Effect) -> str:
    """Say how large a difference the interval leaves room for: absence of evidence is no evidence."""
    noise = (
        "With several methods compared, that is within noise" if best.p < ALPHA else "That is within noise"
    )
    if math.isinf(best.half_width):
        return f"{noise}, and any difference may be hidden in it."
    up, down = max(best.high, 0.0), max(-best.low, 0.0)
    parts = [f"a gain of up to {_number(up)}"] if up > 0 else []
    parts += [f"a loss of up to {_number(down)}"] if down > 0 else []
    return f"{noise}, but {' or '.join(parts)} may be hidden in it."


def _multiplicity(run: Run, best: Effect, effects: Sequence[Effect]) -> list[str]:
    """Say what picking the best after looking costs."""
    n = len(effects)
    if n < 2 or math.isnan(best.half_width) or too_few(best):
        return []
    n_better, n_worse = sum(e.is_better for e in effects), sum(e.is_worse for e in effects)
    if best.is_better:
        return [
            f"{n_better} of {n} methods improved it by more than noise; with all {n} comparisons counted, "
            f"{best.method} has {_p(best.p_joint)} ({best.test}).{_p_of_ranks(run, best)}"
        ]
    if best.is_worse:
        return [f"{n_worse} of {n} methods made it worse by more than noise ({best.test})."]
    lines = []
    if best.p < ALPHA and best.gain > 0:
        lines.append(
            f"Its interval alone excludes zero, but it was picked as the best of {n} after looking: with all "
            f"{n} comparisons counted, {_p(best.p_joint)} ({best.test}).{_p_of_ranks(run, best)}"
        )
    if n_worse:
        worse = [effect.method for effect in effects if effect.is_worse]
        lines.append(f"Worse by more than noise: {few_names(worse)}.")
    return lines


def _p_of_ranks(run: Run, best: Effect) -> str:
    """Say which p the tables have for a method, and why it is another one; empty where they have none."""
    table = wilcoxon_table(run, best.metric)
    p = float(table["p_holm"].to_dict().get(best.method, math.nan))
    if math.isnan(p):
        return ""
    k = int(table["p"].notna().sum())
    holm = f"Wilcoxon signed-rank, Holm over {k} method{'s' * (k != 1)}"
    return f" Under Statistics it has {_p(p)} ({holm}): that tests ranks, not means, in another family."


def _others(run: Run, best: Effect, effects: Sequence[Effect]) -> list[str]:
    """Say which methods the ranks do not tell apart from the best one."""
    if not best.is_better or too_few(best) or len(effects) < 2:
        return []
    cliques, n = not_told_apart(run, best.metric)
    near = {name for clique in cliques if best.method in clique for name in clique}
    near &= {effect.method for effect in effects} - {best.method}
    if not near:
        return []
    names = [name for name in run.methods if name in near]
    shown = few_names(names) if len(near) <= 4 else f"{len(near)} of the other {len(effects) - 1} methods"
    return [f"By their ranks, {shown} cannot be told apart from {best.method} (Nemenyi, 5%, n = {n})."]


def _rank_and_mean(run: Run, metric: str) -> list[str]:
    """Say which method of all, trivial arms too, is first by mean rank and which by mean delta."""
    table = ranking(run, metric)
    ranked = table[table["mean_rank"].notna()]
    compared = table[(table["method"] != ORIGINAL) & table["delta"].notna()]
    if len(compared) < 2 or ranked.empty or int(ranked["n_datasets"].iloc[0]) < 2:
        return []
    is_low = run.metrics[metric].better == "low"
    first = ranked.iloc[0]
    place = compared["delta"].to_numpy().argmin() if is_low else compared["delta"].to_numpy().argmax()
    largest = compared.iloc[place]
    rank, mean = f"mean rank ({first['mean_rank']:.2f})", f"mean delta ({_number(largest['delta'], '+')})"
    if first["method"] == largest["method"]:
        return [f"Of all {len(table)} methods {first['method']} is first by {rank} and by {mean}."]
    return [
        f"Of all {len(table)} methods {first['method']} is first by {rank}, {largest['method']} by {mean}: a "
        "rank counts each data set alike, a mean those more where much changed."
    ]


def _trivial(run: Run, best: Effect) -> list[str]:
    """Compare with class weights, fold by fold, and with the best trivial arm, on the hold-out."""
    trivial = run.trivial
    if best.method in trivial:
        return []
    lines = []
    if "class_weight" in run.methods:
        effect = effect_against(run, best.method, "class_weight", best.metric)
        names = run.grid.idle_with("class_weight")
        note = f"without {', '.join(names)}, where weights change nothing" if names else ""
        lines += _compared(run, effect, _ARMS["class_weight"], best, note)
    effect_or_none = against_best_trivial_arm(run, best.method, best.metric)
    if effect_or_none is not None and len(trivial) > 1:
        arms = effect_or_none.arms or {}
        usual = max(arms, key=lambda name: arms[name])
        how_often = "always" if len(arms) == 1 else f"in {arms[usual]} of {sum(arms.values())} cells"
        picked = f"on the hold-out, picked by cross-validation, {how_often} {_arm(run, usual, best.metric)}"
        picked += _arms_left_out(run, effect_or_none, best.metric)
        lines += _compared(run, effect_or_none, BEST_ARM, best, picked)
    return lines


def _arms_left_out(run: Run, effect: Effect, metric: str) -> str:
    """Say which trivial arms could not be picked: the best of those that are left is easier to beat."""
    assert effect.compared is not None
    pairs = effect.compared.all_pairs
    counts: Counter[tuple[str, str]] = Counter()
    for treated, _ in pairs:
        for method, kind in run.trivial.items():
            arm = run.grid.get(treated.cell.dataset, method, treated.cell.classifier)
            if arm is not None and (reason := why_not_best(arm, kind, metric)):
                counts[method, reason] += 1
    words = [f"{method} ({reason}) in {n} of {len(pairs)}" for (method, reason), n in counts.items()]
    return f", without {few_words(words)}" if words else ""


def _arm(run: Run, kind: str, metric: str) -> str:
    """Name a trivial arm in words; a threshold with the metric that it is tuned for in this comparison."""
    arms = [arm for arm in trivial_arms(run.outcomes, metric) if arm.kind == kind == THRESHOLD]
    return _ARMS[kind] + (f" for {_title(run, metric)}" if any(arm.is_tuned for arm in arms) else "")


def _compared(run: Run, effect: Effect, control: str, best: Effect, how: str = "") -> list[str]:
    """Say how a comparison ended; what it leaves out, where that is not what the headline leaves out."""
    assert effect.compared is not None
    assert best.compared is not None
    gaps = effect.compared.gap_words() if effect.compared.datasets != best.compared.datasets else []
    if not effect.n:
        return [f"Against {control} there is {NO_SCORE}: {few_words(gaps)}."] if gaps else []
    how = "; ".join([*([how] if how else []), *([f"left out: {few_words(gaps)}"] if gaps else [])])
    gain, note = f"gain {_number(effect.gain, '+')}", f"; {how}" if how else ""
    if effect.n == 1:
        return [f"Against {control}: {gain}, and one fit carries no interval{note}."]
    things = "data sets" if effect.basis == "datasets" else "fits"
    n = f"n = {effect.n} {things}{_fewer_classifiers(run, effect)}"
    if effect.is_all_zero:
        return [f"It was not shown to beat {control} ({gain}, {n}, all differences are zero{note})."]
    if effect.has_no_spread:
        return [f"Against {control}: {gain}, {n}, all the same, which carries no interval{note}."]
    half_width = f" ± {_number(effect.half_width)}" if math.isfinite(effect.half_width) else ""
    numbers = f"({gain}{half_width}, {n}{note})"
    if too_few(effect):
        return [f"Against {control} the {things} are too few to tell {numbers}."]
    if effect.is_better:
        return [f"It beat {control} {numbers}."]
    if effect.is_worse:
        return [f"It did worse than {control} {numbers}."]
    return [f"It was not shown to beat {control} {numbers}."]


def _by_data_set(best: Effect) -> list[str]:
    """Count the data sets behind a mean: one that gains much may hide several that lose."""
    if best.basis != "datasets":
        return []
    better, worse = (sum(sign * gain >= _SMALLEST for gain in best.gains) for sign in (1, -1))
    counts = (
        f"better on {better}, equal on {best.n - better - worse} and worse on {worse} of {best.n} data sets"
    )
    return [f"Counted without a test: {best.method} was {counts}."]


def _other_metrics(run: Run, best: Effect) -> list[str]:
    metrics = [metric for metric in run.priority_metrics if metric != best.metric]
    if not metrics or math.isnan(best.half_width) or too_few(best):
        return []
    effects = [e for e in effects_by_metric(run, best.method, metrics) if not math.isnan(e.gain)]
    groups = {
        "better": [e for e in effects if e.is_better],
        "worse": [e for e in effects if e.is_worse],
        "no difference shown": [e for e in effects if not (e.is_better or e.is_worse)],
    }
    parts = [
        f"{word} by {', '.join(_by_metric(run, effect, best) for effect in found)}"
        for word, found in groups.items()
        if found
    ]
    return [f"By the other measures {best.method} was: {'; '.join(parts)}."] if parts else []


def _by_metric(run: Run, effect: Effect, best: Effect) -> str:
    """Name a measure with its mean, and what that is over where it is not the cells of the headline."""
    assert effect.compared is not None
    assert best.compared is not None
    same = [effect.compared.datasets, effect.compared.classifiers] == [
        best.compared.datasets,
        best.compared.classifiers,
    ]
    where = "" if same else f", {_where(run, effect)}"
    return f"{_title(run, effect.metric)} ({_signed(run, effect)}{where})"


def _signed(run: Run, effect: Effect) -> str:
    return _number(_sign(run, effect) * effect.gain, "+")


def _sign(run: Run, effect: Effect) -> int:
    return -1 if run.metrics[effect.metric].better == "low" else 1


def _number(value: float, sign: str = "") -> str:
    text = f"{value + 0.0:{sign}.3f}" if abs(value) < 100 else f"{value:{sign}.1f}"
    return text.replace("-0.000", "0.000").replace("+0.000", "0.000")


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
