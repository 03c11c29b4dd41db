"""The key of a stored outcome changes with everything that its scores depend on, and with nothing else."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import smote_bench
from smote_bench.environment import threads
from smote_bench.environment.code_digest import modules_behind
from smote_bench.errors import UnavailableError
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.runs import keys as keys_module
from smote_bench.runs.keys import CellKeys, code_digest

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
    return experiment_from_text(text, str(folder / "exp.yaml"))


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
        {"methods": "{M: [SMOTE: {k_neighbors: 5}, RandomUnderSampler]}"},
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
        {"datasets": "[{name: T, file: table.csv, target: y, minority: 1, positive: 0}]"},
        {"datasets": "[{name: T, file: table.csv, target: y, minority: '> 0'}]"},
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
    named = "[{name: T, file: table.csv, target: y, minority: 1, positive: 1}]"
    assert _key(folder, datasets=named) == _key(folder)


@pytest.mark.parametrize(
    ("positive", "has_one"), [("", False), (", positive: b", False), (", positive: g", True)]
)
def test_keys_know_of_a_positive_class_only_where_it_is_not_the_minority(
    folder: Path, positive: str, has_one: bool
) -> None:
    experiment = _experiment(folder, datasets=f"[{{name: Ionosphere{positive}}}]")
    # Keys of earlier releases stay what they were.
    assert ("positive" in CellKeys(experiment)._dataset("Ionosphere")) == has_one


def test_every_cell_has_a_key_of_its_own(folder: Path) -> None:
    experiment = _experiment(
        folder, methods="[SMOTE, ADASYN]", selected_classifiers="[kNN, SVM]", datasets="[Ecoli, Haberman]"
    )
    keys = CellKeys(experiment)
    assert (
        len({keys.key(*vars(cell).values()) for cell in experiment.cells.values()})
        == len(experiment.cells)
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
    classes = "class Sampler: ...\nclass Classifier: ...\n"
    file.write_text("k = 5\n" + classes)
    cells = [
        ({"methods": "{M: 'mine_for_keys:Sampler'}"}, "M", "kNN"),
        ({"methods": "{M: [SMOTE, 'mine_for_keys:Sampler']}"}, "M", "kNN"),
        ({"selected_classifiers": "{C: 'mine_for_keys:Classifier'}"}, "M", "C"),
        ({"metrics": "{own: {metric: 'mine_for_keys:own', better: high}}"}, "M", "kNN"),
    ]
    before = [_key(folder, method, classifier, **change) for change, method, classifier in cells]
    file.write_text("k = 6\n" + classes)
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
def copy_of_the_code(tmp_path: Path) -> Path:
    """Return a copy of the package's Python files that the digest is taken of."""
    package = Path(smote_bench.__file__).parent
    copy = tmp_path / "smote_bench"
    for path in package.rglob("*.py"):
        target = copy / path.relative_to(package)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return copy


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        *[(f"evaluation/{name}.py", True) for name in ("folds", "evaluate", "points", "samples", "extras")],
        *[(f"data/{name}.py", True) for name in ("preprocessing", "tables/table_files")],
        *[(name, True) for name in ("scoring.py", "engines/compute.py", "methods/resampling.py")],
        *[(name, True) for name in ("methods/adapters/__init__.py", "__init__.py")],
        *[(f"runs/{name}.py", False) for name in ("summary", "files", "recorder", "extras", "keys")],
        *[(f"experiment/{name}.py", False) for name in ("model", "gate_settings", "gate_options")],
        *[(name, False) for name in ("plugin.py", "commands/run.py", "session/controller.py", "new.py")],
    ],
)
def test_the_digest_of_our_code_sees_what_computes_and_not_what_shows(
    copy_of_the_code: Path, name: str, counts: bool
) -> None:
    before = code_digest.__wrapped__(copy_of_the_code)
    path = copy_of_the_code / name
    path.write_text((path.read_text() if path.exists() else "") + "# edited\n")
    assert (code_digest.__wrapped__(copy_of_the_code) != before) == counts


def test_the_digest_sees_a_new_module_as_soon_as_something_that_computes_imports_it(
    copy_of_the_code: Path,
) -> None:
    (copy_of_the_code / "a_new_module.py").write_text("k = 5\n")
    folds = copy_of_the_code / "evaluation" / "folds.py"
    folds.write_text(folds.read_text() + "\n\ndef later():\n    from smote_bench import a_new_module\n")
    before = code_digest.__wrapped__(copy_of_the_code)
    (copy_of_the_code / "a_new_module.py").write_text("k = 6\n")
    assert code_digest.__wrapped__(copy_of_the_code) != before


def test_the_code_of_a_built_in_classifier_is_in_its_own_keys_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smote_bench.classifiers import forest as forest_module
    from smote_bench.environment import targets

    forest = Path(forest_module.__file__)
    cells = {name: {"selected_classifiers": f"[{name}]"} for name in ("RandomForest", "kNN")}
    before = {name: _key(folder, classifier=name, **change) for name, change in cells.items()}
    real = targets._current_bytes
    edited = lambda path, loaded: real(path, loaded) + (b"# edited" if path == forest else b"")  # noqa: E731
    monkeypatch.setattr(targets, "_current_bytes", edited)
    after = {name: _key(folder, classifier=name, **change) for name, change in cells.items()}
    assert [name for name in cells if before[name] != after[name]] == ["RandomForest"]


def test_what_a_cell_loads_of_our_code_is_in_its_key(folder: Path) -> None:
    """Everything of ours that is imported to compute a cell enters by one way or the other."""
    code = (
        "import sys; from pathlib import Path; from smote_bench.experiment.file import read_experiment\n"
        "from smote_bench.engines.cell_runner import CellRunner\n"
        "from smote_bench.runs.settings import RunSettings\n"
        f"runner = CellRunner(read_experiment(Path({str(folder / 'exp.yaml')!r})),"
        f" RunSettings(run_dir={str(folder / 'run')!r}))\n"
        "before = set(sys.modules)\n"
        "for cell in runner.experiment.cells.values():\n"
        "    assert runner.run(cell).outcome.status == 'ok'\n"
        "print(*sorted(n for n in set(sys.modules) - before if n.startswith('smote_bench')))"
    )
    change = {
        "methods": "[imblearn.RandomOverSampler, class_weight]",
        "selected_classifiers": "[RandomForest, SVM]",
    }
    text = "".join(f"{key}: {value}\n" for key, value in {**BASE, **change}.items())
    (folder / "exp.yaml").write_text(text)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    package = Path(smote_bench.__file__).parent
    behind = {
        ".".join(("smote_bench", *path.relative_to(package).with_suffix("").parts)).removesuffix(".__init__")
        for path in modules_behind(keys_module._COMPUTES)
    }
    behind |= {
        "smote_bench.classifiers.forest",
        "smote_bench.classifiers.tree_growing",
        "smote_bench.classifiers.tree_params",
        "smote_bench.classifiers.calibrated_svm",
    }  # by the identity of their classifiers
    loaded = set(done.stdout.split())
    assert "smote_bench.classifiers.fitting" in loaded
    assert loaded - behind == set()


@pytest.mark.parametrize("name", ["KERAS_BACKEND", "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES"])
def test_a_key_changes_with_a_variable_that_changes_digits(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name, raising=False)
    before = _key(folder)
    monkeypatch.setenv(name, "another")
    assert _key(folder) != before


def test_no_variable_is_both_pinned_and_in_the_key() -> None:
    assert set(keys_module._ENVIRONMENT).isdisjoint(threads._VARIABLES)
