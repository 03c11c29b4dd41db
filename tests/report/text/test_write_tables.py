"""Every table of a run as Markdown and LaTeX; the CSV files stay as they are.

Also of: analysis_tables.
"""

from __future__ import annotations

import csv

import pytest
from made_up import made_up_run

from smote_bench.report.text.write_tables import write_text_tables
from smote_bench.runs.open import open_run

HOSTILE = r"a_b & 50% of $x^2 | {y}"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    failed = {("Ecoli", "SMOTE", "RandomForest"): "error"}
    out = tmp_path_factory.mktemp("six")
    return open_run(made_up_run(out, datasets=6, methods=3, classifiers=2, statuses=failed))


@pytest.fixture(scope="module")
def written(run):
    before = {path.name: path.read_bytes() for path in (run.folder / "tables").iterdir()}
    return before, write_text_tables(run, run.folder)


def _rows(run, name):
    with (run.folder / "tables" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_csv_has_its_markdown_and_latex_and_none_changes(run, written):
    before, paths = written
    tables = run.folder / "tables"
    for name, data in before.items():
        assert (tables / name).read_bytes() == data
    stems = {path.stem for path in tables.glob("*.csv")}
    assert (
        stems == {path.stem for path in tables.glob("*.md")} == {path.stem for path in tables.glob("*.tex")}
    )
    assert all(path.is_file() for path in paths)


def test_the_analysis_is_there(run, written):
    names = {path.stem for path in (run.folder / "tables").glob("*.csv")}
    wanted = {"cell_intervals", "heat_map", "friedman"}
    wanted |= {f"{kind}_{m}" for kind in ("ranking", "tests", "nemenyi") for m in run.priority_metrics}
    assert wanted <= names
    methods = [row["method"] for row in _rows(run, "tests_brier")]
    assert methods == [*run.methods, *run.methods], "failed cells left out, and ranked last"
    assert [row["failed"] for row in _rows(run, "friedman")][:2] == ["complete", "worst"]
    treated = [row for row in _rows(run, "tests_brier") if row["method"] == "class_weight"]
    assert treated[0]["wilcoxon_n"] == "6", "a count is no 6.0"


def test_writing_again_changes_nothing(run, written):
    first = {path: path.read_bytes() for path in written[1]}
    again = write_text_tables(run, run.folder)
    assert {path: path.read_bytes() for path in again} == first


def test_the_best_of_each_priority_metric_is_bold_whichever_way_is_better(run, written):
    rows = _rows(run, "results_Haberman")
    lines = (run.folder / "tables" / "results_Haberman.md").read_text().splitlines()[4:]
    for column, metric in enumerate(run.priority_metrics, start=3):
        pick = min if metric == "brier" else max
        best = pick(round(float(row[metric]), 4) for row in rows)
        cells = [line.split(" | ")[column - 1] for line in lines]
        for cell, row in zip(cells, rows, strict=True):
            assert cell.startswith("**") == (round(float(row[metric]), 4) == best)
            assert f"{float(row[metric]):.4f} ± {float(row[f'{metric}_std']):.4f}" in cell


def test_a_reason_with_markup_is_shown_as_it_is(run, written):
    path = run.folder / "tables" / "not_ok.csv"
    old = path.read_text()
    path.write_text(f'dataset,method,classifier,status,reason\nE,S,R,error,"{HOSTILE}"\n')
    write_text_tables(run, run.folder)
    assert r"a_b & 50% of $x^2 \| {y}" in path.with_suffix(".md").read_text()
    assert r"a\_b \& 50\% of \$x\textasciicircum{}2 \textbar{} \{y\}" in path.with_suffix(".tex").read_text()
    path.write_text(old)


def test_a_run_of_one_data_set_has_tables_without_tests(tmp_path):
    run = open_run(made_up_run(tmp_path, datasets=1, methods=2, classifiers=1))
    names = {path.name for path in write_text_tables(run, run.folder)}
    assert "tests_brier.md" in names
    assert "nemenyi_brier.csv" not in names
    assert "no Friedman or Nemenyi test" in (run.folder / "tables" / "friedman.md").read_text()


def test_methods_are_read_with_their_library_and_joined_by_their_names(tmp_path, monkeypatch):
    monkeypatch.setattr("made_up.METHODS", ("Original", "SMOTE", "sv.SMOTE", "imblearn.SMOTE"))
    run = open_run(made_up_run(tmp_path, datasets=1, methods=4))
    write_text_tables(run, run.folder)
    tables = run.folder / "tables"
    for name in ("summary", "results_Ecoli", f"ranking_{run.priority_metrics[0]}"):
        markdown, csv_text = ((tables / f"{name}.{ending}").read_text() for ending in ("md", "csv"))
        assert "| SMOTE (sv) |" in markdown
        assert "| SMOTE (imblearn) |" in markdown
        assert "(sv)" not in csv_text
        assert "sv.SMOTE" in csv_text
