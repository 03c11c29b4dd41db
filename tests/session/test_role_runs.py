"""A run of a table whose rows have roles: what manifest, card, tables and page say of it."""

from __future__ import annotations

import json

import pytest

from smote_bench.runs.open import open_run

EXPERIMENT = (
    "methods: [SMOTE]\ndatasets: [{{name: p, file: p.csv, target: y, minority: 1{keys}}}]\n"
    "cv_folds: 3\nselected_classifiers: [DecisionTree]\n{more}"
)


@pytest.fixture
def run(bench):
    def run(keys="", more="", *arguments):
        rows = [f"{n * 7 % 31}.5,p{n // 4},{n},{n % 3 + 1},{int(n // 4 % 4 == 0)}" for n in range(128)]
        (bench.path / "p.csv").write_text("\n".join(["x,who,day,w,y", *rows]) + "\n")
        bench.experiment(EXPERIMENT.format(keys=keys, more=more))
        return bench.run("-p", "no:xdist", *arguments)

    return run


def test_manifest_and_card_say_how_rows_are_split_and_weighted(run):
    done = run(", groups: who, weights: w")
    assert done.code == 0, done.text
    manifest = json.loads((done.folder / "manifest.json").read_text())
    assert manifest["experiment"]["datasets"]["p"]["roles"] == {"groups": "who", "weights": "w"}
    card = open_run(done.folder).card("p")
    assert card["roles"]["groups"] == "who: 32 groups, none on two sides of a split"
    assert card["roles"]["weights"].startswith("w: 1 to 3, in fitting and in scores")


def test_a_table_without_roles_has_none_in_manifest_and_card(run):
    done = run()
    manifest = json.loads((done.folder / "manifest.json").read_text())
    known = {"digest", "findings", "preprocessing", "version"}  # a finding: "day" counts the rows
    assert set(manifest["experiment"]["datasets"]["p"]) == known
    assert "roles" not in open_run(done.folder).card("p")


def test_without_a_hold_out_tables_and_page_are_of_the_folds(run):
    done = run(", groups: who", "test_size: 0\nrandom_runs: 2\n", "-o", "smote_report=true")
    assert done.code == 0, done.text
    opened = open_run(done.folder)
    assert set(opened.scores["phase"]) == {"cv"}
    assert len(opened.scores.groupby(["repeat", "fold"])) == 6
    page = (done.folder / "report.html").read_text()
    assert "Without a hold-out" in page
    assert opened.points("p", "SMOTE") is not None


def test_too_few_groups_are_an_error_before_any_cell(run):
    refused = run(", groups: w")
    assert refused.code == 4
    assert (
        "p: expected each class in at least 4 groups (cv_folds=3, test_size=0.2), got [3, 3]" in refused.text
    )
    assert not (refused.out / "runs").exists()
