"""The same cells on both sides, whatever fails: every pattern of failed cells against plain recomputation."""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_scores import cell, scored_run

from smote_bench.evaluation.outcome import Outcome
from smote_bench.report.analysis.answer import answer
from smote_bench.report.analysis.effects import against_best_trivial_arm, effect_against, effects_by_method
from smote_bench.report.analysis.gains import gains_over
from smote_bench.report.analysis.ranking import ranking
from smote_bench.report.page.answer import answer_section
from smote_bench.runs.compared_cells import NO_SCORE, Grid, compare, compare_with
from smote_bench.runs.open import Run
from smote_bench.runs.summary import summarise, summary_lines
from smote_bench.runs.trivial_arms import best_trivial_arm

METHODS, CLASSIFIERS, DATASETS = ("Original", "A", "B"), ("c0", "c1", "c2"), ("d0", "d1", "d2", "d3")
NAMES = tuple(itertools.product(DATASETS, METHODS, CLASSIFIERS))
FAILURES = ("error", "timeout", "unavailable", "undefined", "missing")

Name = tuple[str, str, str]
Pattern = Mapping[Name, str]


def _true(name: Name, phase: int) -> float:
    """Return a cell's score: A and B are equal, good with c0 and bad with c1 and c2."""
    dataset, method, classifier = name
    d, c = DATASETS.index(dataset), CLASSIFIERS.index(classifier)
    effect = 0.0 if method in ("Original", "class_weight") else (0.1, -0.09, -0.03)[c] + 0.007 * d
    return 0.5 + 0.02 * d + 0.05 * c + effect + 0.001 * phase


def _outcomes(pattern: Pattern) -> Iterator[Outcome]:
    for name, status in pattern.items():
        if status == "missing":
            continue
        if status in ("error", "timeout", "unavailable"):
            yield cell(name, status=status)
            continue
        score = _true(name, 0)
        last = math.nan if status == "undefined" else score + 0.01
        # Weights mean nothing to c2.
        kept = "noop" if name[1:] == ("class_weight", "c2") else "ok"
        yield cell(name, [score - 0.01, score, last], [last - 0.01], status=kept)


def _run(pattern: Pattern) -> Run | None:
    outcomes = list(_outcomes(pattern))
    return scored_run(outcomes) if outcomes else None


def _recomputed(
    pattern: Pattern, method: str, control: str = "Original", idle: tuple[str, ...] = ()
) -> dict[str, dict[str, float]]:
    """Return the differences by data set and classifier, of the data sets that can be compared."""
    was_run = {name for name, status in pattern.items() if status not in ("missing", "unavailable")}
    scored = {name for name in was_run if pattern[name] == "ok"}
    others = {name[1] for name in was_run} - {"Original"}
    found = {}
    for d in dict.fromkeys(name[0] for name in pattern):
        asked = []
        for c in dict.fromkeys(name[2] for name in pattern):
            says_something = any(n[2] == c for n in scored) or not scored
            only_original = others and not any(n[2] == c and n[1] != "Original" for n in was_run)
            if (
                says_something
                and not only_original
                and c not in idle
                and any(n[0] == d and n[2] == c for n in was_run)
            ):
                asked.append(c)
        if asked and all({(d, method, c), (d, control, c)} <= scored for c in asked):
            found[d] = {c: _true((d, method, c), 0) - _true((d, control, c), 0) for c in asked}
    return found


def _mean(differences: Mapping[str, Mapping[str, float]]) -> float:
    return statistics.fmean(
        statistics.fmean(by_classifier.values()) for by_classifier in differences.values()
    )


def _grids(methods: tuple[str, ...]) -> st.SearchStrategy[Pattern]:
    """Return grids with failures of single cells, and of whole rows, which single cells rarely make."""
    names = tuple(itertools.product(DATASETS, methods, CLASSIFIERS))
    rows = (*itertools.product(DATASETS, methods), *itertools.product(methods, CLASSIFIERS))

    def grid(single: dict[Name, str], whole: dict[object, str]) -> Pattern:
        found = dict.fromkeys(names, "ok") | single
        for row, status in whole.items():
            found |= {n: status for n in names if row in (n[:2], n[1:], n[0], n[2])}
        return found

    failures = st.sampled_from(FAILURES)
    return st.builds(
        grid,
        st.dictionaries(st.sampled_from(names), failures, max_size=12),
        st.dictionaries(st.sampled_from([*rows, *DATASETS, *CLASSIFIERS]), failures, max_size=3),
    )


patterns = _grids(METHODS)


def _check_deltas(pattern: Pattern) -> None:
    outcomes = list(_outcomes(pattern))
    for summary in summarise(outcomes, ["m"], {"m": "high"}):
        if summary.method == "Original":
            continue
        expected, delta = _recomputed(pattern, summary.method), summary.deltas["m"]
        assert delta.compared is not None
        assert list(delta.compared.datasets) == list(expected)
        assert all(len(delta.compared.pairs[d]) == len(expected[d]) for d in expected)
        record = summary.against_original
        assert record is not None
        assert record.wins + record.ties + record.losses == sum(map(len, expected.values()))
        assert bool(delta.n_left_out) == bool(delta.why_left_out) or delta.compared.without
        if expected:
            assert delta.mean == pytest.approx(_mean(expected), abs=1e-12)
            assert delta.n == (len(expected) if len(expected) > 1 else 3)
        else:
            assert (delta.n, math.isnan(delta.mean)) == (0, True)


@pytest.mark.parametrize("status", ["error", "undefined", "missing"])
def test_every_pattern_of_failures_of_two_classifiers_and_data_sets_compares_the_same_cells(
    status: str,
) -> None:
    names = list(itertools.product(DATASETS[:2], METHODS[:2], CLASSIFIERS[:2]))
    for failed in itertools.product((False, True), repeat=len(names)):
        _check_deltas({name: status if f else "ok" for name, f in zip(names, failed, strict=True)})


@settings(max_examples=150, deadline=None)
@given(patterns)
def test_a_delta_is_that_of_the_cells_both_sides_have(pattern: Pattern) -> None:
    _check_deltas(pattern)


@settings(max_examples=100, deadline=None)
@given(patterns)
def test_equal_methods_have_equal_effects_whatever_fails(pattern: Pattern) -> None:
    run = _run(pattern)
    if run is not None:
        assert len({round(effect.gain, 10) for effect in effects_by_method(run, "m")}) <= 1


@settings(max_examples=100, deadline=None)
@given(patterns)
def test_sentences_summary_ranking_and_page_say_the_same_and_count_what_is_there(pattern: Pattern) -> None:
    run = _run(pattern)
    if run is None:
        return
    said = answer(run)
    rows = ranking(run, "m").set_index("method")
    summaries = {s.method: s for s in summarise(run.outcomes, ["m"], {"m": "high"})}
    run.manifest["experiment"]["protocol"]["cv_folds"] = 3
    page, lines = str(answer_section(run, said)), summary_lines(list(summaries.values()), ["m"])
    for method in set(run.methods) - {"Original"}:
        delta, row = summaries[method].deltas["m"], rows.loc[method]
        assert (row["n"], row["left_out"]) == (delta.n, delta.n_left_out)
        assert row["delta"] == delta.mean or math.isnan(delta.mean)
        if not delta.n and delta.why_left_out:
            assert f"{NO_SCORE}: " in row["left_out_because"]
            assert row["left_out_because"] in page
            assert any(row["left_out_because"] in line and f": {method} m " in line for line in lines)
    if said.effect is None:
        assert said.sentences[0].startswith("Undecided: ")
        return
    assert said.method is not None
    expected = _recomputed(pattern, said.method)
    where = said.sentences[0]
    ((verb, number),) = re.findall(r"(lowered|raised|changed) m by ([+-]?\d\.\d{3}) on", where)
    assert float(number) * (-1 if verb == "lowered" else 1) == pytest.approx(_mean(expected), abs=5.1e-4)
    assert said.effect.gain == pytest.approx(summaries[said.method].deltas["m"].mean, abs=1e-12)
    counts = re.search(r"over (\d) data sets(?: and (\d)(?: to (\d))?(?: of (\d))? classifiers)?", where)
    if counts is None:
        assert len(expected) == 1
        assert f"on {next(iter(expected))}, on average over 3 fits" in where
        return
    n, fewest, most, of = counts.groups()
    assert int(n) == len(expected)
    sizes = [len(by_classifier) for by_classifier in expected.values()]
    assert len(run.classifiers) == 1 or (int(fewest), int(most or fewest)) == (min(sizes), max(sizes))
    assert (of is None) == (min(sizes) == len(run.classifiers))
    better = sum(statistics.fmean(by.values()) > 0 for by in expected.values())
    assert f"{said.method} was better on {better}, equal on 0" in " ".join(said.sentences)
    assert f" of {n} data sets" in " ".join(said.sentences[1:])
    for method in set(run.methods) - {"Original"} - {e.method for e in effects_by_method(run, "m")}:
        assert any(f"{method} (" in caveat for caveat in said.caveats)


ARMS = ("Original", "class_weight", "A")


@settings(max_examples=60, deadline=None)
@given(_grids(ARMS))
def test_trivial_arms_are_compared_on_the_same_cells(pattern: Pattern) -> None:
    run = _run(pattern)
    if run is None or not {"A", "m"} <= {*run.methods, *run.metrics}:
        return
    idle = tuple(run.grid.idle_with("class_weight"))
    assert idle in ((), ("c2",))
    expected = _recomputed(pattern, "A", "class_weight", idle)
    effect = effect_against(run, "A", "class_weight", "m")
    assert effect.compared is not None
    assert list(effect.compared.datasets) == list(expected)
    if expected:
        assert effect.gain == pytest.approx(_mean(expected), abs=1e-12)
    against = against_best_trivial_arm(run, "A", "m")
    if against is None:
        return
    assert against.compared is not None
    assert sum((against.arms or {}).values()) == len(against.compared.all_pairs)
    by_dataset = {}
    for dataset, pairs in against.compared.pairs.items():
        assert [a.cell.classifier for a, _ in pairs] == run.grid.compared_on(dataset, "m")
        gains = []
        for treated, arm in pairs:
            here = [run.grid.get(dataset, name, treated.cell.classifier) for name in ARMS[:2]]
            best = best_trivial_arm([o for o in here if o is not None], "m", "high")
            assert best is not None
            assert arm is best.outcome
            gains.append(treated.mean("m", "holdout") - arm.mean("m", "holdout"))
        by_dataset[dataset] = statistics.fmean(gains)
    assert against.gain == pytest.approx(statistics.fmean(by_dataset.values()), abs=1e-12)


def _grid(statuses: Mapping[Name, str], methods: tuple[str, ...] = METHODS) -> Run:
    names = itertools.product(DATASETS, methods, CLASSIFIERS)
    found = _run({name: statuses.get(name, "ok") for name in names})
    assert found is not None
    return found


def test_a_method_that_fails_with_one_classifier_everywhere_does_not_compete_and_says_why() -> None:
    run = _grid({(d, "A", "c1"): "error" for d in DATASETS})
    said = answer(run)
    assert said.method == "B"
    why = "no score that can be compared: error with c1 on 4 of 4 data sets"
    assert any(f"A ({why})" in caveat for caveat in said.caveats)
    row = ranking(run, "m").set_index("method").loc["A"]
    assert (row["left_out_because"], row["n"], row["left_out"], row["wins"]) == (why, 0, 12, 0)
    assert math.isnan(row["mean_rank"])


def test_a_classifier_that_no_method_has_a_score_with_takes_no_part_and_is_not_counted() -> None:
    run = _grid({(d, m, "c2"): "error" for d in DATASETS for m in METHODS})
    said = answer(run)
    assert "over 4 data sets and 2 of 3 classifiers" in said.sentences[0]
    assert "Without c2 on either side: no method has a score with it." in said.caveats


def test_a_classifier_that_is_undefined_by_one_metric_counts_by_the_others() -> None:
    brier = {"c0": [0.5, 0.6], "c1": [math.nan, math.nan]}
    cells = [
        cell((f"d{d}", method, classifier), {"roc_auc": [0.5, 0.6], "brier": brier[classifier]})
        for d, method, classifier in itertools.product(range(3), ("Original", "A"), ("c0", "c1"))
    ]
    grid = Grid(cells)
    by_auc, by_brier = (compare(grid, "A", "Original", metric) for metric in ("roc_auc", "brier"))
    assert (by_auc.classifiers, by_brier.classifiers) == (("c0", "c1"), ("c0",))
    assert (by_auc.n_left_out, by_brier.n_left_out, by_brier.n_undefined) == (0, 3, 3)


def test_of_sets_as_wide_the_one_that_most_methods_share_is_compared() -> None:
    methods = ("Original", "A", "B", "C")
    run = _grid(
        {("d0", "A", "c0"): "error", ("d3", "B", "c1"): "error", ("d3", "C", "c1"): "timeout"}, methods
    )
    gains = gains_over(run, "m", ["A", "B", "C"])
    assert (gains.methods, list(gains.values.index)) == (["B", "C"], ["d0", "d1", "d2"])
    assert gains.left_out["A"].gap_words() == ["error with c0 on 1 of 4 data sets"]
    on_As = gains_over(run, "m", ["A", "B", "C"], like="A")
    assert (on_As.methods, list(on_As.values.index)) == (["A"], ["d1", "d2", "d3"])


def test_cells_on_other_folds_are_not_compared() -> None:
    outcomes = [cell(("d0", "Original", "c0"), [0.5, 0.5]), cell(("d0", "A", "c0"), [0.6, 0.6, 0.6])]
    (_, found) = summarise(outcomes, ["m"], {"m": "high"})
    assert (found.deltas["m"].n, found.deltas["m"].why_left_out) == (
        0,
        f"{NO_SCORE}: other folds on 1 of 1 data sets",
    )


def test_an_opponent_is_judged_by_the_scores_that_it_comes_with() -> None:
    """A tuned threshold's are those at the threshold of the metric, not those of its cell."""
    grid = Grid([cell((f"d{i}", method, "kNN"), [0.5, 0.6]) for i in range(3) for method in ("A", "B")])

    def opponent(dataset: str, classifier: str) -> Outcome:
        return cell((dataset, "B", classifier), [0.4, math.nan if dataset == "d1" else 0.4])

    found = compare_with(grid, "A", opponent, "m", name="the best", own_scores=True)
    assert found.datasets == ("d0", "d2")
    assert found.n_undefined == 1
    assert found.differences["d0"] == [pytest.approx([0.1, 0.2])]


def test_an_opponent_of_the_methods_own_name_is_judged_by_its_own_scores_too() -> None:
    grid = Grid([cell(("d", "A", "kNN"), [0.5, 0.6])])
    judged = cell(("d", "A", "kNN"), [math.nan, 0.4])
    found = compare_with(grid, "A", lambda *_: judged, "m", name="the best", own_scores=True)
    assert (dict(found.pairs), found.n_undefined) == ({}, 1)


def test_weights_are_compared_with_the_classifiers_that_take_them_and_these_are_counted() -> None:
    run = _grid({}, ARMS)
    (sentence,) = [s for s in answer(run).sentences if "simply weighting the classes" in s and "n = " in s]
    assert "n = 4 data sets and 2 of 3 classifiers; without c2, where weights change nothing" in sentence
