"""A comparison in words and tables: each interval with its n, what to beware of, runs side by side.

Also of: details, words.
"""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import pytest
from report.two_runs import FOLDS, MORE, a_run, with_outcomes

from smote_bench.evaluation.outcome import Outcome
from smote_bench.report.compare.document import comparison_sections
from smote_bench.report.compare.files import write_comparison
from smote_bench.report.compare.two_runs import Comparison, compare_runs
from smote_bench.report.compare.words import plus_minus
from smote_bench.report.text.document import as_text


@pytest.fixture
def comparison() -> Comparison:
    base = a_run({("one", "SMOTE"): FOLDS, ("two", "SMOTE"): FOLDS})
    other = a_run({("one", "SMOTE"): MORE, ("two", "SMOTE"): [math.nan, *FOLDS[1:]]})
    return compare_runs(base, other)


def test_every_interval_has_its_n_beside_it(comparison: Comparison) -> None:
    text = as_text(comparison_sections([comparison], ["x", "y"]))
    assert "roc_auc: B is better than A (+0.1000 ± 0.0029, n = 5 fits)" in text
    assert "Cells left out, as undefined in a fit: roc_auc 1." in text


def test_without_an_interval_it_says_so(tmp_path: Path) -> None:
    base, other = (a_run({("one", "SMOTE"): []}) for _ in range(2))
    other = with_outcomes(
        other,
        lambda o: dataclasses.replace(
            o, fits=tuple(dataclasses.replace(f, scores={"roc_auc": 0.9, "brier": 0.1}) for f in o.fits)
        ),
    )
    comparison = compare_runs(base, other)
    text = as_text(comparison_sections([comparison], ["x", "y"]))
    write_comparison(tmp_path, [comparison], ["x", "y"])
    plain = json.loads((tmp_path / "compare.json").read_text(encoding="utf-8"))
    assert plain["comparisons"][0]["scores"][0]["half_width"] is None
    assert "no difference shown between A and B (+0.4000 (no interval), n = 1 fits)" in text


def test_puts_the_runs_own_conclusions_side_by_side() -> None:
    base = a_run({("one", "Original"): FOLDS, ("one", "SMOTE"): MORE})
    other = a_run({("one", "Original"): MORE, ("one", "SMOTE"): MORE, ("one", "ADASYN"): FOLDS})
    text = as_text(comparison_sections([compare_runs(base, other)], ["x", "y"]))
    section = text.split("What each run says of its methods")[1].split("Largest changes")[0]
    rows = {line.split("  ")[0]: line.split()[1:] for line in section.splitlines() if "fits" in line}
    assert " ".join(rows["SMOTE"]) == "+0.1000 ± 0.0029 (n=5 fits) +0.0000 (no interval) (n=5 fits)"
    assert " ".join(rows["ADASYN"]) == "- -0.1000 ± 0.0029 (n=5 fits)"


def test_a_cell_that_stands_out_only_alone_is_said_to() -> None:
    base = a_run({("one", f"m{n}"): FOLDS for n in range(20)})
    noise = [[0.3, -0.2, 0.3, -0.2, 0.1]] * 19
    shifts = [[0.05, 0.01, 0.03, 0.04, 0.03], *noise]
    other = a_run(
        {("one", f"m{n}"): [v + s for v, s in zip(FOLDS, shifts[n], strict=True)] for n in range(20)}
    )
    text = as_text(comparison_sections([compare_runs(base, other)], ["x", "y"]))
    assert "Of 20 changed cells with an interval (Nadeau-Bengio, 95%), 1 changed beyond it" in " ".join(
        text.split()
    )
    first = text.split("p (Holm)")[1].splitlines()[1]
    assert first.startswith("one      m0 ")
    assert first.endswith("better, if looked at alone")


def test_the_terminal_leaves_out_what_shows_nothing_and_says_how_many() -> None:
    base = a_run({("one", "SMOTE"): FOLDS})
    other = a_run({("one", "SMOTE"): [v + 0.1 for v in FOLDS]})
    priority = {"priority_metrics": ("roc_auc",)}
    base, other = (dataclasses.replace(run, **priority) for run in (base, other))
    texts = [
        as_text(comparison_sections([compare_runs(base, other)], ["x", "y"], brief=brief))
        for brief in (True, False)
    ]
    assert "The other metrics: 1 identical; their numbers are in the files." in texts[0]
    assert [sum(line.startswith("brier ") for line in text.splitlines()) for text in texts] == [0, 1]


def test_what_to_beware_of_stands_below_the_answer() -> None:
    base = a_run({("one", "SMOTE"): FOLDS})
    other = a_run({("one", "SMOTE"): FOLDS[::-1]}, random_state=7)
    text = as_text(comparison_sections([compare_runs(base, other)], ["x", "y"]))
    assert text.index("no difference shown") < text.index(
        "! Beware: not paired by fold in 1 cell: the protocols"
    )


def test_three_runs_stand_side_by_side_then_one_by_one() -> None:
    base = a_run({("one", "SMOTE"): FOLDS})
    others = [a_run({("one", "SMOTE"): scores}) for scores in (FOLDS, MORE)]
    text = as_text(comparison_sections([compare_runs(base, run) for run in others], ["x", "y", "z"]))
    (row,) = [
        line
        for line in text.splitlines()
        if line.startswith("roc_auc") and "identical" in line and "+" in line
    ]
    assert row.split() == ["roc_auc", "identical", "(n=5)", "+0.1000", "±", "0.0029", "(n=5)"]
    assert "B against A" in text
    assert "C against A" in text


def test_more_runs_than_letters_get_two() -> None:
    run = a_run({("one", "SMOTE"): FOLDS})
    sections = comparison_sections([compare_runs(run, run)] * 30, [f"run {n}" for n in range(31)])
    assert "AE against A" in as_text(sections)


def test_the_runs_own_conclusions_are_of_the_same_data_sets() -> None:
    shifts = {"one": 0.1, "two": 0.12, "three": -0.3}
    scores = {(d, "Original"): FOLDS for d in shifts}
    base, again = (
        a_run({**scores, **{(d, "SMOTE"): [v + s + more for v in FOLDS] for d, s in shifts.items()}})
        for more in (0.0, 0.01)
    )

    def fail_on_three(outcome: Outcome) -> Outcome:
        if outcome.cell.dataset != "three" or outcome.cell.method != "SMOTE":
            return outcome
        return dataclasses.replace(outcome, status="error", reason="ValueError: no", fits=())

    other = with_outcomes(again, fail_on_three)
    text = as_text(comparison_sections([compare_runs(base, other)], ["x", "y"]))
    section = text.split("What each run says of its methods")[1].split("Statuses")[0]
    (row,) = [line.split() for line in section.splitlines() if line.startswith("SMOTE")]
    assert (row[1], row[4], row[5], row[8]) == ("+0.1100", "(n=2)", "+0.1200", "(n=2)")
    assert "SMOTE (1 of A)" in " ".join(section.split())
    assert "left out on both sides" in text.split("Scores by method")[1]


def test_what_rounds_to_nothing_has_no_minus() -> None:
    assert plus_minus(-0.00001, 0.0123) == "+0.0000 ± 0.0123"
    assert plus_minus(-0.0001, float("nan")) == "-0.0001 (no interval)"
