"""The training loop takes the steps of Keras's own."""

import importlib.util

import numpy as np
import pytest

from smote_bench.classifiers.keras_training import (
    NetworkPlan,
    Rows,
    build_network,
    predict_network,
    train_network,
)

pytestmark = pytest.mark.skipif(
    not (importlib.util.find_spec("tensorflow") and importlib.util.find_spec("keras")),
    reason="needs TensorFlow and Keras",
)


@pytest.fixture
def rows() -> Rows:
    rng = np.random.default_rng(0)
    X, weight = rng.random((70, 3), dtype=np.float32), rng.random(70, dtype=np.float32) + 0.5
    return Rows(X, (X[:, 0] > 0.6).astype(np.float32), weight)


@pytest.mark.parametrize(
    ("optimizer", "loss"),
    [
        ("sgd", "mean_squared_error"),
        ("adam", "binary_crossentropy"),
        ("rmsprop", "binary_focal_crossentropy"),
    ],
)
def test_the_weights_are_those_of_model_fit(rows, optimizer, loss):
    plan = NetworkPlan(3, (5, 4), "tanh", optimizer, loss, 0.02)
    epochs = list(train_network(plan, rows, None, epochs=3, batch_size=32, random=np.random.RandomState(8)))
    import keras

    random = np.random.RandomState(8)
    network = build_network(plan)
    for layer, seed in zip(network.layers, random.randint(2**31 - 1, size=3).tolist(), strict=True):
        layer.kernel.assign(keras.initializers.GlorotUniform(seed=seed)(layer.kernel.shape))
    network.compile(type(keras.optimizers.get(optimizer))(learning_rate=0.02), loss)
    for epoch in epochs:
        order = random.permutation(70)
        X, y, weight = (values[order] for values in (rows.X, rows.y[:, None], rows.weight))
        network.fit(X, y, sample_weight=weight, batch_size=32, shuffle=False, verbose=0)
        for ours, theirs in zip(epoch.weights, network.get_weights(), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=2e-6)
        evaluated = network.evaluate(
            rows.X, rows.y[:, None], sample_weight=rows.weight, verbose=0, batch_size=70
        )
        assert epoch.loss == pytest.approx(evaluated, rel=1e-5)


def test_initial_weights_are_glorots_and_differ_by_layer_and_seed(rows):
    plan = NetworkPlan(3, (3, 3), "sigmoid", "sgd", "mean_squared_error", 1e-44)  # no step changes a weight

    def initial(seed: int) -> list[np.ndarray]:
        random = np.random.RandomState(seed)
        return next(iter(train_network(plan, rows, None, epochs=1, batch_size=70, random=random))).weights

    first, other = initial(0), initial(1)
    assert all(np.abs(kernel).max() <= np.sqrt(6 / sum(kernel.shape)) for kernel in first[::2])
    assert not np.array_equal(first[0], first[2])
    assert not np.array_equal(first[0], other[0])
    assert not np.any(first[1])


def test_many_rows_are_predicted_as_few_are(rows):
    plan = NetworkPlan(3, (4,), "relu", "sgd", "mean_squared_error", None)
    weights = next(
        iter(train_network(plan, rows, None, epochs=1, batch_size=8, random=np.random.RandomState(0)))
    ).weights
    many = predict_network(plan, weights, np.tile(rows.X, (120, 1)))
    assert many.reshape(120, 70).tolist() == [predict_network(plan, weights, rows.X).tolist()] * 120
