"""An experiment's file: what it may say, what it means, and what is refused with file, line and key.

Also of: blocks.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from experiment.from_text import experiment_of

from smote_bench.data.preprocessing import Preprocessing
from smote_bench.errors import ConfigError
from smote_bench.evaluation.protocol import Protocol
from smote_bench.experiment.file import check_rows, experiment_from_text, read_experiment
from smote_bench.experiment.model import Extensions
from smote_bench.metrics import DEFAULT_METRICS, DEFAULT_PRIORITY_METRICS

BASE = "methods: [SMOTE]\ndatasets: [Ecoli]\n"


def test_everything_but_methods_and_datasets_has_a_default() -> None:
    experiment = experiment_of(BASE)
    assert experiment.name == "exp"
    assert list(experiment.methods) == ["Original", "SMOTE"]
    assert list(experiment.classifiers) == ["RandomForest", "DecisionTree", "LogisticRegression", "kNN"]
    assert experiment.protocol == Protocol()
    assert experiment.priority_metrics == DEFAULT_PRIORITY_METRICS
    assert set(experiment.metrics) == set(DEFAULT_METRICS)
    assert (experiment.datasets["Ecoli"].version, experiment.datasets["Ecoli"].preprocessing) == (
        "raw",
        Preprocessing(),
    )


def test_the_originals_file_is_read_unchanged() -> None:
    experiment = experiment_of(
        """
methods:
  - SMOTE()
  - sv.Borderline_SMOTE1
  - distance_SMOTE
datasets:
  - Satimage
  - Ecoli
datasets_params: preprocessed
experiment_config:
  cv_folds: 3
  test_size: 0.25
  random_state: 7
  random_runs: 2
  priority_metrics: [roc_auc, g_mean]
  selected_classifiers: [kNN, RandomForest]
"""
    )
    assert list(experiment.methods) == ["Original", "SMOTE", "sv.Borderline_SMOTE1", "distance_SMOTE"]
    assert [entry.version for entry in experiment.datasets.values()] == ["processed", "processed"]
    assert experiment.protocol == Protocol(test_size=0.25, cv_folds=3, random_state=7, random_runs=2)
    assert experiment.priority_metrics == ("roc_auc", "g_mean")
    assert list(experiment.metrics)[:2] == ["roc_auc", "g_mean"]
    assert list(experiment.classifiers) == ["kNN", "RandomForest"]


@pytest.mark.parametrize(
    "methods",
    [
        "[SMOTE, ADASYN]",
        "{SMOTE: , ADASYN: }",
        "[SMOTE: {}, ADASYN: null]",
        "[SMOTE(), ADASYN]",
        "[{name: SMOTE}, ADASYN]",
    ],
)
def test_lists_and_mappings_of_methods_mean_the_same(methods: str) -> None:
    experiment = experiment_of(f"methods: {methods}\ndatasets: [Ecoli]\n")
    assert experiment.methods == experiment_of("methods: [SMOTE, ADASYN]\ndatasets: [Ecoli]\n").methods


def test_one_name_may_stand_without_a_list() -> None:
    experiment = experiment_of(
        "methods: SMOTE\ndatasets: Ecoli\nselected_classifiers: kNN\npriority_metrics: roc_auc\n"
    )
    assert list(experiment.cells) == ["Ecoli-Original-kNN", "Ecoli-SMOTE-kNN"]
    assert experiment.priority_metrics == ("roc_auc",)


@pytest.mark.parametrize(
    "params",
    [
        "preprocessed",
        "[preprocessed]",
        "{preprocessed: true}",
        "[{preprocessed: true}]",
        "\n  preprocessed: yes",
        "\n  - preprocessed: true",
    ],
)
def test_datasets_params_take_the_processed_version_in_every_form(params: str) -> None:
    assert experiment_of(f"{BASE}datasets_params: {params}\n").datasets["Ecoli"].version == "processed"


@pytest.mark.parametrize(
    "config",
    [
        "cv_folds: 3\nrandom_state: 7",
        "experiment_config: {cv_folds: 3, random_state: 7}",
        "experiment_config: [{cv_folds: 3}, {random_state: 7}]",
        "experiment_config:\n  cv_folds: 3\nrandom_state: 7",
    ],
)
def test_settings_may_be_flat_or_in_their_block_as_list_or_mapping(config: str) -> None:
    assert experiment_of(BASE + config).protocol == Protocol(cv_folds=3, random_state=7)


def test_a_setting_without_a_value_has_its_default() -> None:
    assert (
        experiment_of(f"{BASE}cv_folds:\nselected_classifiers: []\nexperiment_config:\n").protocol
        == Protocol()
    )


def test_a_data_sets_own_settings_win_over_the_common_ones() -> None:
    experiment = experiment_of(
        """
methods: [SMOTE]
datasets:
  - Ecoli
  - Haberman: {preprocessed: false, scaling: standard}
datasets_params: {preprocessed: true, n_neighbors: 3}
"""
    )
    ecoli, haberman = experiment.datasets.values()
    assert (ecoli.version, ecoli.preprocessing) == ("processed", Preprocessing("minmax", 3))
    assert (haberman.version, haberman.preprocessing) == ("raw", Preprocessing("standard", 3))


def _write_table(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "mine.csv").write_text("a,b,y\n" + "1,2,no\n" * 8 + "3,4,yes\n" * 3)


def test_a_users_file_is_looked_for_beside_the_experiment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write_table(tmp_path / "data")
    path = tmp_path / "exp.yaml"
    path.write_text(
        "methods: [SMOTE]\ndatasets:\n"
        "  - {name: mine, file: data/mine.csv, target: y, minority: 'yes'}\n  - Ecoli\n"
    )
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    experiment = read_experiment(path)
    assert list(experiment.datasets) == ["mine", "Ecoli"]
    assert experiment.datasets["mine"].source.file == (tmp_path / "data" / "mine.csv").resolve()


def test_a_users_file_may_be_an_entry_of_a_mapping(tmp_path: Path) -> None:
    _write_table(tmp_path)
    settings = "{file: mine.csv, target: y, minority: 'yes', preprocessed: true}"
    text = f"methods: [SMOTE]\ndatasets:\n  mine: {settings}\n"
    entry = experiment_of(text, str(tmp_path / "exp.yaml")).datasets["mine"]
    assert (entry.name, entry.version, entry.source.minority) == ("mine", "processed", "yes")


def test_a_method_may_build_on_another_of_the_file() -> None:
    experiment = experiment_of(
        "methods:\n  Mine: {method: SMOTE, params: {k_neighbors: 3}}\n  Twice: [Mine, Mine]\n"
        "datasets: Ecoli\n"
    )
    (mine,) = experiment.methods["Mine"].steps
    assert experiment.methods["Twice"].steps == (mine, mine)
    assert mine.params == {"k_neighbors": 3}


@pytest.mark.parametrize("metrics", ["[roc_auc]", "[roc_auc, g_mean]"])
def test_the_priority_metrics_are_always_computed(metrics: str) -> None:
    experiment = experiment_of(f"{BASE}priority_metrics: [g_mean]\nmetrics: {metrics}\n")
    assert list(experiment.metrics) == ["g_mean", "roc_auc"]


def test_hooks_of_other_packages_add_names(tmp_path: Path) -> None:
    _write_table(tmp_path)
    extensions = Extensions(
        methods={"Mine": {"method": "SMOTE", "params": {"k_neighbors": 3}}},
        classifiers={"Trees": {"classifier": "sklearn.ensemble:ExtraTreesClassifier"}},
        datasets={"mine": {"file": str(tmp_path / "mine.csv"), "target": "y", "minority": "yes"}},
        metrics={"kappa": {"metric": "somewhere:kappa", "better": "high"}},
    )
    text = "methods: [Mine]\ndatasets: [mine]\nselected_classifiers: [Trees]\npriority_metrics: [kappa]\n"
    experiment = experiment_of(text, extensions=extensions)
    assert list(experiment.cells) == ["mine-Original-Trees", "mine-Mine-Trees"]
    assert experiment.metrics["kappa"].target == "somewhere:kappa"
    other = experiment_of(BASE).narrow(
        methods=["Mine"], datasets=["mine"], classifiers=["Trees"], metrics=["kappa"], extensions=extensions
    )
    assert list(other.cells) == list(experiment.cells)


BROKEN = {
    "methods in one text": (
        "methods: SMOTE, ADASYN\ndatasets: Ecoli",
        1,
        "methods",
        "got one text, 'SMOTE, ADASYN': write [SMOTE, ADASYN]",
    ),
    "an empty list of methods": (
        "methods: []\ndatasets: Ecoli",
        1,
        "methods",
        "name some, as in methods: [SMOTE]",
    ),
    "a misspelt setting of a known set": (
        "methods: SMOTE\ndatasets:\n  - Ecoli: {scalng: none}",
        3,
        "datasets.0.Ecoli.scalng",
        "Did you mean 'scaling'?",
    ),
    "a target for a known set": (
        "methods: SMOTE\ndatasets: [{name: Ecoli, target: y}]",
        2,
        "datasets.0",
        "A file of your own has a name of its own",
    ),
    "a tab": ("methods: [SMOTE]\ndatasets:\n\t- Ecoli", 3, None, "with blanks, not with a tab"),
    "a folder for a file": (
        "methods: SMOTE\ndatasets: [{name: m, file: ., target: y, minority: 1}]",
        2,
        "datasets.0",
        "got the folder",
    ),
    "misspelt top key": (BASE + "cvfolds: 3", 3, "cvfolds", "Did you mean 'cv_folds'?"),
    "misspelt setting": (
        BASE + "experiment_config:\n  test_sise: 3",
        4,
        "experiment_config.test_sise",
        "'test_size'",
    ),
    "misspelt data setting": (
        BASE + "datasets_params: {scalng: none}",
        3,
        "datasets_params.scalng",
        "'scaling'",
    ),
    "misspelt data word": (
        BASE + "datasets_params: preprocesed",
        3,
        "datasets_params.preprocesed",
        "'preprocessed'",
    ),
    "data setting of no kind": (
        BASE + "datasets_params: [5]",
        3,
        "datasets_params.0",
        "expected a mapping, got 5",
    ),
    "data setting twice": (
        BASE + "datasets_params:\n - preprocessed\n - preprocessed: false",
        5,
        "datasets_params.1.preprocessed",
        "is there twice",
    ),
    "config of no kind": (BASE + "experiment_config: 5", 3, "experiment_config", "expected a mapping, got 5"),
    "classifiers by a wrong key": (
        BASE + "classifiers: [kNN]",
        3,
        "classifiers",
        "Did you mean 'selected_classifiers'?",
    ),
    "a list": ("- SMOTE\n", 1, None, "expected a mapping with methods and datasets, got list"),
    "nothing": ("", 1, None, "expected a mapping with methods and datasets, got an empty file"),
    "no methods": ("datasets: [Ecoli]\n", 1, "methods", "expected at least one of the methods, got None"),
    "no datasets": (
        "methods: [SMOTE]\ndatasets: []\n",
        2,
        "datasets",
        "expected at least one of the datasets, got []",
    ),
    "methods of no kind": (
        "methods: 5\ndatasets: [Ecoli]\n",
        1,
        "methods",
        "expected a list or a mapping of methods, got 5",
    ),
    "misspelt method": ("methods:\n  - SMOTE\n  - Smote1\ndatasets: Ecoli", 3, "methods.1", "Did you mean"),
    "a method's name is a number": (
        "methods: [1]\ndatasets: Ecoli",
        1,
        "methods.0",
        "expected a name, got 1 (type=int)",
    ),
    "a method twice": (
        "methods: [SMOTE, SMOTE()]\ndatasets: Ecoli",
        1,
        "methods.1",
        "'SMOTE' is there twice",
    ),
    "the baseline is a sampler": (
        "methods:\n  Original: SMOTE\n  SMOTE:\ndatasets: Ecoli",
        2,
        "methods.Original",
        "expected Original without a sampler",
    ),
    "the baseline with an option, in a list": (
        "methods:\n  - SMOTE\n  - {name: 'Original ', method: SMOTE, prior_corrected: true}\ndatasets: Ecoli",
        3,
        "methods.1",
        "got {'method': 'SMOTE', 'prior_corrected': True}: give this method another name",
    ),
    "a name pytest would change": (
        "methods:\n  naïve: SMOTE\ndatasets: Ecoli",
        2,
        "methods.naïve",
        "expected a name in ASCII",
    ),
    "a name with brackets": (
        "methods:\n  a[1]: SMOTE\ndatasets: Ecoli",
        2,
        "methods.a[1]",
        "expected a name in ASCII",
    ),
    "misspelt data set": (
        "methods: [SMOTE]\ndatasets:\n  - Satimag",
        3,
        "datasets.0",
        "Did you mean 'Satimage'?",
    ),
    "a data set twice": (
        "methods: SMOTE\ndatasets:\n  - Ecoli\n  - Ecoli",
        4,
        "datasets.1",
        "'Ecoli' is there twice",
    ),
    "a data set's settings are a word": (
        "methods: SMOTE\ndatasets: {Ecoli: raw}",
        2,
        "datasets.Ecoli",
        "got 'raw'",
    ),
    "a data set's wrong setting": (
        "methods: SMOTE\ndatasets:\n  - Ecoli:\n      scaling: minmx",
        4,
        "datasets.0.Ecoli.scaling",
        "Did you mean 'minmax'?",
    ),
    "a flag as a word": (
        "methods: SMOTE\ndatasets: {Ecoli: {preprocessed: 'on'}}",
        2,
        "datasets.Ecoli.preprocessed",
        "'on'",
    ),
    "a file that is not there": (
        "methods: SMOTE\ndatasets:\n  - {name: m, file: absent.csv, target: y, minority: 1}",
        3,
        "datasets.0",
        "expected a file at",
    ),
    "misspelt classifier": (BASE + "selected_classifiers: [k-NN]", 3, "classifiers.0", "Did you mean 'kNN'?"),
    "classifiers of no kind": (
        BASE + "selected_classifiers: false",
        3,
        "selected_classifiers",
        "expected a list",
    ),
    "misspelt metric": (
        BASE + "priority_metrics: [roc_acu]",
        3,
        "priority_metrics.0",
        "Did you mean 'roc_auc'?",
    ),
    "one fold": (
        BASE + "cv_folds: 1",
        3,
        "cv_folds",
        "expected a whole number, 0, or 2 to 100,000; got 1 (type=int)",
    ),
    "folds as a word": (BASE + "cv_folds: five", 3, "cv_folds", "got 'five' (type=str)"),
    "folds as truth": (BASE + "cv_folds: true", 3, "cv_folds", "got True (type=bool)"),
    "a test size of rows": (
        BASE + "test_size: 20",
        3,
        "test_size",
        "expected a number, between 0 and 1, or 0 for no hold-out; got 20",
    ),
    "a test size of nothing": (BASE + "test_size: .nan", 3, "test_size", "got nan"),
    "a negative seed": (BASE + "random_state: -1", 3, "random_state", "0 or more"),
    "a broken seed": (BASE + "random_state: 1.5", 3, "random_state", "got 1.5 (type=float)"),
    "no run": (BASE + "random_runs: 0", 3, "random_runs", "1 to 10,000; got 0"),
    "a setting in two places": (
        BASE + "cv_folds: 3\nexperiment_config:\n  cv_folds: 5",
        5,
        "experiment_config.cv_folds",
        "cv_folds is set in two places; keep one",
    ),
    "a title of no kind": (BASE + "name: [a]", 3, "name", "expected a name as text, got ['a']"),
    "an empty title": (BASE + "name:", 3, "name", "expected a name as text, got None"),
}


@pytest.mark.parametrize(("text", "line", "key", "words"), BROKEN.values(), ids=BROKEN)
def test_refuses_a_broken_file_naming_file_line_and_key(
    text: str, line: int, key: str | None, words: str
) -> None:
    with pytest.raises(ConfigError) as error:
        experiment_of(text)
    where = f"exp.yaml:{line}: " + (f"{key}: " if key else "")
    # A list's own name is known by what it lists: classifiers stand under selected_classifiers.
    shown = str(error.value).replace("selected_classifiers.0", "classifiers.0")
    assert shown.startswith(where), shown
    assert words in shown


def test_refuses_two_cells_of_one_id(tmp_path: Path) -> None:
    _write_table(tmp_path)
    same = "file: mine.csv, target: y, minority: 'yes'"
    text = (
        f"datasets: [{{name: a, {same}}}, {{name: a-b, {same}}}]\n"
        "methods: {c: SMOTE, b-c: ADASYN}\nselected_classifiers: [kNN]\n"
    )
    with pytest.raises(
        ConfigError, match=r"expected an id of its own for each of 6 cells, got 5 different.*rename"
    ):
        experiment_of(text, str(tmp_path / "exp.yaml"))


def test_reading_an_experiment_imports_no_heavy_library() -> None:
    heavy = ("numpy", "pandas", "sklearn", "imblearn", "smote_variants", "tensorflow")
    code = (
        "import sys; from smote_bench.experiment.shipped import experiment_path; "
        "from smote_bench.experiment.file import experiment_from_text, read_experiment; "
        "read_experiment(experiment_path('default')).cells; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"\[\]\s*", done.stdout)


@pytest.mark.parametrize(
    "written",
    [
        "[{name: Ionosphere, positive: g, preprocessed: true}]",
        "{Ionosphere: {positive: g, preprocessed: true}}",
        "[Ionosphere: {positive: [g], preprocessed: true}]",
    ],
)
def test_a_set_of_the_catalogue_may_name_its_positive_class(written: str) -> None:
    entry = experiment_of(f"methods: [SMOTE]\ndatasets: {written}\n").datasets["Ionosphere"]
    assert (entry.source, entry.version, entry.positive_code) == ("Ionosphere", "processed", 0)
    assert experiment_of(BASE).datasets["Ecoli"].positive is None


def test_a_positive_class_that_a_set_does_not_have_is_refused_with_its_line() -> None:
    with pytest.raises(ConfigError, match=r"exp.yaml:2: datasets.0: .*got 'x': there are 'b', 'g'"):
        experiment_of("methods: [SMOTE]\ndatasets: [{name: Ionosphere, positive: x}]\n")
    with pytest.raises(ConfigError, match="expected the keys name, file, target, minority, but 'file'"):
        experiment_of("methods: [SMOTE]\ndatasets: [{name: Ionospere, positive: g}]\n")


def test_a_set_of_a_plugin_may_name_its_positive_class_too(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,y\n1,b\n2,g\n3,g\n")
    known = {"own": {"file": str(tmp_path / "own.csv"), "target": "y", "minority": "b"}}
    text = "methods: [SMOTE]\ndatasets: [{name: own, positive: g}]\n"
    experiment = experiment_from_text(text, "exp.yaml", Extensions(datasets=known))
    assert experiment.datasets["own"].positive_code == 0


def test_costs_give_a_metric_that_comes_first_and_thresholds_are_tuned_for() -> None:
    tuned = "{T: {method: SMOTE, tuned_threshold: {metric: expected_cost}}}"
    found = experiment_of(f"methods: [{tuned}]\ndatasets: [Ecoli]\ncost: {{fp: 1, fn: 25}}\n")
    assert found.metrics["expected_cost"].costs == (1.0, 25.0)
    assert found.priority_metrics == ("expected_cost", *DEFAULT_PRIORITY_METRICS)
    assert found.methods["T"].threshold_metric.costs == (1.0, 25.0)
    named = experiment_of(
        BASE + "cost: {fp: 1, fn: 2}\npriority_metrics: [f1, expected_cost]\nmetrics: [tp]\n"
    )
    assert named.priority_metrics == ("f1", "expected_cost")
    assert list(named.metrics) == ["f1", "expected_cost", "tp"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cost: 25\n", "exp.yaml:3: cost: expected a mapping with fp and fn, got 25"),
        ("cost: {fp: 1, fn: many}\n", "exp.yaml:3: cost: expected a cost of fn, a number of 0 or more"),
        ("metrics: [expected_cost]\n", "exp.yaml:3: .*add cost: {fp: 1, fn: 25} to the experiment"),
        (
            "priority_metrics: [calibration_slope]\n",
            "exp.yaml:3: .*got 'calibration_slope', whose best value",
        ),
        (
            "metrics: [calibration_slope]\ngate: {metrics: [calibration_slope]}\n",
            "exp.yaml:4: gate: .*'calibration_slope'",
        ),
    ],
)
def test_costs_and_metrics_without_a_direction_are_refused_with_their_line(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        experiment_of(BASE + text)


def test_a_threshold_for_costs_asks_for_them() -> None:
    with pytest.raises(ConfigError, match=r"add cost: \{fp: 1, fn: 25\} to the experiment"):
        experiment_of(
            "methods: [{T: {method: SMOTE, tuned_threshold: {metric: expected_cost}}}]\ndatasets: [Ecoli]\n"
        )


def test_a_misspelt_file_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("a,y\n1,0\n")
    text = "methods: SMOTE\ndatasets: [{name: m, file: godo.csv, target: y, minority: 1}]"
    with pytest.raises(ConfigError, match=r"Did you mean 'good\.csv'"):
        experiment_from_text(text, str(tmp_path / "exp.yaml"))


@pytest.mark.parametrize(
    ("datasets", "line", "said"),
    [
        ("[Haberman, Ecoli]", 2, "Ecoli: expected at least 40 rows of each class .* got 28 of the 35"),
        ("\n- Haberman\n- Ecoli: {scaling: none}", 4, "Ecoli: expected at least 40"),
        (
            "[{name: m, file: m.csv, target: y, minority: 1}]",
            2,
            "m: expected at least 40 .* got 8 of the 10",
        ),
    ],
)
def test_more_folds_than_rows_of_a_class_are_told_with_file_and_line(
    tmp_path: Path, datasets: str, line: int, said: str
) -> None:
    rows = [f"{n / 7:.2f},{n * 37 % 91},{int(n % 9 == 0)}" for n in range(90)]
    (tmp_path / "m.csv").write_text("\n".join(["a,b,y", *rows]) + "\n")
    path = tmp_path / "exp.yaml"
    path.write_text(f"methods: [SMOTE]\ndatasets: {datasets}\ncv_folds: 40\n")
    with pytest.raises(ConfigError, match=rf"exp.yaml:{line}: datasets.*{said}"):
        check_rows(read_experiment(path))
    path.write_text(path.read_text().replace("40", "3"))
    check_rows(read_experiment(path))
