"""A run in ClearML's offline mode, for real: what its session folders hold, against ``scores.csv``.

Also of: reports, results, scores, settings.
"""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
import statistics
from pathlib import Path

import numpy as np
import pytest
from made_up import made_up_run
from report.trackers.clearml_sessions import (
    ROOT,
    Published,
    Session,
    by_name,
    needs_clearml,
    publish,
    record_removed_rows,
    scores_of,
    sessions_of,
    with_settings,
    without_plots,
)

from smote_bench.report.trackers.clearml import tracker as clearml

pytestmark = needs_clearml

METRICS = ("balanced_accuracy", "precision", "roc_auc")
CLASSIFIERS = ("RandomForest", "LogisticRegression")
DATASETS = ("Ecoli", "Haberman")
METHODS = ("Original", "SMOTE", "class_weight", "RandomOverSampler")
NAMES = [f"{dataset} + {method}" for dataset in DATASETS for method in METHODS]
UNSCORED = "Haberman + class_weight"


def digits_of(run: Path) -> dict[str, bytes]:
    return {name: (run / name).read_bytes() for name in ("scores.csv", "cells.csv", "manifest.json")}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was not sent: a cell and a whole method that failed, and a method without precision."""
    run = made_up_run(
        tmp_path_factory.mktemp("clearml"),
        datasets=2,
        methods=4,
        classifiers=2,
        folds=3,
        repeats=2,
        rows=160,
        points=60,
        effects={"RandomOverSampler": -10},
        statuses={
            ("Ecoli", "class_weight", "RandomForest"): "error",
            ("Haberman", "class_weight", "RandomForest"): "error",
            ("Haberman", "class_weight", "LogisticRegression"): "timeout",
        },
        priority_metrics=METRICS,
    )
    record_removed_rows(run, "Ecoli", "RandomOverSampler")
    (run / "gate.json").write_text(json.dumps({"format": 1, "result": "pass"}))
    for name in ("report.html", "summary.md"):
        (run / name).write_text(name)
    return with_settings(run, clearml_tags=["nightly"], parent_task_id="1234")


@pytest.fixture(scope="module")
def sent(original: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Published]:
    out = tmp_path_factory.mktemp("sent")
    run = Path(shutil.copytree(original, out / "runs" / original.name))
    done = publish(
        run,
        out / "home",
        before="import numpy\nnumpy.random.seed(1)",
        after="print('RANDOM', numpy.random.rand())",
    )
    assert done.exit_code == 0, done.output
    return run, done


@pytest.fixture(scope="module")
def tasks(sent: tuple[Path, Published]) -> dict[str, Session]:
    return by_name(sent[0])


def copied(original: Path, tmp_path: Path, **settings: object) -> Path:
    run = Path(shutil.copytree(original, tmp_path / "runs" / original.name))
    return with_settings(run, enable_tsne_plots=False, **settings)


def test_every_method_on_every_data_set_has_a_task_and_the_run_one_of_results(
    tasks: dict[str, Session],
) -> None:
    assert sorted(tasks) == sorted([*NAMES, "results"])
    assert {task.task["project_name"] for task in tasks.values()} == {"SMOTE Test Bench"}
    assert {task.task["type"] for task in tasks.values()} == {"training"}


def test_tags_are_names_own_tags_and_the_verdict(tasks: dict[str, Session]) -> None:
    assert sorted(tasks["Ecoli + SMOTE"].task["tags"]) == sorted(["Ecoli", "SMOTE", "nightly", "gate: pass"])
    assert sorted(tasks["results"].task["tags"]) == sorted(["Results", "Figures", "nightly", "gate: pass"])


def test_every_task_has_the_parent_of_the_settings(tasks: dict[str, Session]) -> None:
    assert {task.task["parent"] for task in tasks.values()} == {"1234"}


def test_the_settings_are_connected_under_the_originals_keys(tasks: dict[str, Session]) -> None:
    parameters = tasks["Ecoli + SMOTE"].parameters
    config = parameters["experiment_config"]
    assert config == {
        "cv_folds": "3",
        "random_runs": "2",
        "test_size": "0.2",
        "random_state": "42",
        "priority_metrics": json.dumps(METRICS),
        "selected_classifiers": json.dumps(CLASSIFIERS),
        "clearml_project_name": "SMOTE Test Bench",
        "clearml_task_name": "",
        "clearml_tags": '["nightly"]',
        "auto_log_artifacts": "True",
        "log_model_params": "True",
        "enable_scatter_plots": "True",
        "enable_tsne_plots": "True",
        "enable_roc_curves": "True",
        "enable_precision_recall_curves": "True",
    }
    current = parameters["current_experiment_params"]
    assert current["dataset_name"] == "Ecoli"
    assert current["smote_algorithm"] == "SMOTE"
    assert {key.removeprefix("experiment_config/") for key in current if "experiment_config/" in key} == {
        *config
    }
    assert current["dataset_params/version"] == "raw"
    assert current["method_params/target"] == "smote_impls:SMOTE"
    assert parameters["classifier_params"]["RandomForest/n_estimators"] == "100"


def test_where_the_run_came_from_is_connected(
    sent: tuple[Path, Published], tasks: dict[str, Session]
) -> None:
    manifest = json.loads((sent[0] / "manifest.json").read_text())
    provenance = tasks["Ecoli + SMOTE"].parameters["provenance"]
    assert provenance["dataset_digest"] == manifest["experiment"]["datasets"]["Ecoli"]["digest"]
    assert provenance["versions/numpy"] == manifest["versions"]["numpy"]
    assert provenance["run"] == sent[0].name


def test_data_sets_are_described_by_their_card(tasks: dict[str, Session]) -> None:
    found = {series: values for (title, series), values in tasks["Ecoli + SMOTE"].scalars.items()
             if title == "Dataset Info"}  # fmt: skip
    assert found == {
        "Total Samples": {0: 160},
        "Features": {0: 6},
        "Classes": {0: 2},
        "Imbalance Ratio": {0: 3},
    }


@pytest.mark.parametrize("name", NAMES)
def test_folds_are_the_scores_to_the_last_digit(
    name: str, sent: tuple[Path, Published], tasks: dict[str, Session]
) -> None:
    dataset, method = name.split(" + ")
    expected = {
        (f"CV Fold Results - {key[2]}", key[4]): defined
        for key, values in scores_of(sent[0]).items()
        if key[:2] == (dataset, method) and key[3] == "cv" and key[4] in METRICS
        if (defined := {step: value for step, value in values.items() if not math.isnan(value)})
    }
    found = {k: v for k, v in tasks[name].scalars.items() if k[0].startswith("CV Fold Results")}
    assert found == expected
    assert all(list(values) == [1, 2, 3, 4, 5, 6] for values in found.values())
    assert bool(found) == (name != UNSCORED)


@pytest.mark.parametrize("name", NAMES)
def test_summaries_are_mean_and_spread_of_the_folds(
    name: str, sent: tuple[Path, Published], tasks: dict[str, Session]
) -> None:
    dataset, method = name.split(" + ")
    expected = {}
    for key, values in scores_of(sent[0]).items():
        if key[:2] == (dataset, method) and key[3] == "cv" and key[4] in METRICS:
            folds = list(values.values())
            if not any(map(math.isnan, folds)):
                title = f"CV Summary - {key[4]}"
                expected[title, f"{key[2]}_mean"] = {1: pytest.approx(np.mean(folds), rel=1e-14)}
                expected[title, f"{key[2]}_std"] = {1: pytest.approx(np.std(folds), rel=1e-12)}
    assert {k: v for k, v in tasks[name].scalars.items() if k[0].startswith("CV Summary")} == expected


@pytest.mark.parametrize("name", NAMES)
def test_the_final_test_is_the_hold_out_before_after_and_the_difference(
    name: str, sent: tuple[Path, Published], tasks: dict[str, Session]
) -> None:
    dataset, method = name.split(" + ")
    scores = scores_of(sent[0])
    expected: dict[tuple[str, str], dict[int, float]] = {}
    for key, treated in scores.items():
        if key[:2] == (dataset, method) and key[3] == "holdout" and key[4] in METRICS:
            original = scores[(dataset, "Original", *key[2:])]
            for step in treated:
                series = f"{key[2]}_{key[4]}"
                values = {"Original": original[step]}
                if method != "Original":
                    values |= {"SMOTE": treated[step], "Improvement": treated[step] - original[step]}
                for part, value in values.items():
                    if not math.isnan(value):
                        expected.setdefault((f"Final Test - {part}", series), {})[step] = value
    found = {k: v for k, v in tasks[name].scalars.items() if k[0].startswith("Final Test")}
    assert found == expected
    assert all(list(values) == [1, 2] for values in found.values())


def test_no_other_scalars_are_sent(tasks: dict[str, Session]) -> None:
    heads = {title.partition(" - ")[0] for task in tasks.values() for title, _ in task.scalars}
    assert heads == {"Dataset Info", "CV Fold Results", "CV Summary", "Final Test"}


def test_an_undefined_score_is_left_out_and_named_never_0(tasks: dict[str, Session]) -> None:
    task = tasks["Ecoli + RandomOverSampler"]
    of_precision = {key for key in task.scalars if "precision" in str(key)}
    assert {title for title, _ in of_precision} == {"Final Test - Original"}
    for line in (
        "CV Fold Results - RandomForest: precision is undefined at step 6 and left out",
        "CV Summary - precision: RandomForest_mean is undefined at step 1 and left out",
        "Final Test - SMOTE: RandomForest_precision is undefined at step 2 and left out",
    ):
        assert line in task.console
    (row,) = [
        row
        for row in task.tables["Metrics Summary - RandomOverSampler", "Ecoli"]
        if (row["Classifier"], row["Metric"]) == ("RandomForest", "precision")
    ]
    assert row["RandomOverSampler"] == row["Delta_Absolute"] == row["Delta_Percent"] == "undefined"
    figure = task.plots["Metrics Summary - RandomOverSampler", "Ecoli"]["data"][0]
    after = figure["header"]["values"].index("RandomOverSampler")
    for value, shown in zip(figure["cells"]["values"][after], figure["cells"]["format"][after], strict=True):
        assert shown == ("" if value == "undefined" else ".4f")


@pytest.mark.parametrize("method", METHODS[1:])
def test_the_table_of_improvements_keeps_every_digit_of_the_hold_out(
    method: str, sent: tuple[Path, Published], tasks: dict[str, Session]
) -> None:
    scores = scores_of(sent[0])
    task = tasks[f"Ecoli + {method}"]
    rows = {
        (row["Classifier"], row["Metric"]): row for row in task.tables[f"Metrics Summary - {method}", "Ecoli"]
    }
    scored = {key[2] for key in scores if key[:2] == ("Ecoli", method)}
    assert list(rows) == [(c, metric) for c in CLASSIFIERS if c in scored for metric in METRICS]
    for (classifier, metric), row in rows.items():
        assert list(row) == ["Classifier", "Metric", "Original", method, "Delta_Absolute", "Delta_Percent"]
        before, after = (
            statistics.fmean(scores["Ecoli", arm, classifier, "holdout", metric].values())
            for arm in ("Original", method)
        )
        if math.isnan(after):
            continue
        assert row["Original"] == before
        assert row[method] == after
        assert row["Delta_Absolute"] == after - before
        assert row["Delta_Percent"] == pytest.approx(100 * (after - before) / before, rel=1e-12)
    assert not any(title.startswith("Metrics Summary") for title, _ in tasks["Ecoli + Original"].plots)


def test_a_failed_cell_is_in_the_table_of_cells_and_in_the_console(tasks: dict[str, Session]) -> None:
    task = tasks["Ecoli + class_weight"]
    rows = task.tables["Cells", "Ecoli"]
    assert [(row["Classifier"], row["Status"], row["Reason"]) for row in rows] == [
        ("RandomForest", "error", "ValueError: made up"),
        ("LogisticRegression", "ok", ""),
    ]
    assert "RandomForest: error (ValueError: made up)" in task.console
    assert "failed" not in task.task["tags"]


def test_a_task_without_a_scored_cell_is_failed(tasks: dict[str, Session]) -> None:
    task = tasks[UNSCORED]
    assert "failed" in task.task["tags"]
    assert [row["Status"] for row in task.tables["Cells", "Haberman"]] == ["error", "timeout"]
    assert "no classifier is scored with it and with Original" in task.console


def test_the_console_has_scores_and_seconds_of_every_cell(tasks: dict[str, Session]) -> None:
    for name in NAMES:
        for classifier in CLASSIFIERS:
            assert f"\n{classifier}: " in tasks[name].console
    (line,) = [
        text for text in tasks["Ecoli + SMOTE"].console.splitlines() if text.startswith("RandomForest: ok")
    ]
    assert "roc_auc" in line
    assert "(hold-out)" in line
    assert " s" in line


def test_experiment_results_are_valid_json_with_every_metric(
    sent: tuple[Path, Published], tasks: dict[str, Session]
) -> None:
    task = tasks["Ecoli + RandomOverSampler"]
    path = task.artifacts["experiment_results"]
    assert path.name == "experiment_results_Ecoli_RandomOverSampler.json"
    text = path.read_text()
    found = json.loads(text, parse_constant=lambda word: pytest.fail(f"no JSON: {word}"))
    assert found["metadata"]["dataset_name"] == "Ecoli"
    assert found["metadata"]["algorithm_name"] == "RandomOverSampler"
    assert found["metadata"]["clearml_task_id"] == task.task["id"]
    assert found["dataset_info"] == {
        "total_samples": 160,
        "features": 6,
        "train_samples": 128,
        "test_samples": 29,
        "original_class_distribution": [120, 40],
        "train_class_distribution": [96, 32],
    }
    scores = scores_of(sent[0])
    n_undefined = 0
    for key, values in scores.items():
        dataset, method, classifier, phase, metric = key
        if dataset != "Ecoli" or method not in ("Original", "RandomOverSampler"):
            continue
        mean = statistics.fmean(values.values())
        if phase == "cv":
            part = "imbalanced_results" if method == "Original" else "results"
            value = found[f"cross_validation_{part}"][classifier][f"{metric}_mean"]
        else:
            part = "original_data" if method == "Original" else "smote_data"
            value = found["final_test_results"][classifier][part][metric]
        if math.isnan(mean):
            assert value is None
            n_undefined += 1
        else:
            assert value == pytest.approx(mean, rel=1e-14)
    assert n_undefined == 16
    of_roc = found["final_test_results"]["RandomForest"]
    assert (
        of_roc["improvement"]["roc_auc"]
        == of_roc["smote_data"]["roc_auc"] - of_roc["original_data"]["roc_auc"]
    )
    assert of_roc["improvement"]["precision"] is None


def test_the_summary_has_the_originals_columns_and_the_hold_outs_means(
    sent: tuple[Path, Published], tasks: dict[str, Session]
) -> None:
    path = tasks["Haberman + SMOTE"].artifacts["results_summary_csv"]
    assert path.name == "results_summary_Haberman_SMOTE.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "Dataset",
        "SMOTE_Algorithm",
        "Classifier",
        "Metric",
        "Original_Score",
        "SMOTE_Score",
        "Improvement",
        "Improvement_Percentage",
    ]
    scores = scores_of(sent[0])
    keys = [key for key in scores if key[:2] == ("Haberman", "SMOTE") and key[3] == "holdout"]
    assert len(rows) == len(keys)
    for row in rows:
        assert (row["Dataset"], row["SMOTE_Algorithm"]) == ("Haberman", "SMOTE")
        before, after = (
            statistics.fmean(scores["Haberman", arm, row["Classifier"], "holdout", row["Metric"]].values())
            for arm in ("Original", "SMOTE")
        )
        assert float(row["Original_Score"]) == before
        assert float(row["SMOTE_Score"]) == after
        assert float(row["Improvement"]) == after - before


def test_of_original_there_is_no_summary_to_attach(tasks: dict[str, Session]) -> None:
    assert set(tasks["Ecoli + Original"].artifacts) == {"experiment_results"}


def test_the_task_of_results_has_a_table_per_data_set_original_first(
    sent: tuple[Path, Published], tasks: dict[str, Session]
) -> None:
    task = tasks["results"]
    assert task.parameters["Data"] == {"datasets": json.dumps(DATASETS), "methods": json.dumps(METHODS)}
    assert set(task.tables) == {(f"{dataset} results", "Table") for dataset in DATASETS}
    assert {figure["iter"] for figure in task.plots.values()} == {0}
    scores = scores_of(sent[0])
    for dataset in DATASETS:
        rows = task.tables[f"{dataset} results", "Table"]
        assert [(row["Method"], row["Classifier"]) for row in rows] == [
            (method, classifier) for method in METHODS for classifier in CLASSIFIERS
        ]
        for row in rows:
            assert list(row) == ["Method", "Classifier", *METRICS]
            for metric in METRICS:
                folds = scores.get((dataset, row["Method"], row["Classifier"], "cv", metric))
                if folds is None:
                    assert row[metric] in ("error", "timeout")
                elif math.isnan(statistics.fmean(folds.values())):
                    assert row[metric] == "undefined"
                else:
                    assert row[metric] == pytest.approx(statistics.fmean(folds.values()), rel=1e-14)


def test_the_report_is_attached_to_the_task_of_results(tasks: dict[str, Session]) -> None:
    artifacts = tasks["results"].artifacts
    assert {name: path.read_text() for name, path in artifacts.items()} == {
        "report.html": "report.html",
        "summary.md": "summary.md",
    }


def test_no_byte_of_the_runs_scores_is_changed(original: Path, sent: tuple[Path, Published]) -> None:
    assert digits_of(sent[0]) == digits_of(original)


def test_without_credentials_it_says_where_sessions_are_and_how_to_import_them(
    sent: tuple[Path, Published],
) -> None:
    run, done = sent
    text = "\n".join(done.said)
    assert "no credentials" in text
    assert f"sessions are in {run / 'clearml' / 'offline'}" in text
    assert "Task.import_offline_session" in done.output


def test_sending_again_sends_what_is_not_there_and_nothing_else(
    sent: tuple[Path, Published], tmp_path: Path
) -> None:
    run = Path(shutil.copytree(sent[0], tmp_path / "runs" / sent[0].name))
    before = {session.name: session.task["id"] for session in sessions_of(run)}
    gone = by_name(run)["Ecoli + SMOTE"].folder
    shutil.rmtree(gone)
    gone.with_name(f"{gone.name}.zip").unlink()
    done = publish(run, tmp_path / "home")
    assert done.exit_code == 0, done.output
    assert f"1 of {len(NAMES) + 1} tasks to send" in done.output
    after = {session.name: session.task["id"] for session in sessions_of(run)}
    assert {name for name in before if before[name] != after.get(name)} == {"Ecoli + SMOTE"}
    assert after.keys() == before.keys()


BREAKS = """
import os
import smote_bench.report.trackers.clearml.tracker as module
write = module.write_results
calls = []
def fails(*arguments):
    calls.append(arguments)
    if len(calls) == {call}:
        {how}
    return write(*arguments)
module.write_results = fails
"""


def test_what_broke_off_half_way_is_sent_again_without_duplicates(tmp_path: Path) -> None:
    run = made_up_run(tmp_path, datasets=1, methods=3, classifiers=1, folds=2, rows=80, points=None)
    without_plots(run)
    names = [f"Ecoli + {method}" for method in METHODS[:3]]
    complete: dict[str, str] = {}
    for call, how in ((2, "raise OSError('disk full')"), (2, "os._exit(9)")):
        # The second time the first call is for what the first time broke off at.
        broken = publish(run, tmp_path / "home", before=BREAKS.format(call=call, how=how))
        assert broken.exit_code != 0
        ledger = json.loads((run / "tracked.json").read_text())["trackers"]["clearml"]["clearml/offline"]
        assert {name: ledger[name]["id"] for name in complete} == complete
        complete = {name: item["id"] for name, item in ledger.items() if item["complete"]}
        assert list(ledger) == names[: len(complete) + 1]
    assert list(complete) == names[:2]
    again = publish(run, tmp_path / "home")
    assert again.exit_code == 0, again.output
    tasks = by_name(run)
    assert sorted(tasks) == sorted([*names, "results"])
    assert {name: tasks[name].task["id"] for name in complete} == complete


def test_settings_name_the_tasks_and_switch_parts_off(original: Path, tmp_path: Path) -> None:
    run = copied(
        original,
        tmp_path,
        clearml_project_name="Mine / deep",
        clearml_task_name="all the same",
        clearml_tags=[],
        parent_task_id=None,
        auto_log_artifacts=False,
        log_model_params=False,
        enable_scatter_plots=False,
        enable_roc_curves=False,
        enable_precision_recall_curves=False,
    )
    (run / "gate.json").unlink()
    done = publish(run, tmp_path / "home")
    assert done.exit_code == 0, done.output
    tasks = sessions_of(run)
    assert sorted(task.name for task in tasks) == [*["all the same"] * len(NAMES), "results"]
    assert {task.task["project_name"] for task in tasks} == {"Mine / deep"}
    assert {task.task.get("parent") for task in tasks} == {None}
    assert not any(task.artifacts for task in tasks)
    titles = {title for task in tasks for title, _ in task.plots}
    assert {title.partition(" - ")[0] for title in titles} == {
        "Metrics Summary",
        "Cells",
        *(f"{dataset} results" for dataset in DATASETS),
    }
    (task,) = [task for task in tasks if sorted(task.task["tags"]) == ["Ecoli", "SMOTE"]]
    assert "classifier_params" not in task.parameters
    assert task.parameters["current_experiment_params"]["method_params"] == "{}"
    assert task.parameters["experiment_config"]["clearml_tags"] == ""


def test_what_is_being_sent_is_said_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([0.0, 0.0, 1.0, 6.0, 6.0, 10.9])
    monkeypatch.setattr(clearml.time, "monotonic", lambda: next(seconds))
    said: list[str] = []
    say = clearml._paced(said.append)
    for line in ("first", "a second later", "six seconds later", "five seconds later"):
        say(line)
    assert said == ["first", "six seconds later"]


def rows_of_the_page() -> list[tuple[str, list[list[str]]]]:
    """Return the rows of docs/clearml.md's table of names: the kind, and the names in the four columns."""
    table = (ROOT / "docs" / "clearml.md").read_text().partition("<!-- names -->\n")[2].partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return [(kind, [re.findall("`(.+?)`", cell) for cell in names[:4]]) for kind, *names in cells]


def pattern(name: str) -> re.Pattern[str]:
    """Return what a name of the page stands for: words in capitals are names of the run."""
    known = {"CLASSIFIER": CLASSIFIERS, "METRIC": METRICS, "METHOD": METHODS, "DATASET": DATASETS}
    parts = re.split("(" + "|".join(known) + ")", name)
    return re.compile("".join(f"(?:{'|'.join(known[p])})" if p in known else re.escape(p) for p in parts))


def test_the_page_names_what_is_sent_and_nothing_else(tasks: dict[str, Session]) -> None:
    sent: dict[str, set[tuple[str, str]]] = {
        kind: set() for kind in ("scalar", "table", "plot", "artifact", "parameters")
    }
    for task in tasks.values():
        sent["scalar"] |= set(task.scalars)
        sent["table"] |= set(task.tables)
        sent["plot"] |= task.plots.keys() - task.tables.keys()
        sent["artifact"] |= {(name, "") for name in task.artifacts}
        sent["parameters"] |= {(name, "") for name in task.parameters}
    named: dict[str, set[tuple[str, str]]] = {kind: set() for kind in sent}
    for kind, (_, _, titles, all_series) in rows_of_the_page():
        for title in titles:
            for series in all_series or [""]:
                patterns = pattern(title), pattern(series)
                found = {
                    names
                    for names in sent[kind]
                    if all(of.fullmatch(name) for of, name in zip(patterns, names, strict=True))
                }
                assert found, f"{kind} {title} {series} is on the page, and was not sent"
                named[kind] |= found
    assert named == sent


def test_our_names_are_the_originals_where_it_had_one() -> None:
    rows = rows_of_the_page()
    assert len(rows) > 20
    for _, (titles, series, our_titles, our_series) in rows:
        assert set(titles) <= set(our_titles)
        assert set(series) <= set(our_series)
    ours_alone = {title for _, (titles, _, ours, _) in rows for title in ours if not titles}
    assert ours_alone == {"Cells", "report.html", "summary.md", "classifier_params", "provenance"}


def test_random_numbers_of_the_process_are_not_touched(sent: tuple[Path, Published]) -> None:
    assert f"RANDOM {np.random.RandomState(1).rand()}" in sent[1].output
