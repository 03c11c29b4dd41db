"""The key of a stored outcome changes with everything that its scores depend on, and with nothing else."""

from __future__ import annotations

import importlib.metadata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import smote_bench
from smote_bench import keys as keys_module
from smote_bench.errors import UnavailableError
from smote_bench.experiment import Experiment
from smote_bench.keys import CellKeys, code_digest

TABLE = "a,b,y\n" + "".join(f"{n},{n % 7},{n % 4 == 0:d}\n" for n in range(40))
BASE: dict[str, str] = {
    "methods": "{M: {method: sv.SMOTE, params: {n_neighbors: 5}}}",
    "datasets": "[{name: T, file: table.csv, target: y, minority: 1}]",
    "selected_classifiers": "[kNN]",
    "priority_metrics": "[roc_auc]",
    "metrics": "[roc_auc, g_mean]",
    "cv_folds": "3",
    "test_size": "0.25",
    "random_state": "42",
    "random_runs": "1",
    "scaling": "minmax",
    "n_neighbors": "5",
    "preprocessed": "false",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "table.csv").write_text(TABLE)
    return tmp_path


def _experiment(folder: Path, **changes: str) -> Experiment:
    text = "".join(f"{key}: {value}\n" for key, value in {**BASE, **changes}.items())
    return Experiment.from_text(text, str(folder / "exp.yaml"))


def _key(folder: Path, method: str = "M", classifier: str = "kNN", **changes: str) -> str:
    return CellKeys(_experiment(folder, **changes)).key("T", method, classifier)


def test_the_same_experiment_has_the_same_keys(folder: Path) -> None:
    key = _key(folder)
    assert key == _key(folder)
    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "change",
    [
        {"methods": "{M: {method: sv.SMOTE, params: {n_neighbors: 6}}}"},
        {"methods": "{M: {method: ADASYN}}"},
        {"methods": "{M: {method: imblearn.SMOTE}}"},
        {"methods": "{M: {method: sv.SMOTE, params: {n_neighbors: 5}, class_weight: balanced}}"},
        {"methods": "{M: {method: sv.SMOTE, params: {n_neighbors: 5}, tuned_threshold: true}}"},
        {"methods": "{M: {method: sv.SMOTE, params: {n_neighbors: 5}, tuned_threshold: {metric: f1}}}"},
        {"methods": "{M: [SMOTE: {n_neighbors: 5}, RandomUnderSampler]}"},
        {"selected_classifiers": "{kNN: {n_neighbors: 7}}"},
        {"selected_classifiers": "{kNN: RandomForest}"},
        {"metrics": "[roc_auc, f1]"},
        {"metrics": "[roc_auc]"},
        {"cv_folds": "2"},
        {"test_size": "0.3"},
        {"random_state": "43"},
        {"random_runs": "2"},
        {"scaling": "standard"},
        {"n_neighbors": "3"},
        {"preprocessed": "true"},
        {"datasets": "[{name: T, file: table.csv, target: y, minority: 1, nominal: [b]}]"},
        {"datasets": "[{name: T, file: table.csv, target: y, minority: 1, drop_duplicates: false}]"},
    ],
    ids=str,
)
def test_a_key_changes_with_every_setting_that_scores_depend_on(folder: Path, change: dict[str, str]) -> None:
    assert _key(folder, **change) != _key(folder)


def test_a_key_does_not_change_with_what_scores_do_not_depend_on(folder: Path) -> None:
    more = {
        "methods": "{Other: ADASYN, M: {method: sv.SMOTE, params: {n_neighbors: 5}}}",
        "selected_classifiers": "[RandomForest, kNN]",
        "datasets": "[Ecoli, {name: T, file: table.csv, target: y, minority: 1}]",
        "name": "another",
    }
    assert _key(folder, **more) == _key(folder)


def test_every_cell_has_a_key_of_its_own(folder: Path) -> None:
    experiment = _experiment(
        folder, methods="[SMOTE, ADASYN]", selected_classifiers="[kNN, SVM]", datasets="[Ecoli, Haberman]"
    )
    keys = CellKeys(experiment)
    assert (
        len({keys.key(*vars(task).values()) for task in experiment.tasks.values()})
        == len(experiment.tasks)
        == 12
    )


@pytest.mark.parametrize(
    "edit",
    [lambda text: text.replace("\n7,", "\n7.5,"), lambda text: text + "41,1,0\n", lambda text: text + "\n"],
)
def test_a_key_changes_with_one_changed_cell_of_a_users_file(folder: Path, edit: Any) -> None:
    before = _key(folder)
    (folder / "table.csv").write_text(edit(TABLE))
    assert _key(folder) != before


def test_a_key_changes_with_a_users_sampler_classifier_or_metric(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(folder))
    file = folder / "mine_for_keys.py"
    file.write_text("k = 5\n")
    cells = [
        ({"methods": "{M: 'mine_for_keys:Sampler'}"}, "M", "kNN"),
        ({"methods": "{M: [SMOTE, 'mine_for_keys:Sampler']}"}, "M", "kNN"),
        ({"selected_classifiers": "{C: 'mine_for_keys:Classifier'}"}, "M", "C"),
        ({"metrics": "{own: {metric: 'mine_for_keys:own', better: high}}"}, "M", "kNN"),
    ]
    before = [_key(folder, method, classifier, **change) for change, method, classifier in cells]
    file.write_text("k = 6\n")
    after = [_key(folder, method, classifier, **change) for change, method, classifier in cells]
    assert not set(before) & set(after)
    assert len(set(before)) == 4


@pytest.mark.parametrize("distribution", ["numpy", "scipy", "scikit-learn", "pandas", "smote-variants"])
def test_a_key_changes_with_the_version_of_a_library(
    folder: Path, monkeypatch: pytest.MonkeyPatch, distribution: str
) -> None:
    before = _key(folder)
    real = importlib.metadata.version

    def version(name: str) -> str:
        return "99.9" if name.replace("_", "-") == distribution else real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert _key(folder) != before


@pytest.mark.parametrize("name", ["SCHEMA", "code_digest"])
def test_a_key_changes_with_the_schema_and_with_our_own_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = _key(folder)
    monkeypatch.setattr(keys_module, name, 99 if name == "SCHEMA" else lambda: "other code")
    assert _key(folder) != before


def test_a_data_set_that_cannot_be_had_has_no_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*args: Any, **more: Any) -> Any:
        raise UnavailableError("no provider has it", "fetch it")

    monkeypatch.setattr(keys_module, "fingerprint", absent)
    with pytest.raises(UnavailableError, match="no provider has it"):
        _key(folder)


def test_each_identity_is_computed_once_for_all_cells(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    for name in ("fingerprint", "method_identity", "classifier_identity", "metric_identity"):
        real = getattr(keys_module, name)
        monkeypatch.setattr(
            keys_module,
            name,
            lambda *a, _real=real, _name=name, **k: (calls.append(_name), _real(*a, **k))[1],
        )
    keys = CellKeys(_experiment(folder, methods="[SMOTE]", selected_classifiers="[kNN, SVM]"))
    for method in ("Original", "SMOTE"):
        for classifier in ("kNN", "SVM"):
            keys.key("T", method, classifier)
    expected = {"fingerprint": 1, "method_identity": 2, "classifier_identity": 2, "metric_identity": 2}
    assert Counter(calls) == expected


@pytest.fixture
def copy_of_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the package's Python files that the digest is taken of."""
    package = Path(smote_bench.__file__).parent
    copy = tmp_path / "smote_bench"
    for path in package.rglob("*.py"):
        target = copy / path.relative_to(package)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    monkeypatch.setattr(keys_module, "__file__", str(copy / "keys.py"))
    return copy


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        *[(name, True) for name in ("folds.py", "scoring.py", "forest.py", "preprocessing.py", "runner.py")],
        *[
            (name, True)
            for name in ("methods/resampling.py", "methods/adapters/__init__.py", "a_new_module.py")
        ],
        *[(name, True) for name in ("methods/summary.py", "methods/session.py")],
        *[
            (name, False)
            for name in ("plugin.py", "summary.py", "commands/run.py", "run_files.py", "progress.py")
        ],
    ],
)
def test_the_digest_of_our_code_sees_what_computes_and_not_what_shows(
    copy_of_the_code: Path, name: str, counts: bool
) -> None:
    before = code_digest.__wrapped__()
    path = copy_of_the_code / name
    path.write_text((path.read_text() if path.exists() else "") + "# edited\n")
    assert (code_digest.__wrapped__() != before) == counts


def test_every_module_that_is_left_out_of_the_digest_is_there() -> None:
    package = Path(smote_bench.__file__).parent
    assert [name for name in sorted(keys_module._NOT_IN_KEY) if not (package / f"{name}.py").is_file()] == []


def test_no_module_that_computes_imports_one_that_is_left_out_of_the_digest() -> None:
    package = Path(smote_bench.__file__).parent
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        folders = keys_module._FOLDERS_NOT_IN_KEY
        if name.startswith(folders) or name.removesuffix(".py") in keys_module._NOT_IN_KEY:
            continue
        text = path.read_text(encoding="utf-8")
        imported = [left_out for left_out in keys_module._NOT_IN_KEY if f"smote_bench.{left_out} " in text]
        for module in keys_module._IN_KEY_ALL_THE_SAME:
            text = text.replace(f"smote_bench.{module.removesuffix('.py').replace('/', '.')} ", "")
        imported += [folder for folder in folders if f"smote_bench.{folder.removesuffix('/')}" in text]
        assert imported == [], f"{name} imports {imported}, whose code is no part of the key"
