"""Which classifiers of a run split resampled rows: named on the first screen and in the summary."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from splitting_search import SEARCH, splitting_rows

from smote_bench.classifiers.fitting import fit_predict
from smote_bench.classifiers.row_splitting import split_note
from smote_bench.evaluation.evaluate import CellPlan, ResampledFold, evaluate_cell
from smote_bench.evaluation.outcome import LONGEST_WARNING, MOST_WARNINGS, Cell, Outcome, kept_warnings
from smote_bench.evaluation.splits import FoldRows
from smote_bench.methods.spec import parse_method
from smote_bench.metrics import METRICS
from smote_bench.report.analysis.caveats import caveats
from smote_bench.runs.splitting_classifiers import splitting_classifiers, splitting_lines
from tests.made_up_scores import scored_run


def test_the_first_screen_and_the_summary_name_it_with_its_cells() -> None:
    X, y = splitting_rows()
    told = fit_predict(SEARCH, X, y, X, seed=0, is_resampled=True).warnings[0]
    outcomes = [
        Outcome(Cell(name, "SMOTE", "tuned"), "ok", warnings=("other", f"{told} (in 6 fits)"))
        for name in "AB"
    ]
    outcomes.append(Outcome(Cell("A", "SMOTE", "kNN"), "ok", warnings=("other",)))
    assert splitting_classifiers(outcomes) == {"tuned": ("GridSearchCV (cv=2)", 2)}
    (line,) = splitting_lines(outcomes)
    assert "(tuned: GridSearchCV (cv=2), 2 cells): what it chooses inside is judged on resampled rows" in line
    assert line in caveats(scored_run(outcomes), None, [])
    assert splitting_lines(outcomes[2:]) == []


def test_no_flood_of_warnings_hides_who_splits_and_no_long_list_of_parts_cuts_it_off() -> None:
    X, y = splitting_rows()
    flood = tuple(f"{letter * 3} went wrong" for letter in "abcdefghijklmnopqrstuvwxyz")
    assert len(flood) > MOST_WARNINGS
    fold = ResampledFold(
        FoldRows("holdout", 0, 0, np.arange(60), np.arange(60)), X, y, X, y, (40, 20), 0.0, False, flood
    )
    plan = CellPlan(Cell("T", "SMOTE", "tuned"), parse_method("SMOTE"), SEARCH, 0, (METRICS["f1"],))
    outcome = evaluate_cell(plan, [fold])
    assert splitting_classifiers([outcome]) == {"tuned": ("GridSearchCV (cv=2)", 1)}
    long = split_note([f"Part{n} (cv=StratifiedKFold)" for n in range(30)])
    assert len(long) < LONGEST_WARNING
    outcome = replace(outcome, warnings=tuple(kept_warnings({long: 6})))
    assert splitting_classifiers([outcome])["tuned"][0].startswith("Part0 (cv=StratifiedKFold), Part1 ")
