"""What was found in tables reaches the manifest and the summary, what is doubtful before the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_up import made_up_run

from smote_bench.data.findings import Finding
from smote_bench.data.preprocessing import Preprocessing
from smote_bench.data.sources import DatasetEntry
from smote_bench.experiment.file import experiment_from_text
from smote_bench.report.text.ci_summary import build_ci_summary
from smote_bench.runs.data_findings import (
    finding_caveats,
    finding_lines,
    findings_from_json,
    findings_of,
    findings_to_json,
)
from smote_bench.runs.files import write_run
from smote_bench.runs.open import open_run
from smote_bench.runs.settings import RunSettings
from smote_bench.runs.store import Store

LEAK = Finding("leak", "b", "column 'b' is the target", "'drop: [b]' leaves it out")
READ = Finding("read", "", "semicolons between values")
EXPERIMENT = """
methods: [SMOTE]
selected_classifiers: [kNN]
datasets:
  - Ecoli
  - {name: own, file: own.csv, target: y, minority: 1, keep: ["Unnamed: 0"]}
"""


def test_findings_survive_their_json() -> None:
    assert findings_from_json(json.loads(json.dumps(findings_to_json([LEAK, READ])))) == (LEAK, READ)


def test_manifest_and_terminal_have_what_was_found(tmp_path: Path) -> None:
    rows = [f"{n},{n * n % 7},{('0', '0.0')[n % 2] if n < 36 else 1}" for n in range(50)]
    (tmp_path / "own.csv").write_text("\n".join([",a,y", *rows]) + "\n")
    experiment = experiment_from_text(EXPERIMENT, str(tmp_path / "grid.yaml"))
    run = tmp_path / "runs" / "one"
    Store(run / "cells.sqlite").close()
    lines = write_run(experiment, RunSettings(str(run)), [])
    known = json.loads((run / "manifest.json").read_text())["experiment"]["datasets"]
    assert known["Ecoli"]["findings"] == []
    assert {
        "kind": "read",
        "column": "",
        "text": "own.csv: y: '0' in 18 rows and '0.0' in 18 rows are taken for one label",
        "remedy": "",
    } in known["own"]["findings"]
    assert "own: own.csv: y: '0' in 18 rows and '0.0' in 18 rows are taken for one label" in lines
    (leak,) = [line for line in lines if "Unnamed: 0" in line and "has no name" not in line]
    assert leak.startswith(
        "own: leak: column 'Unnamed: 0' counts the rows (0 to 49, in the order of the file)"
    )
    assert "ROC AUC is 1.000; 'drop: [\"Unnamed: 0\"]' leaves it out" in leak


def test_of_many_findings_the_doubtful_are_shown_first_and_the_rest_is_counted() -> None:
    lines = finding_lines({"own": [READ] * 20 + [LEAK]})
    assert lines[0] == "own: leak: column 'b' is the target; 'drop: [b]' leaves it out"
    assert len(lines) == 13
    assert lines[-1] == "own: and 9 findings more, in manifest.json"


def test_of_many_caveats_leaks_are_shown_first_and_the_rest_is_counted() -> None:
    suspect = Finding("suspect", "c", "-999 in 'c'")
    said = finding_caveats({"own": [suspect] * 9, "other": [LEAK, READ]})
    assert said[0] == "other: column 'b' is the target; 'drop: [b]' leaves it out."
    assert said[-1] == "And 2 findings more of this kind, on the cards of the data sets."
    assert len(said) == 9


@pytest.mark.parametrize("source", ["Ecoli", "keel:ecoli3"])
def test_tables_of_the_catalogue_have_no_findings(source: str) -> None:
    assert findings_of(DatasetEntry(source, "raw", Preprocessing())) == ()


def test_markdown_summary_has_caveats_and_how_data_were_read(tmp_path: Path) -> None:
    text = build_ci_summary(open_run(made_up_run(tmp_path, datasets=1, findings={"Ecoli": [READ, LEAK]})))
    before, _, after = text.partition("How the data were read:")
    assert "column 'b' is the target" in before
    assert "column 'b'" not in after
    assert "- Ecoli: semicolons between values" in after


def test_a_run_of_an_earlier_release_has_no_findings(tmp_path: Path) -> None:
    folder = made_up_run(tmp_path, datasets=1, methods=2, classifiers=1)
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["experiment"]["datasets"]["Ecoli"]["findings"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert open_run(folder).findings == {"Ecoli": ()}


def test_the_same_of_many_columns_is_one_line_and_one_caveat() -> None:
    many = [Finding("leak", f"c{n}", f"column 'c{n}' is the target", "drop it") for n in range(50)]
    (line,) = finding_lines({"own": many})
    assert line == "own: leak: " + (
        "column 'c0' is the target, and 49 more columns alike: 'c1', 'c2', 'c3', 'c4', 'c5', ...; drop it"
    )
    assert finding_caveats({"own": many}) == [f"{line.replace('leak: ', '')}."]
