"""The Keras network as a scikit-learn classifier.

Also of: environment.quiet_tensorflow.
"""

import importlib.util
import pickle
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import accuracy_score, precision_score, recall_score, roc_auc_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from smote_bench.classifiers.keras_mlp import KerasMLP, _hold_out
from smote_bench.environment import quiet_tensorflow
from smote_bench.errors import UnavailableError

needs_keras = pytest.mark.skipif(
    not (importlib.util.find_spec("tensorflow") and importlib.util.find_spec("keras")),
    reason="needs TensorFlow and Keras",
)
pytestmark = needs_keras

QUICK = {"optimizer": "adam", "learning_rate": 0.05, "loss": "binary_crossentropy", "activation": "relu"}


def made_table(rows: int = 160) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    X = rng.random((rows, 4))
    return X, (X[:, 0] + 0.2 * rng.random(rows) > 0.9).astype(int)


@pytest.fixture(scope="module")
def table() -> tuple[np.ndarray, np.ndarray]:
    return made_table()


def proba(table, **params) -> np.ndarray:
    return KerasMLP(**{"epochs": 3, "random_state": 0, **params}).fit(*table).predict_proba(table[0])


def expected_failures(estimator: KerasMLP) -> dict[str, str]:
    return {
        "check_sample_weight_equivalence_on_dense_data": (
            "batches: a row of weight 2 takes one place in one batch, a row given twice takes two"
        )
    }


@parametrize_with_checks(
    [KerasMLP((16,), epochs=20, random_state=0, **QUICK)], expected_failed_checks=expected_failures
)
def test_keeps_scikit_learns_contract(estimator, check):
    if check.func.__name__ == "check_array_api_input":
        pytest.skip(
            "wants SCIPY_ARRAY_API set before SciPy is imported, and classifiers that compute with it"
        )
    check(estimator)


def test_the_defaults_are_the_studys():
    params = KerasMLP().get_params()
    assert (params["layers"], params["activation"], params["optimizer"]) == ((12, 12), "sigmoid", "sgd")
    assert (params["loss"], params["epochs"], params["batch_size"]) == ("mean_squared_error", 50, 32)
    assert clone(KerasMLP([3], early_stopping=2)).get_params()["layers"] == [3]


def test_the_network_has_the_layers_asked_for(table):
    model = KerasMLP([5, 7], activation="tanh", epochs=1).fit(*table).build_model()
    assert [(layer.units, layer.activation.__name__) for layer in model.layers] == [
        (5, "tanh"),
        (7, "tanh"),
        (1, "sigmoid"),
    ]


def test_the_model_it_builds_predicts_the_same(table):
    fitted = KerasMLP(epochs=3, random_state=0).fit(*table)
    found = np.asarray(fitted.build_model()(table[0].astype(np.float32)))[:, 0]
    np.testing.assert_allclose(found, fitted.predict_proba(table[0])[:, 1], atol=1e-6)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_same_seed_gives_the_same_bytes_whatever_was_fitted_before(table, optimizer):
    import keras

    fresh = proba(table, optimizer=optimizer)
    proba(table, optimizer=optimizer, random_state=1, epochs=7, class_weight="balanced", batch_size=5)
    with pytest.raises(ValueError, match="expected a network that learns"):
        proba(table, optimizer=optimizer, learning_rate=1e30)
    proba(table, **QUICK)
    keras.backend.clear_session()
    keras.utils.set_random_seed(3)
    assert proba(table, optimizer=optimizer).tobytes() == fresh.tobytes()
    assert proba(table, optimizer=optimizer, random_state=1).tobytes() != fresh.tobytes()


@pytest.mark.parametrize("threads", ["1", "2"])
def test_another_process_gives_the_same_bytes(table, threads):
    code = (
        "import sys, numpy as np; from smote_bench.classifiers.keras_mlp import KerasMLP\n"
        f"X, y = np.array({table[0].tolist()}), np.array({table[1].tolist()})\n"
        f"fitted = KerasMLP((64, 64), epochs=3, random_state=0, **{QUICK}).fit(X, y)\n"
        "sys.stdout.write(fitted.predict_proba(X).tobytes().hex())"
    )
    names = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")
    done = run_python(code, **dict.fromkeys(names, threads))
    assert done.stdout == proba(table, layers=(64, 64), **QUICK).tobytes().hex()


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    clean = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "KERAS_"))}
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**clean, "PYTHONPATH": root, **environment},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )


def test_global_generators_are_left_alone(table):
    np.random.seed(1)
    random.seed(1)
    before = np.random.get_state()[1].tolist(), random.getstate()
    proba(table)
    assert (np.random.get_state()[1].tolist(), random.getstate()) == before


def test_equal_rows_get_equal_probabilities_wherever_they_stand(table):
    fitted = KerasMLP((64, 64), epochs=3, random_state=0, **QUICK).fit(*table)
    row = table[0][:1]
    assert len(set(fitted.predict_proba(np.repeat(row, 37, axis=0))[:, 1])) == 1
    alone = fitted.predict_proba(row)[0, 1]
    assert fitted.predict_proba(np.vstack([table[0], row]))[-1, 1] == alone


def test_answers_in_the_labels_it_was_given(table):
    X, y = table
    named = KerasMLP(epochs=20, random_state=0, **QUICK).fit(X, np.where(y == 1, "sick", "healthy"))
    assert named.classes_.tolist() == ["healthy", "sick"]
    assert named.predict_proba(X).tobytes() == proba(table, epochs=20, **QUICK).tobytes()
    assert set(named.predict(X)) == {"healthy", "sick"}
    np.testing.assert_array_equal(named.predict(X) == "sick", named.predict_proba(X)[:, 1] > 0.5)


def test_class_weights_are_sample_weights(table):
    X, y = table
    weighted = KerasMLP(epochs=3, random_state=0).fit(X, y, sample_weight=np.where(y == 1, 4.0, 2.0))
    assert weighted.predict_proba(X).tobytes() == proba(table, class_weight={0: 2.0, 1: 4.0}).tobytes()
    half = KerasMLP(epochs=3, random_state=0, class_weight={1: 2.0}).fit(X, y, sample_weight=[2.0] * len(y))
    assert half.predict_proba(X).tobytes() == weighted.predict_proba(X).tobytes()


def test_balanced_weights_raise_the_minoritys_probabilities(table):
    plain, balanced = (
        proba(table, epochs=20, class_weight=weight, **QUICK)[:, 1] for weight in (None, "balanced")
    )
    assert balanced.mean() > plain.mean() + 0.05


def test_learns(table):
    assert roc_auc_score(table[1], proba(table, epochs=30, **QUICK)[:, 1]) > 0.95


def test_the_history_ends_with_the_metrics_of_the_fitted_network(table):
    X, y = table
    fitted = KerasMLP(epochs=30, random_state=0, validation_split=0, **QUICK).fit(X, y)
    label = fitted.predict(X)
    assert {name: values[-1] for name, values in fitted.history_.items() if name != "loss"} == {
        "accuracy": accuracy_score(y, label),
        "precision": precision_score(y, label),
        "recall": recall_score(y, label),
        "auc": pytest.approx(roc_auc_score(y, fitted.predict_proba(X)[:, 1])),
    }
    assert {len(values) for values in fitted.history_.values()} == {30}
    assert fitted.history_["loss"][-1] < fitted.history_["loss"][0]


def test_the_history_follows_held_out_rows_too(table):
    names = KerasMLP(epochs=2, random_state=0).fit(*table).history_
    kinds = ("loss", "accuracy", "precision", "recall", "auc")
    assert list(names) == [*kinds, *(f"val_{name}" for name in kinds)]


def test_held_out_rows_are_a_share_of_each_class():
    codes = np.repeat([0, 1], [100, 20])
    kept, held_out = _hold_out(codes, 0.1, np.random.RandomState(0))
    assert np.bincount(codes[held_out]).tolist() == [10, 2]
    assert sorted([*kept, *held_out]) == list(range(120))


def test_no_class_is_held_out_whole():
    codes = np.array([0, 0, 0, 0, 1])
    kept, held_out = _hold_out(codes, 0.9, np.random.RandomState(0))
    assert np.bincount(codes[kept]).tolist() == [1, 1]
    assert np.bincount(codes[held_out], minlength=2).tolist() == [3, 0]


def test_nothing_is_learnt_from_held_out_rows(table):
    X, y = table
    seen = np.random.RandomState(0)
    _, held_out = _hold_out(y, 0.2, seen)
    changed = X.copy()
    changed[held_out] = 0.5
    first, second = (
        KerasMLP(epochs=3, random_state=0, validation_split=0.2).fit(rows, y) for rows in (X, changed)
    )
    assert [w.tobytes() for w in first.weights_] == [w.tobytes() for w in second.weights_]
    assert first.history_["val_loss"] != second.history_["val_loss"]


def test_early_stopping_takes_the_best_epoch(table):
    fitted = KerasMLP(
        epochs=200, early_stopping=3, validation_split=0.3, random_state=0, **{**QUICK, "learning_rate": 0.2}
    ).fit(*table)
    losses = fitted.history_["val_loss"]
    assert len(losses) < 200
    assert len(losses) == int(np.argmin(losses)) + 1 + 3
    shorter = clone(fitted).set_params(early_stopping=None, epochs=len(losses) - 3).fit(*table)
    assert [w.tobytes() for w in fitted.weights_] == [w.tobytes() for w in shorter.weights_]


def test_early_stopping_needs_held_out_rows(table):
    with pytest.raises(
        ValueError, match=r"expected held-out rows .* got none with validation_split=0 of 160 rows"
    ):
        KerasMLP(early_stopping=2, validation_split=0).fit(*table)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"layers": 12}, "expected a list of whole numbers from 1 for layers, got layers=12 (type=int)"),
        ({"layers": [12, 0]}, "got layers=[12, 0]"),
        ({"activation": None}, "expected a name that Keras knows for activation, got activation=None"),
        ({"activation": "sigmoidal"}, "expected the name of a Keras activation, got activation='sigmoidal'"),
        ({"optimizer": "sdg"}, "expected the name of a Keras optimizer, got optimizer='sdg'"),
        ({"loss": "mean_squared"}, "expected the name of a Keras loss, got loss='mean_squared'"),
        ({"epochs": 0}, "expected a whole number from 1 for epochs, got epochs=0"),
        ({"epochs": True}, "got epochs=True (type=bool)"),
        ({"batch_size": 1.5}, "got batch_size=1.5"),
        (
            {"learning_rate": -1},
            "expected a number above 0, or null for the optimizer's own, for learning_rate",
        ),
        ({"early_stopping": 0}, "got early_stopping=0"),
        ({"validation_split": 1.0}, "expected a share from 0 to below 1 for validation_split, got"),
    ],
)
def test_rejects_wrong_parameters(table, params, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        KerasMLP(**params).fit(*table)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0, 1, 2, 2], "expected two classes, got 3: merge or select"),
        ([1, 1, 1, 1], "expected two classes, got one"),
    ],
)
def test_rejects_other_than_two_classes(y, message):
    with pytest.raises(ValueError, match=message):
        KerasMLP().fit(np.zeros((4, 2)), y)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"activation": "linear"}, r"the loss is not finite after epoch 1 \(nan\)"),
        ({}, r"a weight is \S+e\+\d+ after epoch 1"),  # sigmoids keep the loss of a dead network finite
    ],
)
def test_a_diverging_network_is_an_error(table, params, found):
    with pytest.raises(
        ValueError, match=rf"expected a network that learns, but {found}: lower learning_rate \(now"
    ):
        KerasMLP(learning_rate=1e20, random_state=0, **params).fit(*table)


def test_a_fitted_network_survives_pickle(table):
    fitted = KerasMLP(epochs=2, random_state=0).fit(*table)
    again = pickle.loads(pickle.dumps(fitted))
    assert again.predict_proba(table[0]).tobytes() == fitted.predict_proba(table[0]).tobytes()
    assert again.history_["loss"] == fitted.history_["loss"]


def test_thirty_fits_take_no_more_memory_than_three():
    pytest.importorskip("resource", reason="peak memory is read through the resource module")
    code = (
        "import resource, sys, numpy as np\n"
        "from smote_bench.classifiers.keras_mlp import KerasMLP\n"
        "X = np.random.default_rng(0).random((200, 5)); y = (X[:, 0] > 0.7).astype(int)\n"
        "def peak(n):\n"
        "    for seed in range(n): KerasMLP(epochs=2, random_state=seed).fit(X, y).predict_proba(X)\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "first = peak(3); print(peak(30) - first, sys.platform)"
    )
    grown, platform = run_python(code).stdout.split()
    assert int(grown) / (1 if platform == "darwin" else 1 / 1024) < 10 * 2**20  # a graph per fit leaves 50 MB


def test_a_fit_writes_nothing():
    done = run_python(
        "import numpy as np; from smote_bench.classifiers.keras_mlp import KerasMLP\n"
        "for _ in range(7): KerasMLP(epochs=1).fit(np.eye(8), [0, 1] * 4).predict(np.eye(8))"
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_tensorflow_is_imported_by_fit_alone():
    done = run_python(
        "import sys, smote_bench.classifiers.keras_mlp, smote_bench.classifiers.registry as c\n"
        "spec = c.parse_classifier('KerasMLP'); c.check_available(spec); c.classifier_identity(spec)\n"
        "c.build_classifier(spec, 0)\n"
        "print(sorted({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert done.stdout.strip() == "[]"


def test_onednn_is_off_where_tensorflow_is_loaded_late():
    done = run_python(
        "import os; from smote_bench.environment.quiet_tensorflow import import_tensorflow\n"
        "import_tensorflow()\n"
        "print(os.environ['TF_ENABLE_ONEDNN_OPTS'])",
        TF_ENABLE_ONEDNN_OPTS="1",
    )
    assert done.stdout.strip() == "0"


@pytest.mark.parametrize("module", ["tensorflow", "keras"])
def test_without_tensorflow_or_keras_a_fit_is_unavailable(table, monkeypatch, module):
    from smote_bench.classifiers import keras_training

    keras_training._trainer.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        UnavailableError, match="expected TensorFlow and Keras 3, which cannot be imported"
    ) as error:
        proba(table)
    assert error.value.remedy == "install it with: pip install 'smote-bench[keras]'"


def test_keras_on_another_backend_is_unavailable(monkeypatch):
    import keras

    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(UnavailableError, match="got the backend 'jax'; unset KERAS_BACKEND"):
        quiet_tensorflow.import_keras()


def test_holds_out_whole_groups_or_the_latest_rows():
    codes = np.tile([0, 0, 1], 20)
    groups = np.repeat(np.arange(20), 3)
    kept, held_out = _hold_out(codes, 0.2, np.random.RandomState(0), groups=groups)
    assert sorted([*kept, *held_out]) == list(range(60))
    assert len(held_out) == 12
    assert not set(groups[kept]) & set(groups[held_out])
    times = np.random.default_rng(0).permutation(60).astype(float)
    kept, held_out = _hold_out(codes, 0.2, np.random.RandomState(0), times=times)
    assert times[kept].max() < times[held_out].min()
    assert len(held_out) == 12


def test_says_that_no_whole_group_can_be_held_out():
    codes = np.tile([0, 0, 1], 20)
    plain = _hold_out(codes, 0.2, np.random.RandomState(0))
    with pytest.warns(UserWarning, match="in one group or at one time alone"):
        found = _hold_out(codes, 0.2, np.random.RandomState(0), groups=codes)
    for mine, theirs in zip(found, plain, strict=True):
        np.testing.assert_array_equal(mine, theirs)
